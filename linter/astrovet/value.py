"""What is known of a value: `Known`, `Unknown` with the reason, or `Absent`; each with its place.

A rule matches on all three. mypy's `exhaustive-match` makes forgetting one of them a type error, so
that "nobody could tell" never turns into "all clear" by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from astrovet.place import Layout, Place, inside

MAX_DIGITS = 4300
"""Python's own limit for text that becomes an integer."""

MAX_BITS = 3 * MAX_DIGITS
"""Of a number that surely has no more digits."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Type(Struct, frozen=True):
    """A type of Terraform's."""

    name: str
    """`string`, `number`, `bool`; `list`, `set`, `map`; `tuple`, `object`; `dynamic`, which a null without a type
    has; `open`, where the input does not settle which it is."""
    parts: tuple[Type, ...] = ()
    """The types of what is in it: one for all elements of a collection."""
    keys: tuple[str, ...] = ()
    """The names of an object's attributes, sorted."""


class Known(Struct, Generic[T_co], frozen=True):
    """A value that the input settles."""

    value: T_co
    place: Place
    sensitive: bool = False
    """The input marks it sensitive: it is judged, never shown."""
    written: bool = True
    """The text stands in the input itself. False when it came through a reference (a variable, a
    resource, a data source), so that it is no literal of the file."""
    layout: Layout | None = None
    """Where the characters of a text stand in its file; set only for texts that may hold a document."""
    document: Known[Any] | None = None
    """What a text encodes as JSON or YAML, where the input writes it as a value and not as a text."""
    is_loose: bool = False
    """Of a number, a boolean, or a text that is written like one: which of these Terraform has is not known."""
    written_at: Place | None = None
    """Where the literal stands that came here unchanged, through nothing but names: a local value, an argument."""


class Unknown(Struct, frozen=True):
    """A value that the input leaves open."""

    why: str
    """A sentence that its reader understands."""
    place: Place
    origins: tuple[str, ...] = ()
    """Addresses of the Terraform instances that it can come from, where the sources show that; `var.NAME`
    stands for a variable without a value, "" for something else that it can be."""
    prefix: str = ""
    """What a text begins with, where only its end is unknown."""
    document: Known[Any] | None = None
    """What a text encodes as JSON or YAML, where parts of that are unknown and therefore the text is."""
    how: str = ""
    """How to find out, where there is a way."""
    type: Type | None = None
    """Its type, where that is known."""
    is_refused: bool = False
    """Terraform surely ends with an error here, so that there never is a value."""
    is_never_null: bool = False
    """Whatever it is, it is not null."""

    @property
    def in_full(self) -> str:
        """Why, and how to find out."""
        return f"{self.why}; {self.how}" if self.how else self.why

    @property
    def is_unset(self) -> bool:
        """It comes from a Terraform variable that the input gives no value."""
        return any(origin.startswith("var.") for origin in self.origins)


class Absent(Struct, frozen=True):
    """No value: the key is missing, or holds null."""

    place: Place
    """Where it would stand: the enclosing map or block; the key itself where it holds null."""
    explicit: bool = False
    """The key is there and holds null."""
    earlier: Place | None = None
    """Where an earlier layer set it, before a later one dropped it."""
    type: Type | None = None
    """The type of a null that has one."""


Value: TypeAlias = Known[T_co] | Unknown | Absent


class Entry(Struct, frozen=True):
    """One key of a map."""

    key: str
    key_place: Place
    value: Value[Tree]
    replaced: tuple[Value[Tree], ...] = ()
    """What earlier layers set here and a later one replaced whole or took away, the nearest first."""


class Map(Struct, frozen=True):
    """A map, an object or a block."""

    entries: Mapping[str, Entry]
    unlisted: Unknown | None = None
    """Set where keys may exist that the input does not show: a missing key is then unknown, not absent."""
    element: Type | None = None
    """Of Terraform's maps the one type of all values; an object has none."""


class List(Struct, frozen=True):
    """A list, a set or a tuple."""

    items: tuple[Value[Tree], ...]
    is_set: bool = False
    """A set of Terraform's, whose items have no place of their own: each is its own key."""
    element: Type | None = None
    """Of Terraform's lists and sets the one type of all items; a tuple has none."""

    @property
    def is_open_set(self) -> bool:
        """It is a set with items that are not known: these may be equal to others, or stand before them."""
        return self.is_set and len(self.items) > 1 and any(map(_is_open, self.items))


def _is_open(value: Value[Tree]) -> bool:
    match value:
        case Unknown():
            return True
        case Known(Map(entries, unlisted)):
            return unlisted is not None or any(_is_open(entry.value) for entry in entries.values())
        case Known(List(items)):
            return any(map(_is_open, items))
        case Known() | Absent():
            return False


Leaf: TypeAlias = str | bool | int | float
Tree: TypeAlias = Leaf | Map | List


def at(value: Value[Tree], *path: str | int) -> Value[Tree]:
    """Walk down by keys and indexes; unknown and absent stay what they are.

    A step that does not fit the shape (a key into a list) is Unknown: it is neither there nor absent.
    """
    for key in path:
        match value:
            case Known(Map() as tree, place) if isinstance(key, str):
                entry = tree.entries.get(key)
                if entry is not None:
                    value = entry.value
                elif tree.unlisted is not None:
                    value = tree.unlisted
                else:
                    value = Absent(inside(place, key))
            case Known(List() as tree, place) if isinstance(key, int):
                value = tree.items[key] if 0 <= key < len(tree.items) else Absent(inside(place, key))
            case Known(other, place):
                expected = "a map" if isinstance(key, str) else "a list"
                return Unknown(f"{shape(other)} stands where {expected} is expected", place)
            case Unknown() | Absent():
                return value
    return value


def shape(tree: Tree) -> str:
    """What kind of thing it is, in words, without its content."""
    match tree:
        case Map():
            return "a map"
        case List():
            return "a list"
        case bool():
            return "a boolean"
        case str():
            return "text"
        case _:
            return "a number"


def are_same(one: Value[Any], other: Value[Any]) -> bool:
    """Whether both are known, and hold the same; where they stand does not matter."""
    return isinstance(one, Known) and isinstance(other, Known) and one.value == other.value


def text(value: Value[Tree]) -> Value[str]:
    """The value as text: numbers and booleans as Helm and Terraform would write them."""
    match value:
        case Known(bool(flag)):
            return _with(value, "true" if flag else "false")
        case Known(str(content)):
            return _with(value, content)
        case Known(int(number), place) if number.bit_length() > MAX_BITS:
            return Unknown("a number has more digits than can be written", place)
        case Known(int(number)):
            return _with(value, str(number))
        case Known(float(number)):
            return _with(value, _decimal(number))
        case Known(other, place):
            return Unknown(f"{shape(other)} stands where text is expected", place)
        case Unknown() | Absent():
            return value


def boolean(value: Value[Tree]) -> Value[bool]:
    """The value as a boolean; the texts "true" and "false" count, as they do in Terraform."""
    match value:
        case Known(bool(flag)):
            return _with(value, flag)
        case Known("true" | "false" as content):
            return _with(value, content == "true")
        case Known(other, place):
            return Unknown(f"{shape(other)} stands where a boolean is expected", place)
        case Unknown() | Absent():
            return value


def integer(value: Value[Tree]) -> Value[int]:
    """The value as a whole number; text that is one counts."""
    match value:
        case Known(bool(), place):
            return Unknown("a boolean stands where a whole number is expected", place)
        case Known(int(number)):
            return _with(value, number)
        case Known(float(number)) if number.is_integer():
            return _with(value, int(number))
        case Known(str(content)) if _is_integer(content.strip()):
            return _with(value, int(content))
        case Known(other, place):
            return Unknown(f"{shape(other)} stands where a whole number is expected", place)
        case Unknown() | Absent():
            return value


def _is_integer(content: str) -> bool:
    """Digits, with one sign before them at most; not so many that Python would refuse to convert them."""
    digits = content[1:] if content[:1] in {"+", "-"} else content
    return digits.isdecimal() and len(digits) <= MAX_DIGITS


def items(value: Value[Tree]) -> Value[tuple[Value[Tree], ...]]:
    """The items of a list."""
    match value:
        case Known(List() as tree):
            return _with(value, tree.items)
        case Known(other, place):
            return Unknown(f"{shape(other)} stands where a list is expected", place)
        case Unknown() | Absent():
            return value


def listed(value: Value[Tree]) -> tuple[Value[Tree], ...]:
    """The items of a list or of nested blocks; what is unknown, or no list, is one unknown item."""
    match items(value):
        case Known(elements):
            return elements
        case Unknown() as unknown:
            return (unknown,)
        case Absent():
            return ()


def may_be(value: Value[bool]) -> bool:
    """Whether it is true, or may turn out to be."""
    match value:
        case Known(flag):
            return flag
        case Unknown():
            return True
        case Absent():
            return False


def mapping(value: Value[Tree]) -> Value[Map]:
    """The value as a map."""
    match value:
        case Known(Map() as tree):
            return _with(value, tree)
        case Known(other, place):
            return Unknown(f"{shape(other)} stands where a map is expected", place)
        case Unknown() | Absent():
            return value


def _decimal(number: float) -> str:
    """The digits of a number, never with an exponent."""
    shortest = repr(number) if number else "-0" if repr(number).startswith("-") else "0.0"
    if "e" not in shortest:
        return shortest
    from decimal import Decimal

    return format(Decimal(shortest), "f")


def _with(known: Known[Any], content: T) -> Known[T]:
    return Known(
        content,
        known.place,
        known.sensitive,
        known.written,
        known.layout,
        known.document,
        written_at=known.written_at,
    )


def may_hold_document(content: str) -> bool:
    """Whether a text looks like JSON or a map of YAML at a glance, so that places inside it may be asked for."""
    has_keys = ":\n" in content or (": " in content and "\n" in content)
    return has_keys or content.lstrip().startswith(("{", "["))
