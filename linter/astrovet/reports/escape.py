"""Text that may come from a scanned file, made harmless to show."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astrovet.harmless import unicode_escape


def visible(text: str) -> str:
    r"""The same text on one line, with every character that cannot be seen written as an escape.

    A name in a scanned file can hold control codes or bidirectional overrides: shown as they are,
    they could repaint a terminal, add lines to a report or make a path read backwards.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def spans(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a message, each with whether it is code: what stands between backticks."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # a backtick without its fellow is no mark
        pieces = [text]
    yield from ((piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece)


def json_text(value: object) -> str:
    r"""The value as indented JSON that ends in a newline.

    Invisible characters stand as `\u` escapes, so the text is harmless in a terminal too and reads
    back as the same strings. Only what JSON cannot hold, half a surrogate pair, turns into plain text.
    """
    try:
        compact = msgspec.json.encode(value)
    except UnicodeEncodeError:
        compact = msgspec.json.encode(_without_lone_surrogates(msgspec.to_builtins(value)))
    indented = msgspec.json.format(compact, indent=2).decode()
    return re.sub(r"[^\n\x20-\x7e]", _json_escape, indented) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    character = match[0]
    return character if character.isprintable() else unicode_escape(character)


def _without_lone_surrogates(value: object) -> object:
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case dict():
            return {key: _without_lone_surrogates(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_lone_surrogates(item) for item in value]
        case _:
            return value
