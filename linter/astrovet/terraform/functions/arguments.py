"""What bodies of functions share: arguments taken apart, and the results that several of them make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.plain_data import from_plain, is_marked, plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.types import STRING
from astrovet.terraform.values.unknowns import origins_of
from astrovet.value import Absent, Known, List, Map, Tree, Type, Unknown, Value

Arguments: TypeAlias = Sequence[Value[Tree]]
Attempts: TypeAlias = Sequence[Callable[[], Value[Tree]]]
"""Arguments that are evaluated when they are called, for functions that may not need them all."""


def items_of(value: Value[Tree]) -> tuple[Value[Tree], ...]:
    """The elements of a list, a set or a tuple.

    Raises:
        UndecidedError: it is none, or is not known.
    """
    match value:
        case Known(List() as tree):
            return tree.items
        case Unknown() as lost:
            raise UndecidedError.because_of(lost)
        case Known() | Absent():
            raise RefusedError("an argument is no list")


def element_of(value: Value[Tree]) -> Type | None:
    """The one type of the elements of a list, a set or a map; None for a tuple or an object."""
    return value.value.element if isinstance(value, Known) and isinstance(value.value, List | Map) else None


def map_of(value: Value[Tree]) -> Map:
    """The map or object.

    Raises:
        UndecidedError: it is none, or is not known.
    """
    match value:
        case Known(Map() as tree):
            return tree
        case Unknown() as lost:
            raise UndecidedError.because_of(lost)
        case Known() | Absent():
            raise RefusedError("an argument is no map")


def keys_of(tree: Map) -> list[str]:
    """All keys, in Terraform's order.

    Raises:
        UndecidedError: the map may have more.
    """
    if tree.unlisted is not None:
        raise UndecidedError.because_of(tree.unlisted)
    return sorted(tree.entries)


def text_of(value: Value[Tree]) -> str:
    """The text.

    Raises:
        UndecidedError: it is none, or is not known.
    """
    return as_text(plain(value))


def holds_sensitive(arguments: Arguments) -> bool:
    """Whether any part of an argument is sensitive."""
    return any(map(is_marked, arguments))


def one_of(lost: Unknown, place: Place, choices: Iterable[Value[Tree]]) -> Unknown:
    """Unknown which of these it is, because something else is."""
    values = list(choices)
    settled = ("",) if any(not isinstance(value, Unknown) for value in values) else ()
    return Unknown(lost.why, place, (*origins_of(*values), *settled), how=lost.how)


def put_together(budget: Budget, pieces: Iterable[str | Unknown], arguments: Arguments, place: Place) -> Value[Tree]:
    """A text of these pieces; where one is unknown, Unknown with what stands before it."""
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            lost = Unknown(piece.why, place, origins_of(*arguments), "".join(texts), how=piece.how)
            return replace(lost, type=STRING, is_never_null=True)
        budget.characters.spend(len(piece))
        texts.append(piece)
    return from_plain("".join(texts), place, sensitive=holds_sensitive(arguments))
