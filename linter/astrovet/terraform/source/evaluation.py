"""Terraform's expressions evaluated, as far as the sources settle them.

What they do not settle stays Unknown with the reason; what of it is settled is kept: a list with one
unknown element, an object with one unknown attribute, a text with a known beginning. Nothing is
guessed: whatever is Known here is what Terraform's own plan shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from astrovet.place import Place, inside
from astrovet.terraform.functions.plain_data import composed, entries_of, same
from astrovet.terraform.functions.table import call
from astrovet.terraform.source.expressions import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    For,
    Index,
    ListOf,
    Name,
    ObjectOf,
    Opaque,
    Splat,
    Template,
    Unary,
)
from astrovet.terraform.unknowns import unknown
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, boolean, shape, text

if TYPE_CHECKING:
    from fractions import Fraction

MAX_ITEMS = 20_000
"""Results of `for` expressions larger than this are not computed."""


class Names(Protocol):
    """What references mean where an expression stands."""

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        """The value that a reference (`var.x`, `local.y`, `aws_s3_bucket.b.id`) has here."""

    def file_function(self, name: str, arguments: Sequence[Value[Tree]], place: Place) -> Value[Tree] | None:
        """The result of a function that reads a file of the module; None where it is no such function."""


class _Bound(Struct, frozen=True):
    """Names plus the variables of `for` expressions."""

    names: Names
    variables: Mapping[str, Value[Tree]] = {}

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        if root in self.variables:
            return at(self.variables[root], *steps)
        return self.names.resolve(root, steps, place)


def evaluate(expression: Expression, names: Names, place: Place) -> Value[Tree]:
    """The value of an expression that stands at `place`."""
    return _evaluate(expression, _Bound(names), place)


def _evaluate(expression: Expression, names: _Bound, place: Place) -> Value[Tree]:
    match expression:
        case Constant(None):
            return Absent(place, explicit=True)
        case Constant(str(content)):
            return Known(composed(content), place)
        case Constant(leaf):
            return Known(leaf, place) if leaf is not None else Absent(place, explicit=True)
        case Opaque(why):
            return Unknown(why, place)
        case Name() | Attribute() | Index():
            return _reference(expression, names, place)
        case Template(parts):
            return _text([_evaluate(part, names, place) for part in parts], place)
        case ListOf(items):
            values = tuple(_evaluate(each, names, inside(place, index)) for index, each in enumerate(items))
            return Known(List(values), place, written=_written(values))
        case ObjectOf():
            return _object(expression, names, place)
        case Conditional():
            return _conditional(expression, names, place)
        case Binary():
            return _binary(expression, names, place)
        case Unary(operator, operand):
            return _unary(operator, _evaluate(operand, names, place), place)
        case For():
            return _for(expression, names, place)
        case Splat():
            return _splat(expression, names, place)
        case Call():
            return _call(expression, names, place)


def _written(values: Sequence[Value[Tree]]) -> bool:
    return all(not isinstance(value, Known) or value.written for value in values)


def _sensitive(*values: Value[Tree]) -> bool:
    return any(isinstance(value, Known) and value.sensitive for value in values)


def _reference(expression: Expression, names: _Bound, place: Place) -> Value[Tree]:
    """A name and the steps from it; a step that is unknown can lead to any element."""
    steps: list[Value[Tree]] = []
    while not isinstance(expression, Name):
        match expression:
            case Attribute(of, name):
                steps.append(Known(name, place))
                expression = of
            case Index(of, index):
                steps.append(_evaluate(index, names, place))
                expression = of
            case _:
                break
    steps.reverse()
    settled: list[str | int] = []
    for step in steps:
        key = _key(step)
        if key is None:
            break
        settled.append(key)
    base = (
        names.resolve(expression.name, settled, place)
        if isinstance(expression, Name)
        else at(_evaluate(expression, names, place), *settled)
    )
    return _any_of(base, steps[len(settled) :], place)


def _key(step: Value[Tree]) -> str | int | None:
    match step:
        case Known(str() | int() as key) if not isinstance(key, bool):
            return key
        case _:
            return None


def _any_of(base: Value[Tree], steps: Sequence[Value[Tree]], place: Place) -> Value[Tree]:
    """The value behind steps of which the first one is not known: one of several, which is unknown."""
    if not steps:
        return base
    match base:
        case Known(Map() as tree) if tree.unlisted is None:
            choices = [entry.value for entry in tree.entries.values()]
        case Known(List() as tree):
            choices = list(tree.items)
        case _:
            return unknown("an index is not known", place, base, steps[0])
    rest = [key for key in map(_key, steps[1:]) if key is not None]
    found = [at(choice, *rest) for choice in choices]
    reason = steps[0].why if isinstance(steps[0], Unknown) else "an index is not known"
    return Unknown(reason, place, unknown("", place, *found).origins)


def _text(parts: Sequence[Value[Tree]], place: Place) -> Value[Tree]:
    written, sensitive = _written(parts), _sensitive(*parts)
    filled = ""
    for part in parts:
        match text(part):
            case Known(content):
                filled += content
            case Absent():
                return Unknown("a text cannot hold null", place)
            case Unknown():
                later = unknown("a part of this text is not known", place, *parts)
                return Unknown(later.why, place, later.origins, filled)
    return Known(filled, place, sensitive, written and all(isinstance(part, Known) for part in parts))


def _object(expression: ObjectOf, names: _Bound, place: Place) -> Value[Tree]:
    entries: dict[str, Entry] = {}
    unlisted: Unknown | None = None
    for key, value in expression.entries:
        match text(_evaluate(key, names, place)):
            case Known(name):
                below = inside(place, name)
                entries[name] = Entry(name, below, _evaluate(value, names, below))
            case Unknown() as lost:
                unlisted = unlisted or lost
            case Absent():
                unlisted = unlisted or Unknown("a key is null", place)
    return Known(Map(entries, unlisted), place, written=_written([entry.value for entry in entries.values()]))


def _conditional(expression: Conditional, names: _Bound, place: Place) -> Value[Tree]:
    condition = boolean(_evaluate(expression.condition, names, place))
    match condition:
        case Known(is_true):
            return _evaluate(expression.if_true if is_true else expression.if_false, names, place)
        case Unknown() | Absent():
            arms = [_evaluate(arm, names, place) for arm in (expression.if_true, expression.if_false)]
            if same(*arms) is True:
                return arms[0]
            reason = condition.why if isinstance(condition, Unknown) else "the condition is null"
            known_arm = ("",) if any(isinstance(arm, Known) for arm in arms) else ()
            return Unknown(reason, place, (*unknown("", place, *arms).origins, *known_arm))


def _unary(operator: str, operand: Value[Tree], place: Place) -> Value[Tree]:
    match operator, operand:
        case "!", Known():
            flag = boolean(operand)
            return Known(not flag.value, place, operand.sensitive, operand.written) if isinstance(flag, Known) else flag
        case "-", Known(int() | float() as number) if not isinstance(number, bool):
            return Known(-number, place, operand.sensitive, operand.written)
        case _:
            return unknown("this operand has no such operation", place, operand)


def _binary(expression: Binary, names: _Bound, place: Place) -> Value[Tree]:
    left, right = (_evaluate(each, names, place) for each in (expression.left, expression.right))
    written, sensitive = _written((left, right)), _sensitive(left, right)
    operator = expression.operator
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
            return number
        case Known(str(content)):
            try:
                return float(content) if "." in content or "e" in content.lower() else int(content)
            except ValueError:
                return None
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


def _exact(number: Fraction) -> int | float | None:
    from fractions import Fraction

    if number.denominator == 1:
        return number.numerator
    try:
        nearest = float(number)
    except OverflowError:
        return None
    return nearest if Fraction(repr(nearest)) == number else None


def _for(expression: For, names: _Bound, place: Place) -> Value[Tree]:
    iterable = _evaluate(expression.iterable, names, place)
    pairs = entries_of(iterable)
    if pairs is None or len(pairs) > MAX_ITEMS:
        return unknown(f"{shape_of(iterable)} cannot be gone through here", place, iterable)
    made: list[tuple[Value[Tree] | None, Value[Tree]]] = []
    for key, value in pairs:
        variables = {expression.second or expression.first: value}
        if expression.second:
            variables[expression.first] = key
        inner = _Bound(names.names, {**names.variables, **variables})
        if expression.condition is not None:
            match boolean(_evaluate(expression.condition, inner, place)):
                case Known(is_kept):
                    if not is_kept:
                        continue
                case Unknown() | Absent() as condition:
                    return unknown("which elements are kept is not known", place, condition, iterable)
        made_key = _evaluate(expression.key, inner, place) if expression.key is not None else None
        made.append((made_key, _evaluate(expression.value, inner, place)))
    open_end = iterable.value.unlisted if isinstance(iterable, Known) and isinstance(iterable.value, Map) else None
    if expression.key is None:
        if open_end is not None:
            return unknown("which elements there are is not known", place, open_end)
        return Known(List(tuple(value for _, value in made)), place, written=False)
    return _keyed(made, open_end, place, grouped=expression.grouped)


def _keyed(
    made: Sequence[tuple[Value[Tree] | None, Value[Tree]]], unlisted: Unknown | None, place: Place, *, grouped: bool
) -> Value[Tree]:
    groups: dict[str, list[Value[Tree]]] = {}
    for key, value in made:
        match text(key) if key is not None else Absent(place):
            case Known(name):
                groups.setdefault(name, []).append(value)
            case Unknown() as lost:
                unlisted = unlisted or lost
            case Absent():
                unlisted = unlisted or Unknown("a key is null", place)
    entries = {
        name: Entry(
            name, inside(place, name), Known(List(tuple(values)), place, written=False) if grouped else values[-1]
        )
        for name, values in groups.items()
    }
    return Known(Map(entries, unlisted), place, written=False)


def _splat(expression: Splat, names: _Bound, place: Place) -> Value[Tree]:
    base = _evaluate(expression.of, names, place)
    match base:
        case Absent():
            return Known(List(()), place, written=False)
        case Known(List() as tree):
            items: tuple[Value[Tree], ...] = tree.items
        case Known():
            items = (base,)
        case Unknown():
            return unknown("which elements there are is not known", place, base)
    steps: list[Value[Tree]] = [
        Known(step, place) if isinstance(step, str) else _evaluate(step, names, place) for step in expression.steps
    ]
    keys = [_key(step) for step in steps]
    if any(key is None for key in keys):
        return unknown("an index is not known", place, base, *steps)
    return Known(
        List(tuple(at(item, *(key for key in keys if key is not None)) for item in items)), place, written=False
    )


def _call(expression: Call, names: _Bound, place: Place) -> Value[Tree]:
    if expression.function in {"try", "can"}:
        return _try(expression, names, place)
    arguments = [_evaluate(each, names, place) for each in expression.arguments]
    if expression.spread:
        match arguments[-1]:
            case Known(List() as tree):
                arguments = [*arguments[:-1], *tree.items]
            case last:
                return unknown("how many arguments there are is not known", place, last)
    from_file = names.names.file_function(expression.function, arguments, place)
    return from_file if from_file is not None else call(expression.function, arguments, place)


def _try(expression: Call, names: _Bound, place: Place) -> Value[Tree]:
    """What Terraform would fail on is a missing key here: Absent without being written as null."""
    for argument in expression.arguments:
        match _evaluate(argument, names, place):
            case Absent(explicit=False):
                if expression.function == "can":
                    return Known(False, place, written=False)
            case Unknown() as lost:
                return unknown("", place, lost)
            case Known() | Absent() as value:
                return Known(True, place, written=False) if expression.function == "can" else value
    return Unknown("every alternative of `try` fails", place)


def shape_of(value: Value[Tree]) -> str:
    return shape(value.value) if isinstance(value, Known) else "this"
