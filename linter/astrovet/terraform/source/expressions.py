"""Expressions of Terraform's language as a tree of our own."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from astrovet.value import Leaf


class Constant(Struct, frozen=True):
    """A number, a text without templates, true, false or null."""

    value: Leaf | None


class Template(Struct, frozen=True):
    """A text with parts to be filled in."""

    parts: tuple[Expression, ...]


class Name(Struct, frozen=True):
    """The beginning of a reference: `var`, `local`, `each`, a resource type, a variable of a `for`."""

    name: str


class Attribute(Struct, frozen=True):
    of: Expression
    name: str


class Index(Struct, frozen=True):
    of: Expression
    key: Expression


class Splat(Struct, frozen=True):
    """`of[*].a.b`: the steps taken on every element."""

    of: Expression
    steps: tuple[Expression | str, ...]
    each: Expression | None = None
    """What is made of every element instead, where that is no mere steps: of `of[*].a[*].b` it is `ELEMENT.a[*].b`."""


class Call(Struct, frozen=True):
    function: str
    arguments: tuple[Expression, ...]
    spread: bool = False
    """The last argument is a list whose elements are the arguments (`...`)."""


class Conditional(Struct, frozen=True):
    condition: Expression
    if_true: Expression
    if_false: Expression


class Binary(Struct, frozen=True):
    operator: str
    left: Expression
    right: Expression


class Unary(Struct, frozen=True):
    operator: str
    operand: Expression


class ListOf(Struct, frozen=True):
    items: tuple[Expression, ...]


class ObjectOf(Struct, frozen=True):
    entries: tuple[tuple[Expression, Expression], ...]


class For(Struct, frozen=True):
    """A `for` expression; with a `key` it makes a map, grouped where `...` follows the value."""

    first: str
    second: str
    """Empty where there is one variable only."""
    iterable: Expression
    value: Expression
    key: Expression | None = None
    condition: Expression | None = None
    grouped: bool = False


class Opaque(Struct, frozen=True):
    """What cannot be parsed, or what astrovet does not evaluate."""

    why: str


Expression: TypeAlias = (
    Constant
    | Template
    | Name
    | Attribute
    | Index
    | Splat
    | Call
    | Conditional
    | Binary
    | Unary
    | ListOf
    | ObjectOf
    | For
    | Opaque
)

ELEMENT = Name("*")
"""The element of the innermost splat, within its `each`."""
