"""Airflow must keep masking secrets in its logs and in the user interface.

## Why

Airflow replaces the values of connections and variables whose names look secret by asterisks, in task logs
and in rendered templates. With `AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS` off it leaves them as
they are, and whoever reads the log of a task reads each password that the task prints.

## Fix

Remove the variable, or set it to its default.

Before:

    commonEnv:
      - name: AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS
        value: "False"

After:

    commonEnv:
      - name: AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS
        value: "True"

## Not reported

A variable that is not set: masking is on by default.
"""

from astrovet import Agent, Context, Severity, Verdicts, airflow, rule
from astrovet_rules.settings.airflow_switches import masking_off


@rule(
    "REX026",
    "secret-masking-off",
    on=Agent,
    severity=Severity.HIGH,
    sources=("P:apache-airflow-core",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    yield from masking_off(agent.variables(airflow.MASKING))
