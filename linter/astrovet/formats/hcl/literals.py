"""What is written out in an argument, read as values; anything that needs evaluating is Unknown at its own place."""

from __future__ import annotations

import re
from collections.abc import Collection

from astrovet.formats.hcl.grammar import pass_expression
from astrovet.formats.hcl.strings import heredoc_pieces, quoted_pieces, unquote
from astrovet.formats.hcl.structure import Attribute, HclFile
from astrovet.formats.hcl.tokens import CONSTANTS, ENDS, MisreadError, TokenReader, unquoted_token, without_indent
from astrovet.formats.layout import lay_out
from astrovet.place import Layout, Place, step
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, may_hold_document

MAX_LITERAL_DEPTH = 200
"""Lists and objects within a literal. What lies deeper is Unknown."""

MAX_DIGITS = 300
"""Of a number; Terraform computes with 512 bits."""

NOT_A_LITERAL = "an expression, not a literal: its value depends on the rest of the module"
UNCERTAIN_KEY = "a key of this object is an expression, so which keys it has is not settled here"
MISREAD_VALUE = "the value of this argument is not valid HCL; `terraform validate` says where"


def literal(file: HclFile, attribute: Attribute) -> Value[Tree]:
    """What an argument is set to, as far as it is written out.

    Lists and objects keep the parts that are literals; every other part is Unknown at its own place.
    """
    if attribute.converted is not None:
        return attribute.converted.value
    known = file.literals
    if attribute.start not in known:
        known[attribute.start] = _read(file, attribute)
    return known[attribute.start]


def _read(file: HclFile, attribute: Attribute) -> Value[Tree]:
    reader = TokenReader(file.content, file.lines, attribute.start)
    pointer = step("", attribute.name)
    try:
        value = _literal(reader, reader.take(), pointer, depth=0)
        if value is not None and reader.peek().lastgroup in ENDS:
            return value
        return Unknown(NOT_A_LITERAL, file.lines.place(attribute.start, attribute.end, pointer))
    except MisreadError:
        return Unknown(MISREAD_VALUE, file.lines.place(attribute.start, attribute.end, pointer))


def only_argument(file: HclFile, place: Place, functions: Collection[str]) -> tuple[str, Value[Tree]] | None:
    """The function and its argument as `literal` reads it, where an expression is a call with just one.

    None for every other expression, and for other functions than these.
    """
    start, end = (
        file.lines.offset(*position) for position in ((place.line, place.column), (place.end_line, place.end_column))
    )
    reader = TokenReader(file.content, file.lines, start)
    try:
        name = reader.take()
        if name[0] not in functions or reader.take()[0] != "(":
            return None
        argument = _value(reader, place.pointer, one_line=False, depth=0)
        closing = reader.take(past_newlines=True)
        return (name[0], argument) if closing[0] == ")" and closing.end() == end else None
    except MisreadError:
        return None


def _value(reader: TokenReader, pointer: str, *, one_line: bool, depth: int) -> Value[Tree]:
    """The value of one expression; the reader stops at what follows it."""
    first = reader.take(past_newlines=not one_line)
    value = _literal(reader, first, pointer, depth)
    if value is not None and reader.peek(past_newlines=not one_line).lastgroup in ENDS:
        return value
    if value is None:
        reader.position = first.start()
    end = pass_expression(reader, one_line=one_line, after_operand=value is not None)
    return Unknown(NOT_A_LITERAL, reader.lines.place(first.start(), end, pointer))


