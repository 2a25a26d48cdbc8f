"""The operators of Terraform's expressions, over values of which parts may be unknown."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from astrovet.place import Place
from astrovet.terraform.values.conversion import parse_number
from astrovet.terraform.values.equality import same
from astrovet.terraform.values.plain_data import any_sensitive, are_written
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Known, Tree, Value, boolean

if TYPE_CHECKING:
    from fractions import Fraction


MAX_BITS = 512


def unary(operator: str, operand: Value[Tree], place: Place) -> Value[Tree]:
    """`!` or `-` before an operand."""
    match operator, operand:
        case "!", Known():
            flag = boolean(operand)
            return Known(not flag.value, place, operand.sensitive, operand.written) if isinstance(flag, Known) else flag
        case "-", Known(int() | float() as number) if not isinstance(number, bool):
            return Known(-number, place, operand.sensitive, operand.written)
        case _:
            return unknown("this operand has no such operation", place, operand)


def binary(operator: str, left: Value[Tree], right: Value[Tree], place: Place) -> Value[Tree]:
    """An operator between two operands."""
    written, sensitive = are_written((left, right)), any_sensitive((left, right))
    if operator in {"==", "!="}:
        equal = same(left, right)
        if equal is None:
            return unknown("what is compared is not known", place, left, right)
        return Known(equal if operator == "==" else not equal, place, sensitive, written)
    if operator in {"&&", "||"}:
        first, second = boolean(left), boolean(right)
        if isinstance(first, Known) and isinstance(second, Known):
            both, either = first.value and second.value, first.value or second.value
            return Known(both if operator == "&&" else either, place, sensitive, written)
        return unknown("a condition is not known", place, left, right)
    one, other = _number(left), _number(right)
    if one is not None and other is not None:
        result = _arithmetic(operator, one, other)
        if result is not None:
            return Known(result, place, sensitive, written)
    return unknown("an operand is not a known number", place, left, right)


def _number(value: Value[Tree]) -> int | float | None:
    match value:
        case Known(bool()):
            return None
        case Known(int() | float() as number):
            return number if _is_exact(number) else None
        case Known(str(content)):
            return parse_number(content)
        case _:
            return None


def _arithmetic(operator: str, one: float, other: float) -> int | float | bool | None:
    """Terraform computes with decimals of hundreds of digits; what a float cannot hold is left open."""
    match operator:
        case "<":
            return one < other
        case ">":
            return one > other
        case "<=":
            return one <= other
        case ">=":
            return one >= other
        case _:
            pass
    from fractions import Fraction

    first, second = Fraction(str(one)), Fraction(str(other))
    try:
        match operator:
            case "+":
                return _exact(first + second)
            case "-":
                return _exact(first - second)
            case "*":
                return _exact(first * second)
            case "/":
                return _exact(first / second)
            case "%":
                remainder = abs(first) % abs(second)
                return _exact(-remainder if first < 0 else remainder)
            case _:
                return None
    except ZeroDivisionError:
        return None


def _is_exact(number: float) -> bool:
    """Whether Terraform, which computes with 512 bits, has the same number; an infinity is none."""
    return number.bit_length() <= MAX_BITS if isinstance(number, int) else isfinite(number)


def _exact(number: Fraction) -> int | float | None:
    from fractions import Fraction

    if number.denominator == 1:
        return number.numerator if _is_exact(number.numerator) else None
    try:
        nearest = float(number)
    except OverflowError:
        return None
    return nearest if Fraction(repr(nearest)) == number else None
