"""Terraform's `==`, and which of its kinds of values one is."""

from __future__ import annotations

from collections.abc import Iterable

from astrovet.terraform.values.conversion import as_text, parse_number, to_decimal
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.terraform.values.types import STRING, is_dynamic, is_open, type_of
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value


def kind(tree: Tree) -> str:
    """Which of Terraform's kinds of values it is."""
    match tree:
        case Map():
            return "map"
        case List():
            return "list"
        case bool():
            return "bool"
        case str():
            return "string"
        case _:
            return "number"


def same(one: Value[Tree], other: Value[Tree]) -> bool | None:
    """Terraform's `==`; None where it depends on something unknown.

    Lists and maps with equal content are equal only if their types are: `tolist(["a"]) == ["a"]` is
    false.
    """
    match one, other:
        case (Unknown() as lost, known) | (known, Unknown() as lost):
            return False if _excluded(known, lost) or _are_of_two_types(known, lost) else None
        case (Known(List(is_open_set=True)), _) | (_, Known(List(is_open_set=True))):
            return None
        case Absent(), Absent():
            return True
        case Known(Map() as left), Known(Map() as right):
            return _if_same_type(one, other, _same_entries(left, right))
        case Known(List() as left), Known(List() as right):
            if len(left.items) != len(right.items):
                return False
            return _if_same_type(one, other, _all(map(same, left.items, right.items)))
        case (Known(loose, is_loose=True), Known(leaf)) | (Known(leaf), Known(loose, is_loose=True)):
            return None if _reads_alike(loose, leaf) else False
        case Known(left), Known(right):
            return _same_leaf(left, right)
        case _:
            return False


def _excluded(value: Value[Tree], lost: Unknown) -> bool:
    """Whether what is unknown cannot be that value."""
    prefix = lost.prefix
    match value:
        case Absent() if lost.is_never_null:
            return True
        case Known(Map() | List()) if lost.type == STRING:
            return True
        case Known(str(content)):
            return not content.startswith(prefix)
        case Known() | Absent():
            return prefix != ""
        case Unknown():
            return not (value.prefix.startswith(prefix) or prefix.startswith(value.prefix))


def _are_of_two_types(value: Value[Tree], lost: Unknown) -> bool:
    """Whether their types are settled, and not the same."""
    if not isinstance(value, Known) or lost.type is None:
        return False
    types = (type_of(value), lost.type)
    return types[0] != types[1] and not any(is_open(of) or is_dynamic(of) for of in types)


def _reads_alike(one: Tree, other: Tree) -> bool:
    """Whether a number, a boolean or a text may be the other, with another type."""
    if isinstance(one, Map | List) or isinstance(other, Map | List):
        return False
    try:
        left, right = as_text(one), as_text(other)
    except UndecidedError:
        return True
    return left == right or (parse_number(left) is not None and parse_number(left) == parse_number(right))


def _same_leaf(left: Tree, right: Tree) -> bool | None:
    if kind(left) != kind(right):
        return False
    try:
        for number in (left, right):
            if isinstance(number, float):
                to_decimal(number)
    except UndecidedError:
        return None
    return left == right


def _same_entries(left: Map, right: Map) -> bool | None:
    results: list[bool | None] = []
    for key in {**left.entries, **right.entries}:
        if key in left.entries and key in right.entries:
            results.append(same(left.entries[key].value, right.entries[key].value))
        else:
            lacking = right if key in left.entries else left
            results.append(False if lacking.unlisted is None else None)
    if left.unlisted is not None or right.unlisted is not None:
        results.append(None)
    return _all(results)


def _all(results: Iterable[bool | None]) -> bool | None:
    outcomes = set(results)
    return False if False in outcomes else None if None in outcomes else True


def _if_same_type(one: Known[Tree], other: Known[Tree], equal: bool | None) -> bool | None:
    """Equal content is not enough: the types have to be equal too."""
    if equal is False:
        return False
    left, right = type_of(one), type_of(other)
    if left == right:
        return None if is_open(left) else equal
    is_doubtful = is_open(left) or is_open(right) or (equal is None and (is_dynamic(left) or is_dynamic(right)))
    return None if is_doubtful else False
