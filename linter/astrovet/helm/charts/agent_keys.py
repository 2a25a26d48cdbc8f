"""What is wrong with the keys of one layer of agent values, by the chart's keys as we know them.

The keys are those of `agent-values.schema.json`. Charts are newer than it, so an unknown key is only
spoken of where it looks like a known one: nearly its name, or its name at the wrong level.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Problem, ProblemKind
from astrovet.formats.spelling import nearest
from astrovet.place import Place
from astrovet.secrecy import placeholder, template
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, shape

SCHEMA = "agent-values.schema.json"
NEWEST_CHART = (2, 3, 3)
"""The newest chart that is known (November 2026): of a newer one, no unknown key is spoken of."""

JUDGED_ELSEWHERE = frozenset({"dagBundleConfigList"})
"""A rule of its own says what is wrong with these, their type included: one cause, one finding."""

TOO_COMMON = frozenset({"enabled", "create", "name", "config", "port", "url", "endpoint", "type", "value"})
"""Names that many things have: where one is unknown, it is no sign of a key at the wrong level."""

EXPECTED = {
    "object": "a map",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
}


class Key(Struct, frozen=True):
    """What the schema says of a key, as far as it is looked at here."""

    type: str | tuple[str, ...] = ()
    properties: Mapping[str, Key] = {}
    items: Key | None = None
    others: bool | Key | None = msgspec.field(name="additionalProperties", default=None)
    """What keys that are not listed hold; True where they are nobody's business."""
    pattern: str = ""
    reference: str = msgspec.field(name="$ref", default="")
    matters: str = msgspec.field(name="x-matters", default="")
    """`credential` or `backend` where a mistake weighs more."""
    since: str = msgspec.field(name="x-since", default="")
    definitions: Mapping[str, Key] = msgspec.field(name="$defs", default={})

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it takes; null, which Helm takes everywhere, left out. Empty: all."""
        types = (self.type,) if isinstance(self.type, str) else self.type
        return tuple(name for name in types if name != "null")


class _Level(Struct, frozen=True):
    """A map of the chart on the way down."""

    key: Key
    name: str
    above: _Level | None


Version: TypeAlias = tuple[int, ...]


def schema_text() -> bytes:
    """The chart's keys as JSON Schema."""
    with open(os.path.join(os.path.dirname(__file__), SCHEMA), "rb") as stream:
        return stream.read()


@lru_cache(maxsize=1)
def _schema() -> Key:
    return msgspec.json.decode(schema_text(), type=Key)


def _followed(key: Key) -> Key:
    """The key with what its reference says of it."""
    while key.reference:
        target = _schema().definitions[key.reference.rpartition("/")[2]]
        key = replace(target, matters=key.matters or target.matters, since=key.since or target.since)
    return key


def faults(root: Value[Tree], version: str = "") -> tuple[Problem, ...]:
    """Near misses of keys, keys at the wrong level, and values of the wrong type.

    `version` is the chart's version where it is known. Null, placeholders and templates fit every type.
    """
    release = _release(version)
    top = _Level(_schema(), "the chart's top level", None)
    by_place: dict[tuple[ProblemKind, Place], Problem] = {}
    for problem in _in_value(root, _schema(), "the file", root.place, top, release):
        by_place.setdefault((problem.kind, problem.place), problem)  # an alias brings what it stands for again
    return tuple(by_place.values())


def _in_value(
    value: Value[Tree], key: Key, name: str, key_place: Place, level: _Level, release: Version
) -> Iterator[Problem]:
    """The faults of a value and of all that it holds. `level` is the map that holds it; at the top, itself."""
    match value:
        case Known(tree, place):
            wrong = _wrong_type(tree, key)
            if wrong is not None:
                at_place = key_place if isinstance(tree, Map | List) else place
                message = f"{name} takes {wrong}, and {shape(tree)} stands here"
                remedy = _type_remedy(wrong, tree)
                yield Problem(ProblemKind.WRONG_TYPE, message, remedy, at_place, is_grave=key.matters != "")
            elif isinstance(tree, Map):
                inner = level if key is level.key else _Level(key, name, level)
                for entry in tree.entries.values():
                    yield from _in_entry(entry, inner, release)
            elif isinstance(tree, List) and key.items is not None:
                item = _followed(key.items)
                for inside in tree.items:
                    yield from _in_value(inside, item, f"an item of {name}", inside.place, level, release)
        case Unknown() | Absent():
            pass


