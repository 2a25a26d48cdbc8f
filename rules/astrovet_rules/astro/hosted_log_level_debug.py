"""A deployment on Astro with protected data must not log at the level DEBUG.

## Why

At DEBUG, Airflow and the libraries that tasks use log what they work on: requests and answers, queries with their
parameters, rendered settings. On Astro those logs lie at Astronomer, and go on to every sink that is set up.

## Fix

Log at INFO, and raise a single logger for as long as you need it.

Before:

    { key = "AIRFLOW__LOGGING__LOGGING_LEVEL", value = "DEBUG", is_secret = false },

After:

    { key = "AIRFLOW__LOGGING__LOGGING_LEVEL", value = "INFO", is_secret = false },

## Not reported

Deployments of which neither `hipaa` nor `pci` is required; levels that a task sets itself in its code. Agents' values,
which REX025 judges.
"""

from astrovet import Context, Deployment, Severity, Verdicts, airflow, rule
from astrovet_rules.settings.airflow_switches import logs_everything
from astrovet_rules.settings.hosted import environment_of


@rule(
    "AST026",
    "hosted-log-level-debug",
    on=Deployment,
    severity=Severity.LOW,
    raised={"hipaa": Severity.MEDIUM, "pci": Severity.MEDIUM},
    when=("hipaa", "pci"),
    sources=("S000-41", "DG:hipaa-compliance", "TF"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 3.5.1"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    environment = environment_of(deployment, context)
    levels, pairs = environment.value(airflow.LOGGING_LEVEL), environment.value(airflow.NAMESPACE_LEVELS)
    yield from logs_everything((levels,), (pairs,))
