"""Merging of layers: places, what a later layer puts aside, unknown layers. Helm judges in test_helm_table.py."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.merging import merge
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at
from support import plain as as_python

plain = partial(as_python, keeps_absent=False)
"""Without the keys that null took away."""


def layer(path: str, content: str) -> Value[Tree]:
    return read_yaml(path, content)[0].root


BASE = """\
image: one
openLineage:
  enabled: true
  url: a
commonEnv:
- name: A
- name: B
labels: {team: x}
"""
OVER = """\
image: two
openLineage:
  enabled: false
commonEnv:
- name: C
labels:
"""


def test_maps_merge_lists_and_leaves_are_replaced_and_null_removes() -> None:
    merged = merge((layer("base.yaml", BASE), layer("over.yaml", OVER)))
    assert plain(merged) == {
        "image": "two",
        "openLineage": {"enabled": False, "url": "a"},
        "commonEnv": [{"name": "C"}],
    }


def test_every_value_keeps_the_place_of_the_layer_that_set_it() -> None:
    merged = merge((layer("base.yaml", BASE), layer("over.yaml", OVER)))
    assert str(at(merged, "image").place) == "over.yaml:1:8"
    assert str(at(merged, "openLineage", "enabled").place) == "over.yaml:3:12"
    assert str(at(merged, "openLineage", "url").place) == "base.yaml:4:8"
    assert str(at(merged, "commonEnv", 0).place) == "over.yaml:5:3"
    assert at(merged, "labels") == Absent(
        Place("over.yaml", 6, 1, 6, 7, pointer="labels"),
        explicit=True,
        earlier=Place("base.yaml", 8, 1, 8, 7, pointer="labels"),
    )
    assert isinstance(merged, Known)
    assert isinstance(merged.value, Map)
    assert str(merged.value.entries["image"].key_place) == "over.yaml:1:1"


def test_no_layer_is_absent_and_absent_layers_are_nothing() -> None:
    assert isinstance(merge(()), Absent)
    assert isinstance(merge((layer("a.yaml", ""), layer("b.yaml", "~"))), Absent)
    base = layer("base.yaml", BASE)
    assert merge((layer("a.yaml", ""), base, layer("b.yaml", "# none"))) == base


def test_a_map_after_null_starts_anew() -> None:
    layers = [layer("f", text) for text in ("a: {x: 1}", "a:", "a: {z: 2}")]
    assert plain(merge(layers)) == {"a": {"z": 2}}


AGENT = """\
image: agent:1
openLineage:
  enabled: true
commonEnv:
- name: AIRFLOW__CORE__XCOM_BACKEND
  value: backend
sentinel:
  enabled: true
"""
PRODUCTION = """\
openLineage:
  enabled: false