def _literal(reader: TokenReader, first: re.Match[str], pointer: str, depth: int) -> Value[Tree] | None:
    """The literal that begins with this token; None where none does."""
    content: Tree | None
    match first.lastgroup:
        case "string":
            content = unquote(first[0][1:-1])
        case "word" if first[0] == "null":
            return Absent(reader.lines.place(first.start(), first.end(), pointer), explicit=True)
        case "word":
            content = CONSTANTS.get(first[0])
        case "number":
            content = number(first[0])
        case "operator" if first[0] == "-" and reader.peek().lastgroup == "number":
            content = number("-" + reader.take()[0])
        case "heredoc":
            content = _heredoc(reader, first)
        case "open" if first[0] != "(" and depth < MAX_LITERAL_DEPTH and reader.peek(past_newlines=True)[0] != "for":
            content = _list(reader, pointer, depth) if first[0] == "[" else _object(reader, pointer, depth)
        case _:
            content = None
    if content is None:
        return None
    layout = _layout(reader, first, content) if isinstance(content, str) and may_hold_document(content) else None
    return Known(content, reader.lines.place(first.start(), reader.position, pointer), layout=layout)


def _layout(reader: TokenReader, first: re.Match[str], text: str) -> Layout | None:
    """Where the characters of a text stand that may hold a document."""
    if first.lastgroup == "heredoc":
        start, source = first.end(), _heredoc_lines(reader, first)
        pieces = heredoc_pieces(source, text)
    else:
        start, source = first.start() + 1, first[0][1:-1]
        pieces = quoted_pieces(source)
    if "\r" in source:
        return None
    begin = reader.lines.place(start, start)
    return lay_out(text, source, pieces, begin.line, begin.column)


def number(text: str) -> int | float | None:
    """The number; None where it is too big to be told apart from its neighbours, or a zero below zero."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction.rstrip("0")
    power = int(exponent or 0) - len(digits) + len(whole)
    if len(digits) >= MAX_DIGITS or abs(power) >= MAX_DIGITS or (text.startswith("-") and not digits.strip("-0")):
        return None
    if power >= 0:
        return int(digits + "0" * power)
    is_whole = not digits[power:].strip("0")
    return int(digits[:power] or "0") if is_whole else float(text)


def _heredoc(reader: TokenReader, opening: re.Match[str]) -> str | None:
    if not reader.pass_enclosed(opening):
        return None
    text = _heredoc_lines(reader, opening).replace("$${", "${").replace("%%{", "%{")
    return without_indent(text) if opening[0].startswith("<<-") else text


def _heredoc_lines(reader: TokenReader, opening: re.Match[str]) -> str:
    """The lines between the markers of a heredoc that has just been passed."""
    return reader.content[opening.end() : reader.content.rfind("\n", 0, reader.position) + 1]


def _list(reader: TokenReader, pointer: str, depth: int) -> List:
    items: list[Value[Tree]] = []
    while reader.peek(past_newlines=True).lastgroup != "close":
        items.append(_value(reader, step(pointer, len(items)), one_line=False, depth=depth + 1))
        if reader.peek(past_newlines=True).lastgroup == "comma":
            reader.take(past_newlines=True)
    reader.take(past_newlines=True)
    return List(tuple(items))


def _object(reader: TokenReader, pointer: str, depth: int) -> Map:
    entries: dict[str, Entry] = {}
    unlisted: Unknown | None = None
    while True:
        token = reader.take(past_newlines=True)
        if token.lastgroup == "close":
            return Map(entries, unlisted)
        key = _key(token)
        inner = pointer if key is None else step(pointer, key)
        if key is None:
            reader.pass_enclosed(token)
            unlisted = Unknown(UNCERTAIN_KEY, reader.lines.place(token.start(), reader.position, pointer))
        separator = reader.take()
        if separator.lastgroup != "assign" and separator[0] != ":":
            raise MisreadError(separator.start(), "`=` or `:` is expected here")
        value = _value(reader, inner, one_line=True, depth=depth + 1)
        if key is not None:
            entries[key] = Entry(key, reader.lines.place(token.start(), token.end(), inner), value)
        if reader.peek().lastgroup == "comma":
            reader.take()


def _key(token: re.Match[str]) -> str | None:
    """The key of an object's item; None where it is an expression that can be passed over."""
    match token.lastgroup:
        case "word" | "number":
            return token[0]
        case "string":
            return unquoted_token(token)
        case "quote":
            return None
        case "open" if token[0] == "(":
            return None
        case _:
            raise MisreadError(token.start(), "a key is expected here")
