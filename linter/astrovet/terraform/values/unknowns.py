"""Unknown parts of values: why, and which instances they can come from."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.place import Place
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value


def unknown(why: str, place: Place, *parts: Value[Tree], how: str = "") -> Unknown:
    """Unknown for the sake of these parts: the first one's reason counts, and all origins are kept.

    Where no part is unknown, the reason is the one that is given. What needs something that Terraform refuses
    is refused with it.
    """
    unknown_parts = [unknown_part for part in parts for unknown_part in unknowns_in(part)]
    if not unknown_parts:
        return Unknown(why, place, how=how)
    origins = tuple(dict.fromkeys(origin for part in unknown_parts for origin in part.origins))
    first = next((part for part in unknown_parts if part.is_refused), unknown_parts[0])
    return Unknown(first.why, place, origins, how=first.how, is_refused=first.is_refused)


def refused_part(*parts: Value[Tree]) -> Unknown | None:
    """The first part that Terraform refuses."""
    return next((lost for part in parts for lost in unknowns_in(part) if lost.is_refused), None)


def after_apply(what: str, place: Place, origins: tuple[str, ...] = ()) -> Unknown:
    """What a provider computes while the plan is applied."""
    return Unknown(f"{what} is known only after apply", place, origins, how="scan the state then")


def origins_of(*parts: Value[Tree]) -> tuple[str, ...]:
    """Where the unknown parts of these can come from."""
    return tuple(dict.fromkeys(origin for part in parts for lost in unknowns_in(part) for origin in lost.origins))


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
