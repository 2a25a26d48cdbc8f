"""Merged values of the agent chart, asked for single settings."""

from __future__ import annotations

from functools import reduce
from typing import TypeAlias, TypeVar

from msgspec import Struct

from astrovet.model.variables import partial, settled
from astrovet.place import Place, step
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, boolean, integer, items, mapping, text

T = TypeVar("T")

Path: TypeAlias = tuple[str | int, ...]


class AgentValues(Struct, frozen=True):
    """A tree of values, and whether it is all that Helm is given.

    Every question answers Absent only in a complete set: what a part does not say, another part may.
    A placeholder, and a text that a later step fills in, is Unknown.
    """

    root: Value[Tree]
    complete: bool

    def text(self, *path: str | int) -> Value[str]:
        """A text; an empty one is Absent."""
        return self.kept(without_empty(settled(text(at(self.root, *path)))), path)

    def boolean(self, *path: str | int) -> Value[bool]:
        return self.kept(boolean(settled_tree(at(self.root, *path))), path)

    def integer(self, *path: str | int) -> Value[int]:
        return self.kept(integer(settled_tree(at(self.root, *path))), path)

    def map(self, *path: str | int) -> Value[Map]:
        return self.kept(mapping(settled_tree(at(self.root, *path))), path)

    def texts(self, *path: str | int) -> Value[tuple[Value[str], ...]]:
        """A list of texts."""
        listed = self.kept(items(settled_tree(at(self.root, *path))), path)
        match listed:
            case Known(listed_items, place):
                return Known(tuple(settled(text(item)) for item in listed_items), place)
            case Unknown() | Absent():
                return listed

    def kept(self, value: Value[T], path: Path) -> Value[T]:
        """The value; what a part of a set does not say is Unknown."""
        match value:
            case Absent(place) if not self.complete:
                return partial(pointer(path), place)
            case Known() | Unknown() | Absent():
                return value


def pointer(path: Path) -> str:
    """A path as places have it: `workers[0].env`."""
    return reduce(step, path, "")


def without_empty(value: Value[str]) -> Value[str]:
    """An empty text says nothing."""
    match value:
        case Known("", place):
            return Absent(place, explicit=True)
        case Known() | Unknown() | Absent():
            return value


def settled_tree(value: Value[Tree]) -> Value[Tree]:
    """`settled` where the value is a text; other values as they are."""
    return settled(text(value)) if isinstance(value, Known) and isinstance(value.value, str) else value


def key_place(owner: Value[Tree], key: str, otherwise: Place) -> Place:
    """Where a map has this key; for a list or a map that is clearer than its first item."""
    match owner:
        case Known(Map() as tree) if key in tree.entries:
            return tree.entries[key].key_place
        case Known() | Unknown() | Absent():
            return otherwise


def dropped_names(owner: Value[Tree], key: str) -> dict[str, Place]:
    """The names in lists that a later layer replaced at this key, and now are not there, with their places."""
    match owner:
        case Known(Map(entries)) if key in entries:
            entry = entries[key]
        case Known() | Unknown() | Absent():
            return {}
    dropped: dict[str, Place] = {}
    for former in reversed(entry.replaced):
        dropped.update(_names(former))
    kept = _names(entry.value)
    return {name: place for name, place in dropped.items() if name not in kept}


def _names(value: Value[Tree]) -> dict[str, Place]:
    names: dict[str, Place] = {}
    match value:
        case Known(List(listed)):
            for item in listed:
                match text(at(item, "name")):
                    case Known(name):
                        names[name] = item.place
                    case Unknown() | Absent():
                        pass
        case Known() | Unknown() | Absent():
            pass
    return names
