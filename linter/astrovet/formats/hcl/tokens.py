"""HCL's native syntax as tokens: names, strings with templates, heredocs, brackets, comments, each at its offset."""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from astrovet.document import Comment
from astrovet.formats.hcl.strings import unquote
from astrovet.place import Place

MAX_NESTING = 1000
"""Brackets, quotes and templates within one another in one expression."""


class Lines(Struct, frozen=True):
    """Where the lines of a file begin, to turn offsets into places."""

    path: str
    starts: tuple[int, ...]

    def place(self, start: int, end: int, pointer: str = "") -> Place:
        """The stretch between two offsets, the end exclusive."""
        line, end_line = bisect_right(self.starts, start), bisect_right(self.starts, end)
        column, end_column = start - self.starts[line - 1] + 1, end - self.starts[end_line - 1] + 1
        return Place(self.path, line, column, end_line, end_column, pointer=pointer)

    def offset(self, line: int, column: int) -> int:
        """Where a line and column stand in the content."""
        return self.starts[line - 1] + column - 1


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
  | (?P<word>{_NAME}(?:::{_NAME})*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?!\.[0-9]))
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<comma>,)
  | (?P<assign>=(?![=>]))
  | (?P<splat>\.\*)
  | (?P<operator>[=!<>]=|=>|&&|\|\||\.\.\.|<(?!<)|[-+*/%>!?:.~])
  | (?P<end>\Z)
    """,
    re.VERBOSE,
)
IN_QUOTES = re.compile(
    r"\\(?:[nrt\"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(?P<invalid>\\)"
    r"|\$\$\{|%%\{|(?P<template>[$%]\{)|(?P<end>\")|(?P<newline>\n)"
)
"""What interrupts the text between two quotes."""
ENDS = frozenset({"newline", "comma", "close", "end"})
OPENINGS = frozenset({"open", "quote", "heredoc"})
_CLOSERS = {"(": ")", "[": "]", "{": "}", '"': '"'}
CONSTANTS = {"true": True, "false": False}


class MisreadError(Exception):
    """The text stops being HCL here."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class TokenReader:
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
                raise MisreadError(self.position, "this character has no meaning in HCL")
            kind = token.lastgroup
            if kind == "open_comment":
                raise MisreadError(token.start(), "this comment is never closed: `*/` is expected")
            self.position = token.end()
            if kind == "comment":
                self.comments.append(_comment(self.lines, token))
            elif kind != "space" and not (past_newlines and kind == "newline"):
                return token

    def peek(self, *, past_newlines: bool = False) -> re.Match[str]:
        """The next token, not yet taken."""
        token = self.take(past_newlines=past_newlines)
        self.position = token.start()
        return token

    def pass_enclosed(self, opening: re.Match[str]) -> bool:
        """Go past the end of the bracket, the quotes or the heredoc just opened.

        Returns whether it held no template, which says of quotes and heredocs that they are literal.
        """
        plain = True
        nesting = [(_closer(opening), opening.start())]
        while nesting:
            if len(nesting) > MAX_NESTING:
                raise MisreadError(
                    self.position, f"this is nested more than {MAX_NESTING} levels deep, which is not read"
                )
            closer, opened = nesting[-1]
            if isinstance(closer, str) and closer != '"':
                token = self.take()
                if token.lastgroup in OPENINGS:
                    nesting.append((_closer(token), token.start()))
                elif token.lastgroup == "close":
                    if token[0] != closer:
                        raise MisreadError(token.start(), f"`{closer}` is expected here, not `{token[0]}`")
                    nesting.pop()
                elif token.lastgroup == "end":
                    raise MisreadError(opened, f"this bracket is never closed: `{closer}` is expected")
                continue
            interruption = (IN_QUOTES if isinstance(closer, str) else closer).search(self.content, self.position)
            if interruption is None or interruption.lastgroup == "newline":
                expected = (
                    "a closing quote on the same line" if closer == '"' else "its end marker on a line of its own"
                )
                raise MisreadError(opened, f"this text is never closed: {expected} is expected")
            self.position = interruption.end()
            if interruption.lastgroup == "template":
                plain = False
                nesting.append(("}", interruption.start()))
            elif interruption.lastgroup == "end":
                nesting.pop()
        return plain


def _closer(opening: re.Match[str]) -> str | re.Pattern[str]:
    """What ends the thing opened: a character, or the pattern of a heredoc's last line."""
    return closer_of(opening) if opening.lastgroup == "heredoc" else _CLOSERS[opening[0]]


def closer_of(opening: re.Match[str]) -> re.Pattern[str]:
    """What interrupts a heredoc, its last line included."""
    marker = re.escape(opening["marker"])
    return re.compile(
        rf"(?m:^[ \t]*{marker}[ \t]*(?P<end>)(?=\r?\n|\r?\Z))|\$\$\{{|%%\{{|(?P<template>[$%]\{{)",
    )


def _comment(lines: Lines, token: re.Match[str]) -> Comment:
    content = token[0].removesuffix("\r")
    text = content[2:-2] if content.startswith("/*") else content.removeprefix("#").removeprefix("//")
    return Comment(text.strip(), lines.place(token.start(), token.start() + len(content)))


def is_name(text: str) -> bool:
    """Whether all characters of a word are those that names have."""
    return text.isascii() or text.replace("-", "_").replace("::", "_").isidentifier()


def unquoted_token(token: re.Match[str]) -> str:
    """A label or a key in quotes; with an escape that is none, as it is written."""
    raw = token[0][1:-1]
    text = unquote(raw)
    return raw if text is None else text


def without_indent(text: str) -> str:
    """The lines less the white space that all of them begin with; blank lines do not count."""
    lines = text.split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] if line.strip() else line for line in lines)
