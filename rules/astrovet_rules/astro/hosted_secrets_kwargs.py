"""The secrets backend of a deployment on Astro must get arguments that fit, and no credential in clear text.

## Why

Whoever reads the credential in the arguments reads every secret that the deployment can read, and only
`is_secret = true` hides a variable in Astro. A text that is no JSON object is dropped with a warning in a log: the
backend then looks for secrets in the wrong place, or the deployment does without them.

## Fix

Let the deployment log in with its own workload identity. Where that cannot be, keep the arguments in a variable that is
marked, and pass its value in through a sensitive variable of Terraform. Replace the credential: it counts as known.

Before:

    { key = "AIRFLOW__SECRETS__BACKEND_KWARGS", is_secret = false,
      value = "{\\"url\\": \\"https://vault.acme.example\\", \\"auth_type\\": \\"approle\\", ...}" },

After:

    { key = "AIRFLOW__SECRETS__BACKEND_KWARGS", is_secret = false,
      value = jsonencode({ url = var.vault, auth_type = "kubernetes", kubernetes_role = "claims" }) },

## Not reported

A credential in a variable that is marked as secret, which AST003 judges where its value is written out; placeholders,
paths and `role_id`. Agents' values: REX003, REX004 and REX005 judge them the same way.
"""

from msgspec.structs import replace

from astrovet import (
    Absent,
    ComponentEnvironment,
    Context,
    Deployment,
    Entry,
    Fail,
    JsonText,
    Known,
    Map,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    json_text,
    not_applicable,
    rule,
    secrets_backend,
    undecided,
)
from astrovet_rules.settings.hosted import environment_of
from astrovet_rules.settings.secrets import do_not_fit, held, not_json

REMEDY = "revoke it, and let the deployment log in with its workload identity; or mark the variable as secret"
SINGLE = (airflow.SECRETS_KWARG, airflow.WORKERS_SECRETS_KWARG)
KWARGS = (airflow.SECRETS_KWARGS, airflow.WORKERS_SECRETS_KWARGS, *SINGLE)


@rule(
    "AST024",
    "hosted-secrets-kwargs",
    on=Deployment,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("P:hashicorp", "P:amazon", "P:microsoft-azure", "P:google", "P:apache-airflow-core", "S000-12", "TF"),
    controls=("PCI DSS v4 8.6.2",),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    environment = environment_of(deployment, context)
    yield from _credentials(environment)
    backend = environment.value(airflow.SECRETS_BACKEND)
    if isinstance(backend, Absent):
        yield not_applicable("no secrets backend is set")
        return
    secrets = secrets_backend(backend, environment)
    for outcome in (*not_json(secrets), *do_not_fit(secrets)):
        yield replace(outcome, is_raised=False) if isinstance(outcome, Fail) else outcome


def _credentials(environment: ComponentEnvironment) -> Verdicts:
    for name, variable in environment.listed.items():
        credential = held(_arguments(name, variable.value)) if name.startswith(KWARGS) else None
        match variable.is_secret:
            case Known(True):
                pass
            case Known() | Absent() if credential is not None:
                message = f"the arguments of the secrets backend hold {credential.what}, and are not marked as secret"
                yield fail(credential.known.place, message, remedy=REMEDY, about=name)
            case Unknown() as unknown if credential is not None:
                yield undecided(unknown, about=name)
            case Known() | Unknown() | Absent():
                pass


def _arguments(name: str, value: Value[str]) -> JsonText:
    """All arguments, or the single one that has a variable of its own."""
    for prefix in SINGLE:
        if name.startswith(prefix):
            key = name.removeprefix(prefix).lower()
            return JsonText(value, Known(Map({key: Entry(key, value.place, value)}), value.place))
    return json_text(value)
