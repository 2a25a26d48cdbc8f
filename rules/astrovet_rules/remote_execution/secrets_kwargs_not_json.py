"""The arguments of a secrets backend must be the text of one JSON object.

## Why

Airflow only logs a warning about a text that is no JSON object, and runs the backend without any
arguments: it then looks for secrets under the default prefix, in the default region or vault. The agent
starts, and its lookups miss, or find what another team keeps there.

## Fix

Quote the whole text once, and use double quotes inside.

Before:

    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: "{'connections_prefix': 'claims/connections', 'region_name': 'eu-central-1'}"

After:

    commonEnv:
      - name: AIRFLOW__SECRETS__BACKEND_KWARGS
        value: '{"connections_prefix": "claims/connections", "region_name": "eu-central-1"}'

## Not reported

A text over several lines that is JSON once YAML has folded it; an empty text; a text that a later step or
Airflow itself fills in; arguments that nothing reads, because no backend of their section is set.
"""

from astrovet import Absent, Agent, Context, Severity, Verdicts, not_applicable, rule
from astrovet_rules.settings.secrets import not_json


@rule(
    "REX003",
    "secrets-kwargs-not-json",
    on=Agent,
    severity=Severity.HIGH,
    sources=("P:apache-airflow-core", "D:remote-execution-configure-secrets-backend"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for secrets in agent.secrets:
        if isinstance(secrets.backend, Absent):
            yield not_applicable("no secrets backend is set, which REX001 reports")
        else:
            yield from not_json(secrets)
