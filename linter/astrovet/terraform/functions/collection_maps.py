"""Terraform's collection functions of maps."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.functions.arguments import (
    Arguments,
    element_of,
    holds_sensitive,
    items_of,
    keys_of,
    map_of,
    one_of,
    text_of,
)
from astrovet.terraform.values.common_type import converted
from astrovet.terraform.values.conversion import as_texts
from astrovet.terraform.values.plain_data import any_sensitive, from_plain, listed, mapped, moved
from astrovet.terraform.values.refusal import RefusedError
from astrovet.terraform.values.types import TEXTS
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value


def keys(arguments: Arguments, place: Place) -> Value[Tree]:
    names = from_plain(list(keys_of(map_of(arguments[0]))), place, sensitive=any_sensitive(arguments))
    return names if element_of(arguments[0]) is None else converted(names, TEXTS)


def lookup(arguments: Arguments, place: Place) -> Value[Tree]:
    tree = map_of(arguments[0])
    values = [entry.value for entry in tree.entries.values()]
    if isinstance(arguments[1], Unknown):
        return one_of(arguments[1], place, [*values, *arguments[2:]])
    key = text_of(arguments[1])
    sensitive = any_sensitive(arguments[:2])
    if key in tree.entries:
        return moved(tree.entries[key].value, place, sensitive=sensitive)
    if tree.unlisted is not None:
        return one_of(tree.unlisted, place, [tree.unlisted, *arguments[2:]])
    if len(arguments) == 2:
        raise RefusedError("the map has no such key")
    # The default is converted to the type of the values where the map has one.
    default = arguments[2] if tree.element is None else converted(arguments[2], tree.element)
    return moved(default, place, sensitive=sensitive)


def merge(arguments: Arguments, place: Place) -> Value[Tree]:
    """Later keys win; a map that is not known may replace any earlier key, and add others."""
    merged: dict[str, Value[Tree]] = {}
    elements = set(map(element_of, arguments))
    element = elements.pop() if len(elements) == 1 else None
    unlisted: Unknown | None = None
    for argument in arguments:
        match argument:
            case Known(Map() as tree):
                more = tree.unlisted
                settled = {key: entry.value for key, entry in tree.entries.items()}
            case Unknown():
                more, settled = replace(argument, prefix=""), {}
            case Absent():
                continue
            case Known():
                raise RefusedError("an argument is no map")
        if more is not None:
            merged = {key: unknown("", place, more, earlier) for key, earlier in merged.items()}
            unlisted = more if unlisted is None else unknown("", place, unlisted, more)
        merged.update(settled)
    return mapped(merged, place, unlisted=unlisted, sensitive=any_sensitive(arguments), element=element)


def transpose(lists: Any) -> dict[str, list[str]]:
    if not isinstance(lists, dict):
        raise RefusedError("an argument is no map")
    transposed: dict[str, list[str]] = {}
    for key, texts in sorted(lists.items()):
        for text in as_texts(texts):
            transposed.setdefault(text, []).append(key)
    return transposed


def values(arguments: Arguments, place: Place) -> Value[Tree]:
    tree = map_of(arguments[0])
    elements = [tree.entries[key].value for key in keys_of(tree)]
    return listed(elements, place, sensitive=any_sensitive(arguments), element=tree.element)


def zipmap(arguments: Arguments, place: Place) -> Value[Tree]:
    names = [text_of(item) for item in items_of(arguments[0])]
    elements = items_of(arguments[1])
    if len(names) != len(elements):
        raise RefusedError("the lists differ in length")
    zipped = dict(zip(names, elements, strict=True))
    return mapped(zipped, place, sensitive=holds_sensitive(arguments[:1]), element=element_of(arguments[1]))
