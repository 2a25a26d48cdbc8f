"""The commonest arms of a check, as functions.

Where a check has more to say, it matches on the value itself: `Known`, `Unknown` and `Absent`, all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from astrovet.document import Note
from astrovet.judging.verdict import Fail, Outcome, Verdicts, fail, not_applicable, undecided
from astrovet.model.severity import Severity
from astrovet.value import Absent, Known, Unknown, Value

T = TypeVar("T")


def fail_if(
    value: Value[T],
    is_wrong: Callable[[T], bool],
    message: str,
    *,
    remedy: str,
    severity: Severity | None = None,
    related: tuple[Note, ...] = (),
    about: str = "",
    is_raised: bool = True,
) -> Verdicts:
    """The subject breaks the rule where this value is wrong, and there; undecided where nobody knows it.

    An absent value passes.
    """
    match value:
        case Known(content, place):
            if is_wrong(content):
                yield fail(
                    place, message, remedy=remedy, severity=severity, related=related, about=about, is_raised=is_raised
                )
        case Unknown() as unknown:
            yield undecided(unknown, about)
        case Absent():
            pass


def when_known(value: Value[T], judge: Callable[[T], Verdicts], *, absent: str = "") -> Verdicts:
    """What `judge` says of a value that is known; undecided where it is not.

    An absent value passes, unless `absent` says why the rule does not speak of the subject then.
    """
    match value:
        case Known(content):
            yield from judge(content)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            if absent:
                yield not_applicable(absent)


def unless_unclear(concerned: Value[Any], outcomes: Iterable[Outcome]) -> Verdicts:
    """The outcomes; where it is unknown whether the rule concerns the subject at all, no failure, and that instead."""
    doubted = False
    for outcome in outcomes:
        if isinstance(outcome, Fail) and isinstance(concerned, Unknown):
            doubted = True
        else:
            yield outcome
    if doubted and isinstance(concerned, Unknown):
        yield undecided(concerned)


def known_values(values: Iterable[Value[T]]) -> list[T]:
    """What is known of several values; whoever takes only these asks `first_unknown` for the others."""
    return [value.value for value in values if isinstance(value, Known)]


def first_unknown(values: Iterable[Value[Any]]) -> Unknown | None:
    """The first of several values that is unknown."""
    return next((value for value in values if isinstance(value, Unknown)), None)
