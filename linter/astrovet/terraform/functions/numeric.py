"""Terraform's numeric functions."""

from __future__ import annotations

import math
from typing import Any

from astrovet.terraform.values.conversion import as_integer, as_number, from_decimal
from astrovet.terraform.values.refusal import RefusedError, UndecidedError

MAX_DIGITS = 1024
"""Whole numbers longer than this are not read."""


def abs_(number: Any) -> float:
    return abs(as_number(number))


def ceil(number: Any) -> int:
    return math.ceil(as_number(number))


def floor(number: Any) -> int:
    return math.floor(as_number(number))


def log(number: Any, base: Any) -> int:
    """Terraform calculates it with floats of 64 bits, by other steps than Python does."""
    try:
        power = math.log(as_number(number)) / math.log(as_number(base))
    except (ValueError, ArithmeticError):
        raise UndecidedError("the logarithm is no number") from None
    if as_number(base) != 2 or not power.is_integer():
        raise UndecidedError("the logarithm is not known exactly")
    return int(power)


def max_(*numbers: Any) -> float:
    return max(map(as_number, numbers))


def min_(*numbers: Any) -> float:
    return min(map(as_number, numbers))


def parseint(text: Any, base: Any) -> int:
    radix = as_integer(base)
    if isinstance(text, str) and len(text) > MAX_DIGITS:
        raise UndecidedError("the number has more digits than astrovet calculates with")
    if not isinstance(text, str) or not 2 <= radix <= 62:
        raise RefusedError("the text is no whole number")
    digits = text.lstrip("+-") if text[:1] in "+-" and text[1:2] not in {"+", "-"} else text
    number = 0
    for digit in digits:
        number = number * radix + _digit(digit, radix)
    if not digits:
        raise RefusedError("the text is no whole number")
    return -number if text.startswith("-") else number


def _digit(digit: str, radix: int) -> int:
    letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    value = letters.find(digit if radix > 36 else digit.lower())
    if not 0 <= value < radix:
        raise RefusedError("the text is no whole number")
    return value


def pow_(base: Any, exponent: Any) -> float:
    """Terraform calculates it with floats of 64 bits."""
    try:
        number = float(as_number(base)) ** float(as_number(exponent))
    except (OverflowError, ZeroDivisionError):
        raise RefusedError("the power is no number") from None
    if isinstance(number, complex):
        raise RefusedError("the power is no number")
    from decimal import Decimal

    exact = from_decimal(Decimal(repr(number)))
    if exact is None:
        raise UndecidedError("the power is not known exactly")
    return exact


def signum(number: Any) -> int:
    whole = as_integer(number)
    return (whole > 0) - (whole < 0)
