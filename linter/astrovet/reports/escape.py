"""Text that may come from a scanned file, made harmless to show."""

from __future__ import annotations

import re

import msgspec


def visible(text: str) -> str:
    r"""The same text on one line, with every character that cannot be seen written as an escape.

    A name in a scanned file can hold control codes or bidirectional overrides: shown as they are,
    they could repaint a terminal, add lines to a report or make a path read backwards.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


UNSEEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff"
"""Characters that repaint a terminal, end a line, turn the direction of writing, or cannot be seen or written."""
COLOR = r"\x1b\[[0-9;]{0,12}m"
COMMAND = r"^[^\S\n]*+:(?=:)|#(?=#(?:vso)?\[)"
"""Where a runner sees a command: a line that begins with `::` (GitHub), `##[` or `##vso[` anywhere (Azure)."""


def harmless(text: str, *, colored: bool = False, is_line: bool = False) -> str:
    r"""The same text for a terminal or the log of a runner: it repaints nothing and speaks to nobody but people.

    Reporters make harmless what they show, by the rules of their format. This is for what is written as it is
    (standard error, settings), and the last word on everything. Its escapes read back as the same character in
    JSON, so that even there nothing but the spelling changes.

    Args:
        text: what is to be written.
        colored: the codes of colours stay.
        is_line: newlines are no part of it, and are escaped too.
    """
    unseen = rf"[\n{UNSEEN}]" if is_line else f"[{UNSEEN}]"
    if re.search(unseen, text):
        if colored:
            text = re.sub(rf"({COLOR})|{unseen}", lambda sign: sign[1] or unicode_escape(sign[0]), text)
        else:
            text = re.sub(unseen, lambda sign: unicode_escape(sign[0]), text)
    if "::" in text or "##" in text:
        text = re.sub(COMMAND, lambda sign: sign[0][:-1] + unicode_escape(sign[0][-1]), text, flags=re.MULTILINE)
    return text


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


def unicode_escape(character: str) -> str:
    r"""`\uXXXX`, two of them for a character beyond the first plane: as JSON has it."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[index : index + 4]}" for index in range(0, len(units), 4))


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
