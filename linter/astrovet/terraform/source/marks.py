"""Marks on values: written out, sensitive, to be completed by the provider."""

from __future__ import annotations

from msgspec.structs import replace

from astrovet.terraform.values.unknowns import after_apply
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value


def completed_later(value: Value[Tree], address: str) -> Value[Tree]:
    """An argument as a reference sees it: its objects also hold what the provider adds to them after apply."""
    match value:
        case Known(Map(entries, unlisted) as tree, place):
            later = after_apply(address, place, (address,))
            filled = {
                key: Entry(key, entry.key_place, completed_later(entry.value, address))
                for key, entry in entries.items()
            }
            return replace(value, value=replace(tree, entries=filled, unlisted=unlisted or later))
        case Known(List(items) as tree):
            return replace(value, value=replace(tree, items=tuple(completed_later(item, address) for item in items)))
        case Known() | Unknown() | Absent():
            return value


def is_written(value: Value[Tree]) -> bool:
    return not isinstance(value, Known) or value.written


def with_written(value: Value[Tree], written: bool) -> Value[Tree]:
    return replace(value, written=written) if isinstance(value, Known) else value


def as_sensitive(value: Value[Tree]) -> Value[Tree]:
    """The value with a sensitive mark on every part."""
    match value:
        case Known(Map(entries) as tree):
            marked = {key: Entry(key, entry.key_place, as_sensitive(entry.value)) for key, entry in entries.items()}
            return replace(value, value=replace(tree, entries=marked), sensitive=True)
        case Known(List(items) as tree):
            return replace(value, value=replace(tree, items=tuple(map(as_sensitive, items))), sensitive=True)
        case Known():
            return replace(value, sensitive=True)
        case Unknown() | Absent():
            return value
