"""What an argument of a declaration holds, or its nested blocks, those that `dynamic` blocks make included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from astrovet.budget import Budget
from astrovet.formats.hcl.structure import Attribute, HclFile, expression_text
from astrovet.terraform.source.declared import Declared, body_of
from astrovet.terraform.source.marks import is_written, with_written
from astrovet.terraform.values.plain_data import entries_of
from astrovet.terraform.values.unknowns import is_whole, unknown
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Value


class Scope(Protocol):
    """What references mean where a declaration stands."""

    def argument(self, file: HclFile, attribute: Attribute) -> Value[Tree]:
        """The value of an argument."""

    def going_through(self, iterator: str, key: Value[Tree], value: Value[Tree]) -> Scope:
        """The same within the content of a `dynamic` block, for one of its elements."""


def held(declared: Declared, name: str, scope: Scope, budget: Budget) -> Value[Tree]:
    """The value of an argument, or of the nested blocks of that kind."""
    argument = declared.attribute(name)
    if argument is not None:
        return scope.argument(*argument)
    items: list[Value[Tree]] = []
    for file, block in declared.blocks(name):
        body = body_of(file, block.body, block.header)
        items.extend(_dynamic(body, name, scope, budget) if block.type == "dynamic" else (_block(body, scope, budget),))
    if not items:
        return Absent(declared.header)
    return Known(List(tuple(items)), items[0].place, written=all(map(is_written, items)))


def _block(body: Declared, scope: Scope, budget: Budget) -> Value[Tree]:
    entries = {}
    for name in (*body.attributes(), *body.block_kinds()):
        value = held(body, name, scope, budget)
        entries[name] = Entry(name, value.place, value)
    return Known(Map(entries), body.header, written=all(is_written(entry.value) for entry in entries.values()))


def _dynamic(block: Declared, kind: str, scope: Scope, budget: Budget) -> Iterator[Value[Tree]]:
    """The blocks that a `dynamic` block makes."""
    for_each, iterator = block.attribute("for_each"), block.attribute("iterator")
    name = expression_text(*iterator).strip() if iterator is not None else kind
    contents = block.blocks("content")
    if for_each is None or not contents:
        return
    over = scope.argument(*for_each)
    pairs = entries_of(over)
    rest: Value[Tree] | None = None
    if isinstance(over, Known) and isinstance(over.value, List) and over.value.is_open_set:
        # What is known of a set surely is in it; the others may be the same, or more.
        pairs, rest = [(item, item) for item in over.value.items if is_whole(item)], over
    if isinstance(over, Known) and isinstance(over.value, Map):
        rest = over.value.unlisted
    if pairs is None:
        yield unknown(f"how many `{kind}` blocks there are is not known", block.header, over)
        return
    budget.instances.spend(len(pairs))
    file, content = contents[0]
    for key, value in pairs:
        inner = scope.going_through(name, key, value)
        yield with_written(_block(body_of(file, content.body, content.header), inner, budget), False)
    if rest is not None:
        yield unknown("", block.header, rest)
