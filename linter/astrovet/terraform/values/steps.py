"""Steps into values by keys and indexes, as Terraform takes them."""

from __future__ import annotations

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.values.conversion import parse_number
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value


def refused(why: str, place: Place) -> Unknown:
    """What Terraform ends with an error for."""
    return Unknown(why, place, is_refused=True)


def walked(value: Value[Tree], *path: str | int, place: Place) -> Value[Tree]:
    """The value behind steps that are taken at `place`; Terraform refuses one that leads nowhere."""
    for key in path:
        match value:
            case Known(Map() as tree):
                entry = tree.entries.get(str(key))
                if entry is not None:
                    value = entry.value
                elif tree.unlisted is not None:
                    value = _below(tree.unlisted)
                else:
                    return refused("what is asked for is not in this map", place)
            case Known(List() as tree) if not tree.is_set:
                index = key if isinstance(key, int) else _position(key)
                if not 0 <= index < len(tree.items):
                    return refused("what is asked for is not in this list", place)
                value = tree.items[index]
            case Known():
                return refused("a value is asked for parts that it does not have", place)
            case Absent():
                return refused("null has no parts that could be asked for", place)
            case Unknown():
                value = _below(value)
    return value


def _position(key: str) -> int:
    """The position that a text means, for Terraform makes a number of it; -1 where it is none."""
    sign, digits = ("-", key[1:]) if key.startswith("-") else ("", key)
    number = parse_number(digits) if digits[:1] not in {"+", "-"} or not sign else None
    return number if isinstance(number, int) and (not sign or number == 0) else -1


def _below(lost: Unknown) -> Unknown:
    """What is known of a value does not hold for its parts."""
    return replace(lost, prefix="", document=None, type=None, is_never_null=False)
