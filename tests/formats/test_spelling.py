"""How far names are from each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrovet.formats.spelling import distance

WORD = st.text("abcA", max_size=7)


@given(WORD, WORD, WORD)
def test_distance_is_one(one: str, other: str, third: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))
    assert distance(third + one, third + other) == distance(one, other)


@pytest.mark.parametrize(("one", "other", "slips"), [("ab", "ba", 1), ("kitten", "sitting", 3), ("", "ab", 2)])
def test_distance(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips
