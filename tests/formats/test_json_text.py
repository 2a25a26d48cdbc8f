"""JSON in a text: parsed, and each key and value at its own place."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.formats.json_text import JsonText, json_text
from astrovet.formats.yaml.documents import read_yaml
from astrovet.place import Place
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at
from support import cut, plain

PLACE = Place("values.yaml", 3, 5, 3, 40, pointer="k")


def in_yaml(content: str) -> JsonText:
    return json_text(at(read_yaml("values.yaml", content)[0].root, "k"))


STYLES = [
    'k: \'{"url": "http://v", "list": [1, {"a": null}]}\'\n',
    'k: "{\\"url\\": \\"http://v\\", \\"list\\": [1, {\\"a\\": null}]}"\n',
    'k: "{\\"url\\": \\"http://v\\",\n  \\"list\\": \\\n  [1, {\\"a\\": null}]}"\n',
    'k: |\n  {"url": "http://v",\n   "list": [1, {"a": null}]}\n',
    'k: >-\n  {"url":\n  "http://v",\n\n  "list": [1, {"a": null}]}\n',
    'k: |2-\n      {"url": "http://v", "list": [1, {"a": null}]}\n',
]


@pytest.mark.parametrize("content", STYLES)
def test_every_key_and_value_has_its_own_place_in_every_style(content: str) -> None:
    text = in_yaml(content)
    assert plain(text.content) == {"url": "http://v", "list": [1, {"a": None}]}
    assert isinstance(text.content, Known)
    assert isinstance(text.content.value, Map)
    places = {
        "key": text.content.value.entries["url"].key_place,
        "url": at(text.content, "url").place,
        "item": at(text.content, "list", 0).place,
        "null": at(text.content, "list", 1, "a").place,
    }
    words = {name: cut(content, place).replace("\\", "") for name, place in places.items()}
    assert words == {"key": '"url"', "url": '"http://v"', "item": "1", "null": "null"}
    assert places["null"].pointer == "k.list[1].a"
    whole = cut(content, text.content.place)
    assert (whole[0], whole[-1]) == ("{", "}")


def test_golden_positions() -> None:
    text = in_yaml('k: >-\n  [{"name": "dags",\n    "kwargs": {"x": true}}]\n')
    assert at(text.content, 0, "kwargs", "x").place == Place("values.yaml", 3, 21, 3, 25, pointer="k[0].kwargs.x")
    assert at(text.content, 0).place == Place("values.yaml", 2, 4, 3, 27, pointer="k[0]")


def test_without_a_layout_every_place_is_that_of_the_whole_text() -> None:
    text = json_text(Known('{"a": [1]}', PLACE, sensitive=True, written=False))
    item = at(text.content, "a", 0)
    assert item == Known(1, Place("values.yaml", 3, 5, 3, 40, pointer="k.a[0]"), sensitive=True, written=False)


@pytest.mark.parametrize(
    "content",
    [
        'k: \'{"extra": "{\\"anon\\": [\\"\\\\u00e9\\", true]}"}\'\n',
        'k: |\n  {"extra":\n    "{\\"anon\\": [\\"\\\\u00e9\\", true]}"}\n',
        json.dumps({"k": json.dumps({"extra": json.dumps({"anon": ["é", True]})})}),
    ],
)
def test_json_in_json_has_places_too(content: str) -> None:
    inner = json_text(at(in_yaml(content).content, "extra"))
    assert plain(inner.content) == {"anon": ["é", True]}
    assert cut(content, at(inner.content, "anon", 1).place) == "true"
    assert isinstance(inner.content, Known)
    assert isinstance(inner.content.value, Map)
    assert cut(content, inner.content.value.entries["anon"].key_place).replace("\\", "") == '"anon"'


def test_a_pair_of_surrogates_is_one_character() -> None:
    content = 'k: \'{"extra": "[\\"\\ud83d\\ude00\\", true]"}\'\n'
    inner = json_text(at(in_yaml(content).content, "extra"))
    assert plain(inner.content) == ["😀", True]
    assert cut(content, at(inner.content, 1).place) == "true"


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("k: '{\"é\": 1,}'\n", 1, 13),
        ('k: |\n  {"a": 1,\n   b: 2}\n', 3, 4),
        ("k: '{\"a\": '\n", 1, 4),
    ],
)
def test_a_fault_is_where_the_parser_gave_up(content: str, line: int, column: int) -> None:
    text = in_yaml(content)
    assert text.fault
    assert isinstance(text.content, Unknown)
    assert (text.content.place.line, text.content.place.column) == (line, column)


def test_a_key_that_stands_twice() -> None:
    text = in_yaml('k: \'{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}\'\n')
    assert plain(text.content) == {"a": 3, "b": {"c": 2}}
    assert [(place.column, place.pointer) for place in text.repeated] == [(28, "k.b.c"), (37, "k.a")]
    assert in_yaml('k: \'[{"a": 1}, {"a": 2}]\'\n').repeated == ()


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_is_absent(text: str) -> None:
    assert json_text(Known(text, PLACE)).content == Absent(PLACE, explicit=True)


@pytest.mark.parametrize("text", ["{{ x }}", '{"a": ${B}}', "$KWARGS"])
def test_a_template_is_unknown_without_a_fault(text: str) -> None:
    parsed = json_text(Known(text, PLACE))
    assert isinstance(parsed.content, Unknown)
    assert not parsed.fault


@pytest.mark.parametrize("depth", [200, 900, 100_000])
def test_what_is_nested_too_deep_is_a_fault_and_no_crash(depth: int) -> None:
    parsed = json_text(Known("[" * depth + "]" * depth, PLACE))
    assert parsed.fault == "it is nested too deeply"


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(TREES, st.booleans(), st.sampled_from([None, 1]))
def test_any_json_is_read_as_the_parser_reads_it(tree: Any, ascii_only: bool, indent: int | None) -> None:
    written = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    try:
        expected = msgspec.json.decode(written)
    except (UnicodeError, msgspec.DecodeError):
        return
    assert plain(json_text(Known(written, PLACE)).content) == expected


def assert_places(content: str, value: Value[Tree]) -> None:
    match value:
        case Known(Map(entries)):
            for key, entry in entries.items():
                assert json.loads(json.loads(f'"{cut(content, entry.key_place)}"')) == key
                assert_places(content, entry.value)
        case Known(List(items)):
            for item in items:
                assert_places(content, item)
        case Known(leaf, place):
            assert json.loads(json.loads(f'"{cut(content, place)}"')) == leaf
        case _:
            pass


@settings(max_examples=100)
@given(st.lists(TREES, min_size=1, max_size=3) | st.dictionaries(st.text(max_size=8), TREES, max_size=4))
def test_any_json_in_double_quotes_has_exact_places(tree: Any) -> None:
    content = "k: " + json.dumps(json.dumps(tree)) + "\n"
    assert_places(content, in_yaml(content).content)
