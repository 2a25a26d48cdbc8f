"""A secrets backend must be given the arguments that its class needs, and none of another class.

## Why

Without the address of its vault or the role it logs in with, a backend fails at its first lookup, and every
task on the agent stands without its connections. An argument of another class tells that class and arguments
were copied from different places: it is passed over in silence, or the backend does not start.

## Fix

Give the arguments of the class that `secretBackend` names.

Before:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"vault_url": "https://claims.vault.azure.net"}'

After:

    secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"url": "https://vault.acme.example", "auth_type": "kubernetes", "kubernetes_role": "claims"}'

## Not reported

A class of your own; a region; an argument from a variable of its own, as in
`AIRFLOW__SECRETS__BACKEND_KWARG__URL`; Vault's address and token in `VAULT_ADDR` and `VAULT_TOKEN`.
"""

from astrovet import Agent, Context, Severity, Verdicts, rule
from astrovet_rules.settings.secrets import do_not_fit


@rule(
    "REX004",
    "secrets-kwargs-do-not-fit",
    on=Agent,
    severity=Severity.HIGH,
    sources=("P:hashicorp", "P:microsoft-azure", "P:amazon", "P:google"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for secrets in agent.secrets:
        yield from do_not_fit(secrets)
