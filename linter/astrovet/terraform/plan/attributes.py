"""The attributes of an instance as a plan or a state holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from astrovet.place import Place, inside
from astrovet.terraform.values.unknowns import after_apply
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value


class PlannedAttributes(Struct, frozen=True):
    """The JSON of one instance's values.

    It is walked only where a reader asks, so that a plan of thousands of instances costs what is
    looked at.
    """

    block: str
    after: Any = None
    after_unknown: Any = None
    sensitive: Any = None
    expressions: Mapping[str, Any] | None = None
    """What the author wrote, by attribute; None where the input has no configuration (a state)."""
    redacted: bool = False
    """Sensitive values were replaced before the file was written."""

    def value(self, name: str, place: Place) -> Value[Tree]:
        """The value of an attribute, whoever gives it."""
        unknown = _member(self.after_unknown, name)
        written = _is_written((self.expressions or {}).get(name), _member(self.after, name))
        reader = _Reader(self.block, written, self.redacted)
        return reader.value(_member(self.after, name), unknown, _member(self.sensitive, name), inside(place, name))

    def writes(self, name: str) -> bool:
        """Whether the author wrote this attribute; True where the input cannot tell."""
        return self.expressions is None or name in self.expressions

    def references(self, name: str) -> tuple[str, ...]:
        """What the author's expression for an attribute refers to, as Terraform lists it."""
        return tuple(references_in((self.expressions or {}).get(name)))

    def all_references(self) -> tuple[str, ...]:
        """What any of the author's expressions refers to."""
        return tuple(references_in(list((self.expressions or {}).values())))

    def references_below(self, word: str) -> tuple[str, ...]:
        """What the expressions of the attributes refer to that have a word in their names, at any depth."""
        return tuple(_references_below(self.expressions or {}, word))

    def lists_dynamic_blocks(self) -> bool:
        """Whether what is said to be unwritten is surely not written by a `dynamic` block either."""
        return False

    def is_settled(self) -> bool:
        """Whether no value is known only after apply."""
        return not self.after_unknown

    def texts(self) -> Iterator[str]:
        """Every text that the values hold, to look ids up."""
        yield from _texts(self.after, True)

    def sensitive_texts(self) -> Iterator[str]:
        """Every text under a sensitive mark."""
        yield from _texts(self.after, self.sensitive)


NAMES = frozenset({"key", "name"})
"""A mark on one member of a set covers its siblings too (hashicorp/terraform issue 29618); the names
of variables are not secret."""


def _texts(value: Any, mark: Any) -> Iterator[str]:
    """The texts under a mark; below a mark that covers everything without the names."""
    if isinstance(value, str) and mark is True:
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            below = _member(mark, key)
            if not (mark is True and key in NAMES):
                yield from _texts(child, below)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, _item(mark, index))


class _Reader(Struct, frozen=True):
    """Walks `after`, `after_unknown` and the sensitive marks of one attribute together."""

    block: str
    written: bool
    redacted: bool

    def value(self, after: Any, unknown: Any, sensitive: Any, place: Place) -> Value[Tree]:
        if unknown is True:
            return after_apply(f"{self.block}.{place.pointer}", place)
        marked = sensitive is True
        if marked and self.redacted:
            why = f"{self.block}.{place.pointer} is redacted in this plan"
            return Unknown(why, place, how="scan one of `terraform show -json`")
        match after:
            case None:
                return Absent(place, explicit=True)
            case dict():
                keys = [*after, *(key for key in _keys(unknown) if key not in after)]
                entries = {}
                for key in keys:
                    below = inside(place, key)
                    child = self.value(
                        after.get(key), _member(unknown, key), True if marked else _member(sensitive, key), below
                    )
                    entries[key] = Entry(key, below, child)
                return Known(Map(entries), place, marked, self.written)
            case list():
                items = tuple(
                    self.value(
                        item,
                        _item(unknown, index),
                        True if marked else _item(sensitive, index),
                        inside(place, _label(item, index)),
                    )
                    for index, item in enumerate(after)
                )
                return Known(List(items), place, marked, self.written)
            case _:
                return Known(after, place, marked, self.written)


def _label(item: Any, index: int) -> str | int:
    """How a pointer names an item: by its key or name where it has one, for sets have no order."""
    if isinstance(item, dict):
        for key in ("key", "name"):
            if isinstance(item.get(key), str) and item[key]:
                return str(item[key])
    return index


def _member(tree: Any, key: str) -> Any:
    """The mark for a key: a whole `true` covers all keys below it."""
    if isinstance(tree, dict):
        return tree.get(key)
    return tree if tree is True else None


def _item(tree: Any, index: int) -> Any:
    if isinstance(tree, list):
        return tree[index] if index < len(tree) else None
    return tree if tree is True else None


def _keys(tree: Any) -> list[str]:
    return list(tree) if isinstance(tree, dict) else []


def _is_written(expression: Any, after: Any) -> bool:
    """Whether the author wrote the value out: in the expression itself, or in a file of the configuration.

    A plan leaves `dynamic` blocks out of the configuration: where more blocks are planned than listed
    there, some of them are fed by an expression that nobody shows.
    """
    if expression is None:
        return False
    if isinstance(expression, list) and isinstance(after, list) and len(after) > len(expression):
        return False
    return all(reference.startswith("path.") for reference in references_in(expression))


def references_in(expression: Any) -> Iterator[str]:
    """All references in an expression, or in the expressions of nested blocks."""
    pending = [expression]
    while pending:
        current = pending.pop()
        if isinstance(current, list):
            pending.extend(current)
        elif isinstance(current, dict):
            references = current.get("references")
            if isinstance(references, list) and all(isinstance(reference, str) for reference in references):
                yield from references
            elif "constant_value" not in current:
                pending.extend(current.values())


def _references_below(expressions: Mapping[str, Any], word: str) -> Iterator[str]:
    for name, expression in expressions.items():
        if word in name:
            yield from references_in(expression)
        elif isinstance(expression, list):  # nested blocks
            for block in expression:
                if isinstance(block, dict):
                    yield from _references_below(block, word)
