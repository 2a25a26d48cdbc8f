"""The text that a template becomes, as far as its parts are known."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.source.expressions import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    For,
    Index,
    ListOf,
    Name,
    ObjectOf,
    Splat,
    Template,
    Unary,
)
from astrovet.terraform.values.half_known import half_known
from astrovet.terraform.values.plain_data import any_sensitive, are_written
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import STRING
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Tree, Unknown, Value, text


def filled(
    expressions: Sequence[Expression], parts: Sequence[Value[Tree]], budget: Budget, place: Place
) -> Value[Tree]:
    """The text of all parts; where one is unknown, Unknown with what stands before it, and with the document."""
    pieces: list[str | Unknown] = []
    for part in parts:
        match text(part):
            case Known(content):
                budget.characters.spend(len(content))
                pieces.append(content)
            case Absent():
                return refused("a text cannot hold null", place)
            case Unknown() as lost:
                if isinstance(part, Known):
                    return refused(lost.why, place)
                pieces.append(lost)
    sensitive, written = any_sensitive(parts), are_written(parts)
    begin: list[str] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            begin.append(piece.prefix)
            break
        begin.append(piece)
    else:
        return Known("".join(begin), place, sensitive, written)
    document = None
    if all(isinstance(piece, str) or _is_scalar(part) for part, piece in zip(expressions, pieces, strict=True)):
        document = half_known(pieces, place, sensitive=sensitive, written=written)
    doubt = unknown("a part of this text is not known", place, *parts)
    return replace(doubt, prefix="".join(begin), type=STRING, is_never_null=True, document=document)


def _is_scalar(expression: Expression) -> bool:
    """Whether what is put in is a text of one line as far as one can tell: no directive, and nothing laid out."""
    match expression:
        case Constant(content):
            return not (isinstance(content, str) and "\n" in content)
        case Name() | Unary() | Binary():
            return True
        case Attribute(of) | Splat(of):
            return _is_scalar(of)
        case Index(of, key):
            return _is_scalar(of) and _is_scalar(key)
        case Conditional(_, if_true, if_false):
            return _is_scalar(if_true) and _is_scalar(if_false)
        case Call(function, arguments):
            return function not in _LAID_OUT and all(map(_is_scalar, arguments))
        case Template(parts) | ListOf(parts):
            return all(map(_is_scalar, parts))
        case ObjectOf(entries):
            return all(_is_scalar(value) for _, value in entries)
        case For(value=value):
            return _is_scalar(value)
        case _:
            return False


_LAID_OUT = frozenset({"file", "indent", "templatefile", "templatestring", "yamlencode"})
"""Functions whose texts have lines."""
