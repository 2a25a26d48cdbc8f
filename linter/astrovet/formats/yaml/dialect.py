"""What go-yaml reads otherwise than the C parser: the same text, written so that the C parser reads it as Helm does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from astrovet.formats.yaml.events import c_events

MOST_DIFFERENCES = 100
"""Escapes in one file that the C parser refuses and go-yaml takes; one with more is read by the Python parser."""
FLOW_COLON = "found unexpected ':'"
MENDABLE = (FLOW_COLON, "found unknown escape character")


class ReadOtherwise(Exception):  # noqa: N818  a way on, not an error
    """The C parser refuses what Helm may take as text: `[host:80]`, and the escape of a single quote."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem, self.offset = problem, offset


COLON, APOSTROPHE = "\ue000", "\u2029"
"""What stands for `:` and for `\\'` while the C parser reads a text that has neither of these characters."""

_COLON_IN_TEXT = re.compile(r"(?<=[^\s:,\[\]{}\"']):(?=[^\s:,\[\]{}])")
_READ_OTHERWISE = ("!<", "%TAG", COLON)


def as_go_reads(content: str, problem: str, offset: int) -> str | None:
    """The same text for the C parser, as long as before, with what it refuses and go-yaml takes as text.

    None where it is refused for another reason, or where only the Python parser can read it.

    Args:
        content: the text.
        problem: what the C parser says of it.
        offset: where it says so.
    """
    if problem == FLOW_COLON and not any(mark in content for mark in _READ_OTHERWISE):
        return _COLON_IN_TEXT.sub(COLON, content)
    if problem == "found unknown escape character" and content[offset : offset + 2] == "\\'":
        return f"{content[:offset]}\\P{content[offset + 2 :]}"
    return None


def restored(given: str, _: str) -> Iterator[Any]:
    """The C parser's events of a text that `as_go_reads` made, with the characters that were meant."""
    for event in c_events(given):
        value = getattr(event, "value", None)
        if value and (COLON in value or APOSTROPHE in value):
            event.value = value.replace(COLON, ":").replace(APOSTROPHE, "'")
        yield event


_MARKS = re.compile("(\\A|^---[ \\t]*\\r?\\n)\ufeff", re.MULTILINE)


def without_marks(content: str) -> str:
    """A text without the byte-order marks that begin its documents: Helm parts them, and reads each by itself."""
    return _MARKS.sub(r"\1", content) if "\ufeff" in content else content
