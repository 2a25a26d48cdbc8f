"""Where a YAML value begins and ends, more exactly than the parsers' events say it."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from astrovet.formats.yaml.faults import LINE_BREAK
from astrovet.formats.yaml.layout import BLOCK_STYLES

_PROPERTIES = r"(?:[&!][^\s,\[\]{}]*(?:\s+(?:#[^\n]*\n\s*)*)?)+"


class _Mark(Struct, frozen=True, gc=False):
    """A position as the parsers give it: all three are 0-based."""

    index: int
    line: int
    column: int


def start_of(content: str, event: Any, end: Any) -> Any:
    """The mark at the first character of the event's content; the parser's own stands at its anchor or tag."""
    start = event.start_mark
    if not event.anchor and not event.tag:
        return start
    properties = re.compile(_PROPERTIES).match(content, start.index)
    if properties is None:
        return start
    return _after(start, content[start.index : min(properties.end(), end.index)])


def end_of_scalar(content: str, event: Any) -> Any:
    """The mark after the last character; of a block scalar without the line breaks that end it."""
    if event.style not in BLOCK_STYLES:
        return event.end_mark
    text = content[event.start_mark.index : event.end_mark.index].rstrip()
    return _after(event.start_mark, text)


def end_of_collection(end: Any, last: Any) -> Any:
    """The mark after the closing bracket or, in block style, after the last value."""
    if last is None or end.end_mark.index > end.start_mark.index:
        return end.end_mark
    return last


def _after(mark: Any, text: str) -> _Mark:
    """The mark after this text, which begins at the given one."""
    *before, last = re.split(LINE_BREAK, text)
    column = len(last) if before else mark.column + len(last)
    return _Mark(mark.index + len(text), mark.line + len(before), column)
