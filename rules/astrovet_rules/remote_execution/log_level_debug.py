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

import re

from astrovet import (
    Agent,
    Context,
    Severity,
    Verdicts,
    airflow,
    fail_if,
    first_gap_only,
    rule,
)
from astrovet_rules.tables.task_logs import DEBUG, SEPARATORS


@rule(
    "REX025",
    "log-level-debug",
    on=Agent,
    severity=Severity.LOW,
    raised={"hipaa": Severity.MEDIUM, "pci": Severity.MEDIUM},
    sources=("S000-41", "DG:hipaa-compliance"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    outcomes = _outcomes(agent)
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _outcomes(agent: Agent) -> Verdicts:
    for level in (agent.log_level, *agent.variables(airflow.LOGGING_LEVEL)):
        yield from fail_if(level, _is_debug, "the log level is DEBUG", remedy="set it to INFO")
    for levels in agent.variables(airflow.NAMESPACE_LEVELS):
        message, remedy = "the log level of a logger is DEBUG", "set the level of this logger to INFO"
        yield from fail_if(levels, _is_debug, message, remedy=remedy)


def _is_debug(text: str) -> bool:
    """Whether the level, or one of those of pairs `logger=LEVEL`, is DEBUG."""
    entries = re.split(SEPARATORS, text.strip().lower())
    return DEBUG in (entry.rpartition("=")[2] for entry in entries)
