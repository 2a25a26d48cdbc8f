"""Switches of Airflow's that open what is closed by default (apache-airflow-core 3.3.2, read November 2026)."""

import re
from collections.abc import Iterable

from astrovet import ComponentEnvironment, Value, Verdicts, airflow, fail_if
from astrovet_rules.tables.booleans import is_false, is_true
from astrovet_rules.tables.task_logs import DEBUG, SEPARATORS

EVERY_CLASS = frozenset({"*", ".*", ".+", "^.*$", "**"})
"""Patterns that any class matches."""
MASKING_FIX = f'remove {airflow.MASKING}, or set it to "True"'


def masking_off(switches: Iterable[Value[str]]) -> Verdicts:
    """Whether Airflow prints secrets in its logs and in the interface."""
    for switch in switches:
        yield from fail_if(switch, is_false, "secrets are not masked in logs", remedy=MASKING_FIX)


def opened_up(environment: ComponentEnvironment) -> Verdicts:
    """Whether a switch shows people, or lets them do, what Airflow keeps closed by default."""
    for names, message in (
        (airflow.EXPOSE_CONFIG, "the interface shows Airflow's whole configuration, passwords among it"),
        (airflow.EXPOSE_STACKTRACE, "errors show people where in the code they arose"),
    ):
        for name in names:
            yield from fail_if(environment.value(name), is_true, message, remedy=f"remove {name}", about=name)
    test, message = environment.value(airflow.TEST_CONNECTION), "people may let Airflow open any connection they like"
    yield from fail_if(test, _is_enabled, message, remedy=f"remove {airflow.TEST_CONNECTION}", about="test")
    for name in (airflow.DESERIALIZATION_CLASSES, airflow.DESERIALIZATION_PATTERNS):
        message = "whoever writes an XCom chooses the class of which Airflow makes an object"
        remedy = "name the classes that your DAGs hand over, and no pattern that all match"
        yield from fail_if(environment.value(name), _admits_all, message, remedy=remedy, about=name)


def _is_enabled(text: str) -> bool:
    return text.strip().lower() == "enabled"


def _admits_all(text: str) -> bool:
    return not EVERY_CLASS.isdisjoint(re.split(r"[\s,]+", text.strip()))


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
