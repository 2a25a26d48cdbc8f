"""Marks on values: written out, sensitive, to be completed by the provider."""

from __future__ import annotations

from collections.abc import Callable

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
    return _marked(value, lambda known: replace(known, sensitive=True))


def as_given(value: Value[Tree]) -> Value[Tree]:
    """The value as no literal of the sources: a file of variables need not be part of the repository."""
    return _marked(value, lambda known: replace(known, written=False))


def _marked(value: Value[Tree], mark: Callable[[Known[Tree]], Known[Tree]]) -> Value[Tree]:
    """The value with a mark on every part that is known."""
    match value:
        case Known(Map(entries) as tree):
            marked = {key: Entry(key, entry.key_place, _marked(entry.value, mark)) for key, entry in entries.items()}
            return mark(replace(value, value=replace(tree, entries=marked)))
        case Known(List(items) as tree):
            return mark(replace(value, value=replace(tree, items=tuple(_marked(item, mark) for item in items))))
        case Known():
            return mark(value)
        case Unknown() | Absent():
            return value
