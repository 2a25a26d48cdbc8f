"""The text of a quoted string in HCL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astrovet.formats.layout import Piece

# A text, not a compiled pattern: most strings hold no escape, and starting up stays fast.
_ESCAPE = (
    r"""\\(?P<letter>[nrt"\\])|\\u(?P<short>[0-9a-fA-F]{4})|\\U(?P<long>[0-9a-fA-F]{8})"""
    r"""|(?P<template>\$\$\{|%%\{)|(?P<invalid>\\)"""
)


def unquote(text: str) -> str | None:
    """The text between two quotes with its escapes resolved; None where one of them is no escape."""
    if "\\" not in text and "{" not in text:
        return text
    if any(escape.lastgroup == "invalid" for escape in re.finditer(_ESCAPE, text)):
        return None
    return re.sub(_ESCAPE, _resolve_escape, text)


def quoted_pieces(text: str) -> Iterator[Piece]:
    """The pieces of what stands between two quotes."""
    position = 0
    for escape in re.finditer(_ESCAPE, text):
        yield position, text[position : escape.start()]
        if escape["template"]:  # `$${` is `${`
            position = escape.start() + 1
        else:
            yield escape.start(), None
            position = escape.end()
    yield position, text[position:]


def heredoc_pieces(source: str, text: str) -> Iterator[Piece]:
    """The pieces of the lines of a heredoc, which may have lost their indent."""
    start = 0
    for line, kept in zip(source.splitlines(keepends=True), text.splitlines(keepends=True), strict=False):
        doubled = [sign.start() for sign in re.finditer(r"\$(?=\$\{)|%(?=%\{)", line)]
        position = len(line) - len(doubled) - len(kept)  # what the line has lost
        for end in doubled:
            yield start + position, line[position:end]
            position = end + 1
        yield start + position, line[position:]
        start += len(line)


def escape_fault(text: str) -> int:
    """Where in a text the first escape stands that is none; -1 where there is no such."""
    if "\\" not in text:
        return -1
    return next((escape.start() for escape in re.finditer(_ESCAPE, text) if escape.lastgroup == "invalid"), -1)


def _resolve_escape(escape: re.Match[str]) -> str:
    match escape.lastgroup:
        case "letter":
            return {"n": "\n", "r": "\r", "t": "\t"}.get(escape["letter"], escape["letter"])
        case "template":
            return escape[0][1:]
        case _:
            code = int(escape["short"] or escape["long"], 16)
            # As Go does it: what is no character of Unicode becomes the replacement character.
            return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


def quoted(text: str) -> str:
    """The text as it stands between quotes, in HCL and in addresses."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return escaped.replace("${", "$${").replace("%{", "%%{")
