"""Agents must not log at the level DEBUG.

## Why

At DEBUG, Airflow and the libraries that tasks use log what they work on: requests and answers, queries with
their parameters, rendered settings. Protected data and credentials get into task logs that way, and go
wherever the logs go.

## Fix

Log at INFO, and raise a single logger for as long as you need it.

Before:

    logLevel: DEBUG

After:

    logLevel: INFO

## Not reported

Levels that a task sets itself in its code.
"""

from astrovet import Agent, Context, Severity, Verdicts, airflow, first_gap_only, rule
from astrovet_rules.settings.airflow_switches import logs_everything


@rule(
    "REX025",
    "log-level-debug",
    on=Agent,
    severity=Severity.LOW,
    raised={"hipaa": Severity.MEDIUM, "pci": Severity.MEDIUM},
    sources=("S000-41", "DG:hipaa-compliance"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 3.5.1"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    levels = (agent.log_level, *agent.variables(airflow.LOGGING_LEVEL))
    outcomes = logs_everything(levels, agent.variables(airflow.NAMESPACE_LEVELS))
    yield from outcomes if agent.complete else first_gap_only(outcomes)
