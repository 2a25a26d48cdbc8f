"""Values as Terraform's functions take them: plain data, exact numbers, equality, one common type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from astrovet.place import Place, inside
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Unknown, Value

MAX_DEPTH = 100
"""Levels of lists and maps that a function may make."""
MAX_DIGITS = 15
"""Digits that a float surely keeps. Terraform calculates with 512 bits; a longer fraction may be another one there."""
MAX_EXPONENT = 300

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


class RefusedError(Exception):
    """What cannot be decided or what Terraform refuses; the text becomes the reason of an Unknown.

    It never holds a value of the input.
    """


def plain(value: Value[Tree]) -> Any:
    """Python's own data for a whole value; None is null.

    Raises:
        RefusedError: a part of it is unknown.
    """
    match value:
        case Unknown(why):
            raise RefusedError(why)
        case Absent():
            return None
        case Known(Map() as tree):
            if tree.unlisted is not None:
                raise RefusedError(tree.unlisted.why)
            return {key: plain(entry.value) for key, entry in tree.entries.items()}
        case Known(List() as tree):
            return [plain(item) for item in tree.items]
        case Known(leaf):
            return leaf


def from_plain(data: Any, place: Place, *, sensitive: bool = False) -> Value[Tree]:
    """The value of plain data, all of it at `place`.

    Raises:
        RefusedError: it is nested too deeply.
    """
    return _from_plain(data, place, sensitive, 0)


def _from_plain(data: Any, place: Place, sensitive: bool, depth: int) -> Value[Tree]:
    if depth > MAX_DEPTH:
        raise RefusedError("the value is nested too deeply")
    if data is None:
        return Absent(place, explicit=True)
    if isinstance(data, dict):
        entries = {composed(key): item for key, item in data.items()}
        return mapped(
            {key: _from_plain(item, inside(place, key), sensitive, depth + 1) for key, item in entries.items()},
            place,
            sensitive=sensitive,
        )
    if isinstance(data, list):
        items = [_from_plain(item, inside(place, index), sensitive, depth + 1) for index, item in enumerate(data)]
        return Known(List(tuple(items)), place, sensitive, written=False)
    leaf: Leaf = composed(data) if isinstance(data, str) else data
    return Known(leaf, place, sensitive, written=False)


def composed(text: str) -> str:
    """The text as Terraform keeps all texts: in Unicode's composed form (NFC).

    Raises:
        RefusedError: it holds half of a character.
    """
    if text.isascii():
        return text
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise RefusedError("a text holds half of a character")
    from unicodedata import normalize

    return normalize("NFC", text)


def moved(value: Value[Tree], place: Place, *, sensitive: bool = False) -> Value[Tree]:
    """The value as part of a result: at `place` with all that is in it, and no longer a literal."""
    match value:
        case Unknown() | Absent():
            return replace(value, place=place)
        case Known(Map() as tree):
            entries = {key: entry.value for key, entry in tree.entries.items()}
            return mapped(entries, place, unlisted=tree.unlisted, sensitive=sensitive or value.sensitive)
        case Known(List() as tree):
            marked = sensitive or value.sensitive
            return listed(tree.items, place, sensitive=marked, is_set=tree.is_set)
        case Known(leaf):
            marked = sensitive or value.sensitive
            return Known(leaf, place, marked, written=False, document=value.document)


def listed(items: Iterable[Value[Tree]], place: Place, *, sensitive: bool = False, is_set: bool = False) -> Known[Tree]:
    """A list of these values."""
    found = tuple(moved(item, inside(place, index)) for index, item in enumerate(items))
    return Known(List(found, is_set), place, sensitive, written=False)


def mapped(
    values: Mapping[str, Value[Tree]], place: Place, *, unlisted: Unknown | None = None, sensitive: bool = False
) -> Known[Tree]:
    """A map of these values."""
    entries: dict[str, Entry] = {}
    for key, value in values.items():
        below = inside(place, key)
        entries[key] = Entry(key, below, moved(value, below))
    return Known(Map(entries, unlisted), place, sensitive, written=False)


def is_marked(value: Value[Tree]) -> bool:
    """Whether any part of the value is sensitive."""
    match value:
        case Known(Map() as tree):
            return value.sensitive or any(is_marked(entry.value) for entry in tree.entries.values())
        case Known(List() as tree):
            return value.sensitive or any(map(is_marked, tree.items))
        case Known():
            return value.sensitive
        case Unknown() | Absent():
            return False


def parse_number(text: str) -> int | float | None:
    """The number that a decimal text means; None where it is none, or one that a float does not keep exactly."""
    if not _NUMBER.fullmatch(text):
        return None
    from decimal import Decimal

    number = Decimal(text)
    # Terraform keeps the sign of a zero, and Python's whole numbers have none.
    return None if number.is_zero() and number.is_signed() else from_decimal(number)


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
        RefusedError: a float with so many digits that Terraform's number may be another one.
    """
    from decimal import Decimal

    found = Decimal(repr(number))
    if isinstance(number, float) and (not found.is_finite() or len(found.normalize().as_tuple().digits) > MAX_DIGITS):
        raise RefusedError("a fraction has more digits than astrovet calculates with")
    return found


