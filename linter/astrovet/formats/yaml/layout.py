"""Where the characters of a YAML scalar stand in the file, in quotes or in a block.

A plain scalar has no layout: no document can stand in it, because it holds no `: ` and begins with no bracket.
The scalar is read a second time, piece by piece as go-yaml's scanner reads it. What comes out must be
the text that the parser gave; where it is not, there is no layout, rather than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from astrovet.formats.layout import LINE_BREAK, Piece, lay_out
from astrovet.place import Layout

BLOCK_STYLES = ("|", ">")

_OTHER_BREAKS = "[\x85\u2028\u2029]"
_LINE = rf"([^\r\n]*)(?:{LINE_BREAK}|\Z)"

_FOLD = rf"(?P<fold>[ \t]*+(?:(?:{LINE_BREAK})[ \t]*+)++)"
_BLANKS = r"[ \t]++(?![\r\n])"
_WORDS = {
    '"': rf"{_FOLD}|\\(?P<joint>(?:{LINE_BREAK})[ \t]*+(?:(?:{LINE_BREAK})[ \t]*+)*+)"
    rf"|(?P<escape>\\(?:x..|u.{{4}}|U.{{8}}|.))|(?P<text>(?:[^ \t\r\n\\]++|{_BLANKS})++)",
    "'": rf"{_FOLD}|(?P<escape>'')|(?P<text>(?:[^ \t\r\n']++|{_BLANKS})++)",
}


def layout_of(text: str, source: str, style: str, line: int, column: int) -> Layout | None:
    """The layout of a scalar's text; None where it is not certain.

    Args:
        text: what the parser made of the scalar.
        source: the scalar as it stands in the file, with its quotes or its `|`.
        style: `|`, `>` or a quote.
        line: of the first character of the source.
        column: of the first character of the source.
    """
    if re.search(_OTHER_BREAKS, source):
        return None
    pieces = _block(text, source, is_folded=style == ">") if style in BLOCK_STYLES else _flow(source, style)
    return lay_out(text, source, pieces, line, column)


def _flow(source: str, quote: str) -> Iterator[Piece]:
    """The pieces of a quoted scalar: a line break is a space, each one after it a line break."""
    end = len(source) - 1
    for word in re.compile(_WORDS[quote]).finditer(source, 1, end):
        match word.lastgroup:
            case "fold":
                first, *others = _breaks(source, word.start("fold"), word.end())
                yield from others or [(first[0], " ")]
            case "joint":  # a backslash before the line break: nothing is between the two lines
                yield from _breaks(source, word.start("joint"), word.end())[1:]
            case "escape":
                yield word.start(), None
            case _:
                yield word.start(), word[0]
    yield end, ""


def _breaks(source: str, start: int, end: int) -> list[Piece]:
    return [(line_break.start(), "\n") for line_break in re.compile(LINE_BREAK).finditer(source, start, end)]


def _block(text: str, source: str, *, is_folded: bool) -> Iterator[Piece]:
    """The pieces of a literal or folded block, with all the line breaks at its end."""
    _, *lines = re.finditer(_LINE, source)
    indent = _indent(text, [line[1] for line in lines])
    line_break: Piece | None = None
    empty: list[Piece] = []
    was_indented = False
    for line in lines:
        content = line[1][indent:]
        if not content:
            empty.append((line.end(1), "\n"))
            continue
        is_indented = content[0] in " \t"
        if line_break is not None:
            if not is_folded or was_indented or is_indented:
                yield line_break
            elif not empty:
                yield line_break[0], " "
        yield from empty
        yield line.start() + indent, content
        line_break, empty, was_indented = (line.end(1), "\n"), [], is_indented
    if line_break is not None:
        yield line_break
    yield from empty


def _indent(text: str, lines: Iterable[str]) -> int:
    """How many spaces before each line are not part of the text: what its first line with words has lost."""
    written = next((line for line in lines if line.strip(" ")), "")
    kept = next((line for line in text.split("\n") if line.strip(" ")), "")
    return max(0, _spaces(written) - _spaces(kept))


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
