"""Where the logging sidecar sends logs, from its configuration.

The chart's sidecar runs Vector. Keys as in the reference of its sinks and in its source
(`lib/vector-core/src/tls/settings.rs`), read November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.model.logging_sidecar import LogSink
from astrovet.model.variables import settled
from astrovet.readers.agent.chart_values import settled_tree
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, boolean, mapping, text

ADDRESSES = ("endpoint", "endpoints", "uri", "url", "host", "address")
"""The keys under which the sinks have the address they write to, one or a list."""

BUCKETS = ("bucket", "container_name")
"""The keys under which the sinks for object stores have what they write to: S3 and Google, Azure."""

FOLDERS = ("key_prefix", "blob_prefix")
"""The keys of the same sinks for the beginning of the names of objects."""

PROTOCOL = "protocol"
"""The block in which the `opentelemetry` sink has its address and its TLS settings."""


def log_sinks(config: Value[Tree]) -> Value[tuple[LogSink, ...]]:
    """Every sink of a configuration of Vector; Absent where it has none."""
    sinks = mapping(at(config, "sinks"))
    match sinks:
        case Known(Map(entries, unlisted), place):
            listed = tuple(_sink(entry.value) for entry in entries.values())
            hidden = () if unlisted is None else (_sink(unlisted),)
            return Known((*listed, *hidden), place)
        case Unknown() | Absent():
            return sinks


def _sink(sink: Value[Tree]) -> LogSink:
    blocks = (sink, *_protocol(sink))
    tls = [at(block, "tls") for block in blocks]
    return LogSink(
        place=sink.place,
        addresses=tuple(address for block in blocks for key in ADDRESSES for address in _texts(at(block, key))),
        verify_certificate=boolean(_first(tls, "verify_certificate")),
        verify_hostname=boolean(_first(tls, "verify_hostname")),
        minimum_tls=text(_first(tls, "min_tls_version")),
        bucket=_one_of(sink, BUCKETS),
        folder=_one_of(sink, FOLDERS),
    )


def _one_of(sink: Value[Tree], keys: tuple[str, ...]) -> Value[str]:
    """The text under the first of these keys that is there."""
    texts = [settled(text(at(sink, key))) for key in keys]
    return next((content for content in texts if not isinstance(content, Absent)), texts[0])


def _protocol(sink: Value[Tree]) -> Iterator[Value[Tree]]:
    """The block of that name; in other sinks it may be a mere word."""
    match at(sink, PROTOCOL):
        case Known(Map()) as block:
            yield block
        case Known() | Unknown() | Absent():
            pass


def _first(blocks: list[Value[Tree]], key: str) -> Value[Tree]:
    """What the first of the blocks that has this key says."""
    settings = [settled_tree(at(block, key)) for block in blocks]
    return next((setting for setting in settings if not isinstance(setting, Absent)), settings[0])


def _texts(written: Value[Tree]) -> Iterator[Value[str]]:
    match written:
        case Known(List(items)):
            yield from (text(item) for item in items)
        case Known() | Unknown():
            yield text(written)
        case Absent():
            pass
