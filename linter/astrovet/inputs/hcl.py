"""The structure of a Terraform file: blocks, arguments and comments, each at its exact place.

One pass over the text finds where every block and argument stands; what an argument means is read
later and only where it is asked for. `literal` reads what is written out; anything that needs
evaluating is Unknown at its own place. Nothing here recurses with the depth of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from astrovet.document import Comment, Note, Problem, ProblemKind
from astrovet.place import Place, step
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value

MAX_BLOCK_DEPTH = 500
"""Blocks within blocks. Files written by people stay below ten."""

MAX_NESTING = 1000
"""Brackets, quotes and templates within one another in one expression."""

MAX_LITERAL_DEPTH = 200
"""Lists and objects within a literal. What lies deeper is Unknown."""

NOT_A_LITERAL = "an expression, not a literal: its value depends on the rest of the module"
UNCERTAIN_KEY = "a key of this object is an expression, so which keys it has is not settled here"
MISREAD_VALUE = "the value of this argument is not valid HCL; `terraform validate` says where"


class Lines(Struct, frozen=True):
    """Where the lines of a file begin, to turn offsets into places."""

    path: str
    starts: tuple[int, ...]

    def place(self, start: int, end: int, pointer: str = "") -> Place:
        """The stretch between two offsets, the end exclusive."""
        line, end_line = bisect_right(self.starts, start), bisect_right(self.starts, end)
        column, end_column = start - self.starts[line - 1] + 1, end - self.starts[end_line - 1] + 1
        return Place(self.path, line, column, end_line, end_column, pointer=pointer)


class Attribute(Struct, frozen=True):
    """An argument: `name = expression`."""

    name: str
    name_place: Place
    place: Place
    """From the name to the end of the expression."""
    start: int
    """Where the expression begins in the content."""
    end: int
    """One past where it ends."""


class Body(Struct, frozen=True):
    """What stands between the braces of a block, or in a file."""

    attributes: tuple[Attribute, ...] = ()
    """In the order of the file; one that is set twice is listed twice."""
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """The first argument of that name."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)


class Block(Struct, frozen=True):
    """A block: `type "label" { ... }`."""

    type: str
    labels: tuple[str, ...]
    header: Place
    """From the type to the last label."""
    place: Place
    """From the type to the closing brace."""
    body: Body


class HclFile(Struct, frozen=True):
    """A scanned file. After an UNREADABLE problem it holds what stood before it."""

    path: str
    content: str
    """Without a byte order mark; offsets count from here."""
    lines: Lines
    body: Body
    comments: tuple[Comment, ...] = ()
    problems: tuple[Problem, ...] = ()


def scan(path: str, content: str) -> HclFile:
    """Find the blocks, arguments and comments of a file in HCL's native syntax.

    Never raises: text that is no HCL gives a problem, and so does an argument that is set twice.
    """
    content = content.removeprefix("\ufeff")
    lines = Lines(path, (0, *(found.end() for found in re.finditer("\n", content))))
    reader = _Reader(content, lines)
    root = _OpenBody()
    problems: list[Problem] = []
    try:
        _read_bodies(reader, root, problems)
    except _MisreadError as misread:
        problems.append(_unreadable(reader, misread))
    return HclFile(path, content, lines, root.closed(), tuple(reader.comments), tuple(problems))


def literal(file: HclFile, attribute: Attribute) -> Value[Tree]:
    """What an argument is set to, as far as it is written out.

    Lists and objects keep the parts that are literals; every other part is Unknown at its own place.
    """
    reader = _Reader(file.content, file.lines, attribute.start)
    try:
        return _value(reader, step("", attribute.name), one_line=True, depth=0)
    except _MisreadError:
        return Unknown(MISREAD_VALUE, file.lines.place(attribute.start, attribute.end, step("", attribute.name)))


def unquote(text: str) -> str | None:
    """The text between two quotes with its escapes resolved; None where one of them is no escape."""
    if "\\" not in text and "{" not in text:
        return text
    if any(found.lastgroup == "invalid" for found in _ESCAPE.finditer(text)):
        return None
    return _ESCAPE.sub(_resolve_escape, text)


# --- tokens

_NAME = r"(?:[A-Za-z_]|[^\x00-\x7f])(?:[\w-]|[^\x00-\x7f])*"

