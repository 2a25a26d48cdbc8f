"""Switches of Airflow's that show or let people do what is closed by default must stay closed.

## Why

With `EXPOSE_CONFIG` everybody who may log in reads Airflow's configuration, with the passwords in it. With
`TEST_CONNECTION` they make Airflow open connections to hosts of their choice, from inside the network. And with
every class allowed, whoever can write an XCom decides of which class Airflow makes an object when it reads it.

## Fix

Remove the variable, or write its default.

Before:

    commonEnv:
      - name: AIRFLOW__CORE__TEST_CONNECTION
        value: Enabled

After:

    commonEnv:
      - name: AIRFLOW__CORE__TEST_CONNECTION
        value: Disabled

## Not reported

`EXPOSE_CONFIG` of `non-sensitive-only`; `TEST_CONNECTION` of `Hidden`; patterns that name packages of your own.
"""

from astrovet import Agent, Context, Deployment, Severity, Verdicts, first_gap_only, rule
from astrovet_rules.settings.airflow_switches import opened_up
from astrovet_rules.settings.hosted import environment_of


@rule(
    "REX035",
    "airflow-switch-open",
    on=(Agent, Deployment),
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("P:apache-airflow-core",),
    controls=("SOC 2 CC6.1", "45 CFR 164.312(a)(1)", "PCI DSS v4 7.2"),
)
def check(subject: Agent | Deployment, context: Context) -> Verdicts:
    environments = (environment_of(subject, context),) if isinstance(subject, Deployment) else subject.environments()
    outcomes = [outcome for environment in environments for outcome in opened_up(environment)]
    yield from first_gap_only(dict.fromkeys(outcomes))
