"""Plain data where Terraform expects a text, a number, a boolean or a list; numbers that stay exact."""

from __future__ import annotations

import re
from typing import Any

from astrovet.terraform.values.refusal import RefusedError, UndecidedError

MAX_DIGITS = 15
"""Digits that a float surely keeps. Terraform calculates with 512 bits; a longer fraction may be another one there."""
MAX_EXPONENT = 300

_LIKE_A_NUMBER = re.compile(r"[+-]?([0-9.]+([eEpP][+-]?[0-9]+)?|inf)", re.IGNORECASE)
"""What Terraform may take for a number, though astrovet does not."""
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def parse_number(text: str) -> int | float | None:
    """The number that a decimal text means; None where it is none, or one that a float does not keep exactly."""
    if not _NUMBER.fullmatch(text):
        return None
    from decimal import Decimal

    number = Decimal(text)
    # Terraform keeps the sign of a zero, and Python's whole numbers have none.
    return None if number.is_zero() and number.is_signed() else from_decimal(number)


def exact_number(text: str) -> int | float:
    """The number that a decimal text in a document means.

    Raises:
        UndecidedError: it is none, or one that a float does not keep exactly.
    """
    number = parse_number(text)
    if number is None:
        raise UndecidedError("a number in the text is not known exactly")
    return number


def from_decimal(number: Any) -> int | float | None:
    """A `decimal.Decimal` as a whole number or a float; None where neither keeps it exactly."""
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT or len(number.as_tuple().digits) > MAX_EXPONENT:
        return None
    if number == number.to_integral_value():
        return int(number)
    return float(number) if len(number.normalize().as_tuple().digits) <= MAX_DIGITS else None


def to_decimal(number: int | float) -> Any:
    """The number as a `decimal.Decimal`.

    Raises:
        UndecidedError: a float with so many digits that Terraform's number may be another one.
    """
    from decimal import Decimal

    exact = Decimal(repr(number))
    if isinstance(number, float) and (not exact.is_finite() or len(exact.normalize().as_tuple().digits) > MAX_DIGITS):
        raise UndecidedError("a fraction has more digits than astrovet calculates with")
    return exact


def as_text(data: Any) -> str:
    """Plain data where Terraform expects a text.

    Raises:
        UndecidedError: Terraform converts no such thing to a text.
    """
    if isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        if abs(data) >= 10**MAX_EXPONENT:
            raise UndecidedError("a number has more digits than astrovet calculates with")
        return str(data)
    if isinstance(data, float):
        text = format(to_decimal(data), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    raise RefusedError("an argument is no text")


def as_number(data: Any) -> int | float:
    """Plain data where Terraform expects a number.

    Raises:
        UndecidedError: it is none, or none that astrovet knows exactly.
    """
    if isinstance(data, str):
        number = parse_number(data)
        if number is not None:
            return number
        if _LIKE_A_NUMBER.fullmatch(data):
            raise UndecidedError("a number in a text is not known exactly")
    if isinstance(data, float):
        exact = to_decimal(data)
        return int(exact) if data.is_integer() else data
    if type(data) is int:
        return data
    raise RefusedError("an argument is no number")


def as_integer(data: Any) -> int:
    """Plain data where Terraform expects a whole number.

    Raises:
        UndecidedError: it is none.
    """
    number = as_number(data)
    if isinstance(number, int):
        return number
    raise RefusedError("an argument is no whole number")


def as_bool(data: Any) -> bool:
    """Plain data where Terraform expects a boolean.

    Raises:
        UndecidedError: it is none.
    """
    if isinstance(data, bool):
        return data
    words = {"true": True, "1": True, "false": False, "0": False}
    if isinstance(data, str) and data in words:
        return words[data]
    raise RefusedError("an argument is no boolean")


def as_list(data: Any) -> list[Any]:
    """Plain data where Terraform expects a list.

    Raises:
        UndecidedError: it is none.
    """
    if isinstance(data, list):
        return data
    raise RefusedError("an argument is no list")


def as_texts(data: Any) -> list[str]:
    """Plain data where Terraform expects a list of texts.

    Raises:
        UndecidedError: it is none.
    """
    return [as_text(item) for item in as_list(data)]
