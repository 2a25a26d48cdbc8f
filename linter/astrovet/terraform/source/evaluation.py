"""Terraform's expressions evaluated, as far as the sources settle them.

What they do not settle stays Unknown with the reason; what of it is settled is kept: a list with one
unknown element, an object with one unknown attribute, a text with a known beginning. Nothing is
guessed: whatever is Known here is what Terraform's own plan shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.formats.text_file import TextFile
from astrovet.place import Place, inside
from astrovet.terraform.functions.table import attempt, call, takes_attempts
from astrovet.terraform.source.conditions import either, flag, with_common_type
from astrovet.terraform.source.expressions import (
    ELEMENT,
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
from astrovet.terraform.source.filling import filled
from astrovet.terraform.source.names import Names, TemplateNames
from astrovet.terraform.source.operators import binary, unary
from astrovet.terraform.source.parsing import parse
from astrovet.terraform.source.templates import template
from astrovet.terraform.values.equality import same
from astrovet.terraform.values.plain_data import are_written, entries_of
from astrovet.terraform.values.steps import refused, walked
from astrovet.terraform.values.texts import composed
from astrovet.terraform.values.types import type_of, unify
from astrovet.terraform.values.unknowns import is_whole, origins_of, refused_part, unknown
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, shape, text

SINGLE = frozenset({"string", "number", "bool", "map", "object"})
"""Types of which a splat takes a value for the only element."""


class _Bound(Struct, frozen=True):
    """Names plus the variables of `for` expressions, and what the evaluation may cost."""

    names: Names
    budget: Budget
    variables: Mapping[str, Value[Tree]] = {}

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        if root in self.variables:
            return walked(self.variables[root], *steps, place=place)
        return self.names.resolve(root, steps, place)

    def with_variables(self, variables: Mapping[str, Value[Tree]]) -> _Bound:
        return _Bound(self.names, self.budget, {**self.variables, **variables})

    def file(self, path: str) -> TextFile | None:
        return self.names.file(path)

    def template(self, path: str) -> TextFile | None:
        return self.names.template(path)

    def is_absent(self, path: str) -> bool:
        return self.names.is_absent(path)

    def below(self, folder: str) -> Sequence[str] | None:
        return self.names.below(folder)

    def fill(self, content: str, variables: Mapping[str, Value[Tree]], place: Place) -> Value[Tree]:
        self.budget.characters.spend(len(content))
        filled_in = _evaluate(template(content, parse), _Bound(TemplateNames(variables), self.budget), place)
        return replace(filled_in, written=False) if isinstance(filled_in, Known) else filled_in


def evaluate(expression: Expression, names: Names, place: Place, budget: Budget | None = None) -> Value[Tree]:
    """The value of an expression that stands at `place`; Unknown where it costs more than the budget of the run has."""
    budget = budget or Budget()
    bound = _Bound(names, budget)
    return budget.evaluated(lambda: _evaluate(expression, bound, place), place)


def _evaluate(expression: Expression, names: _Bound, place: Place) -> Value[Tree]:
    names.budget.steps.spend()
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
            return filled(parts, [_evaluate(part, names, place) for part in parts], names.budget, place)
        case ListOf(items):
            values = tuple(_evaluate(item, names, inside(place, index)) for index, item in enumerate(items))
            return Known(List(values), place, written=are_written(values))
        case ObjectOf():
            return _object(expression, names, place)
        case Conditional():
            return _conditional(expression, names, place)
        case Binary(operator, left, right):
            return binary(operator, _evaluate(left, names, place), _evaluate(right, names, place), place)
        case Unary(operator, operand):
            return unary(operator, _evaluate(operand, names, place), place)
        case For():
            return _for(expression, names, place)
        case Splat():
            return _splat(expression, names, place)
        case Call():
            return _call(expression, names, place)


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
    if isinstance(expression, Name):
        base = names.resolve(expression.name, settled, place)
    else:
        whole = _evaluate(expression, names, place)
        base = refused_part(whole) or walked(whole, *settled, place=place)
    names.budget.take(base)
    return _any_of(base, steps[len(settled) :], place)


def _key(step: Value[Tree]) -> str | int | None:
    match step:
        case Known(bool() | float()):
            return written.value if isinstance(written := text(step), Known) else None  # to a list it is no index
        case Known(str() | int() as key):
            return key
        case _:
            return None


def _any_of(base: Value[Tree], steps: Sequence[Value[Tree]], place: Place) -> Value[Tree]:
    """The value behind steps of which the first one is not known: one of several, which is unknown."""
    if not steps:
        return base
    if not isinstance(steps[0], Unknown):
        return refused("an index is neither a text nor a whole number", place)
    match base:
        case Known(Map() as tree) if tree.unlisted is None:
            choices = [entry.value for entry in tree.entries.values()]
        case Known(List() as tree):
            choices = list(tree.items)
        case _:
            return unknown("an index is not known", place, base, steps[0])
    rest = [key for key in map(_key, steps[1:]) if key is not None]
    origins = origins_of(*(walked(choice, *rest, place=place) for choice in choices))
    return replace(unknown("an index is not known", place, steps[0]), origins=origins)


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
                unlisted = refused("a key is null", place)
    return Known(Map(entries, unlisted), place, written=are_written(entry.value for entry in entries.values()))


def _conditional(expression: Conditional, names: _Bound, place: Place) -> Value[Tree]:
    condition = flag(_evaluate(expression.condition, names, place), place)
    match condition:
        case Known(is_true):
            chosen = _evaluate(expression.if_true if is_true else expression.if_false, names, place)
            if isinstance(chosen, Unknown) or (isinstance(chosen, Known) and isinstance(chosen.value, str)):
                return chosen  # a text stays a text, whatever the other arm is
            other = _evaluate(expression.if_false if is_true else expression.if_true, names, place)
            if refused_part(other) is not None and not (isinstance(other, Unknown) and other.type is not None):
                return chosen
            return with_common_type(chosen, other, place)
        case Absent():
            return refused("the condition is null", place)
        case Unknown():
            arms = [_evaluate(arm, names, place) for arm in (expression.if_true, expression.if_false)]
            if condition.is_refused:
                return replace(condition, type=unify(map(type_of, arms)))
            if same(*arms) is True:
                return arms[0]
            return either(condition, arms, place)


def _for(expression: For, names: _Bound, place: Place) -> Value[Tree]:
    iterable = _evaluate(expression.iterable, names, place)
    pairs = entries_of(iterable)
    if pairs is None:
        if is_whole(iterable):
            return refused(f"{shape_of(iterable)} cannot be gone through", place)
        return unknown(f"{shape_of(iterable)} cannot be gone through here", place, iterable)
    names.budget.elements.spend(len(pairs))
    results: list[tuple[Value[Tree] | None, Value[Tree]]] = []
    for key, value in pairs:
        variables = {expression.second or expression.first: value}
        if expression.second:
            variables[expression.first] = key
        inner = names.with_variables(variables)
        if expression.condition is not None:
            match flag(_evaluate(expression.condition, inner, place), place):
                case Known(is_kept):
                    if not is_kept:
                        continue
                case Absent():
                    return refused("a condition is null", place)
                case Unknown() as condition:
                    return unknown("which elements are kept is not known", place, condition, iterable)
        key_value = _evaluate(expression.key, inner, place) if expression.key is not None else None
        results.append((key_value, _evaluate(expression.value, inner, place)))
    open_end = iterable.value.unlisted if isinstance(iterable, Known) and isinstance(iterable.value, Map) else None
    if expression.key is None:
        if open_end is not None:
            return unknown("which elements there are is not known", place, open_end)
        return Known(List(tuple(value for _, value in results)), place, written=False)
    return _keyed(results, open_end, place, grouped=expression.grouped)


def _keyed(
    results: Sequence[tuple[Value[Tree] | None, Value[Tree]]], unlisted: Unknown | None, place: Place, *, grouped: bool
) -> Value[Tree]:
    groups: dict[str, list[Value[Tree]]] = {}
    for key, value in results:
        match text(key) if key is not None else Absent(place):
            case Known(name):
                if name in groups and not grouped:
                    return refused("two elements have the same key", place)
                groups.setdefault(name, []).append(value)
            case Unknown() as lost:
                unlisted = unlisted or (refused(lost.why, place) if isinstance(key, Known) else lost)
            case Absent():
                unlisted = refused("a key is null", place)
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
        case Known(List(is_open_set=True)):
            return unknown("which elements there are is not known", place, base)
        case Known(List() as tree):
            items: tuple[Value[Tree], ...] = tree.items
            is_collection = tree.element is not None
        case Known():
            items, is_collection = (base,), False
        case Unknown() if base.is_never_null and base.type is not None and base.type.name in SINGLE:
            items, is_collection = (base,), False
        case Unknown():
            return unknown("which elements there are is not known", place, base)
    names.budget.elements.spend(len(items))
    if expression.each is not None:
        values = [_evaluate(expression.each, names.with_variables({ELEMENT.name: item}), place) for item in items]
        element = unify(map(type_of, values)) if is_collection else None
        return Known(List(tuple(values), element=element), place, written=False)
    steps: list[Value[Tree]] = [
        Known(step, place) if isinstance(step, str) else _evaluate(step, names, place) for step in expression.steps
    ]
    keys = [_key(step) for step in steps]
    if any(key is None for key in keys):
        return unknown("an index is not known", place, base, *steps)
    path = [key for key in keys if key is not None]
    values = [walked(item, *path, place=place) for item in items]
    element = unify(map(type_of, values)) if is_collection else None
    return Known(List(tuple(values), element=element), place, written=False)


def _call(expression: Call, names: _Bound, place: Place) -> Value[Tree]:
    if takes_attempts(expression.function):
        attempts = [partial(_evaluate, argument, names, place) for argument in expression.arguments]
        return attempt(expression.function, attempts, place)
    arguments = [_evaluate(argument, names, place) for argument in expression.arguments]
    if expression.spread:
        match arguments[-1]:
            case Known(List() as tree):
                arguments = [*arguments[:-1], *tree.items]
            case Unknown() as last:
                return unknown("how many arguments there are is not known", place, last)
            case Known() | Absent():
                return refused("what is spread over the arguments is no list", place)
    return call(expression.function, arguments, place, names, names.budget)


def shape_of(value: Value[Tree]) -> str:
    return shape(value.value) if isinstance(value, Known) else "this"
