"""Numbers, booleans and texts, one taken for another as Terraform takes them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from astrovet.terraform.values.conversion import (
    as_bool,
    as_integer,
    as_list,
    as_number,
    as_text,
    as_texts,
    exact_number,
    from_decimal,
    parse_number,
    to_decimal,
)
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.texts import composed, graphemes

INEXACT = "a number in a text is not known exactly"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("+0", 0),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("1.", 1),
        (".5", 0.5),
        ("1.50", 1.5),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("25e-1", 2.5),
        ("0.123456789012345", 0.123456789012345),
        ("9" * 300, int("9" * 300)),
        ("1e300", 10**300),
        ("1e-300", 1e-300),
    ],
)
def test_texts_that_are_numbers(text: str, number: float) -> None:
    for read in (parse_number, exact_number, as_number):
        result = read(text)
        assert (result, type(result)) == (number, type(number))


@pytest.mark.parametrize(
    "text",
    ["-0", "-0.0", "0.1234567890123456", "9" * 302, "1e301", "1e-301", "1e9999"],
)
def test_numbers_that_are_not_kept_exactly(text: str) -> None:
    assert parse_number(text) is None
    with pytest.raises(UndecidedError, match=r"^a number in the text is not known exactly$"):
        exact_number(text)
    with pytest.raises(UndecidedError, match=rf"^{INEXACT}$") as caught:
        as_number(text)
    assert not isinstance(caught.value, RefusedError)


@pytest.mark.parametrize("text", ["0x1", "", ".", " 1", "1 ", "1,0", "one", "1e", "--1", "e1", "1e12345", "1_0", "١"])
def test_texts_that_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["inf", "INF", "-inf", "1.2.3", "1p3", ".", "1e12345", "..e1"])
def test_what_terraform_may_take_for_a_number(text: str) -> None:
    with pytest.raises(UndecidedError, match=rf"^{INEXACT}$") as caught:
        as_number(text)
    assert not isinstance(caught.value, RefusedError)


REFUSED: list[tuple[Callable[[Any], object], str, list[object]]] = [
    (as_number, "an argument is no number", ["", "one", "1 ", True, None, [1], {}]),
    (as_integer, "an argument is no whole number", [1.5, "1.5"]),
    (as_bool, "an argument is no boolean", ["True", "yes", "", 1, 0, None, []]),
    (as_text, "an argument is no text", [None, [], {}]),
    (as_list, "an argument is no list", [None, "a", {}, 1]),
    (as_texts, "an argument is no text", [["a", None]]),
    (as_texts, "an argument is no list", ["a"]),
]


@pytest.mark.parametrize(
    ("read", "words", "data"), [(read, words, data) for read, words, listed in REFUSED for data in listed]
)
def test_what_is_refused(read: Callable[[Any], object], words: str, data: object) -> None:
    with pytest.raises(RefusedError, match=rf"^{words}$"):
        read(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (10**300 - 1, "9" * 300),
        (1.5, "1.5"),
        (10.0, "10"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (0.1, "0.1"),
    ],
)
def test_what_is_a_text(data: object, text: str) -> None:
    assert as_text(data) == text


@pytest.mark.parametrize("data", [10**300, -(10**300)])
def test_a_number_too_long_to_write(data: int) -> None:
    with pytest.raises(UndecidedError, match=r"^a number has more digits than astrovet calculates with$"):
        as_text(data)


@pytest.mark.parametrize("data", [0.1234567890123456, float("inf"), float("nan")])
def test_fractions_that_terraform_may_hold_otherwise(data: float) -> None:
    for read in (to_decimal, as_text, as_number):
        with pytest.raises(UndecidedError, match=r"^a fraction has more digits than astrovet calculates with$"):
            read(data)


@pytest.mark.parametrize(("number", "expected"), [(3, 3), (2.0, 2), (2.5, 2.5), (1e3, 1000)])
def test_a_number_that_is_whole_is_a_whole_number(number: float, expected: float) -> None:
    result = as_number(number)
    assert (result, type(result)) == (expected, type(expected))
    assert to_decimal(number) == Decimal(repr(number))
    if isinstance(expected, int):
        assert as_integer(number) == as_integer(str(expected)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Decimal("Infinity"), None),
        (Decimal("NaN"), None),
        (Decimal("1E300"), 10**300),
        (Decimal("1E301"), None),
        (Decimal("1E-300"), 1e-300),
        (Decimal("1E-301"), None),
        (Decimal("9" * 300), int("9" * 300)),
        (Decimal("1." + "0" * 300), None),
        (Decimal("1." + "0" * 299), 1),
        (Decimal("1.50000000000000000000"), 1.5),
        (Decimal("123456789012345.6"), None),
    ],
)
def test_what_a_float_or_a_whole_number_keeps(number: Decimal, expected: float | None) -> None:
    assert from_decimal(number) == expected


def test_booleans_and_lists() -> None:
    words = {True: True, False: False, "true": True, "1": True, "false": False, "0": False}
    assert {word: as_bool(word) for word in words} == words
    assert as_list([1, None]) == [1, None]
    assert as_texts(["a", 1, True]) == ["a", "1", "true"]


@pytest.mark.parametrize(
    ("text", "kept"), [("abc", "abc"), ("e\u0301", "\u00e9"), ("\ud7ff\ue000", "\ud7ff\ue000"), ("", "")]
)
def test_texts_are_kept_in_their_composed_form(text: str, kept: str) -> None:
    assert composed(text) == kept


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_half_a_character(text: str) -> None:
    with pytest.raises(UndecidedError, match=r"^a text holds half of a character$"):
        composed(text)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("\u00e9\u02ff", 2), ("a\nb", 3)])
def test_characters_are_counted(text: str, count: int) -> None:
    assert len(graphemes(text)) == count


@pytest.mark.parametrize("text", ["a\r\nb", "\r", "e\u0300", "\u00e9\u4e00"])
def test_characters_that_may_count_as_one(text: str) -> None:
    with pytest.raises(UndecidedError, match=r"^astrovet does not count the characters of this text$"):
        graphemes(text)
