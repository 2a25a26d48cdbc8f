"""Airflow's connections, where a variable or an object of Astro writes one out."""

from __future__ import annotations

from msgspec import Struct

from astrovet.formats.json_text import json_text
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, text


class Connection(Struct, frozen=True):
    """A connection as `AIRFLOW_CONN_*` has it: an object in JSON, or a URI (apache-airflow-core 3.3.2)."""

    host: Value[str]
    """As it is written, for every type of connection alike; a URI has it percent-encoded."""
    extra: Value[Tree]
    type: Value[str]
    """`http`, `postgres` …; of a URI its scheme."""
    schema: Value[str]
    """A database, or for HTTP the scheme; of a URI its path."""
    place: Place
    is_uri: bool = False
    """Of a URI the host has another meaning for each type of connection."""

    def setting(self, name: str) -> Value[str]:
        """What its `extra` says under this name."""
        return text(at(self.extra, name))


def connection(written: Value[str]) -> Connection:
    """The connection that a variable's value writes out."""
    match written:
        case Known(content, place) if content.lstrip().startswith("{"):
            parsed = json_text(written).content
            kind, schema = text(at(parsed, "conn_type")), text(at(parsed, "schema"))
            return Connection(text(at(parsed, "host")), opened(at(parsed, "extra")), kind, schema, place)
        case Known(content, place):
            host, kind, schema = _parts(written)
            return Connection(host, _parameters(written), kind, schema, place, is_uri=True)
        case Unknown(_, place) | Absent(place):
            return Connection(written, written, written, written, place)


def opened(extra: Value[Tree]) -> Value[Tree]:
    """An `extra`, which may be a text that holds JSON."""
    in_text = isinstance(extra, Known) and isinstance(extra.value, str)
    return json_text(extra).content if in_text else extra


def _parts(uri: Known[str]) -> tuple[Value[str], Value[str], Value[str]]:
    """The host, the type and the schema of a URI."""
    from urllib.parse import unquote  # rarely needed, slow to import

    scheme, _, rest = uri.value.strip().partition("://")
    authority, _, path = rest.partition("?")[0].partition("/")
    host = authority.rpartition("@")[2]
    host = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    kind = scheme.lower().replace("-", "_")

    def known(part: str) -> Value[str]:
        return Known(unquote(part), uri.place, uri.sensitive, uri.written) if part else Absent(uri.place)

    return known(host), known(kind), known(path)


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