commonEnv:
- name: OTHER
sentinel: ~
"""


def entry(root: Value[Tree], *path: str) -> Entry:
    """The last key of a path."""
    parent = at(root, *path[:-1])
    assert isinstance(parent, Known)
    assert isinstance(parent.value, Map)
    return parent.value.entries[path[-1]]


def put_aside(root: Value[Tree], *path: str) -> list[str]:
    """Where that stood which later layers put aside."""
    return [str(value.place) for value in entry(root, *path).replaced]


def test_what_a_later_layer_replaces_is_remembered() -> None:
    merged = merge((layer("values.yaml", AGENT), layer("values-prod.yaml", PRODUCTION)))
    assert str(entry(merged, "commonEnv").key_place) == "values-prod.yaml:3:1"
    assert put_aside(merged, "commonEnv") == ["values.yaml:5:1"]
    (before,) = entry(merged, "commonEnv").replaced
    assert plain(at(before, 0, "value")) == "backend"
    assert put_aside(merged, "openLineage", "enabled") == ["values.yaml:3:12"]
    assert put_aside(merged, "openLineage") == []  # merged, not replaced
    assert put_aside(merged, "image") == []


def test_what_null_drops_is_remembered() -> None:
    merged = merge((layer("values.yaml", AGENT), layer("values-prod.yaml", PRODUCTION)))
    dropped = at(merged, "sentinel", "enabled")
    assert isinstance(dropped, Absent)
    assert str(dropped.place) == "values-prod.yaml:5:11"
    assert str(dropped.earlier) == "values.yaml:7:1"
    assert put_aside(merged, "sentinel") == ["values.yaml:8:3"]


def test_null_over_nothing_drops_nothing() -> None:
    dropped = at(merge((layer("values.yaml", "a: 1"), layer("values-prod.yaml", "b:"))), "b")
    assert isinstance(dropped, Absent)
    assert dropped.earlier is None


def test_the_nearest_of_several_replaced_values_comes_first() -> None:
    texts = ("a: 1", "a: [2]", "a: {x: 3}", "a: {z: 4}", "b: 1")
    merged = merge([layer(f"{number}.yaml", text) for number, text in enumerate(texts)])
    assert put_aside(merged, "a") == ["1.yaml:1:4", "0.yaml:1:4"]
    assert plain(at(merged, "a")) == {"x": 3, "z": 4}


def test_layers_merged_in_two_steps_remember_the_same() -> None:
    first, second, third, fourth = (layer(f"{number}.yaml", f"a: {number}") for number in range(4))
    stepwise = merge((merge((first, second)), merge((third, fourth))))
    assert stepwise == merge((first, second, third, fourth))
    assert put_aside(stepwise, "a") == ["2.yaml:1:4", "1.yaml:1:4", "0.yaml:1:4"]
    drops = layer("4.yaml", "a:")
    stepwise = merge((first, merge((second, drops))))
    assert stepwise == merge((first, second, drops))
    dropped = at(stepwise, "a")
    assert isinstance(dropped, Absent)
    assert str(dropped.earlier) == "1.yaml:1:1"


def test_null_again_points_at_the_layer_that_set_the_key() -> None:
    merged = merge([layer(f"{number}.yaml", text) for number, text in enumerate(("a: 1", "a:", "a:"))])
    dropped = at(merged, "a")
    assert isinstance(dropped, Absent)
    assert str(dropped.place) == "2.yaml:1:1"
    assert str(dropped.earlier) == "0.yaml:1:1"
    again = merge((merged, layer("3.yaml", "a: {x: 1}")))
    assert put_aside(again, "a") == ["0.yaml:1:4"]


def test_a_value_without_lines_is_no_place_to_point_at() -> None:
    planned: Value[Tree] = Known(Map({"a": Entry("a", Place("plan.json"), Known(1, Place("plan.json")))}), Place("f"))
    dropped = at(merge((planned, layer("f", "a:"))), "a")
    assert isinstance(dropped, Absent)
    assert dropped.earlier is None


def test_an_unknown_value_may_keep_what_is_below_and_replaces_nothing() -> None:
    unknown: Value[Tree] = Known(Map({"a": Entry("a", Place("f"), Unknown("later", Place("f")))}), Place("f"))
    merged = merge((layer("0.yaml", "a: 1"), layer("1.yaml", "a: 2"), unknown))
    assert put_aside(merged, "a") == ["0.yaml:1:4"]


UNKNOWN = Unknown("made by another resource", Place("plan.json"))


def test_an_unknown_layer_unsettles_all_but_what_later_layers_say() -> None:
    merged = merge((layer("base.yaml", BASE), UNKNOWN, layer("over.yaml", "openLineage: {enabled: false}\nimage:\n")))
    assert plain(at(merged, "openLineage", "enabled")) is False
    assert at(merged, "openLineage", "url") == UNKNOWN
    assert at(merged, "commonEnv") == UNKNOWN
    assert at(merged, "labels", "team") == UNKNOWN
    assert at(merged, "neverMentioned") == UNKNOWN
    assert isinstance(at(merged, "image"), Absent)


def test_an_unknown_layer_alone_is_unknown_at_every_key() -> None:
    assert at(merge((UNKNOWN,)), "image") == UNKNOWN
    assert at(merge((layer("base.yaml", BASE), UNKNOWN)), "image") == UNKNOWN


def test_a_later_unknown_layer_speaks_last() -> None:
    second = Unknown("another reason", Place("other.json"))
    assert at(merge((UNKNOWN, second)), "image") == second


def test_an_unknown_leaf_over_a_map_is_unknown_and_a_map_over_it_keeps_the_rest_open() -> None:
    known = layer("base.yaml", "a: {x: 1}")
    leaf: Value[Tree] = Known(Map({"a": Entry("a", Place("f"), UNKNOWN)}), Place("f"))
    assert at(merge((known, leaf)), "a") == UNKNOWN
    assert at(merge((known, leaf)), "a", "x") == UNKNOWN
    again = merge((known, leaf, layer("over.yaml", "a: {w: {z: 2}}")))
    assert plain(at(again, "a", "w", "z")) == 2
    assert at(again, "a", "x") == UNKNOWN
    assert at(again, "a", "w", "other") == UNKNOWN
    assert plain(at(merge((leaf, layer("over.yaml", "a: [1]"))), "a")) == [1]


def test_a_map_with_unlisted_keys_behaves_like_an_unknown_layer() -> None:
    partial: Value[Tree] = Known(
        Map({"image": Entry("image", Place("f"), Known("x", Place("f")))}, unlisted=UNKNOWN), Place("f")
    )
    merged = merge((layer("base.yaml", BASE), partial))
    assert at(merged, "image") == Known("x", Place("f"))
    assert at(merged, "openLineage") == UNKNOWN
    assert at(merged, "other") == UNKNOWN
    later = merge((partial, layer("over.yaml", "openLineage: {url: b}")))
    assert plain(at(later, "openLineage", "url")) == "b"
    assert at(later, "openLineage", "enabled") == UNKNOWN


def test_a_missing_value_says_nothing() -> None:
    silent: Value[Tree] = Known(Map({"image": Entry("image", Place("f"), Absent(Place("f")))}), Place("f"))
    merged = merge((layer("base.yaml", BASE), silent))
    assert plain(at(merged, "image")) == "one"
    assert str(at(merged, "image").place) == "base.yaml:1:8"


@pytest.mark.parametrize("content", ["- a\n", "text\n", "1\n"])
def test_a_layer_that_is_no_map_is_unknown(content: str) -> None:
    value = at(merge((layer("base.yaml", BASE), layer("over.yaml", content))), "image")
    assert isinstance(value, Unknown)
    assert "map of values" in value.why
    assert value.place.path == "over.yaml"


def test_marks_of_merged_maps() -> None:
    lower: Value[Tree] = Known(Map({}), Place("f"), sensitive=True, written=False)
    upper: Value[Tree] = Known(Map({}), Place("g"))
    assert merge((lower, upper)) == Known(Map({}), Place("g"), sensitive=True, written=False)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from("abc"))
MAPS = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_size=3,
)


def tree(value: Any) -> Value[Tree]:
    """Python's data as a tree without places."""
    place = Place("f")
    match value:
        case dict():
            return Known(Map({key: Entry(key, place, tree(inner)) for key, inner in value.items()}), place)
        case list():
            return Known(List(tuple(tree(inner) for inner in value)), place)
        case None:
            return Absent(place, explicit=True)
        case _:
            return Known(value, place)


@settings(max_examples=100)
@given(MAPS, MAPS, MAPS)
def test_an_unknown_layer_never_settles_what_it_could_change(
    below: dict[str, Any], hidden: dict[str, Any], above: dict[str, Any]
) -> None:
    """Whatever the unknown layer turns out to be, what was called known is the same."""
    guessed = merge((tree(below), UNKNOWN, tree(above)))
    truth = plain(merge((tree(below), tree(hidden), tree(above))))
    assert_agrees(guessed, truth)


def assert_agrees(guessed: Value[Tree], truth: Any) -> None:
    match guessed:
        case Known(Map(entries)):
            assert isinstance(truth, dict)
            for key, entry in entries.items():
                assert_agrees(entry.value, truth.get(key))
        case Known():
            assert plain(guessed) == truth
        case Absent():
            assert truth is None
        case Unknown():
            pass
