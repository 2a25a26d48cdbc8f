"""The arguments of a secrets backend must not hold the credential that opens the store.

## Why

Whoever reads that credential reads every secret that the agent can read. Values files are kept in
repositories and pipelines, Helm stores them in the cluster, and a Pod's environment is shown to all who
may describe it.

## Fix

Replace the credential, for it counts as known. Let the Pod log in with its own identity: IAM roles for service
accounts, workload identity, or Vault's `auth_type` kubernetes. Where that cannot be, mount the credential as a file
(`token_path`), or give it as `AIRFLOW__SECRETS__BACKEND_KWARG__SECRET_ID` with `valueFrom`.

Before:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: >-
          {"url": "https://vault.acme.example", "auth_type": "approle",
          "role_id": "claims", "secret_id": "kestrel-41-harbour"}

After:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"url": "https://vault.acme.example", "auth_type": "kubernetes", "kubernetes_role": "claims"}'

## Not reported

An empty argument, a placeholder, an encrypted text; a path; `role_id`. `gcp_key_path` is worth knowing
only: it names a key file that does not expire.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Tree,
    Unknown,
    Value,
    Verdicts,
    at,
    fail,
    fail_if_written,
    rule,
    undecided,
)
from astrovet_rules.settings.secrets import held
from astrovet_rules.tables.secrets_backends import CREDENTIALS, KEY_FILE

REMEDY = "revoke it, and let the Pod log in with its own identity or a mounted file"
REMEDY_KEY_FILE = "bind the Pod's service account to a Google identity, and remove the key file"


@rule(
    "REX005",
    "secrets-kwargs-credential",
    on=Agent,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("P:amazon", "P:microsoft-azure", "P:google", "P:hashicorp", "S000-12"),
    controls=("PCI DSS v4 8.6.2",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for arguments in agent.secrets_kwargs:
        credential = held(arguments)
        if credential is not None and credential.is_named:
            message = f"credentials stand here in clear text: {credential.what}"
            yield fail_if_written(credential.known, message, remedy=REMEDY, about=credential.what)
        elif credential is not None:
            message = f"the arguments of the secrets backend hold {credential.what}"
            yield fail_if_written(credential.known, message, remedy=REMEDY)
        else:
            match arguments.content:
                case Unknown() as unknown:
                    yield undecided(unknown)
                case Known() | Absent():
                    values = (at(arguments.content, name) for name in sorted(CREDENTIALS))
                    yield from (undecided(value) for value in values if isinstance(value, Unknown))
                    yield from _key_file(arguments.content)


def _key_file(arguments: Value[Tree]) -> Verdicts:
    match at(arguments, KEY_FILE):
        case Known(str(path), place) if path:
            message = f"`{KEY_FILE}` names a key that does not expire"
            yield fail(place, message, remedy=REMEDY_KEY_FILE, severity=Severity.INFO, about=KEY_FILE)
        case Known() | Unknown() | Absent():
            pass