def _in_entry(entry: Entry, level: _Level, release: Version) -> Iterator[Problem]:
    """The faults of a key and of its value."""
    key, name = level.key.properties.get(entry.key), f"`{entry.key}`"
    if key is not None:
        key = _followed(key)
        is_set = not isinstance(entry.value, Absent)
        if is_set and release and key.since and release < _release(key.since):
            message = f"the chart knows {name} only from version {key.since} on"
            remedy = "upgrade the chart, or take the key out: it has no effect"
            yield Problem(ProblemKind.UNKNOWN_KEY, message, remedy, entry.key_place)
        elif entry.key not in JUDGED_ELSEWHERE:
            yield from _in_value(entry.value, key, name, entry.key_place, level, release)
    elif isinstance(level.key.others, Key):
        key = _followed(level.key.others)
        yield from _in_value(entry.value, key, f"a value of {level.name}", entry.key_place, level, release)
    elif level.key.others is None and release <= NEWEST_CHART:
        yield from _near_miss(entry, level)


# --- Types ---------------------------------------------------------------------------------------


def _wrong_type(tree: Tree, key: Key) -> str | None:
    """What the key takes, where that is not this."""
    if isinstance(tree, str) and (placeholder(tree) or template(tree)):
        return None
    types = key.types
    if not types or any(_is(tree, name) for name in types):
        if not (key.pattern and isinstance(tree, str)) or (tree.isascii() and tree.isdecimal()):
            return None
        return EXPECTED["integer"]  # the schema's one pattern: a whole number in quotes
    return EXPECTED[types[0]]


def _is(tree: Tree, kind: str) -> bool:
    match tree:
        case Map():
            return kind == "object"
        case List():
            return kind == "array"
        case bool():
            return kind == "boolean"
        case str():
            return kind == "string"
        case _:
            return kind == "integer" and float(tree).is_integer()


def _type_remedy(expected: str, written: Tree) -> str:
    match expected, written:
        case "text", bool() | int() | float():
            return "put it in quotes"
        case "text", _:
            return "write it as one text; `helm show values` shows its form"
        case "true or false", str():
            return "take the quotes away: to Helm, every text that is not empty is true"
        case "a list", _:
            return "write it as a list, each item after a `- `"
        case _:
            return f"write {expected}"


# --- Keys ----------------------------------------------------------------------------------------


def _near_miss(entry: Entry, level: _Level) -> Iterator[Problem]:
    """What an unknown key was meant to be, where there is a sign of it."""
    if not level.key.properties:
        return
    place, wrong = entry.key_place, entry.key
    meant = nearest(wrong, tuple(level.key.properties))
    if meant is not None:
        message = f"`{wrong}` is no key of {level.name}; did you mean `{meant}`?"
        remedy = f"write `{meant}`; a key that the chart does not know has no effect"
        yield Problem(ProblemKind.UNKNOWN_KEY, message, remedy, place)
        return
    homes = _homes(wrong, level)
    if homes:
        message = f"`{wrong}` is no key of {level.name}; it belongs to {_either(homes)}"
        remedy = "move it there; a key that the chart does not know has no effect"
        yield Problem(ProblemKind.UNKNOWN_KEY, message, remedy, place)


def _homes(wrong: str, level: _Level) -> Sequence[str]:
    """The maps one level up or down that have the key."""
    if wrong in TOO_COMMON:
        return ()
    if level.above is not None and wrong in level.above.key.properties:
        return (level.above.name,)
    return [name for name, child in _children(level.key) if wrong in child.properties]


def _children(key: Key) -> Iterator[tuple[str, Key]]:
    """The chart's own maps one level down, the items of a list included."""
    for name, child in key.properties.items():
        child = _followed(child)
        inner = child if child.items is None else _followed(child.items)
        if inner.others is None:
            yield (f"`{name}`" if child.items is None else f"an item of `{name}`"), inner


def _either(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _release(version: str) -> Version:
    """The numbers of an exact version; none for a range, and where nothing is known."""
    numbers = version.removeprefix("v").partition("-")[0].split(".")
    return tuple(map(int, numbers)) if all(number.isdecimal() for number in numbers) else ()


def is_layer(root: Value[Tree]) -> bool:
    """Whether values may be a layer over agent values: at least half of their keys are the chart's, and fit it.

    Only a map where the chart takes a text, or the like, does not fit: a number for a text is a slip.
    """
    match root:
        case Known(Map(entries)):
            known = [entry for entry in entries.values() if entry.key in _schema().properties]
            return 0 < len(entries) <= 2 * len(known) and all(map(_fits, known))
        case Absent():
            return True
        case Known() | Unknown():
            return False


def _fits(entry: Entry) -> bool:
    match entry.value:
        case Known(tree):
            wrong = _wrong_type(tree, _followed(_schema().properties[entry.key]))
            is_slip = wrong in {"text", "true or false", "a whole number"} and not isinstance(tree, Map | List)
            return wrong is None or is_slip or entry.key in JUDGED_ELSEWHERE
        case Unknown() | Absent():
            return True
