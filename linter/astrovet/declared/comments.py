"""Comments of HCL and YAML that speak to astrovet: where they stand, and of what.

A comment on a line of its own is for what begins on the next line, a comment behind something for what
begins on its own line: an argument or a key with its whole value, an item of a list, a block with all
that is in it.

Where something ends is told by brackets in HCL and by indentation in YAML. What stands inside a text (a heredoc, a
quoted text, a block scalar) is no comment, whatever it looks like: nobody says it of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from astrovet.document import may_speak
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.file_names import NATIVE

# Compiled where they are first needed: most runs have no such comment.
_YAML_COMMENT = r"(?i)(?:^|(?<=\s))#+\s*(?P<text>astrovet\b.*)"
_HCL_COMMENT = r"(?i)(?:^[\s#*/]*|(?<=\s)(?:#+|//)\s*)(?P<text>astrovet\b.*)"
_BEARERS = ("resource", "data", "module")
"""Blocks of Terraform of which something can be required."""


class Remark(Struct, frozen=True):
    """What a comment says to astrovet, and the line that it is said of."""

    text: str
    place: Place
    target: int
    """0: nothing begins there."""
    is_text: bool
    """It stands in YAML, where indentation tells what belongs together."""


class Speech(Struct, frozen=True, dict=True):
    """What the comments of a file say, in their order."""

    file: TextFile
    lines: tuple[str, ...]
    said: tuple[Remark, ...]

    def covered(self, said: Remark) -> tuple[int, int] | None:
        """The first and the last line of what a comment is for; None where nothing begins there."""
        if said.target == 0:
            return None
        key = said.target, said.is_text
        if key not in self._ends:  # many comments can stand above one block
            self._ends[key] = (
                _end_by_indentation(self.lines, said.target)
                if said.is_text
                else _end_by_brackets(self.file, said.target)
            )
        return said.target, self._ends[key]

    @cached_property
    def _ends(self) -> dict[tuple[int, bool], int]:
        """Where what begins on a line ends, in a text or in HCL."""
        return {}

    def bearer(self, said: Remark) -> tuple[int, int] | None:
        """The lines of the outermost block that a comment stands above, behind or in; in YAML the whole file."""
        if not self.file.path.endswith(NATIVE):
            return self.whole
        starts = self._bearers[1]
        for line in (said.place.line, said.target):  # in it or behind it; above it
            position = bisect_right(starts, line) - 1
            if position >= 0:
                first, last = self._bearers[0][position]
                if first <= line <= last:
                    return first, last
        return None

    @cached_property
    def _bearers(self) -> tuple[list[tuple[int, int]], list[int]]:
        """The first and last lines of the blocks that can bear a requirement, and the first ones alone."""
        lines = [
            (block.place.line, block.place.end_line) for block in self.file.hcl.body.blocks if block.type in _BEARERS
        ]
        return lines, [first for first, _ in lines]

    @property
    def whole(self) -> tuple[int, int]:
        """All lines of the file."""
        return 1, len(self.lines)


def speech_of(file: TextFile) -> Speech:
    """All that comments of a file say to astrovet. JSON has no comments; what is no HCL is read as YAML."""
    if file.path.endswith(".json") or not may_speak(file.content):
        return Speech(file, (), ())
    lines = tuple(line.rstrip("\r") for line in file.content.removeprefix("\ufeff").split("\n"))
    said = _in_hcl(file, lines) if file.path.endswith(NATIVE) else _in_yaml(file.path, lines, _texts(file.content))
    return Speech(file, lines, tuple(said))


def _texts(content: str) -> frozenset[int]:
    """The lines that lie in a text of several lines: in a block scalar, or within quotes."""
    from ruamel.yaml.error import YAMLError

    from astrovet.formats.yaml.events import c_events, pure_events

    inside: set[int] = set()
    try:
        try:
            events = c_events(content)
            for event in events:
                inside.update(_lines_of(event))
        except ImportError:
            for event in pure_events(content):
                inside.update(_lines_of(event))
    except (YAMLError, RecursionError, ValueError):
        pass  # what comes before the fault is known; behind it every line that looks like a comment is one
    return frozenset(inside)


def _lines_of(event: Any) -> range:
    """The lines of a scalar, counted from 1, without those where something else may stand beside it."""
    style = getattr(event, "style", None)
    if type(event).__name__ != "ScalarEvent" or style not in {"|", ">", '"', "'"}:
        return range(0)
    start, end = event.start_mark.line, event.end_mark
    last = end.line + 1 if style in {"|", ">"} and end.column > 0 else end.line
    return range(start + 2, last + 1)


def _in_yaml(path: str, lines: Sequence[str], passed: frozenset[int]) -> Iterator[Remark]:
    """What `#` comments say, those of lines passed over left out."""
    following: _Following | None = None
    for number, line in enumerate(lines, start=1):
        is_silent = number in passed or not may_speak(line)
        comment = None if is_silent else re.search(_YAML_COMMENT, line)
        if comment is None or _is_quoted(line[: comment.start()]):
            continue
        is_alone = not line[: comment.start()].strip()
        following = following or _Following(lines, _is_yaml_comment)
        target = following.after(number) if is_alone else number
        yield Remark(comment["text"], place_on(path, number, comment.start(), len(line)), target, is_text=True)


def _in_hcl(file: TextFile, lines: Sequence[str]) -> Iterator[Remark]:
    comments = [comment.place for comment in file.hcl.comments]
    whole = {number for place in comments if _is_alone(place, lines) for number in _numbers(place)}

    def is_comment(number: int, _: str) -> bool:
        return number in whole

    following = _Following(lines, is_comment)
    for place in comments:
        for number in _numbers(place):
            line = lines[number - 1]
            start = place.column - 1 if number == place.line else 0
            end = place.end_column - 1 if number == place.end_line else len(line)
            comment = re.search(_HCL_COMMENT, line[start:end]) if may_speak(line) else None
            if comment is not None:
                alone = number in whole
                target = following.after(place.end_line) if alone else place.line
                text = comment["text"].rstrip().removesuffix("*/").rstrip()
                yield Remark(text, place_on(file.path, number, start, end), target, is_text=False)


def _is_alone(place: Place, lines: Sequence[str]) -> bool:
    before, after = lines[place.line - 1][: place.column - 1], lines[place.end_line - 1][place.end_column - 1 :]
    return not before.strip() and not after.strip()


def _numbers(place: Place) -> range:
    return range(place.line, place.end_line + 1)


def place_on(path: str, number: int, start: int, end: int) -> Place:
    """A stretch of one line; `start` and `end` count from 0."""
    return Place(path, number, start + 1, number, end + 1)


class _Following:
    """What begins below each line of a text."""

    def __init__(self, lines: Sequence[str], is_comment: Callable[[int, str], bool]) -> None:
        self._after = [0] * (len(lines) + 1)
        target = 0
        for number in range(len(lines), 0, -1):
            self._after[number] = target
            if not is_comment(number, lines[number - 1]):
                target = number if lines[number - 1].strip() else 0

    def after(self, number: int) -> int:
        """The line below that is no comment; 0 where it is empty, so that nothing begins there."""
        return self._after[number]


def _is_yaml_comment(_: int, line: str) -> bool:
    return line.lstrip().startswith("#")


def _is_quoted(before: str) -> bool:
    """Whether the beginning of a line ends within quotes."""
    opening = ""
    for index, character in enumerate(before):
        if opening:
            opening = "" if character == opening else opening
        elif character in "\"'" and before[index - 1 : index] in ("", " ", "\t", "[", "{", ","):
            opening = character
    return bool(opening)


def _end_by_indentation(lines: Sequence[str], first: int) -> int:
    """The last line of the key or the item that begins here: what follows is deeper, or its list."""
    indent, is_item = _indent(lines[first - 1]), _is_item(lines[first - 1])
    last = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip() or _is_yaml_comment(number, line):
            continue
        is_inside = _indent(line) > indent or (not is_item and _indent(line) == indent and _is_item(line))
        if not is_inside:
            break
        last = number
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("- ") or line.strip() == "-"


def _end_by_brackets(file: TextFile, first: int) -> int:
    """The last line of what begins here: of a block or a value its closing bracket's."""
    from astrovet.formats.hcl.tokens import OPENINGS, MisreadError, TokenReader

    lines = file.hcl.lines
    reader = TokenReader(file.hcl.content, lines, lines.offset(first, 1))
    try:
        while (token := reader.take()).lastgroup not in {"newline", "end"}:
            if token.lastgroup in OPENINGS:
                reader.pass_enclosed(token)
    except MisreadError:
        return first
    return max(first, lines.place(token.start(), token.start()).line)
