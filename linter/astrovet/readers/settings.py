"""Settings as the providers mean them: defaults, lists of texts, and logic over what is partly known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, TypeVar

from astrovet.document import InputKind
from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value, items, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.resource import Resource


T = TypeVar("T")


def or_default(value: Value[T], default: T) -> Value[T]:
    """What holds where the author left a setting out."""
    match value:
        case Absent(place):
            return Known(default, place, written=False)
        case Known() | Unknown():
            return value


def texts(value: Value[Tree]) -> Value[tuple[Value[str], ...]]:
    """A list of texts, each of which may be unknown by itself."""
    listed = items(value)
    match listed:
        case Known(listed_items, place):
            return Known(tuple(text(item) for item in listed_items), place, listed.sensitive, listed.written)
        case Unknown() | Absent():
            return listed


def is_one_of(value: Value[str], wanted: Collection[str]) -> Value[bool]:
    """Whether a text is one of these; upper and lower case are the same. Absent is none of them.

    Of an unknown text the beginning may be known, and tell that it is none.
    """
    match value:
        case Known(content, place):
            return Known(content.lower() in {word.lower() for word in wanted}, place, value.sensitive, value.written)
        case Absent(place):
            return Known(False, place, written=False)
        case Unknown(_, place):
            possible = any(word.lower().startswith(value.prefix.lower()) for word in wanted)
            return value if possible else Known(False, place, written=False)


def negated(value: Value[bool]) -> Value[bool]:
    match value:
        case Known(flag, place):
            return Known(not flag, place, value.sensitive, value.written)
        case Unknown() | Absent():
            return value


def any_of(values: Iterable[Value[bool]], place: Place) -> Value[bool]:
    """True where one is true; else unknown where one is unknown. Absent counts as false."""
    conditions = tuple(values)
    for condition in conditions:
        if isinstance(condition, Known) and condition.value:
            return condition
    return next(
        (condition for condition in conditions if isinstance(condition, Unknown)), Known(False, place, written=False)
    )


def all_of(values: Iterable[Value[bool]], place: Place) -> Value[bool]:
    """False where one is false or absent; else unknown where one is unknown."""
    conditions = tuple(values)
    for condition in conditions:
        if isinstance(condition, Absent) or (isinstance(condition, Known) and not condition.value):
            return Known(False, condition.place, written=False)
    return next(
        (condition for condition in conditions if isinstance(condition, Unknown)), Known(True, place, written=False)
    )


def nested(terraform: Terraform, resource: Resource, name: str, *path: str | int) -> Value[Tree]:
    """A setting inside a block; Absent where the author left it out and the provider fills it in.

    A plan shows such a setting as unknown. What an author leaves unknown always refers to something,
    so without a reference below this name nobody wrote it. A plan lists no expressions of a
    `dynamic` block: there it stays unknown.
    """
    value = resource.attribute(name, *path)
    is_plan = terraform.kind is InputKind.TERRAFORM_PLAN and terraform.configuration is not None
    if not isinstance(value, Unknown) or not is_plan or not resource.writes(name):
        return value
    keys = [key for key in path if isinstance(key, str)]
    if isinstance(resource.attribute(name), Unknown) or not keys or resource.references_below(keys[-1]):
        return value
    return Absent(value.place)