def as_text(data: Any) -> str:
    """Plain data where Terraform expects a text.

    Raises:
        RefusedError: Terraform converts no such thing to a text.
    """
    if isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int) and abs(data) < 10**MAX_EXPONENT:
        return str(data)
    if isinstance(data, float):
        text = format(to_decimal(data), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    raise RefusedError("an argument is no text")


def as_number(data: Any) -> int | float:
    """Plain data where Terraform expects a number.

    Raises:
        RefusedError: it is none, or none that astrovet knows exactly.
    """
    if isinstance(data, str):
        found = parse_number(data)
        if found is not None:
            return found
    if isinstance(data, float):
        to_decimal(data)
        return int(data) if data.is_integer() else data
    if type(data) is int:
        return data
    raise RefusedError("an argument is no number")


def as_integer(data: Any) -> int:
    """Plain data where Terraform expects a whole number.

    Raises:
        RefusedError: it is none.
    """
    number = as_number(data)
    if isinstance(number, int):
        return number
    raise RefusedError("an argument is no whole number")


def as_bool(data: Any) -> bool:
    """Plain data where Terraform expects a boolean.

    Raises:
        RefusedError: it is none.
    """
    if isinstance(data, bool):
        return data
    words = {"true": True, "1": True, "false": False, "0": False}
    if isinstance(data, str) and data in words:
        return words[data]
    raise RefusedError("an argument is no boolean")


def same(one: Value[Tree], other: Value[Tree]) -> bool | None:
    """Terraform's `==`; None where it depends on something unknown.

    Lists and maps with equal content are equal only if their types are: `tolist(["a"]) == ["a"]` is
    false. Two literals have the same type; for anything else it is not known.
    """
    match one, other:
        case (Unknown() as lost, known) | (known, Unknown() as lost):
            return False if _excluded(known, lost.prefix) else None
        case Absent(), Absent():
            return True
        case Known(Map() as left), Known(Map() as right):
            return _if_same_type(one, other, _same_entries(left, right))
        case Known(List() as left), Known(List() as right):
            if len(left.items) != len(right.items):
                return False
            return _if_same_type(one, other, _all(map(same, left.items, right.items)))
        case Known(left), Known(right):
            return _same_leaf(left, right)
        case _:
            return False


def _excluded(value: Value[Tree], prefix: str) -> bool:
    """Whether a text with this beginning cannot be that value."""
    match value:
        case Known(str(content)):
            return not content.startswith(prefix)
        case Known() | Absent():
            return prefix != ""
        case Unknown():
            return not (value.prefix.startswith(prefix) or prefix.startswith(value.prefix))


def _same_leaf(left: Tree, right: Tree) -> bool | None:
    if kind(left) != kind(right):
        return False
    try:
        for number in (left, right):
            if isinstance(number, float):
                to_decimal(number)
    except RefusedError:
        return None
    return left == right


def _same_entries(left: Map, right: Map) -> bool | None:
    results: list[bool | None] = []
    for key in {**left.entries, **right.entries}:
        if key in left.entries and key in right.entries:
            results.append(same(left.entries[key].value, right.entries[key].value))
        else:
            lacking = right if key in left.entries else left
            results.append(False if lacking.unlisted is None else None)
    if left.unlisted is not None or right.unlisted is not None:
        results.append(None)
    return _all(results)


def _all(results: Iterable[bool | None]) -> bool | None:
    found = list(results)
    return False if False in found else None if None in found else True


def _if_same_type(one: Known[Tree], other: Known[Tree], equal: bool | None) -> bool | None:
    return None if equal and not (one.written and other.written) else equal


def entries_of(value: Value[Tree]) -> list[tuple[Value[Tree], Value[Tree]]] | None:
    """The keys and values that a `for` goes through, in Terraform's order; None where that is not known.

    A map with keys that the input does not show gives those that it does.
    """
    match value:
        case Known(List() as tree):
            return [
                (
                    item if tree.is_set else Known(index, value.place, value.sensitive, written=False),
                    _marked(item, value.sensitive),
                )
                for index, item in enumerate(tree.items)
            ]
        case Known(Map() as tree):
            return [
                (
                    Known(key, entry.key_place, value.sensitive, written=False),
                    _marked(entry.value, value.sensitive),
                )
                for key, entry in sorted(tree.entries.items())
            ]
        case Known() | Unknown() | Absent():
            return None


def _marked(value: Value[Tree], sensitive: bool) -> Value[Tree]:
    return replace(value, sensitive=True) if sensitive and isinstance(value, Known) else value


def kind(tree: Tree) -> str:
    """Which of Terraform's kinds of values it is."""
    match tree:
        case Map():
            return "map"
        case List():
            return "list"
        case bool():
            return "bool"
        case str():
            return "string"
        case _:
            return "number"


def unified(values: Sequence[Value[Tree]]) -> list[Value[Tree]]:
    """The values converted to one type, as the elements of a list are.

    Raises:
        RefusedError: Terraform has no such type, or which one it is is not known.
    """
    if alike(values):
        return list(values)
    known = [value for value in values if isinstance(value, Known)]
    kinds = {kind(value.value) for value in known}
    if kinds <= {"string", "number", "bool"} and "string" in kinds:
        return [replace(value, value=as_text(value.value)) if isinstance(value, Known) else value for value in values]
    if len(kinds) == 1 and kinds <= {"number", "bool"}:
        # Another element may turn out to be a text, and these with it.
        reason = "the type of another element is not known"
        return [Unknown(reason, value.place) if isinstance(value, Known) else value for value in values]
    raise RefusedError("the elements have no common type that is known")


def alike(values: Iterable[Value[Tree]]) -> bool:
    """Whether the values certainly have one type, so that nothing needs converting."""
    there = [value for value in values if not isinstance(value, Absent)]
    trees = [value.value for value in there if isinstance(value, Known)]
    kinds = {kind(tree) for tree in trees}
    if len(trees) < len(there):
        return kinds <= {"string"} or not trees
    if len(kinds) > 1:
        return False
    if kinds == {"map"}:
        return _alike_maps([tree for tree in trees if isinstance(tree, Map)])
    if kinds == {"list"}:
        lists = [tree.items for tree in trees if isinstance(tree, List)]
        if len({len(items) for items in lists}) == 1:
            return all(alike(column) for column in zip(*lists, strict=True))
        return alike([item for items in lists for item in items])
    return True


def _alike_maps(maps: Sequence[Map]) -> bool:
    if any(tree.unlisted is not None for tree in maps):
        return False
    if len({frozenset(tree.entries) for tree in maps}) == 1:
        return all(alike([tree.entries[key].value for tree in maps]) for key in maps[0].entries)
    return alike([entry.value for tree in maps for entry in tree.entries.values()])


def may_convert(values: Iterable[Value[Tree]]) -> bool:
    """Whether one type for all could make another value of one of them: a text of a number or a boolean."""
    there = [value for value in values if not isinstance(value, Absent)]
    trees = [value.value for value in there if isinstance(value, Known)]
    kinds = {kind(tree) for tree in trees}
    if len(trees) < len(there):
        return any(_holds_number(tree) for tree in trees)
    if kinds == {"map"}:
        maps = [tree for tree in trees if isinstance(tree, Map)]
        columns = [[tree.entries[key].value for tree in maps if key in tree.entries] for key in maps[0].entries]
        if len({frozenset(tree.entries) for tree in maps}) == 1:
            return any(map(may_convert, columns))
        return may_convert(entry.value for tree in maps for entry in tree.entries.values())
    if kinds == {"list"}:
        lists = [tree.items for tree in trees if isinstance(tree, List)]
        if len({len(items) for items in lists}) == 1:
            return any(may_convert(column) for column in zip(*lists, strict=True))
        return may_convert(item for items in lists for item in items)
    return "string" in kinds and len(kinds) > 1 and kinds <= {"string", "number", "bool"}


def _holds_number(tree: Tree) -> bool:
    """Whether a number or a boolean is in it."""
    match tree:
        case Map():
            parts = [entry.value for entry in tree.entries.values()]
        case List():
            parts = list(tree.items)
        case _:
            return not isinstance(tree, str)
    return any(_holds_number(part.value) for part in parts if isinstance(part, Known))


def as_set(values: Sequence[Value[Tree]], place: Place, *, sensitive: bool = False) -> Value[Tree]:
    """The set of these values: of one type, sorted as Terraform goes through it, each once.

    Raises:
        RefusedError: they have no common type, or what is in them is not known.
    """
    elements = unified(values)
    if len(elements) == 1:
        return listed(elements, place, sensitive=sensitive, is_set=True)
    found: dict[str, tuple[Any, Value[Tree]]] = {}
    for element in elements:
        data = plain(element)
        found.setdefault(set_text(data), (data, element))
    ordered = sorted(found.items(), key=lambda each: _set_order(each[0], each[1][0]))
    return listed([element for _, (_, element) in ordered], place, sensitive=sensitive, is_set=True)


def _set_order(text: str, data: Any) -> tuple[bool, float, str]:
    """Null comes last, numbers stand in their order, texts in that of their letters, the rest in that of its text."""
    number = data if isinstance(data, int | float) else 0
    return data is None, number, data if isinstance(data, str) else text


def set_text(data: Any) -> str:
    """The text by which Terraform tells and orders the elements of a set that are lists or maps."""
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, str):
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(data, int | float):
        return as_text(data)
    if isinstance(data, dict):
        return "{" + "".join(f"{set_text(value)};" for _, value in sorted(data.items())) + "}" + "".join(sorted(data))
    return "[" + "".join(f"{set_text(item)};" for item in data) + "]"
