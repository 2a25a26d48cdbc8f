"""Terraform's encoding functions.

What only YAML needs is loaded with the first YAML: its patterns take time to compile.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, holds_sensitive, put_together
from astrovet.terraform.functions.json_texts import json_pieces, read_json
from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.plain_data import from_plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.unknowns import is_whole, unknown
from astrovet.value import Known, List, Map, Tree, Unknown, Value


def base64decode(text: Any) -> str:
    from base64 import b64decode

    try:
        return b64decode(as_text(text).replace("\n", "").replace("\r", ""), validate=True).decode()
    except ValueError:
        raise RefusedError("the text is no Base64 of a text") from None


def base64encode(text: Any) -> str:
    from base64 import b64encode

    return b64encode(as_text(text).encode()).decode()


def base64_of_bytes(data: bytes) -> str:
    """What a file holds, in Base64."""
    from base64 import b64encode

    return b64encode(data).decode()


def csvdecode(text: Any) -> list[dict[str, str]]:
    """One object for each row; the first row has the names."""
    from astrovet.terraform.functions.csv_texts import read_csv

    names, *rows = read_csv(as_text(text)) or [[]]
    if not names:
        raise RefusedError("the text has no row with names")
    if len(set(names)) < len(names):
        raise RefusedError("two columns have the same name")
    if any(len(row) != len(names) for row in rows):
        raise RefusedError("a row has more or fewer columns than the first one")
    return [dict(zip(names, row, strict=True)) for row in rows]


def textdecodebase64(text: Any, encoding: Any) -> str:
    from base64 import b64decode

    codec = _codec(encoding)
    try:
        return b64decode(as_text(text).replace("\n", "").replace("\r", ""), validate=True).decode(codec)
    except ValueError:
        raise UndecidedError("the text is no Base64 of a text that astrovet reads") from None


def textencodebase64(text: Any, encoding: Any) -> str:
    from base64 import b64encode

    codec = _codec(encoding)
    try:
        return b64encode(as_text(text).encode(codec)).decode()
    except ValueError:
        raise RefusedError("the encoding has no such characters") from None


def _codec(encoding: Any) -> str:
    codecs = {"UTF-8": "utf-8", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be", "ISO-8859-1": "latin-1"}
    codec = codecs.get(as_text(encoding).upper())
    if codec is None:
        raise UndecidedError("astrovet does not know this encoding of texts")
    return codec


def jsondecode(text: Any) -> Any:
    return read_json(as_text(text))


def jsonencode(budget: Budget, arguments: Arguments, place: Place) -> Value[Tree]:
    if isinstance(arguments[0], Unknown):
        # It may be a text, but also null, a list or a map.
        return unknown("", place, *arguments)
    return _with_document(put_together(budget, json_pieces(arguments[0]), arguments, place), arguments[0])


def urlencode(text: Any) -> str:
    from urllib.parse import quote_plus

    return quote_plus(as_text(text))


def yamldecode(budget: Budget, text: Any) -> Any:
    from astrovet.terraform.functions.yaml_texts import read_yaml

    return read_yaml(budget, as_text(text))


def yamlencode(arguments: Arguments, place: Place) -> Value[Tree]:
    if not is_whole(arguments[0]):
        return _with_document(unknown("", place, *arguments), arguments[0])
    from astrovet.terraform.functions.yaml_texts import yaml_text

    encoded = from_plain(yaml_text(arguments[0]), place, sensitive=holds_sensitive(arguments))
    return _with_document(encoded, arguments[0])


def _with_document(encoded: Value[Tree], tree: Value[Tree]) -> Value[Tree]:
    """An encoded text keeps what it encodes: what is known of its parts, and where these stand."""
    match encoded, tree:
        case Known() | Unknown(), Known(Map() | List()):
            return replace(encoded, document=tree)
        case _:
            return encoded