_TOKEN = re.compile(
    rf"""
    (?P<newline>\r?\n)
  | (?P<space>[ \t]+|\r)
  | (?P<comment>(?:\#|//)[^\n]*|/\*(?s:.*?)\*/)
  | (?P<open_comment>/\*)
  | (?P<string>"(?:[^"\\\n$%]++|\\.|\$\$\{{|%%\{{|[$%](?!\{{))*+")
  | (?P<quote>")
  | (?P<heredoc><<-?(?P<marker>{_NAME})[ \t]*\r?\n)
  | (?P<word>{_NAME})
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<comma>,)
  | (?P<assign>=(?![=>]))
  | (?P<splat>\.\*)
  | (?P<operator>[=!<>]=|=>|&&|\|\||\.\.\.|<(?!<)|[-+*/%>!?:.])
  | (?P<end>\Z)
    """,
    re.VERBOSE,
)
_IN_QUOTES = re.compile(r"\\.|\$\$\{|%%\{|(?P<template>[$%]\{)|(?P<end>\")|(?P<newline>\n)")
_ESCAPE = re.compile(
    r"""\\(?P<letter>[nrt"\\])|\\u(?P<short>[0-9a-fA-F]{4})|\\U(?P<long>[0-9a-fA-F]{8})"""
    r"""|(?P<template>\$\$\{|%%\{)|(?P<invalid>\\)"""
)

_ENDS = frozenset({"newline", "comma", "close", "end"})
_OPERANDS = frozenset({"string", "quote", "heredoc", "word", "number"})
_OPENINGS = frozenset({"open", "quote", "heredoc"})
_CLOSERS = {"(": ")", "[": "]", "{": "}", '"': '"'}
_CONSTANTS = {"true": True, "false": False}


class _MisreadError(Exception):
    """The text stops being HCL here."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class _Reader:
    """A position in the content that moves forward, and the comments it came past."""

    __slots__ = ("comments", "content", "lines", "position")

    def __init__(self, content: str, lines: Lines, position: int = 0) -> None:
        self.content = content
        self.lines = lines
        self.position = position
        self.comments: list[Comment] = []

    def take(self, *, past_newlines: bool = False) -> re.Match[str]:
        """The next token; white space is passed over, comments are kept."""
        while True:
            token = _TOKEN.match(self.content, self.position)
            if token is None:
                raise _MisreadError(self.position, "this character has no meaning in HCL")
            match token.lastgroup:
                case "space":
                    self.position = token.end()
                case "comment":
                    self.position = token.end()
                    self.comments.append(_comment(self.lines, token))
                case "newline" if past_newlines:
                    self.position = token.end()
                case "open_comment":
                    raise _MisreadError(token.start(), "this comment is never closed: `*/` is expected")
                case _:
                    self.position = token.end()
                    return token

    def peek(self, *, past_newlines: bool = False) -> re.Match[str]:
        """The next token, not yet taken."""
        token = self.take(past_newlines=past_newlines)
        self.position = token.start()
        return token

    def pass_expression(self, *, one_line: bool, after_operand: bool = False) -> int:
        """Go to the end of an expression: a line end (if `one_line`), a comma or a closing bracket.

        Returns the offset past its last token. Two values in a row are refused, as Terraform does:
        the second one is the beginning of something that needs a line of its own.
        """
        end = self.position
        while True:
            token = self.take(past_newlines=not one_line)
            kind = token.lastgroup
            if kind in _ENDS:
                if not after_operand:
                    raise _MisreadError(token.start(), "a value is expected here")
                self.position = token.start()
                return end
            begins_operand = kind in _OPERANDS or token[0] == "{"
            if kind == "assign" or (after_operand and begins_operand):
                raise _MisreadError(
                    token.start(), "a new line is expected before this: the argument has its value already"
                )
            if kind in _OPENINGS:
                self.pass_enclosed(token)
            after_operand = begins_operand or kind in {"open", "splat"}
            end = self.position

    def pass_enclosed(self, opening: re.Match[str]) -> bool:
        """Go past the end of the bracket, the quotes or the heredoc just opened.

        Returns whether it held no template, which says of quotes and heredocs that they are literal.
        """
        plain = True
        nesting = [(_closer(opening), opening.start())]
        while nesting:
            if len(nesting) > MAX_NESTING:
                raise _MisreadError(
                    self.position, f"this is nested more than {MAX_NESTING} levels deep, which is not read"
                )
            closer, opened = nesting[-1]
            if isinstance(closer, str) and closer != '"':
                token = self.take()
                if token.lastgroup in _OPENINGS:
                    nesting.append((_closer(token), token.start()))
                elif token.lastgroup == "close":
                    if token[0] != closer:
                        raise _MisreadError(token.start(), f"`{closer}` is expected here, not `{token[0]}`")
                    nesting.pop()
                elif token.lastgroup == "end":
                    raise _MisreadError(opened, f"this bracket is never closed: `{closer}` is expected")
                continue
            found = (_IN_QUOTES if isinstance(closer, str) else closer).search(self.content, self.position)
            if found is None or found.lastgroup == "newline":
                expected = (
                    "a closing quote on the same line" if closer == '"' else "its end marker on a line of its own"
                )
                raise _MisreadError(opened, f"this text is never closed: {expected} is expected")
            self.position = found.end()
            if found.lastgroup == "template":
                plain = False
                nesting.append(("}", found.start()))
            elif found.lastgroup == "end":
                nesting.pop()
        return plain


def _closer(opening: re.Match[str]) -> str | re.Pattern[str]:
    """What ends the thing opened: a character, or the pattern of a heredoc's last line."""
    if opening.lastgroup != "heredoc":
        return _CLOSERS[opening[0]]
    marker = re.escape(opening["marker"])
    return re.compile(
        rf"(?m:^[ \t]*{marker}[ \t]*(?P<end>)(?=\r?\n|\r?\Z))|\$\$\{{|%%\{{|(?P<template>[$%]\{{)",
    )


