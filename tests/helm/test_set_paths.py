"""Values put at paths of keys and indexes, and what that leaves of the values around them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from astrovet.budget import Budget, ExhaustedError
from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.set_paths import MalformedError, Path, kept_of, put
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at
from support import plain

HERE = Place("main.tf", 4, 3, 4, 20)
NEW: Known[Tree] = Known("new", HERE)
OPEN = Unknown("who knows", Place("a"))


def tree(content: Any) -> Value[Tree]:
    return read_yaml("values.yaml", json.dumps(content))[0].root


def changed(root: Value[Tree], *path: str | int) -> Value[Tree]:
    return put(root, path, NEW, HERE, Budget())


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ({}, ("a",), {"a": "new"}),
        ({"a": 1, "b": 2}, ("a",), {"a": "new", "b": 2}),
        ({"a": {"b": 1, "c": 2}}, ("a", "b"), {"a": {"b": "new", "c": 2}}),
        ({}, ("a", "b", "c"), {"a": {"b": {"c": "new"}}}),
        ({"a": [1, 2, 3]}, ("a", 1), {"a": [1, "new", 3]}),
        ({"a": [1]}, ("a", 1), {"a": [1, "new"]}),
        ({"a": [1]}, ("a", 3), {"a": [1, None, None, "new"]}),
        ({}, ("a", 1), {"a": [None, "new"]}),
        ({}, ("a", 0, "b"), {"a": [{"b": "new"}]}),
        ({"a": [{"b": 1, "c": 2}]}, ("a", 0, "b"), {"a": [{"b": "new", "c": 2}]}),
        ({"a": ["x"]}, ("a", 0, "b"), {"a": [{"b": "new"}]}),
        ({"a": [[1]]}, ("a", 0, "b"), {"a": [{"b": "new"}]}),
        ({"a": [None]}, ("a", 0, "b"), {"a": [{"b": "new"}]}),
        ({"a": [None]}, ("a", 0, 0), {"a": [["new"]]}),
        ({"a": [[1, 2]]}, ("a", 0, 1), {"a": [[1, "new"]]}),
    ],
)
def test_where_a_value_is_put(before: Any, path: Path, after: Any) -> None:
    assert plain(changed(tree(before), *path)) == after


@pytest.mark.parametrize(
    ("before", "path", "why"),
    [
        ({"a": "x"}, ("a", "b"), "it sets a key inside text"),
        ({"a": [1]}, ("a", "b"), "it sets a key inside a list"),
        ({"a": None}, ("a", "b"), "it sets a key inside null"),
        ({"a": "x"}, ("a", 0), "it sets an item inside text"),
        ({"a": {}}, ("a", 0), "it sets an item inside a map"),
        ({"a": None}, ("a", 0), "it sets an item inside null"),
        ({"a": ["x"]}, ("a", 0, 0), "it sets an item inside text"),
        ({"a": [{}]}, ("a", 0, 0), "it sets an item inside a map"),
    ],
)
def test_a_step_that_does_not_fit(before: Any, path: Path, why: str) -> None:
    with pytest.raises(MalformedError) as malformed:
        changed(tree(before), *path)
    assert str(malformed.value) == why


def test_values_that_are_not_there_are_made() -> None:
    made = changed(Absent(Place("values.yaml"), explicit=True), "a", 1, "b")
    assert plain(made) == {"a": [None, {"b": "new"}]}
    hole = at(made, "a", 0)
    assert hole == Absent(HERE, explicit=True)
    assert {at(made, *path).place for path in ((), ("a",), ("a", 1), ("a", 1, "b"))} == {HERE}


def test_what_is_not_known_stays_so_around_a_value() -> None:
    made = changed(OPEN, "a", "b")
    assert plain(made) == {"a": {"b": "new", "?": "?"}, "?": "?"}
    assert (made.place, at(made, "other"), at(made, "a", "other")) == (OPEN.place, OPEN, OPEN)
    assert changed(OPEN, "a", 0) == Known(Map({"a": at_entry(made, "a", OPEN)}, OPEN), OPEN.place)
    listed: Known[Tree] = Known(Map({"a": at_entry(made, "a", Known(List((OPEN,)), HERE))}), HERE)
    assert plain(changed(listed, "a", 0, "b")) == {"a": [{"b": "new", "?": "?"}]}
    assert plain(changed(Known(Map({}, OPEN), HERE), "a", "b")) == {"a": {"b": "new", "?": "?"}, "?": "?"}


def at_entry(root: Value[Tree], key: str, value: Value[Tree]) -> Entry:
    assert isinstance(root, Known)
    assert isinstance(root.value, Map)
    return replace(root.value.entries[key], value=value)


def test_what_is_put_aside_is_remembered() -> None:
    before = tree({"a": 1, "b": {"c": 2}})
    made = changed(changed(before, "a"), "b", "c")
    assert isinstance(made, Known)
    assert isinstance(made.value, Map)
    entry = made.value.entries["a"]
    assert (entry.key_place, entry.value) == (HERE, NEW)
    assert entry.replaced == (at(before, "a"),)
    assert made.value.entries["b"].replaced == ()
    assert made.value.entries["b"].key_place.path == "values.yaml"


@pytest.mark.parametrize("content", [{"a": 1}, [{"a": 1}]])
def test_what_holds_a_value_stays_as_secret_and_as_written_as_it_was(content: Any) -> None:
    root = tree(content)
    assert isinstance(root, Known)
    path: Path = ("a",) if isinstance(content, dict) else (0,)
    for sensitive in (False, True):
        for written in (False, True):
            holder: Known[Tree] = Known(root.value, root.place, sensitive, written)
            made = changed(holder, *path)
            assert isinstance(made, Known)
            assert (made.place, made.sensitive, made.written) == (root.place, sensitive, written)


def test_copying_is_bounded() -> None:
    wide = tree({str(number): number for number in range(10)})
    for root, path, cost in ((wide, ("a",), 11), (tree([1, 2, 3]), (0,), 3), (tree([1, 2, 3]), (4,), 5)):
        budget = Budget()
        put(root, path, NEW, HERE, budget)
        assert budget.elements.used == cost
    with pytest.raises(ExhaustedError):
        put(tree({}), ("a", 10**9), NEW, HERE, Budget())


@pytest.mark.parametrize(
    ("root", "path", "kept"),
    [
        ({}, ("a",), ("a",)),
        ({}, ("a", "b"), ("a", "b")),
        ({}, ("a", 0), ("a", 0)),
        ({}, ("a", 0, "b"), ("a",)),
        ({}, ("a", 0, 0, "b"), ("a",)),
        ({}, ("a", "b", 0, "c"), ("a", "b")),
        ({"a": [{}]}, ("a", 0, "b"), ("a", 0, "b")),
        ({"a": [{}]}, ("a", 1, "b"), ()),
        ({"a": [[]]}, ("a", 0, 0, "b"), ()),
        ({"a": [{}]}, ("a", 0, "b", 0, "c"), ("a", 0, "b")),
        ({"a": "x"}, ("a", "b", "c"), ("a", "b", "c")),
        ({"a": None}, ("a", 0, "b"), ("a",)),
        ({"a": [None]}, ("a", 0, 0, "b"), ()),
        ({"a": {"b": {}}}, ("a", "b", "c", "d"), ("a", "b", "c", "d")),
    ],
)
def test_how_much_of_a_path_is_set_for_a_text_that_ends(root: Any, path: Path, kept: Path) -> None:
    assert kept_of(tree(root), path) == kept


def test_below_what_is_not_known_the_whole_path_is_set() -> None:
    assert kept_of(OPEN, ("a", 0, "b")) == ("a", 0, "b")
    assert kept_of(Absent(HERE), (0, "a")) == ()
