"""The commonest arms of a check: what they say of known, unknown and absent values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from astrovet import (
    Absent,
    Fail,
    Known,
    Unknown,
    Value,
    Verdicts,
    fail,
    fail_if,
    first_unknown,
    known_values,
    when_known,
)
from astrovet.judging.verdict import NotApplicable, Undecided
from astrovet.place import Place

HERE, THERE = Place("here.tf", 3), Place("there.tf", 5)
OPEN = Unknown("it shows only after apply", THERE, how="scan the state too")


def test_what_is_wrong_fails_where_it_stands() -> None:
    value: Value[int] = Known(0, THERE)
    (failure,) = fail_if(value, lambda number: number == 0, "runs as root", remedy="choose a user", about="user")
    assert failure == Fail(THERE, "runs as root", "choose a user", about="user")


@pytest.mark.parametrize("value", [Known(7, THERE), Absent(HERE)])
def test_what_is_right_or_absent_passes(value: Value[int]) -> None:
    assert not list(fail_if(value, lambda number: number == 0, "runs as root", remedy="choose a user"))


def test_what_is_unknown_is_undecided_with_the_reason_and_the_way_to_find_out() -> None:
    unknown: Value[bool] = OPEN
    assert list(fail_if(unknown, bool, "", remedy="", about="user")) == [Undecided(OPEN.why, THERE, "user", OPEN.how)]
    assert list(when_known(unknown, broken)) == [Undecided(OPEN.why, THERE, "", OPEN.how)]


def broken(_: object) -> Verdicts:
    yield fail(HERE, "broken", remedy="mend it")


def nothing(_: object) -> Iterator[Fail]:
    return iter(())


def test_what_is_known_is_judged() -> None:
    value: Value[str] = Known("text", THERE)
    assert [outcome.place for outcome in when_known(value, broken) if isinstance(outcome, Fail)] == [HERE]
    assert not list(when_known(value, nothing, absent="it has none"))


def test_what_is_absent_passes_or_the_rule_does_not_apply() -> None:
    value: Value[str] = Absent(HERE)
    assert not list(when_known(value, broken))
    assert list(when_known(value, broken, absent="it has none")) == [NotApplicable("it has none")]


def test_known_and_unknown_ones_of_several() -> None:
    values: list[Value[str]] = [Absent(HERE), Known("a", HERE), OPEN, Known("b", THERE)]
    assert known_values(values) == ["a", "b"]
    assert first_unknown(values) is OPEN
    assert first_unknown(values[:2]) is None
