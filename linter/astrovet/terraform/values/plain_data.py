"""Values and Python's own data: one made of the other, and values put together as parts of a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from astrovet.budget import MAX_DEPTH
from astrovet.place import Place, inside
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.terraform.values.texts import composed
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Type, Unknown, Value


def plain(value: Value[Tree]) -> Any:
    """Python's own data for a whole value; None is null.

    Raises:
        UndecidedError: a part of it is unknown.
    """
    match value:
        case Unknown() as lost:
            raise UndecidedError.because_of(lost)
        case Absent():
            return None
        case Known(Map() as tree):
            if tree.unlisted is not None:
                raise UndecidedError.because_of(tree.unlisted)
            return {key: plain(entry.value) for key, entry in tree.entries.items()}
        case Known(List() as tree):
            return [plain(item) for item in tree.items]
        case Known(leaf):
            return leaf


def from_plain(data: Any, place: Place, *, sensitive: bool = False) -> Value[Tree]:
    """The value of plain data, all of it at `place`.

    Raises:
        UndecidedError: it is nested too deeply.
    """
    return _from_plain(data, place, sensitive, 0)


def _from_plain(data: Any, place: Place, sensitive: bool, depth: int) -> Value[Tree]:
    if depth > MAX_DEPTH:
        raise UndecidedError("the value is nested too deeply")
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


def moved(value: Value[Tree], place: Place, *, sensitive: bool = False) -> Value[Tree]:
    """The value as part of a result: at `place` with all that is in it, and no longer a literal."""
    match value:
        case Unknown() | Absent():
            return replace(value, place=place)
        case Known(Map() as tree):
            entries = {key: entry.value for key, entry in tree.entries.items()}
            marked = sensitive or value.sensitive
            return mapped(entries, place, unlisted=tree.unlisted, sensitive=marked, element=tree.element)
        case Known(List() as tree):
            marked = sensitive or value.sensitive
            return listed(tree.items, place, sensitive=marked, is_set=tree.is_set, element=tree.element)
        case Known(leaf):
            marked = sensitive or value.sensitive
            origin = value.place if value.written else value.written_at
            return Known(
                leaf, place, marked, written=False, document=value.document, is_loose=value.is_loose, written_at=origin
            )


def listed(
    items: Iterable[Value[Tree]],
    place: Place,
    *,
    sensitive: bool = False,
    is_set: bool = False,
    element: Type | None = None,
) -> Known[Tree]:
    """A tuple of these values; a list or a set where their one type is given."""
    elements = tuple(moved(item, inside(place, index)) for index, item in enumerate(items))
    return Known(List(elements, is_set, element), place, sensitive, written=False)


def mapped(
    values: Mapping[str, Value[Tree]],
    place: Place,
    *,
    unlisted: Unknown | None = None,
    sensitive: bool = False,
    element: Type | None = None,
) -> Known[Tree]:
    """An object of these values; a map where their one type is given."""
    entries: dict[str, Entry] = {}
    for key, value in values.items():
        below = inside(place, key)
        entries[key] = Entry(key, below, moved(value, below))
    return Known(Map(entries, unlisted, element), place, sensitive, written=False)


def are_written(values: Iterable[Value[Tree]]) -> bool:
    """Whether what is known of these values stands in the input itself."""
    return all(not isinstance(value, Known) or value.written for value in values)


def any_sensitive(values: Iterable[Value[Tree]]) -> bool:
    """Whether one of these values is sensitive itself, not only a part of it."""
    return any(isinstance(value, Known) and value.sensitive for value in values)


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


def entries_of(value: Value[Tree]) -> list[tuple[Value[Tree], Value[Tree]]] | None:
    """The keys and values that a `for` goes through, in Terraform's order; None where that is not known.

    A map with keys that the input does not show gives those that it does.
    """
    match value:
        case Known(List(is_open_set=True)):
            return None
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
