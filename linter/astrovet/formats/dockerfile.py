"""Dockerfiles: their instructions and the assignments in them, each at its place.

As Docker's reference of the Dockerfile has it (docs.docker.com/reference/dockerfile, November 2026): a line goes on
after the escape character, comments stand on lines of their own, a here-document belongs to its instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from astrovet.place import Place

_COMMENT = re.compile(r"^[ \t]*#[^\n]*", re.MULTILINE)
_ESCAPE = re.compile(r"\A\s*#[ \t]*escape[ \t]*=[ \t]*([`\\])", re.IGNORECASE)
_INSTRUCTION = re.compile(r"^[ \t]*(?P<keyword>[A-Za-z]+)[ \t]+(?P<text>[^\n]*)", re.MULTILINE)
_HERE_DOCUMENT = re.compile(r"""<<-?["']?(\w+)["']?""")
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:\\.|[^"\\])*"|'[^']*')+""")
_QUOTED = re.compile(r""""((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)""")


class Instruction(Struct, frozen=True):
    """One instruction, continued lines included."""

    keyword: str
    """In capitals."""
    text: str
    """What follows the keyword; where a line goes on there are blanks."""
    start: int
    """Where the text begins in the file."""
    place: Place


class Assignment(Struct, frozen=True):
    """A name and what an instruction gives it."""

    name: str
    value: str | None
    """None for an argument without a default."""
    place: Place
    """Of the value; of the name where there is none."""


def instructions(path: str, content: str) -> Iterator[Instruction]:
    """The instructions of a file in order."""
    escape = _ESCAPE.match(content)
    goes_on = rf"{re.escape(escape[1] if escape else chr(92))}[ \t]*\r?\n(?:[ \t\r]*\n)*"
    lines = re.sub(goes_on, _blank, _COMMENT.sub(_blank, content))
    end = 0
    for match in _INSTRUCTION.finditer(lines):
        if match.start() < end:
            continue
        keyword, end = match["keyword"].upper(), match.end()
        begun = _HERE_DOCUMENT.search(match["text"]) if keyword in {"RUN", "COPY", "ADD"} else None
        if begun:
            closed = re.compile(rf"^\s*{begun[1]}\s*$", re.MULTILINE).search(lines, end)
            end = closed.end() if closed else len(lines)
        start = match.start("text")
        yield Instruction(keyword, lines[start:end], start, _place(path, content, match.start("keyword"), match.end()))


def assignments(instruction: Instruction, content: str) -> Iterator[Assignment]:
    """What `ENV`, `ARG` or `LABEL` assigns in a file of this content; the old form `ENV NAME VALUE` too."""
    words = list(_WORD.finditer(instruction.text))
    path, start = instruction.place.path, instruction.start
    if len(words) > 1 and "=" not in words[0][0] and instruction.keyword != "ARG":
        value = instruction.text[words[1].start() :].rstrip()
        place = _place(path, content, start + words[1].start(), start + words[1].start() + len(value))
        yield Assignment(_unquoted(words[0][0]), _unquoted(value), place)
        return
    for word in words:
        name, sign, value = word[0].partition("=")
        begin = start + word.start() + len(name) + len(sign) if sign else start + word.start()
        place = _place(path, content, begin, start + word.end())
        yield Assignment(_unquoted(name), _unquoted(value) if sign else None, place)


def _blank(match: re.Match[str]) -> str:
    """As many blanks, so that all else stays where it is."""
    return " " * len(match[0])


def _unquoted(word: str) -> str:
    return _QUOTED.sub(_content, word)


def _content(match: re.Match[str]) -> str:
    double, single, escaped = match.groups()
    return re.sub(r"\\(.)", r"\1", double) if double is not None else single or escaped or ""


def _place(path: str, content: str, start: int, end: int) -> Place:
    line, column = _position(content, start)
    end_line, end_column = _position(content, end)
    return Place(path, line, column, end_line, end_column)


def _position(content: str, offset: int) -> tuple[int, int]:
    return content.count("\n", 0, offset) + 1, offset - content.rfind("\n", 0, offset)
