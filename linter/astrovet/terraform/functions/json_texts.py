"""JSON as Terraform's functions write and read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from astrovet.terraform.values.conversion import as_text, exact_number
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

_JSON_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


def json_string(text: str) -> str:
    """The text in quotes, with the characters escaped that Go escapes for the sake of HTML."""
    return '"' + re.sub(r'["\\<>&\u2028\u2029\x00-\x1f]', _json_escape, text) + '"'


def _json_escape(character: re.Match[str]) -> str:
    return _JSON_ESCAPES.get(character[0], f"\\u{ord(character[0]):04x}")


def json_pieces(value: Value[Tree]) -> Iterator[str | Unknown]:
    """The JSON text of a value piece by piece, its unknown parts among them.

    Raises:
        UndecidedError: a number in it is not known exactly.
    """
    match value:
        case Known(is_loose=True):
            yield Unknown("whether a text or a number stands in a document is not known", value.place)
        case Unknown():
            if value.prefix:
                yield json_string(value.prefix)[:-1]
            yield value
        case Absent():
            yield "null"
        case Known(Map() as tree):
            yield "{"
            if tree.unlisted is not None:
                yield tree.unlisted
            for index, (key, entry) in enumerate(sorted(tree.entries.items())):
                yield ("," if index else "") + json_string(key) + ":"
                yield from json_pieces(entry.value)
            yield "}"
        case Known(List() as tree):
            yield "["
            for index, item in enumerate(tree.items):
                if index:
                    yield ","
                yield from json_pieces(item)
            yield "]"
        case Known(str(text)):
            yield json_string(text)
        case Known(leaf):
            yield as_text(leaf)


def json_text(value: Value[Tree]) -> str:
    """The JSON text of a whole value.

    Raises:
        UndecidedError: a part of it is unknown.
    """
    pieces: list[str] = []
    for piece in json_pieces(value):
        if isinstance(piece, Unknown):
            raise UndecidedError.because_of(piece)
        pieces.append(piece)
    return "".join(pieces)


def read_json(text: str) -> Any:
    """The data that a JSON text holds.

    Raises:
        UndecidedError: it is no JSON, or a number in it is not known exactly.
    """
    import json

    try:
        return json.loads(text, parse_float=exact_number, parse_int=exact_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RefusedError("the text is no JSON") from None


def _no_number(_: str) -> None:
    raise RefusedError("the text is no JSON")
