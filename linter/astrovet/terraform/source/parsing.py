"""Expressions and templates made into our own tree, each text once.

python-hcl2 is slow (0.1 to 0.3 MB/s) and takes long to import, so it is asked only for what our own reader leaves
to it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from astrovet.formats.hcl.literals import MAX_DIGITS, number
from astrovet.formats.hcl.strings import unquote
from astrovet.formats.hcl.tokens import Lines, MisreadError, TokenReader
from astrovet.terraform.source.expression_reader import UnfitError, heredoc_body, read
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
    Unary,
)
from astrovet.terraform.source.templates import joined, template

TOO_LARGE = "a number is beyond what astrovet calculates with"
_BEYOND_PYTHON_HCL2 = re.compile(r"%\{|\$\{~|~\}|core::")
"""Directives and strip markers in a quoted text, and names of functions in full, which python-hcl2 does not read."""
_SET_ASIDE = "astrovet_set_aside_"
"""What the names begin with that stand for such texts while python-hcl2 reads the rest."""


@lru_cache(maxsize=16384)
def parse(text: str) -> Expression:
    """The expression that a text holds; Opaque where it cannot be read."""
    try:
        return read(text, parse)
    except RecursionError:
        return Opaque("the expression is nested too deeply")
    except (UnfitError, MisreadError):
        return _parsed_slowly(text)


def _parsed_slowly(text: str) -> Expression:
    """The expression as python-hcl2 reads it."""
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
    if "\n" not in text and not _BEYOND_PYTHON_HCL2.search(text):
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
            case "word" if token[0].startswith("core::"):
                start += len("core::")
            case "quote":
                reader.pass_enclosed(token)
                source = text[start + 1 : reader.position - 1]
                if _BEYOND_PYTHON_HCL2.search(source):
                    written.append(_SET_ASIDE + source.encode("utf-8", "surrogatepass").hex())
                    start = reader.position
            case "heredoc":
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
            name = str(node.token.value)
            return _set_aside(name) if name.startswith(_SET_ASIDE) else Name(name)
        case "LiteralValueRule" | "KeywordRule":
            word = str(node.token.value)
            return Constant({"true": True, "false": False, "null": None}[word])
        case "IntLitRule" | "FloatLitRule":
            value = number(str(node.token.value))
            return Constant(value) if value is not None else Opaque(TOO_LARGE)
        case "StringRule":
            return joined([_part(part.content) for part in node.string_parts])
        case "HeredocTemplateRule":
            return template(heredoc_body(str(node.heredoc.value)), parse)
        case "HeredocTrimTemplateRule":
            return template(heredoc_body(str(node.heredoc.value)), parse, flush=True)
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


def _set_aside(name: str) -> Expression:
    """The text that a name stands for."""
    try:
        source = bytes.fromhex(name.removeprefix(_SET_ASIDE)).decode("utf-8", "surrogatepass")
    except ValueError:
        return Name(name)
    return template(source, parse, quoted=True)


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
            name = str(node.value.token.value)
            return _set_aside(name) if name.startswith(_SET_ASIDE) else Constant(name)
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
            return Opaque("a part of this text cannot be read")
