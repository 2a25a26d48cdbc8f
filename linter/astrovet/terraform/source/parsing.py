"""Expressions and templates read by python-hcl2, and made into our own tree.

python-hcl2 is slow (0.1 to 0.3 MB/s) and takes long to import, so it is asked only for expressions
that are no plain literals, when their value is wanted, and once for each text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from typing import Any

from msgspec import Struct

from astrovet.formats.hcl.strings import unquote
from astrovet.formats.hcl.tokens import Lines, MisreadError, TokenReader, without_indent
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
    Opaque,
    Splat,
    Template,
    Unary,
)

MAX_DIGITS = 300
"""Of a whole number; Terraform computes with 512 bits."""
TOO_LARGE = "a number is beyond what astrovet calculates with"
DIRECTIVE = "astrovet does not evaluate directives (`%{ … }`) in texts of this form"


@lru_cache(maxsize=16384)
def parse(text: str) -> Expression:
    """The expression that a text holds; Opaque where python-hcl2 cannot read it."""
    from hcl2 import transform

    from astrovet.terraform.source.grammar import hcl_parser

    parser = hcl_parser()
    try:
        tree = transform(parser.parse(f"x = {_joined(text.strip())}\n\n"))
        (attribute,) = (node for node in tree.body.children if type(node).__name__ == "AttributeRule")
        return _expression(attribute.expression)
    except RecursionError:
        return Opaque("the expression is nested too deeply")
    except Exception:  # noqa: BLE001  python-hcl2 and lark raise errors of many kinds for text they cannot read
        return Opaque("the expression cannot be read")


def _joined(text: str) -> str:
    """The expression without comments and without the line breaks that mean nothing.

    python-hcl2 8.1 cannot read a `for` over several lines, nor a comment before a value. In an object's
    braces a line break parts the entries and stays.
    """
    if "\n" not in text:
        return text
    reader = TokenReader(text, Lines("", (0,)))
    written: list[str] = []
    breaks: list[bool] = []
    while (token := reader.take()).lastgroup != "end":
        start = token.start()
        match token.lastgroup:
            case "newline":
                written.append("\n" if breaks and breaks[-1] else " ")
                continue
            case "open":
                breaks.append(token[0] == "{" and reader.peek(past_newlines=True)[0] != "for")
            case "close" if breaks:
                breaks.pop()
            case "quote" | "heredoc":
                reader.pass_enclosed(token)
            case _:
                pass
        written.append(text[start : reader.position])
        if token.lastgroup == "heredoc":
            written.append("\n")
        written.append(" " if text[reader.position : reader.position + 1].isspace() else "")
    return "".join(written)


def _expression(node: Any) -> Expression:
    """One node of python-hcl2's typed tree."""
    match type(node).__name__:
        case "ExprTermRule":
            return _expression(node.expression)
        case "IdentifierRule":
            return Name(str(node.token.value))
        case "LiteralValueRule" | "KeywordRule":
            word = str(node.token.value)
            return Constant({"true": True, "false": False, "null": None}[word])
        case "IntLitRule":
            digits = str(node.token.value)
            return Constant(int(digits)) if len(digits) <= MAX_DIGITS else Opaque(TOO_LARGE)
        case "FloatLitRule":
            number = float(node.token.value)
            if not isfinite(number):
                return Opaque(TOO_LARGE)
            return Constant(int(number) if number.is_integer() and abs(number) < 1e15 else number)
        case "StringRule":
            return _template([_part(part.content) for part in node.string_parts])
        case "HeredocTemplateRule":
            return template(_heredoc_body(str(node.heredoc.value)))
        case "HeredocTrimTemplateRule":
            body = _heredoc_body(str(node.heredoc.value))
            return Opaque(DIRECTIVE) if "%{" in body else template(without_indent(body))
        case "TupleRule":
            return ListOf(tuple(map(_expression, node.elements)))
        case "ObjectRule":
            return ObjectOf(tuple((_object_key(entry.key), _expression(entry.expression)) for entry in node.elements))
        case "FunctionCallRule":
            return _call(node)
        case "GetAttrExprTermRule":
            return Attribute(_expression(node.expr_term), str(node.get_attr.identifier.token.value))
        case "IndexExprTermRule":
            return Index(_expression(node.children[0]), _index(node.children[1]))
        case "FullSplatExprTermRule":
            return Splat(_expression(node.expr_term), tuple(map(_step, node.attr_splat.get_attrs)))
        case "AttrSplatExprTermRule":
            return _legacy_splat(_expression(node.expr_term), list(node.attr_splat.get_attrs))
        case "ConditionalRule":
            return Conditional(_expression(node.condition), _expression(node.if_true), _expression(node.if_false))
        case "BinaryOpRule":
            term = node.binary_term
            operator = str(term.binary_operator.token.value)
            return Binary(operator, _expression(node.expr_term), _expression(term.expr_term))
        case "UnaryOpRule":
            return Unary(str(node.operator), _expression(node.expr_term))
        case "ForTupleExprRule":
            return _for(node, key=None, grouped=False)
        case "ForObjectExprRule":
            return _for(node, key=_expression(node.key_expr), grouped=node.ellipsis is not None)
        case other:
            return Opaque(f"astrovet does not evaluate this ({other.removesuffix('Rule')})")


