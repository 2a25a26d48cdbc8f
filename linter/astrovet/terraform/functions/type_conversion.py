"""Terraform's functions that convert types, and those that ask whether an expression has a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, Attempts, items_of, map_of
from astrovet.terraform.values.common_type import alike, as_set, unified
from astrovet.terraform.values.conversion import as_bool, as_number, as_text
from astrovet.terraform.values.plain_data import any_sensitive, from_plain, listed, mapped, moved
from astrovet.terraform.values.refusal import RefusedError
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Tree, Unknown, Value


def can(attempts: Attempts, place: Place) -> Value[Tree]:
    """What Terraform would fail on is a missing key here: Absent without being written as null."""
    (attempt,) = attempts
    match attempt():
        case Unknown() as lost:
            return unknown("", place, lost)
        case Absent(explicit=False):
            return Known(False, place, written=False)
        case Known() | Absent():
            return Known(True, place, written=False)


def nonsensitive(arguments: Arguments, _: Place) -> Value[Tree]:
    match arguments[0]:
        case Known() as known:
            return replace(known, sensitive=False)
        case Unknown() | Absent():
            return arguments[0]


def sensitive(arguments: Arguments, place: Place) -> Value[Tree]:
    return moved(arguments[0], place, sensitive=True)


def tobool(arguments: Arguments, place: Place) -> Value[Tree]:
    return _converted(as_bool, arguments, place)


def tolist(arguments: Arguments, place: Place) -> Value[Tree]:
    if isinstance(arguments[0], Absent):
        return arguments[0]
    return listed(unified(items_of(arguments[0])), place, sensitive=any_sensitive(arguments))


def tomap(arguments: Arguments, place: Place) -> Value[Tree]:
    if isinstance(arguments[0], Absent):
        return arguments[0]
    tree = map_of(arguments[0])
    values = [entry.value for entry in tree.entries.values()]
    if tree.unlisted is not None and not alike([*values, tree.unlisted]):
        raise RefusedError("the type of the values is not known")
    converted = dict(zip(tree.entries, unified(values), strict=True))
    return mapped(converted, place, unlisted=tree.unlisted, sensitive=any_sensitive(arguments))


def tonumber(arguments: Arguments, place: Place) -> Value[Tree]:
    return _converted(as_number, arguments, place)


def toset(arguments: Arguments, place: Place) -> Value[Tree]:
    if isinstance(arguments[0], Absent):
        return arguments[0]
    return as_set(items_of(arguments[0]), place, sensitive=any_sensitive(arguments))


def tostring(arguments: Arguments, place: Place) -> Value[Tree]:
    return _converted(as_text, arguments, place)


def _converted(conversion: Callable[[Any], Any], arguments: Arguments, place: Place) -> Value[Tree]:
    match arguments[0]:
        case Known(leaf) as known:
            return from_plain(conversion(leaf), place, sensitive=known.sensitive)
        case Unknown() as lost:
            return lost if conversion is as_text else replace(lost, prefix="")
        case Absent():
            return arguments[0]


def try_(attempts: Attempts, place: Place) -> Value[Tree]:
    """What Terraform would fail on is a missing key here: Absent without being written as null."""
    for attempt in attempts:
        match attempt():
            case Unknown() as lost:
                return unknown("", place, lost)
            case Absent(explicit=False):
                continue
            case Known() | Absent() as value:
                return value
    return Unknown("every alternative of `try` fails", place)
