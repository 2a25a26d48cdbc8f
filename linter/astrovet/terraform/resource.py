"""A Terraform resource as an instance: its address, its attributes as values, its references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from astrovet.place import Place, inside
from astrovet.terraform.address import without_keys
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at


class Action(StrEnum):
    """What applying the plan does to an instance."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    KEEP = "keep"
    DELETE = "delete"
    FORGET = "forget"
    READ = "read"


class Resource(Struct, frozen=True):
    """One instance of a resource or data block.

    The JSON of its values is walked only where a reader asks, so that a plan of thousands of
    instances costs what is looked at.
    """

    path: str
    address: str
    """With the keys of modules and instance: `module.team["a"].astro_deployment.this[0]`."""
    module_address: str
    mode: str
    """`managed` or `data`."""
    type: str
    name: str
    provider: str
    """The last two parts of the provider's source address: `astronomer/astro`."""
    action: Action
    after: Any = None
    after_unknown: Any = None
    sensitive: Any = None
    expressions: Mapping[str, Any] | None = None
    """What the author wrote, by attribute; None where the input has no configuration (a state)."""
    redacted: bool = False
    """Sensitive values were replaced before the file was written."""

    @property
    def block(self) -> str:
        """The address of the source block: without any key."""
        prefix = f"{self.module_block}." if self.module_block else ""
        data = "data." if self.mode == "data" else ""
        return f"{prefix}{data}{self.type}.{self.name}"

    @property
    def module_block(self) -> str:
        """The module's address without keys."""
        return without_keys(self.module_address) if self.module_address else ""

    @property
    def place(self) -> Place:
        return Place(self.path, address=self.address)

    @property
    def is_judged(self) -> bool:
        """It will exist after the plan is applied: only then its posture matters."""
        return self.mode == "managed" and self.action in {Action.CREATE, Action.UPDATE, Action.REPLACE, Action.KEEP}

    def attribute(self, name: str, *path: str | int) -> Value[Tree]:
        """The value that the author gave an attribute.

        An attribute that the provider fills in because the author left it out is Absent, though the
        plan shows it as unknown: nobody will decide it but the provider's default.
        """
        value = self.computed(name)
        if isinstance(value, Unknown) and self.mode == "managed" and not self.writes(name):
            return Absent(value.place)
        return at(value, *path)

    def computed(self, name: str) -> Value[Tree]:
        """The value of an attribute, whoever gives it."""
        place = inside(self.place, name)
        unknown = _member(self.after_unknown, name)
        written = _is_written((self.expressions or {}).get(name), _member(self.after, name))
        reader = _Reader(self.block, written, self.redacted)
        return reader.value(_member(self.after, name), unknown, _member(self.sensitive, name), place)

    def writes(self, name: str) -> bool:
        """Whether the author wrote this attribute; True where the input cannot tell."""
        return self.expressions is None or name in self.expressions

    def references(self, name: str) -> tuple[str, ...]:
        """What the author's expression for an attribute refers to, as Terraform lists it."""
        return tuple(_references((self.expressions or {}).get(name)))

    def all_references(self) -> tuple[str, ...]:
        """What any of the author's expressions refers to."""
        return tuple(_references(list((self.expressions or {}).values())))

    def references_below(self, word: str) -> tuple[str, ...]:
        """What the expressions of the attributes refer to that have a word in their names, at any depth."""
        return tuple(_references_below(self.expressions or {}, word))


class _Reader(Struct, frozen=True):
    """Walks `after`, `after_unknown` and the sensitive marks of one attribute together."""

    block: str
    written: bool
    redacted: bool

    def value(self, after: Any, unknown: Any, sensitive: Any, place: Place) -> Value[Tree]:
        if unknown is True:
            return Unknown(f"{self.block}.{place.pointer} is known only after apply; scan the state then", place)
        marked = sensitive is True
        if marked and self.redacted:
            why = f"{self.block}.{place.pointer} is redacted in this plan; scan one of `terraform show -json`"
            return Unknown(why, place)
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
    return all(reference.startswith("path.") for reference in _references(expression))


def _references(expression: Any) -> Iterator[str]:
    """All references in an expression, or in the expressions of nested blocks."""
    pending = [expression]
    while pending:
        current = pending.pop()
        if isinstance(current, list):
            pending.extend(current)
        elif isinstance(current, dict):
            references = current.get("references")
            if isinstance(references, list) and all(isinstance(each, str) for each in references):
                yield from references
            elif "constant_value" not in current:
                pending.extend(current.values())


def _references_below(expressions: Mapping[str, Any], word: str) -> Iterator[str]:
    for name, expression in expressions.items():
        if word in name:
            yield from _references(expression)
        elif isinstance(expression, list):  # nested blocks
            for block in expression:
                yield from _references_below(block, word)
