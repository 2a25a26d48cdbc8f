"""Airflow on Astro must keep masking secrets in its logs and in the user interface.

## Why

Airflow replaces the values of connections and variables whose names look secret by asterisks, in task logs and in
rendered templates. With `AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS` off it leaves them as they are, and whoever may
see a task of the deployment reads each password that it prints.

## Fix

Remove the variable, or set it to its default.

Before:

    { key = "AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS", value = "False", is_secret = false },

After:

    { key = "AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS", value = "True", is_secret = false },

## Not reported

A variable that is not set: masking is on by default. Agents' values, which REX026 judges.
"""

from astrovet import Context, Deployment, Severity, Verdicts, airflow, rule
from astrovet_rules.settings.airflow_switches import masking_off
from astrovet_rules.settings.hosted import environment_of


@rule(
    "AST025",
    "hosted-secret-masking-off",
    on=Deployment,
    severity=Severity.HIGH,
    sources=("P:apache-airflow-core", "TF"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    yield from masking_off((environment_of(deployment, context).value(airflow.MASKING),))
