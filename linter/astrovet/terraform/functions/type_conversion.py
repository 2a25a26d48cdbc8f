"""Terraform's functions that convert types, and those that ask whether an expression has a value."""

from __future__ import annotations

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, Attempts
from astrovet.terraform.values.common_type import converted, loosened
from astrovet.terraform.values.plain_data import moved
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING
from astrovet.terraform.values.unknowns import is_whole, refused_part, unknown
from astrovet.value import Absent, Known, Tree, Type, Unknown, Value


def can(attempts: Attempts, place: Place) -> Value[Tree]:
    (attempt,) = attempts
    value = attempt()
    if refused_part(value) is not None:
        return Known(False, place, written=False)
    if isinstance(value, Unknown):
        return unknown("", place, value)
    return Known(True, place, written=False)


def nonsensitive(arguments: Arguments, _: Place) -> Value[Tree]:
    match arguments[0]:
        case Known() as known:
            return replace(known, sensitive=False)
        case Unknown() | Absent():
            return arguments[0]


def sensitive(arguments: Arguments, place: Place) -> Value[Tree]:
    return moved(arguments[0], place, sensitive=True)


def tobool(arguments: Arguments, _: Place) -> Value[Tree]:
    return converted(arguments[0], BOOL)


def tolist(arguments: Arguments, _: Place) -> Value[Tree]:
    return converted(arguments[0], Type("list", (DYNAMIC,)))


def tomap(arguments: Arguments, _: Place) -> Value[Tree]:
    return converted(arguments[0], Type("map", (DYNAMIC,)))


def tonumber(arguments: Arguments, _: Place) -> Value[Tree]:
    return converted(arguments[0], NUMBER)


def toset(arguments: Arguments, _: Place) -> Value[Tree]:
    return converted(arguments[0], Type("set", (DYNAMIC,)))


def tostring(arguments: Arguments, _: Place) -> Value[Tree]:
    return converted(arguments[0], STRING)


def try_(attempts: Attempts, place: Place) -> Value[Tree]:
    """Of what is not wholly known Terraform forgets the type too: another alternative may be taken in the end."""
    for attempt in attempts:
        value = attempt()
        if isinstance(value, Unknown) and not value.is_refused:
            return unknown("", place, value)
        if refused_part(value) is None:
            return value if is_whole(value) else loosened(value)
    return refused("every alternative of `try` fails", place)
