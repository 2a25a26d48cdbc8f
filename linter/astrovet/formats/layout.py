"""From the pieces that a quoted, escaped or indented text is made of to its layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from astrovet.place import Layout, Place, Run
from astrovet.value import Known

LINE_BREAK = r"\r\n|\r|\n"

Piece: TypeAlias = tuple[int, str | None]
"""An offset in the source and the characters that stand there; None is the one character of an escape."""


def lay_out(text: str, source: str, pieces: Iterable[Piece], line: int, column: int) -> Layout | None:
    """The layout of a text that was read from `source`, which begins at this line and column.

    The pieces, one after the other, must be the text; where they are not, there is no layout, rather
    than a wrong one. Only line breaks may be left over.
    """
    runs: list[Run] = []
    offset = number = 0
    starts = [0, *(line_break.end() for line_break in re.finditer(LINE_BREAK, source))]
    for index, piece in pieces:
        content = text[offset : offset + 1] if piece is None else piece
        if content and offset == len(text) and not content.strip("\n"):
            continue
        if not text.startswith(content, offset):
            return None
        while number + 1 < len(starts) and starts[number + 1] <= index:
            number += 1
        at = (line + number, index - starts[number] + (1 if number else column))
        if not _goes_on(runs, offset, at):
            runs.append((offset, *at))
        offset += len(content)
    return Layout(tuple(runs)) if runs and offset == len(text) else None


def _goes_on(runs: list[Run], offset: int, at: tuple[int, int]) -> bool:
    """Whether the character at `offset` follows the last run without a gap."""
    if not runs:
        return False
    first, line, column = runs[-1]
    return at == (line, column + offset - first)


def text_of_file(path: str, content: str) -> Known[str]:
    """A whole file as a value: what is read out of it stands in the file."""
    lines = content.split("\n")
    runs, offset = [], 0
    for number, line in enumerate(lines, start=1):
        runs.append((offset, number, 1))
        offset += len(line) + 1
    last = len(lines[-1]) + 1
    return Known(content, Place(path, 1, 1, len(lines), last), layout=Layout(tuple(runs)))
