"""The values of one instance of a plan: what is known, marked, redacted, written, and what expressions refer to."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.place import Place
from astrovet.terraform.plan.attributes import PlannedAttributes, references_in
from astrovet.value import Absent, Known, Tree, Unknown, Value, at
from support import known, plain, state

HERE = Place("plan.json", address="astro_deployment.a")


def attributes(after: Any = None, **more: Any) -> PlannedAttributes:
    return PlannedAttributes("astro_deployment.a", after, **more)


def value(after: Any, *, unknown: Any = None, sensitive: Any = None, **more: Any) -> Value[Tree]:
    return attributes({"x": after}, after_unknown={"x": unknown}, sensitive={"x": sensitive}, **more).value("x", HERE)


@pytest.mark.parametrize(
    ("after", "unknown", "expected"),
    [
        (1, None, 1),
        (False, None, False),
        ("", None, ""),
        (None, None, None),
        (None, True, "?"),
        ({"a": 1}, True, "?"),
        ({"a": 1}, {"a": True}, {"a": "?"}),
        ({"a": 1}, {"a": False}, {"a": 1}),
        ({"a": 1}, {"b": True}, {"a": 1, "b": "?"}),
        ({"a": None}, {}, {"a": None}),
        ([1, 2], [True, False], ["?", 2]),
        ([1, 2], [False, True], [1, "?"]),
        ([1, 2], [True], ["?", 2]),
        ([1], [], [1]),
        ([{"a": [1]}], [{"a": [True]}], [{"a": ["?"]}]),
        ([], [], []),
    ],
)
def test_what_is_known_only_after_apply(after: Any, unknown: Any, expected: object) -> None:
    assert plain(value(after, unknown=unknown)) == expected


def test_why_a_value_is_unknown_and_how_to_find_out() -> None:
    lost = at(value([{"a": 1}], unknown=[{"a": True}]), 0, "a")
    assert isinstance(lost, Unknown)
    assert lost.in_full == "astro_deployment.a.x[0].a is known only after apply; scan the state then"
    assert lost.place == Place("plan.json", address="astro_deployment.a", pointer="x[0].a")
    nothing = value(None)
    assert isinstance(nothing, Absent)
    assert nothing.explicit
    assert attributes(None, after_unknown=True).value("x", HERE) != nothing


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({"key": "A", "name": "B"}, "x.A"),
        ({"name": "B"}, "x.B"),
        ({"key": "", "name": "B"}, "x.B"),
        ({"key": 1}, "x[0]"),
        ({"id": "A"}, "x[0]"),
        ("A", "x[0]"),
    ],
)
def test_items_of_a_set_are_called_by_their_keys(item: Any, pointer: str) -> None:
    assert at(value([item]), 0).place.pointer == pointer


@pytest.mark.parametrize(
    ("mark", "marked"),
    [
        (True, {"": True, "a": True, "b": True, "0": True}),
        ({"a": True}, {"": False, "a": True, "b": False, "0": False}),
        ({"b": [True]}, {"": False, "a": False, "b": False, "0": True}),
        ({"b": True}, {"": False, "a": False, "b": True, "0": True}),
        ({"b": []}, {"": False, "a": False, "b": False, "0": False}),
        (None, {"": False, "a": False, "b": False, "0": False}),
    ],
)
def test_marks_of_sensitive_values(mark: Any, marked: dict[str, bool]) -> None:
    whole = value({"a": "1", "b": ["2"]}, sensitive=mark)
    parts = {"": whole, "a": at(whole, "a"), "b": at(whole, "b"), "0": at(whole, "b", 0)}
    assert {name: part.sensitive for name, part in parts.items() if isinstance(part, Known)} == marked


def test_what_is_redacted_is_unknown_where_it_is_marked() -> None:
    hidden = value({"a": "1", "b": "2"}, sensitive={"a": True}, redacted=True)
    assert plain(hidden) == {"a": "?", "b": "2"}
    lost = at(hidden, "a")
    assert isinstance(lost, Unknown)
    why = "astro_deployment.a.x.a is redacted in this plan; scan one of `terraform show -json`"
    assert (lost.in_full, lost.place.pointer) == (why, "x.a")
    assert plain(value("1", sensitive=True)) == "1"


@pytest.mark.parametrize(
    ("expression", "after", "written"),
    [
        ({"constant_value": "a"}, "a", True),
        ({"references": ["var.a"]}, "a", False),
        ({"references": ["path.module"]}, "a", True),
        ({"references": ["path.module", "var.a"]}, "a", False),
        ({}, "a", True),
        ([{"y": {"constant_value": "a"}}], [{"y": "a"}], True),
        ([{"y": {"constant_value": "a"}}], [{"y": "a"}, {"y": "b"}], False),
        ([{"y": {"constant_value": "a"}}, {"y": {}}], [{"y": "a"}], True),
        ([{"y": {"references": ["var.a"]}}], [{"y": "a"}], False),
        (None, "a", False),
    ],
)
def test_what_an_author_wrote_out(expression: Any, after: Any, written: bool) -> None:
    for expressions in ({"x": expression}, None):
        part = value(after, expressions=expressions)
        while isinstance(part, Known):
            assert part.written is (written and expressions is not None)
            part = at(part, 0) if isinstance(after, list) and part.place.pointer == "x" else Absent(HERE)


def test_what_is_written_and_what_it_refers_to() -> None:
    expressions: dict[str, Any] = {
        "name": {"constant_value": "a", "references": ["var.ignored"]},
        "cluster_id": {"references": ["astro_cluster.a.id", "astro_cluster.a"]},
        "spec": [{"inner_id": {"references": ["local.x"]}, "deep": [{"far_id": {"references": ["local.y"]}}]}, "odd"],
        "other": {"constant_value": {"references": ["no.reference"]}},
    }
    written = attributes(expressions=expressions)
    assert (written.writes("name"), written.writes("type")) == (True, False)
    assert attributes().writes("type") is True
    assert written.references("cluster_id") == ("astro_cluster.a.id", "astro_cluster.a")
    assert (written.references("type"), attributes().references("name")) == ((), ())
    assert sorted(written.all_references()) == sorted(
        ["var.ignored", "astro_cluster.a.id", "astro_cluster.a", "local.x", "local.y"]
    )
    assert attributes().all_references() == ()
    assert written.references_below("_id") == ("astro_cluster.a.id", "astro_cluster.a", "local.x", "local.y")
    assert sorted(written.references_below("spec")) == ["local.x", "local.y"]
    assert written.references_below("far") == ("local.y",)
    assert (written.references_below("nothing"), attributes().references_below("_id")) == ((), ())
    assert written.lists_dynamic_blocks() is False


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (None, []),
        ("text", []),
        ({"references": "no list"}, []),
        ({"references": [1]}, []),
        ({"references": ["a"], "constant_value": 1}, ["a"]),
        ({"constant_value": {"references": ["a"]}}, []),
        ({"block": {"references": ["a"]}}, ["a"]),
    ],
)
def test_references_of_an_expression(expression: Any, expected: list[str]) -> None:
    assert list(references_in(expression)) == expected


@pytest.mark.parametrize(("unknown", "settled"), [(None, True), ({}, True), ({"id": True}, False), (True, False)])
def test_data_that_was_read_is_settled(unknown: Any, settled: bool) -> None:
    assert attributes({}, after_unknown=unknown).is_settled() is settled


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (True, ["t", "u"]),
        ({"vars": True}, ["t"]),
        ({"vars": [True]}, ["t"]),
        ({"vars": [{"value": True}]}, ["t"]),
        ({"vars": [{"key": True}]}, ["K"]),
        ({"vars": [{"name": True}]}, ["N"]),
        ({"vars": [{"value": False}]}, []),
        ({"vars": []}, []),
        ({"plain": True}, ["u"]),
        ({"name": True}, ["n"]),
        (None, []),
    ],
)
def test_texts_under_marks(mark: Any, expected: list[str]) -> None:
    """A mark on all of a thing covers the names in it too, which are no secrets."""
    after = {"name": "n", "plain": "u", "vars": [{"key": "K", "name": "N", "value": "t", "number": 1}]}
    marked = attributes(after, sensitive=mark)
    assert sorted(marked.sensitive_texts()) == expected
    assert sorted(marked.texts()) == ["t", "u"]


def test_a_whole_value_is_at_the_place_of_its_attribute() -> None:
    content = value({"a": [1]})
    assert [at(content, *steps).place.pointer for steps in ((), ("a",), ("a", 0))] == ["x", "x.a", "x.a[0]"]
    assert known(at(content, "a", 0)) == 1
    assert state(attributes(7).value("x", HERE)) == "-"
