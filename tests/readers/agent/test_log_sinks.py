"""Where a configuration of Vector sends logs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.trees import with_entry
from astrovet.model.logging_sidecar import LogSink
from astrovet.place import Place
from astrovet.readers.agent.log_sinks import log_sinks
from astrovet.value import Known, Map, Tree, Unknown, Value
from support import cut, state


def sinks(config: Any) -> Value[tuple[LogSink, ...]]:
    return log_sinks(read_yaml("values.yaml", json.dumps(config))[0].root)


def sink(**fields: Any) -> LogSink:
    read = sinks({"sinks": {"logs": fields}})
    assert isinstance(read, Known)
    (one,) = read.value
    return one


def told(one: LogSink) -> dict[str, object]:
    """What a sink says, by the name of the field; what it does not say is left out."""
    said = {
        "verify": one.verify_certificate, "host": one.verify_hostname, "tls": one.minimum_tls,
        "bucket": one.bucket, "folder": one.folder,
    }  # fmt: skip
    shown = {name: state(value) for name, value in said.items() if state(value) != "-"}
    return shown | ({"to": [state(address) for address in one.addresses]} if one.addresses else {})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        *(({key: "a"}, {"to": ["a"]}) for key in ("endpoint", "endpoints", "uri", "url", "host", "address")),
        ({"endpoints": ["a", "b", {}], "endpoint": "c"}, {"to": ["c", "a", "b", "?"]}),
        ({"other": "a"}, {}),
        ({"protocol": {"uri": "a", "bucket": "b"}}, {"to": ["a"]}),
        ({"uri": "b", "protocol": {"uri": "a"}}, {"to": ["b", "a"]}),
        ({"protocol": "http", "uri": "a"}, {"to": ["a"]}),
        ({"tls": {"verify_certificate": False}}, {"verify": False}),
        ({"tls": {"verify_hostname": False}}, {"host": False}),
        ({"tls": {"min_tls_version": "1.2"}}, {"tls": "1.2"}),
        ({"tls": {"verify_certificate": "${VERIFY}"}}, {"verify": "?"}),
        ({"protocol": {"tls": {"verify_certificate": False}}}, {"verify": False}),
        ({"tls": {"verify_certificate": True}, "protocol": {"tls": {"verify_certificate": False}}}, {"verify": True}),
        ({"bucket": "a"}, {"bucket": "a"}),
        ({"container_name": "a"}, {"bucket": "a"}),
        ({"bucket": "a", "container_name": "b"}, {"bucket": "a"}),
        ({"bucket": "${BUCKET}", "container_name": "b"}, {"bucket": "?"}),
        ({"key_prefix": "a/"}, {"folder": "a/"}),
        ({"blob_prefix": "a/"}, {"folder": "a/"}),
        ({"key_prefix": "${FOLDER}"}, {"folder": "?"}),
    ],
)
def test_what_a_sink_says(fields: Any, expected: dict[str, object]) -> None:
    assert told(sink(**fields)) == expected


def test_every_sink_counts_and_stands_where_it_is_written() -> None:
    text = '{"sinks": {"one": {"uri": "a"}, "two": {"uri": "b"}}}'
    read = sinks(json.loads(text))
    assert isinstance(read, Known)
    assert [cut(text, one.place) for one in read.value] == ['{"uri": "a"}', '{"uri": "b"}']
    assert cut(text, read.place) == text[len('{"sinks": ') : -1]


@pytest.mark.parametrize(("config", "expected"), [({}, "-"), ({"sinks": None}, "-"), ({"sinks": "text"}, "?")])
def test_a_configuration_without_sinks(config: Any, expected: str) -> None:
    assert state(sinks(config)) == expected


def test_sinks_that_are_not_shown_count_as_one_of_which_nothing_is_known() -> None:
    unknown = Unknown("who knows", Place("a", 2, 1))
    hidden: Known[Tree] = Known(Map({}, unknown), Place("a", 1, 1))
    assert log_sinks(hidden) == unknown
    root = with_entry(read_yaml("a", "{}")[0].root, "sinks", hidden)
    read = log_sinks(root)
    assert isinstance(read, Known)
    (one,) = read.value
    assert one.place == unknown.place
    assert told(one) == {"verify": "?", "host": "?", "tls": "?", "bucket": "?", "folder": "?", "to": ["?"] * 6}
