"""The structure of a Terraform file: blocks, arguments and comments, each at its exact place.

One pass over the text finds where every block and argument stands; what an argument means is read
later and only where it is asked for. Nothing here recurses with the depth of the file.
"""

from __future__ import annotations

import re
from functools import cached_property

from msgspec import Struct

from astrovet.document import Comment, Note, Problem, ProblemKind
from astrovet.formats.hcl.grammar import pass_expression
from astrovet.formats.hcl.strings import escape_fault
from astrovet.formats.hcl.tokens import Lines, MisreadError, TokenReader, is_name, unquoted_token
from astrovet.place import Place, step
from astrovet.value import Tree, Value

MAX_BLOCK_DEPTH = 500
"""Blocks within blocks. Files written by people stay below ten."""


class Converted(Struct, frozen=True):
    """An argument of a file in JSON syntax, as the native syntax would have it."""

    expression: str
    value: Value[Tree]
    """What is written out of it, each part at its own place."""


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
    converted: Converted | None = None
    """Set in files of JSON syntax, whose content is no expression as it stands."""


class Body(Struct, frozen=True, dict=True):
    """What stands between the braces of a block, or in a file."""

    attributes: tuple[Attribute, ...] = ()
    """In the order of the file; one that is set twice is listed twice."""
    blocks: tuple[Block, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """The first argument of that name."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Attribute]:
        return {attribute.name: attribute for attribute in reversed(self.attributes)}


class Block(Struct, frozen=True):
    """A block: `type "label" { ... }`."""

    type: str
    labels: tuple[str, ...]
    header: Place
    """From the type to the last label."""
    place: Place
    """From the type to the closing brace."""
    body: Body


class HclFile(Struct, frozen=True, dict=True):
    """A scanned file. After an UNREADABLE problem it holds what stood before it."""

    path: str
    content: str
    """Without a byte order mark; offsets count from here."""
    lines: Lines
    body: Body
    comments: tuple[Comment, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def literals(self) -> dict[int, Value[Tree]]:
        """What was read of its arguments so far, by where their expressions begin: several ask for one."""
        return {}


def expression_text(file: HclFile, attribute: Attribute) -> str:
    """The expression that an argument is set to, in native syntax, whichever syntax the file has."""
    if attribute.converted is not None:
        return attribute.converted.expression
    return file.content[attribute.start : attribute.end]


def text_at(file: HclFile, place: Place) -> str:
    """What is written at a place."""
    begin = file.lines.offset(place.line, place.column)
    return file.content[begin : file.lines.offset(place.end_line, place.end_column)]


def scan(path: str, content: str) -> HclFile:
    """Find the blocks, arguments and comments of a file in HCL's native syntax.

    Never raises: text that is no HCL gives a problem, and so does an argument that is set twice.
    """
    content = content.removeprefix("\ufeff")
    lines = lines_of(path, content)
    reader = TokenReader(content, lines)
    root = _OpenBody()
    problems: list[Problem] = []
    try:
        _read_bodies(reader, root, problems)
        _refuse_open_heredoc(content, root)
    except MisreadError as misread:
        problems.append(unreadable(content, lines, misread))
    return HclFile(path, content, lines, root.closed(), tuple(reader.comments), tuple(problems))


def _refuse_open_heredoc(content: str, root: _OpenBody) -> None:
    """Terraform takes a heredoc's end marker only where a new line follows.

    Raises:
        MisreadError: the file ends with one.
    """
    last = root.ordered[-1] if root.ordered else None
    marker = content.rpartition("\n")[2].strip()
    if last is not None and is_name(marker) and last.end >= len(content.rstrip()):
        opening = re.match(rf"<<-?{re.escape(marker)}[ \t]*\r?\n", content[last.start : last.end])
        if opening is not None:
            raise MisreadError(len(content), "a new line is expected behind the end marker of this text")


def lines_of(path: str, content: str) -> Lines:
    """Where the lines of a file begin."""
    return Lines(path, (0, *(newline.end() for newline in re.finditer("\n", content))))


class _OpenBody(Struct):
    """A block, or the file itself, whose end was not reached yet."""

    type: str = ""
    labels: tuple[str, ...] = ()
    start: int = 0
    header: Place = Place("")
    one_line: bool = False
    """Its content begins on the line of its header, so that it is one argument and no more."""
    attributes: dict[str, list[Attribute]] = {}
    ordered: list[Attribute] = []
    blocks: list[Block] = []

    def closed(self) -> Body:
        return Body(tuple(self.ordered), tuple(self.blocks))


def _read_bodies(reader: TokenReader, root: _OpenBody, problems: list[Problem]) -> None:
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
                        raise MisreadError(
                            token.start(), f"blocks more than {MAX_BLOCK_DEPTH} levels deep are not read"
                        )
                case "close" if token[0] == "}" and len(opened) > 1:
                    _close_block(reader, opened)
                    _expect_line_end(reader, opened[-1])
                case "end" if len(opened) == 1:
                    return
                case "end":
                    raise MisreadError(opened[-1].start, "this block is never closed: `}` is expected")
                case "close":
                    raise MisreadError(token.start(), "this bracket closes nothing")
                case _:
                    raise MisreadError(token.start(), "the name of an argument or the type of a block is expected here")
    finally:
        while len(opened) > 1:
            _close_block(reader, opened)


def _read_item(reader: TokenReader, name: re.Match[str], body: _OpenBody, problems: list[Problem]) -> _OpenBody | None:
    """Read an argument into the body, or a block's header; the block is returned, still open."""
    if "::" in name[0] or not is_name(name[0]):
        raise MisreadError(name.start(), "this is no name: letters, digits, `_` and `-` are expected")
    labels: list[str] = []
    header_end = name.end()
    while True:
        token = reader.take()
        match token.lastgroup:
            case "assign" if not labels:
                _read_attribute(reader, name, body, problems)
                _expect_line_end(reader, body)
                return None
            case "word" if "::" not in token[0]:
                labels.append(token[0])
            case "string":
                if escape_fault(token[0]) >= 0:
                    raise MisreadError(token.start() + escape_fault(token[0]), "this is no escape that HCL knows")
                labels.append(unquoted_token(token))
            case "open" if token[0] == "{" and body.one_line:
                raise MisreadError(name.start(), "a block needs lines of its own, after the `{` of the block around it")
            case "open" if token[0] == "{":
                header = reader.lines.place(name.start(), header_end)
                one_line = reader.peek().lastgroup != "newline"
                return _OpenBody(name[0], tuple(labels), name.start(), header, one_line)
            case _:
                expected = "a label or `{`" if labels else "`=`, a label or `{`"
                raise MisreadError(token.start(), f"{expected} is expected here")
        header_end = token.end()


def _read_attribute(reader: TokenReader, name: re.Match[str], body: _OpenBody, problems: list[Problem]) -> None:
    start = reader.peek().start()
    end = pass_expression(reader, one_line=True)
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
        problems.append(set_twice(attribute.name, same[0].name_place, attribute.name_place))
    same.append(attribute)
    body.ordered.append(attribute)


def _expect_line_end(reader: TokenReader, body: _OpenBody) -> None:
    token = reader.peek()
    if body.one_line and token[0] != "}":
        expected = "`}` is expected here: a block on one line holds one argument; more need a new line each"
        raise MisreadError(token.start(), expected)
    if token.lastgroup not in {"newline", "end"} and token[0] != "}":
        raise MisreadError(token.start(), "a new line is expected here")


def _close_block(reader: TokenReader, opened: list[_OpenBody]) -> None:
    block = opened.pop()
    place = reader.lines.place(block.start, reader.position)
    opened[-1].blocks.append(Block(block.type, block.labels, block.header, place, block.closed()))


def set_twice(name: str, first: Place, second: Place) -> Problem:
    """Two arguments, or two keys of an object, of one name."""
    return Problem(
        ProblemKind.DUPLICATE_KEY,
        f"`{name}` is set twice in the same block",
        "keep one of the two; Terraform refuses the file as it is",
        second,
        (Note("first set here", first),),
    )


def unreadable(content: str, lines: Lines, misread: MisreadError) -> Problem:
    """Where the content stops making sense."""
    at_line_end = content[misread.offset : misread.offset + 1] in ("", "\r", "\n")
    place = lines.place(misread.offset, misread.offset + (0 if at_line_end else 1))
    return Problem(
        ProblemKind.UNREADABLE,
        f"line {place.line}, column {place.column}: {misread.message}",
        "Correct the file; `terraform validate` checks it. Nothing after this place was read.",
        place,
    )
