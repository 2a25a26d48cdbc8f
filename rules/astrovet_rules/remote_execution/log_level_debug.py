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
from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_gap_only,
    rule,
    undecided,
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
        yield from _judged(level, "the log level is DEBUG", "set it to INFO")
    for levels in agent.variables(airflow.NAMESPACE_LEVELS):
        yield from _judged(levels, "the log level of a logger is DEBUG", "set the level of this logger to INFO")


def _judged(levels: Value[str], message: str, remedy: str) -> Verdicts:
    match levels:
        case Known(text, place) if DEBUG in _levels(text):
            yield fail(place, message, remedy=remedy)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _levels(text: str) -> Iterator[str]:
    """The levels in small letters: one alone, or those of pairs `logger=LEVEL`."""
    for entry in re.split(SEPARATORS, text.strip().lower()):
        yield entry.rpartition("=")[2]