def _comment(lines: Lines, token: re.Match[str]) -> Comment:
    content = token[0].removesuffix("\r")
    text = content[2:-2] if content.startswith("/*") else content.removeprefix("#").removeprefix("//")
    return Comment(text.strip(), lines.place(token.start(), token.start() + len(content)))


def _unquoted(token: re.Match[str]) -> str:
    """A label or a key in quotes; with an escape that is none, as it is written."""
    raw = token[0][1:-1]
    text = unquote(raw)
    return raw if text is None else text


def _resolve_escape(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "letter":
            return {"n": "\n", "r": "\r", "t": "\t"}.get(found["letter"], found["letter"])
        case "template":
            return found[0][1:]
        case _:
            code = int(found["short"] or found["long"], 16)
            # As Go does it: what is no character of Unicode becomes the replacement character.
            return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


# --- blocks and arguments


class _OpenBody(Struct):
    """A block, or the file itself, whose end was not reached yet."""

    type: str = ""
    labels: tuple[str, ...] = ()
    start: int = 0
    header: Place = Place("")
    attributes: dict[str, list[Attribute]] = {}
    ordered: list[Attribute] = []
    blocks: list[Block] = []

    def closed(self) -> Body:
        return Body(tuple(self.ordered), tuple(self.blocks))


def _read_bodies(reader: _Reader, root: _OpenBody, problems: list[Problem]) -> None:
    """Read to the end of the file, all open blocks on one stack; what was read is kept if it fails."""
    opened = [root]
    try:
        while True:
            token = reader.take(past_newlines=True)
            match token.lastgroup:
                case "word":
                    block = _read_item(reader, token, opened[-1], problems)
                    if block is not None:
                        opened.append(block)
                    if len(opened) > MAX_BLOCK_DEPTH + 1:
                        raise _MisreadError(
                            token.start(), f"blocks more than {MAX_BLOCK_DEPTH} levels deep are not read"
                        )
                case "close" if token[0] == "}" and len(opened) > 1:
                    _close_block(reader, opened)
                    _expect_line_end(reader)
                case "end" if len(opened) == 1:
                    return
                case "end":
                    raise _MisreadError(opened[-1].start, "this block is never closed: `}` is expected")
                case "close":
                    raise _MisreadError(token.start(), "this bracket closes nothing")
                case _:
                    raise _MisreadError(
                        token.start(), "the name of an argument or the type of a block is expected here"
                    )
    finally:
        while len(opened) > 1:
            _close_block(reader, opened)


def _read_item(reader: _Reader, name: re.Match[str], body: _OpenBody, problems: list[Problem]) -> _OpenBody | None:
    """Read an argument into the body, or a block's header; the block is returned, still open."""
    if not name[0].replace("-", "_").isidentifier():
        raise _MisreadError(name.start(), "this is no name: letters, digits, `_` and `-` are expected")
    labels: list[str] = []
    header_end = name.end()
    while True:
        token = reader.take()
        match token.lastgroup:
            case "assign" if not labels:
                _read_attribute(reader, name, body, problems)
                _expect_line_end(reader)
                return None
            case "word":
                labels.append(token[0])
            case "string":
                labels.append(_unquoted(token))
            case "open" if token[0] == "{":
                header = reader.lines.place(name.start(), header_end)
                return _OpenBody(name[0], tuple(labels), name.start(), header)
            case _:
                expected = "a label or `{`" if labels else "`=`, a label or `{`"
                raise _MisreadError(token.start(), f"{expected} is expected here")
        header_end = token.end()


def _read_attribute(reader: _Reader, name: re.Match[str], body: _OpenBody, problems: list[Problem]) -> None:
    start = reader.peek().start()
    end = reader.pass_expression(one_line=True)
    pointer = step("", name[0])
    attribute = Attribute(
        name[0],
        reader.lines.place(name.start(), name.end(), pointer),
        reader.lines.place(name.start(), end, pointer),
        start,
        end,
    )
    same = body.attributes.setdefault(attribute.name, [])
    if same:
        problems.append(_duplicate(same[0], attribute))
    same.append(attribute)
    body.ordered.append(attribute)


def _expect_line_end(reader: _Reader) -> None:
    token = reader.peek()
    if token.lastgroup not in {"newline", "end"} and token[0] != "}":
        raise _MisreadError(token.start(), "a new line is expected here")


def _close_block(reader: _Reader, opened: list[_OpenBody]) -> None:
    block = opened.pop()
    place = reader.lines.place(block.start, reader.position)
    opened[-1].blocks.append(Block(block.type, block.labels, block.header, place, block.closed()))


def _duplicate(first: Attribute, second: Attribute) -> Problem:
    return Problem(
        ProblemKind.DUPLICATE_KEY,
        f"`{second.name}` is set twice in the same block",
        "Keep one of the two; Terraform refuses the file as it is.",
        second.name_place,
        (Note("first set here", first.name_place),),
    )


def _unreadable(reader: _Reader, misread: _MisreadError) -> Problem:
    at_line_end = reader.content[misread.offset : misread.offset + 1] in ("", "\r", "\n")
    place = reader.lines.place(misread.offset, misread.offset + (0 if at_line_end else 1))
    return Problem(
        ProblemKind.UNREADABLE,
        f"line {place.line}, column {place.column}: {misread.message}",
        "Correct the file; `terraform validate` checks it. Nothing after this place was read.",
        place,
    )


# --- literals


def _value(reader: _Reader, pointer: str, *, one_line: bool, depth: int) -> Value[Tree]:
    """The value of one expression; the reader stops at what follows it."""
    first = reader.take(past_newlines=not one_line)
    value = _literal(reader, first, pointer, depth)
    if value is not None and reader.peek(past_newlines=not one_line).lastgroup in _ENDS:
        return value
    if value is None:
        reader.position = first.start()
    end = reader.pass_expression(one_line=one_line, after_operand=value is not None)
    return Unknown(NOT_A_LITERAL, reader.lines.place(first.start(), end, pointer))


def _literal(reader: _Reader, first: re.Match[str], pointer: str, depth: int) -> Value[Tree] | None:
    """The literal that begins with this token; None where none does."""
    content: Tree | None
    match first.lastgroup:
        case "string":
            content = unquote(first[0][1:-1])
        case "word" if first[0] == "null":
            return Absent(reader.lines.place(first.start(), first.end(), pointer), explicit=True)
        case "word":
            content = _CONSTANTS.get(first[0])
        case "number":
            content = _number(first[0])
        case "operator" if first[0] == "-" and reader.peek().lastgroup == "number":
            content = _number("-" + reader.take()[0])
        case "heredoc":
            content = _heredoc(reader, first)
        case "open" if first[0] != "(" and depth < MAX_LITERAL_DEPTH and reader.peek(past_newlines=True)[0] != "for":
            content = _list(reader, pointer, depth) if first[0] == "[" else _object(reader, pointer, depth)
        case _:
            content = None
    if content is None:
        return None
    return Known(content, reader.lines.place(first.start(), reader.position, pointer))


def _number(text: str) -> int | float | None:
    """The number; None where it is too big to be told apart from its neighbours."""
    if text.lstrip("-").isdecimal():
        return int(text) if len(text) < 300 else None
    number = float(text)
    if abs(number) > 1e300:
        return None
    return int(number) if number.is_integer() else number


def _heredoc(reader: _Reader, opening: re.Match[str]) -> str | None:
    if not reader.pass_enclosed(opening):
        return None
    last_line = reader.content.rfind("\n", 0, reader.position) + 1
    text = reader.content[opening.end() : last_line].replace("$${", "${").replace("%%{", "%{")
    return _without_indent(text) if opening[0].startswith("<<-") else text


def _without_indent(text: str) -> str:
    """The lines less the white space that all of them begin with; blank lines do not count."""
    lines = text.split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] if line.strip() else line for line in lines)


def _list(reader: _Reader, pointer: str, depth: int) -> List:
    items: list[Value[Tree]] = []
    while reader.peek(past_newlines=True).lastgroup != "close":
        items.append(_value(reader, step(pointer, len(items)), one_line=False, depth=depth + 1))
        if reader.peek(past_newlines=True).lastgroup == "comma":
            reader.take(past_newlines=True)
    reader.take(past_newlines=True)
    return List(tuple(items))


def _object(reader: _Reader, pointer: str, depth: int) -> Map:
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
            raise _MisreadError(separator.start(), "`=` or `:` is expected here")
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
            return _unquoted(token)
        case "quote":
            return None
        case "open" if token[0] == "(":
            return None
        case _:
            raise _MisreadError(token.start(), "a key is expected here")