def _legacy_splat(of: Expression, nodes: list[Any]) -> Expression:
    """`of.*.a.0[1]`: steps with a dot belong to the splat; an index in brackets is one into what it gives."""
    count = next((at for at, node in enumerate(nodes) if type(node).__name__ == "SqbIndexRule"), len(nodes))
    result: Expression = Splat(of, tuple(map(_step, nodes[:count])))
    for node in nodes[count:]:
        step = _step(node)
        result = Attribute(result, step) if isinstance(step, str) else Index(result, step)
    return result


def _for(node: Any, *, key: Expression | None, grouped: bool) -> For:
    intro = node.for_intro
    second = intro.second_iterator
    return For(
        first=str(intro.first_iterator.token.value),
        second=str(second.token.value) if second is not None else "",
        iterable=_expression(intro.iterable),
        value=_expression(node.value_expr),
        key=key,
        condition=_expression(node.condition.condition_expr) if node.condition is not None else None,
        grouped=grouped,
    )


def _call(node: Any) -> Expression:
    name = "::".join(str(part.token.value) for part in node.identifiers)
    if node.arguments is None:
        return Call(name, ())
    arguments = tuple(map(_expression, node.arguments.arguments))
    return Call(name, arguments, bool(node.arguments.has_ellipsis))


def _object_key(node: Any) -> Expression:
    """The key of an object's entry: a bare word is a text, anything in parentheses an expression."""
    if type(node).__name__ == "ObjectElemKeyExpressionRule":
        return _expression(node.expression)
    match type(node.value).__name__:
        case "IdentifierRule" | "KeywordRule" | "LiteralValueRule":
            return Constant(str(node.value.token.value))
        case _:
            return _expression(node.value)


def _index(node: Any) -> Expression:
    if type(node).__name__ == "ShortIndexRule":
        return Constant(int(str(node.index.value)[:MAX_DIGITS]))
    return _expression(node.index_expression)


def _step(node: Any) -> Expression | str:
    if type(node).__name__ == "GetAttrRule":
        return str(node.identifier.token.value)
    return _index(node)


def _part(content: Any) -> Expression:
    match type(content).__name__:
        case "InterpolationRule":
            return _expression(content.expression)
        case "STRING_CHARS_TOKEN" | "StringToken":
            text = unquote(str(content.value))
            return Constant(text) if text is not None else Opaque("a text holds an escape that is none")
        case _ if hasattr(content, "value") and str(content.value).startswith(("$${", "%%{")):
            return Constant(str(content.value)[1:])
        case _:
            return Opaque(DIRECTIVE)


