"""Terraform's collection functions of maps."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.functions.arguments import (
    Arguments,
    holds_sensitive,
    items_of,
    keys_of,
    map_of,
    one_of,
    text_of,
)
from astrovet.terraform.values.common_type import alike, may_convert
from astrovet.terraform.values.conversion import as_texts
from astrovet.terraform.values.plain_data import any_sensitive, from_plain, listed, mapped, moved
from astrovet.terraform.values.refusal import RefusedError
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value


def keys(arguments: Arguments, place: Place) -> Value[Tree]:
    return from_plain(list(keys_of(map_of(arguments[0]))), place, sensitive=any_sensitive(arguments))


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
    # The default is converted to the type of the values where the map has one, which a literal has not.
    is_literal = isinstance(arguments[0], Known) and arguments[0].written
    if not is_literal and alike(values) and may_convert([*values, arguments[2]]):
        raise RefusedError("whether the default is converted is not known")
    return moved(arguments[2], place, sensitive=sensitive)


def merge(arguments: Arguments, place: Place) -> Value[Tree]:
    """Later keys win; a map that is not known may replace any earlier key, and add others."""
    merged: dict[str, Value[Tree]] = {}
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
    return mapped(merged, place, unlisted=unlisted, sensitive=any_sensitive(arguments))


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
    return listed([tree.entries[key].value for key in keys_of(tree)], place, sensitive=any_sensitive(arguments))


def zipmap(arguments: Arguments, place: Place) -> Value[Tree]:
    names = [text_of(item) for item in items_of(arguments[0])]
    elements = items_of(arguments[1])
    if len(names) != len(elements):
        raise RefusedError("the lists differ in length")
    return mapped(dict(zip(names, elements, strict=True)), place, sensitive=holds_sensitive(arguments[:1]))
