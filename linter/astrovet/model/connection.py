"""Airflow's connections, where a variable writes one out."""

from __future__ import annotations

from msgspec import Struct

from astrovet.formats.json_text import json_text
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, text


class Connection(Struct, frozen=True):
    """A connection as `AIRFLOW_CONN_*` has it: an object in JSON, or a URI (apache-airflow-core 3.3.2)."""

    host: Value[str]
    """Of a connection in JSON; a URI's has another meaning for each type of connection."""
    extra: Value[Tree]

    def setting(self, name: str) -> Value[str]:
        """What its `extra` says under this name."""
        return text(at(self.extra, name))


def connection(written: Value[str]) -> Connection:
    """The connection that a variable's value writes out."""
    match written:
        case Known(content, place) if content.lstrip().startswith("{"):
            parsed = json_text(written).content
            extra = at(parsed, "extra")
            in_text = isinstance(extra, Known) and isinstance(extra.value, str)
            return Connection(text(at(parsed, "host")), json_text(extra).content if in_text else extra)
        case Known(content, place):
            return Connection(Absent(place), _parameters(written))
        case Unknown() | Absent():
            return Connection(written, written)


def _parameters(uri: Known[str]) -> Value[Tree]:
    """What follows the question mark; Airflow keeps an `extra` that is no flat map in `__extra__`, as JSON."""
    from urllib.parse import parse_qsl  # rarely needed, slow to import

    _, _, query = uri.value.partition("?")
    given = dict(parse_qsl(query.partition("#")[0]))
    if "__extra__" in given:
        return json_text(Known(given["__extra__"], uri.place, uri.sensitive, uri.written)).content
    entries = {
        key: Entry(key, uri.place, Known(content, uri.place, uri.sensitive, uri.written))
        for key, content in given.items()
    }
    return Known(Map(entries), uri.place)
