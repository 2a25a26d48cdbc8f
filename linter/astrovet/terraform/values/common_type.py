"""The one type that Terraform gives the elements of a list, a set or a map, and the order of a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.equality import kind
from astrovet.terraform.values.plain_data import listed, plain
from astrovet.terraform.values.refusal import RefusedError
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value


def unified(values: Sequence[Value[Tree]]) -> list[Value[Tree]]:
    """The values converted to one type, as the elements of a list are.

    Raises:
        RefusedError: Terraform has no such type, or which one it is is not known.
    """
    if alike(values):
        return list(values)
    known = [value for value in values if isinstance(value, Known)]
    kinds = {kind(value.value) for value in known}
    if kinds <= {"string", "number", "bool"} and "string" in kinds:
        return [replace(value, value=as_text(value.value)) if isinstance(value, Known) else value for value in values]
    if len(kinds) == 1 and kinds <= {"number", "bool"}:
        # Another element may turn out to be a text, and these with it.
        reason = "the type of another element is not known"
        return [Unknown(reason, value.place) if isinstance(value, Known) else value for value in values]
    raise RefusedError("the elements have no common type that is known")


def alike(values: Iterable[Value[Tree]]) -> bool:
    """Whether the values certainly have one type, so that nothing needs converting."""
    present = [value for value in values if not isinstance(value, Absent)]
    trees = [value.value for value in present if isinstance(value, Known)]
    kinds = {kind(tree) for tree in trees}
    if len(trees) < len(present):
        return kinds <= {"string"} or not trees
    if len(kinds) > 1:
        return False
    if kinds == {"map"}:
        return _alike_maps([tree for tree in trees if isinstance(tree, Map)])
    if kinds == {"list"}:
        lists = [tree.items for tree in trees if isinstance(tree, List)]
        if len({len(items) for items in lists}) == 1:
            return all(alike(column) for column in zip(*lists, strict=True))
        return alike([item for items in lists for item in items])
    return True


def _alike_maps(maps: Sequence[Map]) -> bool:
    if any(tree.unlisted is not None for tree in maps):
        return False
    if len({frozenset(tree.entries) for tree in maps}) == 1:
        return all(alike([tree.entries[key].value for tree in maps]) for key in maps[0].entries)
    return alike([entry.value for tree in maps for entry in tree.entries.values()])


def may_convert(values: Iterable[Value[Tree]]) -> bool:
    """Whether one type for all could make another value of one of them: a text of a number or a boolean."""
    present = [value for value in values if not isinstance(value, Absent)]
    trees = [value.value for value in present if isinstance(value, Known)]
    kinds = {kind(tree) for tree in trees}
    if len(trees) < len(present):
        return any(_holds_number(tree) for tree in trees)
    if kinds == {"map"}:
        maps = [tree for tree in trees if isinstance(tree, Map)]
        columns = [[tree.entries[key].value for tree in maps if key in tree.entries] for key in maps[0].entries]
        if len({frozenset(tree.entries) for tree in maps}) == 1:
            return any(map(may_convert, columns))
        return may_convert(entry.value for tree in maps for entry in tree.entries.values())
    if kinds == {"list"}:
        lists = [tree.items for tree in trees if isinstance(tree, List)]
        if len({len(items) for items in lists}) == 1:
            return any(may_convert(column) for column in zip(*lists, strict=True))
        return may_convert(item for items in lists for item in items)
    return "string" in kinds and len(kinds) > 1 and kinds <= {"string", "number", "bool"}


def _holds_number(tree: Tree) -> bool:
    """Whether a number or a boolean is in it."""
    match tree:
        case Map():
            parts = [entry.value for entry in tree.entries.values()]
        case List():
            parts = list(tree.items)
        case _:
            return not isinstance(tree, str)
    return any(_holds_number(part.value) for part in parts if isinstance(part, Known))


def as_set(values: Sequence[Value[Tree]], place: Place, *, sensitive: bool = False) -> Value[Tree]:
    """The set of these values: of one type, sorted as Terraform goes through it, each once.

    Raises:
        RefusedError: they have no common type, or what is in them is not known.
    """
    elements = unified(values)
    if len(elements) == 1:
        return listed(elements, place, sensitive=sensitive, is_set=True)
    by_text: dict[str, tuple[Any, Value[Tree]]] = {}
    for element in elements:
        data = plain(element)
        by_text.setdefault(set_text(data), (data, element))
    ordered = [by_text[text][1] for text in sorted(by_text, key=lambda text: _set_order(text, by_text[text][0]))]
    return listed(ordered, place, sensitive=sensitive, is_set=True)


def _set_order(text: str, data: Any) -> tuple[bool, float, str]:
    """Null comes last, numbers stand in their order, texts in that of their letters, the rest in that of its text."""
    number = data if isinstance(data, int | float) else 0
    return data is None, number, data if isinstance(data, str) else text


def set_text(data: Any) -> str:
    """The text by which Terraform tells and orders the elements of a set that are lists or maps."""
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, str):
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(data, int | float):
        return as_text(data)
    if isinstance(data, dict):
        return "{" + "".join(f"{set_text(value)};" for _, value in sorted(data.items())) + "}" + "".join(sorted(data))
    return "[" + "".join(f"{set_text(item)};" for item in data) + "]"
