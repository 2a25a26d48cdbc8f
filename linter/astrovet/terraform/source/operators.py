"""The operators of Terraform's expressions, over values of which parts may be unknown."""

from __future__ import annotations

from math import copysign, isfinite
from typing import TYPE_CHECKING

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.source.conditions import flag
from astrovet.terraform.values.conversion import as_number, parse_number
from astrovet.terraform.values.equality import same
from astrovet.terraform.values.plain_data import any_sensitive, are_written
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import BOOL, NUMBER
from astrovet.terraform.values.unknowns import refused_part, unknown
from astrovet.value import Absent, Known, Tree, Unknown, Value

if TYPE_CHECKING:
    from fractions import Fraction


MAX_BITS = 512


def unary(operator: str, operand: Value[Tree], place: Place) -> Value[Tree]:
    """`!` or `-` before an operand."""
    match operator, operand:
        case "!", Known():
            is_true = flag(operand, place)
            if isinstance(is_true, Known):
                return Known(not is_true.value, place, operand.sensitive, operand.written)
            return refused("what is negated is no boolean", place)
        case "-", Known():
            number = _number(operand)
            if number is not None:
                return Known(
                    _zero(is_negative=not _is_negative(number)) if number == 0 else -number,
                    place,
                    operand.sensitive,
                    operand.written,
                )
            return _no_number(operand, place)
        case _, Absent():
            return refused("an operand is null", place)
        case _:
            return unknown("this operand has no such operation", place, operand)


def binary(operator: str, left: Value[Tree], right: Value[Tree], place: Place) -> Value[Tree]:
    """An operator between two operands."""
    written, sensitive = are_written((left, right)), any_sensitive((left, right))
    lost = refused_part(left, right)
    if lost is not None and not _may_be_passed_over(operator, left):
        return replace(lost, place=place, type=NUMBER if operator in {"+", "-", "*", "/", "%"} else BOOL)
    if operator in {"==", "!="}:
        equal = same(left, right)
        if equal is None:
            return unknown("what is compared is not known", place, left, right)
        return Known(equal if operator == "==" else not equal, place, sensitive, written)
    if operator in {"&&", "||"}:
        first, second = flag(left, place), flag(right, place)
        if isinstance(first, Known) and isinstance(second, Known):
            both, either = first.value and second.value, first.value or second.value
            return Known(both if operator == "&&" else either, place, sensitive, written)
        deciding = operator == "||"
        for held, beside in ((first, right), (second, left)):
            # Newer versions do not look at the right side then, older ones refuse what is wrong there.
            if isinstance(held, Known) and held.value is deciding and refused_part(beside) is None:
                return Known(deciding, place, sensitive, written)
        for side, held in ((left, first), (right, second)):
            if isinstance(side, Absent) or (isinstance(side, Known) and isinstance(held, Unknown)):
                return refused("a condition is no boolean", place)
        return replace(unknown("a condition is not known", place, left, right), is_refused=False)
    one, other = _number(left), _number(right)
    if operator == "/" and one == other == 0:
        return refused("zero is divided by zero", place)
    if one is not None and other is not None:
        result = _arithmetic(operator, one, other)
        if result is not None:
            return Known(result, place, sensitive, written)
    for operand in (left, right):
        if isinstance(operand, Absent):
            return refused("an operand is null", place)
        if isinstance(operand, Known) and _number(operand) is None:
            return _no_number(operand, place)
    return unknown("an operand is not a known number", place, left, right)


def _may_be_passed_over(operator: str, left: Value[Tree]) -> bool:
    """Whether the left side alone may settle it, so that some versions do not look at the right one."""
    return operator in {"&&", "||"} and refused_part(left) is None and not isinstance(left, Absent)


def _no_number(operand: Known[Tree], place: Place) -> Unknown:
    try:
        as_number(operand.value)
    except UndecidedError as error:
        return error.unknown(place)
    return Unknown("a number is beyond what astrovet calculates with", place)


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
            case "/" if second == 0:
                return None  # infinite
            case "*" | "/" if first == 0 or second == 0:
                return _zero(is_negative=_is_negative(one) is not _is_negative(other))
            case "*":
                return _exact(first * second)
            case "/":
                return _exact(first / second)
            case "%":
                if second == 0:
                    return one  # so does Terraform
                remainder = abs(first) % abs(second)
                return _exact(-remainder if first < 0 else remainder)
            case _:
                return None
    except ZeroDivisionError:
        return None


def _is_negative(number: float) -> bool:
    return copysign(1, number) < 0


def _zero(*, is_negative: bool) -> float:
    """Terraform's zeros have a sign, which their texts show."""
    return -0.0 if is_negative else 0


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
