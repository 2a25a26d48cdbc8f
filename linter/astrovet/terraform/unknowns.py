"""Unknown parts of values: why, and which instances they can come from."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.place import Place
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value


def unknown(why: str, place: Place, *parts: Value[Tree]) -> Unknown:
    """Unknown for the sake of these parts: the first one's reason counts, and all origins are kept."""
    lost = [each for part in parts for each in unknowns_in(part)]
    origins = tuple(dict.fromkeys(origin for each in lost for origin in each.origins))
    return Unknown(lost[0].why if lost else why, place, origins)


def unknowns_in(value: Value[Tree]) -> Iterator[Unknown]:
    """Every unknown part of a value."""
    match value:
        case Unknown():
            yield value
        case Known(Map() as tree):
            for entry in tree.entries.values():
                yield from unknowns_in(entry.value)
            if tree.unlisted is not None:
                yield tree.unlisted
        case Known(List() as tree):
            for item in tree.items:
                yield from unknowns_in(item)
        case Known() | Absent():
            pass


def is_whole(value: Value[Tree]) -> bool:
    """Whether no part of the value is unknown."""
    return next(unknowns_in(value), None) is None
