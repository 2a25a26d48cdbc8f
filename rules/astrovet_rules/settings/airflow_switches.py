"""Switches of Airflow's that open what is closed by default (apache-airflow-core 3.3.2, read November 2026)."""

import re
from collections.abc import Iterable

from astrovet import Value, Verdicts, airflow, fail_if
from astrovet_rules.tables.booleans import is_false
from astrovet_rules.tables.task_logs import DEBUG, SEPARATORS

MASKING_FIX = f'remove {airflow.MASKING}, or set it to "True"'


def masking_off(switches: Iterable[Value[str]]) -> Verdicts:
    """Whether Airflow prints secrets in its logs and in the interface."""
    for switch in switches:
        yield from fail_if(switch, is_false, "secrets are not masked in logs", remedy=MASKING_FIX)


def logs_everything(levels: Iterable[Value[str]], of_loggers: Iterable[Value[str]]) -> Verdicts:
    """Whether the level of the log, or that of one logger, is DEBUG."""
    for level in levels:
        yield from fail_if(level, _is_debug, "the log level is DEBUG", remedy="set it to INFO")
    for pairs in of_loggers:
        message, remedy = "the log level of a logger is DEBUG", "set the level of this logger to INFO"
        yield from fail_if(pairs, _is_debug, message, remedy=remedy)


def _is_debug(text: str) -> bool:
    """Whether the level, or one of those of pairs `logger=LEVEL`, is DEBUG."""
    entries = re.split(SEPARATORS, text.strip().lower())
    return DEBUG in (entry.rpartition("=")[2] for entry in entries)
