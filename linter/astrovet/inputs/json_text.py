"""JSON that stands inside a text, as Airflow's settings have it."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Struct

from astrovet.place import Place, inside
from astrovet.secrecy import template
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, shape

SHELL_VARIABLE = r"\$[A-Za-z_]"
"""Airflow itself fills in `$NAME`, so that a text which is no JSON as it stands may become some."""


class JsonText(Struct, frozen=True):
    """A setting that has to be a text that holds JSON."""

    raw: Value[Tree]
    """As it stands in the input."""
    content: Value[Tree]
    """Parsed; Unknown where it is a template, or no JSON."""
    fault: str = ""
    """Why it is not JSON, without its content; empty where it is, or where that is unknown."""


def json_text(raw: Value[Tree]) -> JsonText:
    """Parse a text that should hold JSON. Every value in it has the place of the whole text."""
    match raw:
        case Known(str(text), place):
            if not text.strip():
                return JsonText(raw, Absent(place, explicit=True))
            try:
                parsed = msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError) as error:
                if template(text) or re.search(SHELL_VARIABLE, text):
                    return JsonText(raw, Unknown("a later step fills this text in (it holds a template)", place))
                reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
                return JsonText(raw, Unknown("the text is no JSON", place), reason)
            return JsonText(raw, _value(parsed, place, raw))
        case Known(tree, place):
            fault = f"{shape(tree)} stands where a text that holds JSON is expected"
            return JsonText(raw, Unknown(fault, place), fault)
        case Unknown(document=Known() as tree):
            return JsonText(raw, tree)
        case Unknown() | Absent():
            return JsonText(raw, raw)


def _value(parsed: Any, place: Place, origin: Known[Any]) -> Value[Tree]:
    match parsed:
        case None:
            return Absent(place, explicit=True)
        case dict():
            entries = {
                key: Entry(key, inside(place, key), _value(child, inside(place, key), origin))
                for key, child in parsed.items()
            }
            return Known(Map(entries), place, origin.sensitive, origin.written)
        case list():
            children = tuple(_value(child, inside(place, index), origin) for index, child in enumerate(parsed))
            return Known(List(children), place, origin.sensitive, origin.written)
        case _:
            return Known(parsed, place, origin.sensitive, origin.written)
