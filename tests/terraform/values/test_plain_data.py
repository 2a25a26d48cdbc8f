"""Values and Python's data, steps into values, and what is unknown or refused in them."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.budget import MAX_DEPTH
from astrovet.place import Place
from astrovet.terraform.values.plain_data import (
    any_sensitive,
    are_written,
    entries_of,
    from_plain,
    is_marked,
    listed,
    mapped,
    moved,
    plain,
)
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.steps import refused, walked
from astrovet.terraform.values.types import STRING
from astrovet.terraform.values.unknowns import after_apply, is_whole, origins_of, refused_part, unknown, unknowns_in
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Unknown, Value, at
from support import state

HERE, THERE = Place("main.tf", 1, 1, 1, 9, pointer="x"), Place("main.tf", 9, 9)
LOST = Unknown("no value for var.x", HERE, ("var.x",), how="pass it")
REFUSED = Unknown("an index is too large", HERE, ("var.y",), how="count", is_refused=True)


def leaf(content: Leaf, *, sensitive: bool = False, written: bool = True) -> Known[Tree]:
    return Known(content, HERE, sensitive, written)


def items(*values: Value[Tree], is_set: bool = False) -> Known[Tree]:
    return Known(List(values, is_set), HERE)


def entries(unlisted: Unknown | None = None, **values: Value[Tree]) -> Known[Tree]:
    return Known(Map({key: Entry(key, THERE, value) for key, value in values.items()}, unlisted), HERE)


ONE, SECRET, NULL = leaf(1), leaf("s", sensitive=True), Absent(HERE)


@pytest.mark.parametrize("data", [None, 1, 1.5, True, "a", "", [], {}, [1, [None, "b"]], {"a": {"b": [1]}, "c": None}])
@pytest.mark.parametrize("sensitive", [True, False])
def test_data_becomes_a_value_and_data_again(data: Any, sensitive: bool) -> None:
    value = from_plain(data, THERE, sensitive=sensitive)
    assert plain(value) == data
    assert value.place == THERE
    if isinstance(value, Known):
        assert (value.sensitive, value.written) == (sensitive, False)
    else:
        assert value == Absent(THERE, explicit=True)


def test_where_the_parts_of_data_stand_and_that_they_are_marked() -> None:
    value = from_plain({"a": [1, {"b": "e\u0301"}], "e\u0301": 1}, HERE, sensitive=True)
    deep = at(value, "a", 1, "b")
    assert isinstance(deep, Known)
    assert (deep.value, deep.place.pointer, deep.written) == ("\u00e9", "x.a[1].b", False)
    first = at(value, "a", 0)
    assert isinstance(first, Known)
    assert (first.place.pointer, first.sensitive) == ("x.a[0]", True)
    assert state(at(value, "\u00e9")) == 1


@pytest.mark.parametrize("wrap", [lambda data: [data], lambda data: {"a": data}])
def test_data_that_is_nested_too_deeply(wrap: Any) -> None:
    data: Any = 1
    for _ in range(MAX_DEPTH):
        data = wrap(data)
    assert plain(from_plain(data, HERE)) == data
    with pytest.raises(UndecidedError, match="the value is nested too deeply"):
        from_plain(wrap(data), HERE)


@pytest.mark.parametrize("value", [LOST, items(ONE, LOST), entries(a=LOST), entries(LOST)])
def test_what_is_unknown_is_no_data(value: Value[Tree]) -> None:
    with pytest.raises(UndecidedError) as caught:
        plain(value)
    assert (caught.value.why, caught.value.how, caught.value.is_refused) == ("no value for var.x", "pass it", False)
    assert caught.value.unknown(THERE) == Unknown("no value for var.x", THERE, how="pass it")


def test_what_is_refused_stays_refused() -> None:
    with pytest.raises(RefusedError) as caught:
        plain(items(REFUSED))
    assert caught.value.unknown(THERE) == Unknown("an index is too large", THERE, how="count", is_refused=True)
    assert str(caught.value) == "an index is too large"
    assert refused("why", THERE) == Unknown("why", THERE, is_refused=True)


def test_a_value_that_is_moved_is_no_literal_any_more_and_keeps_its_marks() -> None:
    assert moved(LOST, THERE) == Unknown("no value for var.x", THERE, ("var.x",), how="pass it")
    assert moved(NULL, THERE) == Absent(THERE)
    document = Known({"a": 1}, HERE)
    text = Known("1", HERE, document=document, is_loose=True)
    expected = Known("1", THERE, written=False, document=document, is_loose=True, written_at=HERE)
    assert moved(text, THERE) == expected
    again = moved(expected, Place("other.tf", 1, 1))
    assert isinstance(again, Known)
    assert again.written_at == HERE
    for value in (text, items(ONE), entries(a=ONE)):
        marked = moved(value, THERE, sensitive=True)
        assert isinstance(marked, Known)
        assert (marked.sensitive, marked.written) == (True, False)
        plainly = moved(value, THERE)
        assert isinstance(plainly, Known)
        assert not plainly.sensitive
        kept = moved(Known(value.value, HERE, sensitive=True), THERE)
        assert isinstance(kept, Known)
        assert kept.sensitive


def test_parts_move_with_the_whole() -> None:
    tree = Known(Map({"a": Entry("a", HERE, items(ONE))}, LOST, STRING), HERE)
    result = moved(tree, HERE)
    assert isinstance(result, Known)
    assert isinstance(result.value, Map)
    assert (result.value.unlisted, result.value.element) == (LOST, STRING)
    assert result.value.entries["a"].key_place.pointer == "x.a"
    assert at(result, "a", 0).place.pointer == "x.a[0]"
    collected = moved(Known(List((ONE,), is_set=True, element=STRING), HERE), THERE)
    assert isinstance(collected, Known)
    assert isinstance(collected.value, List)
    assert (collected.value.is_set, collected.value.element) == (True, STRING)


def test_values_put_together() -> None:
    tuple_of = listed([ONE, SECRET], HERE, sensitive=True, is_set=True, element=STRING)
    assert (tuple_of.sensitive, tuple_of.written, tuple_of.place) == (True, False, HERE)
    assert isinstance(tuple_of.value, List)
    assert (tuple_of.value.is_set, tuple_of.value.element) == (True, STRING)
    assert [item.place.pointer for item in tuple_of.value.items] == ["x[0]", "x[1]"]
    assert listed([], HERE) == Known(List(()), HERE, written=False)
    object_of = mapped({"a": ONE}, HERE, unlisted=LOST, sensitive=True, element=STRING)
    assert (object_of.sensitive, object_of.written) == (True, False)
    assert isinstance(object_of.value, Map)
    assert (object_of.value.unlisted, object_of.value.element) == (LOST, STRING)
    assert mapped({}, HERE) == Known(Map({}), HERE, written=False)


@pytest.mark.parametrize(
    ("values", "written", "sensitive"),
    [
        ([], True, False),
        ([ONE], True, False),
        ([leaf(1, written=False)], False, False),
        ([ONE, leaf(1, written=False)], False, False),
        ([LOST, NULL], True, False),
        ([ONE, SECRET], True, True),
        ([items(SECRET)], True, False),
    ],
)
def test_several_values(values: list[Value[Tree]], written: bool, sensitive: bool) -> None:
    assert (are_written(values), any_sensitive(values)) == (written, sensitive)


@pytest.mark.parametrize(
    ("value", "marked"),
    [
        (SECRET, True),
        (ONE, False),
        (LOST, False),
        (NULL, False),
        (items(ONE, SECRET), True),
        (items(ONE), False),
        (entries(a=ONE, b=items(SECRET)), True),
        (entries(a=ONE), False),
        (Known(List(()), HERE, sensitive=True), True),
        (Known(Map({}), HERE, sensitive=True), True),
    ],
)
def test_a_mark_on_any_part(value: Value[Tree], marked: bool) -> None:
    assert is_marked(value) is marked


def test_what_a_for_goes_through() -> None:
    assert entries_of(items(ONE, SECRET)) == [
        (Known(0, HERE, written=False), ONE),
        (Known(1, HERE, written=False), SECRET),
    ]
    assert entries_of(items(ONE, is_set=True)) == [(ONE, ONE)]
    assert entries_of(entries(LOST, b=ONE, a=SECRET)) == [
        (Known("a", THERE, written=False), SECRET),
        (Known("b", THERE, written=False), ONE),
    ]
    assert entries_of(items(LOST, is_set=True)) == [(LOST, LOST)]
    for value in (items(LOST, ONE, is_set=True), ONE, LOST, NULL):
        assert entries_of(value) is None
    for tree in (List((ONE, LOST)), Map({"a": Entry("a", THERE, ONE)})):
        pairs = entries_of(Known(tree, HERE, sensitive=True))
        assert pairs is not None
        key, value = pairs[0]
        assert isinstance(key, Known)
        assert isinstance(value, Known)
        assert (key.sensitive, value.sensitive, value.value) == (True, True, 1)


TREE = entries(a=items(ONE, leaf("b")), s=items(ONE, is_set=True), n=NULL, t=leaf("x"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), TREE),
        (("a", 0), ONE),
        (("a", "1"), leaf("b")),
        (("a", "1.0"), leaf("b")),
        (("a", "-0"), ONE),
        ((0,), "what is asked for is not in this map"),
        (("none",), "what is asked for is not in this map"),
        (("a", 2), "what is asked for is not in this list"),
        (("a", -1), "what is asked for is not in this list"),
        (("a", "-1"), "what is asked for is not in this list"),
        (("a", "--0"), "what is asked for is not in this list"),
        (("a", "-+0"), "what is asked for is not in this list"),
        (("a", "x"), "what is asked for is not in this list"),
        (("a", "0.5"), "what is asked for is not in this list"),
        (("s", 0), "a value is asked for parts that it does not have"),
        (("t", "x"), "a value is asked for parts that it does not have"),
        (("n", "x"), "null has no parts that could be asked for"),
    ],
)
def test_steps_into_a_value(path: tuple[str | int, ...], expected: Value[Tree] | str) -> None:
    wanted = refused(expected, THERE) if isinstance(expected, str) else expected
    assert walked(TREE, *path, place=THERE) == wanted


def test_a_number_is_a_key_too() -> None:
    assert walked(Known(Map({"0": Entry("0", THERE, ONE)}), HERE), 0, place=THERE) == ONE


def test_steps_into_what_is_not_known() -> None:
    lost = Unknown("why", HERE, ("var.x",), "s3://", Known(1, HERE), "how", STRING, is_never_null=True)
    below = Unknown("why", HERE, ("var.x",), how="how")
    assert walked(lost, "a", 0, place=THERE) == below
    assert walked(entries(lost), "a", place=THERE) == below
    assert walked(entries(lost, a=ONE), "a", place=THERE) == ONE


def test_unknown_parts() -> None:
    both = entries(REFUSED, a=items(LOST, ONE), b=NULL)
    assert list(unknowns_in(both)) == [LOST, REFUSED]
    assert list(unknowns_in(LOST)) == [LOST]
    assert [is_whole(value) for value in (ONE, NULL, items(ONE), LOST, both, entries(LOST))] == [
        *(True, True, True, False, False, False)
    ]
    assert origins_of(items(LOST, LOST), ONE, REFUSED) == ("var.x", "var.y")
    assert refused_part(ONE, LOST, both) == REFUSED
    assert refused_part(ONE, LOST) is None
    assert unknown("why", THERE, ONE, how="how") == Unknown("why", THERE, how="how")
    first = unknown("why", THERE, ONE, LOST, items(LOST), how="how")
    assert first == Unknown("no value for var.x", THERE, ("var.x",), how="pass it")
    worst = unknown("why", THERE, LOST, REFUSED)
    assert worst == Unknown("an index is too large", THERE, ("var.x", "var.y"), how="count", is_refused=True)
    later = after_apply("aws_x.a.id", THERE, ("aws_x.a",))
    assert later == Unknown("aws_x.a.id is known only after apply", THERE, ("aws_x.a",), how="scan the state then")
