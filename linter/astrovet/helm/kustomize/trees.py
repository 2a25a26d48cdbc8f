"""Trees of values with something put in, taken out or renamed: copies, in which all else keeps its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from astrovet.helm.merging import in_place_of
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, text


def entry(key: str, value: Value[Tree], place: Place | None = None) -> Entry:
    return Entry(key, place or value.place, value)


def map_of(values: Mapping[str, Value[Tree]], place: Place) -> Known[Tree]:
    """A map of values that stand elsewhere."""
    return Known(Map({key: entry(key, value) for key, value in values.items()}), place)


def entries_of(value: Value[Tree]) -> Mapping[str, Entry]:
    """The entries of a map; none of anything else."""
    return value.value.entries if isinstance(value, Known) and isinstance(value.value, Map) else {}


def is_map(value: Value[Tree]) -> bool:
    return isinstance(value, Known) and isinstance(value.value, Map)


def is_list(value: Value[Tree]) -> bool:
    return isinstance(value, Known) and isinstance(value.value, List)


def word(value: Value[Tree], *path: str) -> str:
    """The text below these keys; empty where none is known."""
    content = text(at(value, *path)) if path else value
    return content.value if isinstance(content, Known) and isinstance(content.value, str) else ""


def with_entry(value: Value[Tree], key: str, new: Value[Tree] | None, place: Place | None = None) -> Value[Tree]:
    """A map with another value at a key; None takes the key away. What is no map becomes one."""
    if not isinstance(value, Known) or not isinstance(value.value, Map):
        unlisted = value if isinstance(value, Unknown) else None
        inner = {} if new is None else {key: entry(key, new, place)}
        return Known(Map(inner, unlisted), value.place if new is None else new.place)
    entries = dict(value.value.entries)
    if new is None:
        entries.pop(key, None)
    elif key in entries:
        entries[key] = in_place_of(entries[key], entry(key, new, place))
    else:
        entries[key] = entry(key, new, place)
    return replace(value, value=replace(value.value, entries=entries))


def with_items(value: Known[Tree], listed: Sequence[Value[Tree]]) -> Known[Tree]:
    """A list with other items."""
    return replace(value, value=List(tuple(listed)))


def with_inner(value: Value[Tree], path: Sequence[str], new: Value[Tree] | None) -> Value[Tree]:
    """With another value below these keys, maps on the way made where they are missing."""
    if len(path) == 1:
        return with_entry(value, path[0], new)
    inner = at(value, path[0]) if is_map(value) else Absent(value.place)
    if new is None and not is_map(inner):
        return value
    return with_entry(value, path[0], with_inner(inner, path[1:], new))


def paths_in(value: Value[Tree]) -> Iterator[str]:
    """The files in which parts of a value stand; one as often as it is met."""
    if value.place.path:
        yield value.place.path
    match value:
        case Known(Map(entries)):
            for inner in entries.values():
                yield from paths_in(inner.value)
        case Known(List(items)):
            for item in items:
                yield from paths_in(item)
        case Known() | Unknown() | Absent():
            pass