def _template(parts: list[Expression]) -> Expression:
    """A text; of one interpolation alone the value itself, as Terraform takes it."""
    texts = [part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)]
    if len(texts) == len(parts):
        return Constant("".join(texts))
    return parts[0] if len(parts) == 1 else Template(tuple(parts))


class _Piece(Struct, frozen=True):
    """A part of a template as it is written: a text, an interpolation or a directive."""

    kind: str
    """`text`, `${`, or the word that a directive begins with."""
    content: str


def template(text: str) -> Expression:
    """A text with `${ … }` and `%{ … }` in it, as a heredoc or a template file holds it."""
    pieces = list(_pieces(text))
    parts, rest = _parts(pieces, 0, ())
    return parts if rest == len(pieces) else Opaque("a directive (`%{ … }`) in a text is not closed")


def _parts(pieces: list[_Piece], position: int, until: tuple[str, ...]) -> tuple[Expression, int]:
    """The template from a position to one of these directives, or to the end."""
    parts: list[Expression] = []
    while position < len(pieces) and pieces[position].kind not in until:
        piece = pieces[position]
        match piece.kind:
            case "text":
                parts.append(Constant(piece.content))
            case "${":
                parts.append(parse(piece.content))
            case "if":
                if_true, position = _parts(pieces, position + 1, ("else", "endif"))
                if_false: Expression = Constant("")
                if position < len(pieces) and pieces[position].kind == "else":
                    if_false, position = _parts(pieces, position + 1, ("endif",))
                parts.append(Conditional(parse(piece.content), if_true, if_false))
            case "for":
                names, _, iterable = piece.content.partition(" in ")
                first, _, second = (name.strip() for name in names.partition(","))
                body, position = _parts(pieces, position + 1, ("endfor",))
                parts.append(Call("join", (Constant(""), For(first, second, parse(iterable), body))))
            case _:
                return Opaque("a directive (`%{ … }`) in a text is not understood"), len(pieces)
        if position >= len(pieces):
            return Opaque("a directive (`%{ … }`) in a text is not closed"), len(pieces)
        position += 1
    return _template(parts) if parts else Constant(""), position


def _pieces(text: str) -> Iterator[_Piece]:
    """The pieces of a template, without the white space that `~` takes away."""
    reader = TokenReader(text, Lines("", (0,)))
    position, is_trimmed = 0, False
    for opening in re.finditer(r"\$\$\{|%%\{|([$%])\{", text):
        if opening[1] is None or opening.start() < position:
            continue
        reader.position = opening.end() - 1
        try:
            reader.pass_enclosed(reader.take())
        except MisreadError:
            yield _Piece("", "")
            return
        inner = text[opening.end() : reader.position - 1]
        literal = _trimmed(text[position : opening.start()], start=is_trimmed, end=inner.startswith("~"))
        if literal:
            yield _Piece("text", literal)
        is_trimmed, position = inner.endswith("~"), reader.position
        inner = inner.strip("~").strip()
        word, _, rest = inner.partition(" ")
        yield _Piece("${", inner) if opening[1] == "$" else _Piece(word, rest.strip())
    literal = _trimmed(text[position:], start=is_trimmed, end=False)
    if literal:
        yield _Piece("text", literal)


def _trimmed(text: str, *, start: bool, end: bool) -> str:
    """The literal text; a `~` beside it takes white space, but never beyond the line."""
    lines = text.splitlines(keepends=True)
    if start and lines:
        lines[0] = lines[0].lstrip()
    if end and lines:
        lines[-1] = lines[-1].rstrip()
    return "".join(lines).replace("$${", "${").replace("%%{", "%{")


def _heredoc_body(text: str) -> str:
    rest = text.partition("\n")[2]
    return rest[: rest.rstrip().rfind("\n") + 1] if "\n" in rest.rstrip() else ""
