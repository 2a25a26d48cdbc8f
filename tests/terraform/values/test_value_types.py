"""Types of values, the one type of several, and values converted to it: by the rules of go-cty."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.values.common_type import as_set, common_type, converted, loosened, set_text, unified
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.types import (
    BOOL,
    DOUBTFUL,
    DYNAMIC,
    NUMBER,
    OPEN,
    STRING,
    can_convert,
    has_untyped_null,
    is_doubtful,
    is_dynamic,
    is_open,
    part_of,
    type_of,
    unify,
)
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Type, Unknown, Value
from support import plain

HERE, THERE = Place("main.tf", 1, 1), Place("main.tf", 9, 9)
NULL = Absent(HERE)
LOST = Unknown("no value for var.x", HERE)


def of_list(element: Type) -> Type:
    return Type("list", (element,))


def of_set(element: Type) -> Type:
    return Type("set", (element,))


def of_map(element: Type) -> Type:
    return Type("map", (element,))


def of_tuple(*parts: Type) -> Type:
    return Type("tuple", parts)


def of_object(**parts: Type) -> Type:
    return Type("object", tuple(parts[key] for key in sorted(parts)), tuple(sorted(parts)))


def leaf(content: Leaf, *, loose: bool = False) -> Known[Tree]:
    return Known(content, HERE, is_loose=loose)


def items(*values: Value[Tree], element: Type | None = None, is_set: bool = False) -> Known[Tree]:
    return Known(List(values, is_set, element), HERE)


def entries(element: Type | None = None, unlisted: Unknown | None = None, **values: Value[Tree]) -> Known[Tree]:
    return Known(Map({key: Entry(key, THERE, value) for key, value in values.items()}, unlisted, element), HERE)


ONE, TEXT = leaf(1), leaf("a")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ONE, NUMBER),
        (leaf(1.5), NUMBER),
        (TEXT, STRING),
        (leaf(content=True), BOOL),
        (leaf("1", loose=True), OPEN),
        (NULL, DYNAMIC),
        (Absent(HERE, type=STRING), STRING),
        (LOST, OPEN),
        (Unknown("", HERE, type=BOOL), BOOL),
        (items(), of_tuple()),
        (items(ONE, TEXT), of_tuple(NUMBER, STRING)),
        (items(ONE, element=NUMBER), of_list(NUMBER)),
        (items(ONE, element=NUMBER, is_set=True), of_set(NUMBER)),
        (items(ONE, element=OPEN), OPEN),
        (entries(), of_object()),
        (entries(b=ONE, a=TEXT), of_object(a=STRING, b=NUMBER)),
        (entries(a=ONE, element=NUMBER), of_map(NUMBER)),
        (entries(a=ONE, element=OPEN), OPEN),
        (entries(a=ONE, unlisted=LOST), OPEN),
        (entries(a=ONE, unlisted=LOST, element=NUMBER), of_map(NUMBER)),
    ],
)
def test_the_type_of_a_value(value: Value[Tree], expected: Type) -> None:
    assert type_of(value) == expected


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([], DYNAMIC),
        ([NUMBER], NUMBER),
        ([NUMBER, NUMBER], NUMBER),
        ([DYNAMIC, DYNAMIC], DYNAMIC),
        ([NUMBER, DYNAMIC], NUMBER),
        ([NUMBER, STRING], STRING),
        ([STRING, BOOL], STRING),
        ([NUMBER, BOOL, STRING], STRING),
        ([NUMBER, BOOL], None),
        ([NUMBER, BOOL, DYNAMIC], DYNAMIC),
        ([NUMBER, OPEN], OPEN),
        ([STRING, OPEN], STRING),
        ([NUMBER, BOOL, OPEN], DOUBTFUL),
        ([STRING, of_list(STRING)], None),
        ([of_list(NUMBER), of_list(STRING)], of_list(STRING)),
        ([of_list(NUMBER), of_list(BOOL)], None),
        ([of_set(NUMBER), of_set(STRING)], of_set(STRING)),
        ([of_map(NUMBER), of_map(STRING)], of_map(STRING)),
        ([of_list(NUMBER), of_map(NUMBER)], None),
        ([of_list(NUMBER), of_tuple(STRING)], of_list(STRING)),
        ([of_list(NUMBER), of_tuple()], of_list(NUMBER)),
        ([of_map(NUMBER), of_object(a=STRING)], of_map(STRING)),
        ([of_tuple(NUMBER), of_object(a=STRING)], None),
        ([of_tuple(NUMBER, STRING), of_tuple(STRING, NUMBER)], of_tuple(STRING, STRING)),
        ([of_tuple(NUMBER, STRING), of_tuple(NUMBER)], of_list(STRING)),
        ([of_tuple(NUMBER), of_tuple(BOOL)], None),
        ([of_tuple(NUMBER), of_tuple(of_list(NUMBER), NUMBER)], None),
        ([of_object(a=NUMBER), of_object(a=STRING)], of_object(a=STRING)),
        ([of_object(a=NUMBER), of_object(b=STRING)], of_map(STRING)),
        ([of_object(a=NUMBER), of_object(a=BOOL)], None),
        ([of_object(a=NUMBER), of_object(b=BOOL)], None),
        ([of_object(a=NUMBER, b=NUMBER), of_object(a=NUMBER)], of_map(NUMBER)),
        ([of_set(STRING), of_list(STRING)], of_list(STRING)),
        ([of_set(STRING), of_tuple(NUMBER)], of_set(STRING)),
        ([of_set(STRING), of_list(NUMBER)], of_list(NUMBER)),
        ([of_set(STRING), of_list(NUMBER), of_tuple(STRING)], of_list(NUMBER)),
        ([of_set(of_list(NUMBER)), of_list(NUMBER)], None),
        ([of_list(DYNAMIC), of_list(of_list(STRING))], of_list(DYNAMIC)),
    ],
)
def test_the_one_type_of_several(types: list[Type], expected: Type | None) -> None:
    assert unify(types) == expected
    assert unify(reversed(types)) == expected


@pytest.mark.parametrize(
    ("types", "has_one"),
    [
        ([DYNAMIC, of_list(STRING)], True),
        ([DYNAMIC, of_object()], True),
        ([DYNAMIC, STRING, NUMBER, BOOL, OPEN], False),
        ([of_list(STRING)], False),
        ([], False),
    ],
)
def test_a_null_without_a_type_beside_a_collection(types: list[Type], has_one: bool) -> None:
    assert has_untyped_null(types) is has_one


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        (STRING, STRING, True),
        (NUMBER, STRING, True),
        (BOOL, STRING, True),
        (STRING, NUMBER, True),
        (STRING, BOOL, True),
        (NUMBER, BOOL, False),
        (BOOL, NUMBER, False),
        (DYNAMIC, of_list(STRING), True),
        (STRING, DYNAMIC, True),
        (OPEN, of_map(STRING), True),
        (STRING, OPEN, True),
        (of_list(STRING), STRING, False),
        (STRING, of_list(STRING), False),
        (of_list(NUMBER), of_list(STRING), True),
        (of_list(NUMBER), of_set(BOOL), False),
        (of_set(NUMBER), of_list(STRING), True),
        (of_tuple(NUMBER, BOOL), of_list(STRING), True),
        (of_tuple(NUMBER, BOOL), of_list(NUMBER), False),
        (of_tuple(NUMBER, BOOL), of_list(DYNAMIC), False),
        (of_tuple(NUMBER, STRING), of_set(DYNAMIC), True),
        (of_object(a=NUMBER, b=BOOL), of_map(DYNAMIC), False),
        (of_object(a=NUMBER, b=STRING), of_map(DYNAMIC), True),
        (of_object(a=NUMBER), of_map(STRING), True),
        (of_object(a=NUMBER), of_map(BOOL), False),
        (of_map(NUMBER), of_map(STRING), True),
        (of_list(NUMBER), of_map(NUMBER), False),
        (of_map(NUMBER), of_list(NUMBER), False),
        (of_tuple(NUMBER), of_tuple(STRING), True),
        (of_tuple(NUMBER), of_tuple(BOOL), False),
        (of_tuple(NUMBER), of_tuple(STRING, STRING), False),
        (of_list(NUMBER), of_tuple(NUMBER), False),
        (of_object(a=NUMBER, b=BOOL), of_object(a=STRING), True),
        (of_object(a=NUMBER), of_object(a=BOOL), False),
        (of_object(a=NUMBER), of_object(b=NUMBER), False),
        (of_map(NUMBER), of_object(a=STRING, b=STRING), True),
        (of_map(NUMBER), of_object(a=STRING, b=BOOL), False),
    ],
)
def test_what_terraform_tries_to_convert(given: Type, wanted: Type, expected: bool) -> None:
    assert can_convert(given, wanted) is expected


@pytest.mark.parametrize(
    ("of", "steps", "expected"),
    [
        (STRING, [], STRING),
        (STRING, ["a"], None),
        (of_list(STRING), [7], STRING),
        (of_map(STRING), ["a"], STRING),
        (of_set(STRING), [0], STRING),
        (of_object(a=NUMBER, b=STRING), ["b"], STRING),
        (of_object(a=NUMBER), ["c"], None),
        (of_tuple(NUMBER, STRING), [1], STRING),
        (of_tuple(NUMBER), [1], None),
        (of_tuple(NUMBER), ["0"], None),
        (of_list(of_object(a=BOOL)), [0, "a"], BOOL),
        (of_list(OPEN), [], None),
        (of_list(OPEN), [0], None),
    ],
)
def test_the_type_behind_steps(of: Type, steps: list[str | int], expected: Type | None) -> None:
    assert part_of(of, steps) == expected


def test_types_that_are_not_settled() -> None:
    for check, kind in ((is_open, OPEN), (is_doubtful, DOUBTFUL), (is_dynamic, DYNAMIC)):
        assert check(kind)
        assert check(of_tuple(STRING, of_list(kind)))
        assert not check(of_tuple(STRING, of_list(NUMBER)))
    assert not is_doubtful(OPEN)


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        (ONE, STRING, "1"),
        (leaf("1"), NUMBER, 1),
        (leaf("true"), BOOL, True),
        (ONE, DYNAMIC, 1),
        (items(ONE, leaf("b")), of_list(STRING), ["1", "b"]),
        (items(ONE, leaf("b")), of_list(DYNAMIC), ["1", "b"]),
        (items(leaf("b"), ONE, leaf("b"), leaf("1")), of_set(STRING), ["1", "b"]),
        (items(ONE, leaf("2")), of_tuple(STRING, NUMBER), ["1", 2]),
        (entries(a=ONE), of_map(STRING), {"a": "1"}),
        (entries(a=ONE, b=TEXT), of_map(DYNAMIC), {"a": "1", "b": "a"}),
        (entries(a=ONE, b=TEXT), of_object(a=STRING), {"a": "1"}),
        (entries(a=ONE, unlisted=LOST), of_object(a=STRING, b=STRING), {"a": "1", "b": "?"}),
        (entries(a=ONE, unlisted=LOST), of_map(STRING), {"a": "1", "?": "?"}),
        (items(ONE, LOST), of_list(STRING), ["1", "?"]),
        (NULL, STRING, None),
    ],
)
def test_values_converted(value: Value[Tree], wanted: Type, expected: object) -> None:
    result = converted(value, wanted)
    assert plain(result) == expected
    assert result.place == value.place
    if wanted != DYNAMIC and wanted.parts != (DYNAMIC,):
        assert type_of(result) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (items(), STRING),
        (items(), NUMBER),
        (ONE, BOOL),
        (leaf(content=True), NUMBER),
        (TEXT, of_list(STRING)),
        (TEXT, of_map(STRING)),
        (entries(), of_list(STRING)),
        (items(), of_map(STRING)),
        (items(ONE), of_tuple(STRING, STRING)),
        (items(ONE, is_set=True, element=NUMBER), of_tuple(NUMBER)),
        (items(), of_object()),
        (entries(a=ONE), of_object(a=STRING, b=STRING)),
        (items(ONE, leaf(content=True)), of_list(DYNAMIC)),
        (items(NULL, items()), of_list(DYNAMIC)),
        (Unknown("", HERE, type=NUMBER), BOOL),
        (Absent(HERE, type=NUMBER), BOOL),
    ],
)
def test_what_cannot_be_converted(value: Value[Tree], wanted: Type) -> None:
    with pytest.raises(RefusedError):
        converted(value, wanted)


def test_what_stays_of_an_unknown_value() -> None:
    lost = Unknown("why", HERE, ("var.x",), prefix="s3://", how="how", type=STRING)
    assert converted(lost, STRING) == lost
    number = converted(lost, NUMBER)
    assert number == Unknown("why", HERE, ("var.x",), how="how", type=NUMBER)
    assert converted(LOST, of_list(DYNAMIC)) == LOST
    assert converted(lost, OPEN) == converted(lost, DYNAMIC) == lost
    refused = Unknown("why", HERE, is_refused=True, type=NUMBER)
    assert converted(refused, BOOL) == refused
    assert converted(NULL, STRING) == Absent(HERE, type=STRING)
    assert converted(Absent(HERE, type=NUMBER), STRING) == Absent(HERE, type=STRING)


def test_what_comes_of_places_and_marks() -> None:
    secret = Known("1", HERE, sensitive=True, written=False, is_loose=True)
    for wanted, content in ((STRING, "1"), (NUMBER, 1)):
        assert converted(secret, wanted) == Known(content, HERE, sensitive=True, written=False)
    switch = Known("true", HERE, sensitive=True, is_loose=True)
    assert converted(switch, BOOL) == Known(value=True, place=HERE, sensitive=True)
    before = Entry("a", THERE, ONE, (TEXT,))
    for wanted in (of_map(STRING), of_object(a=STRING)):
        result = converted(Known(Map({"a": before}), HERE), wanted)
        assert isinstance(result, Known)
        assert isinstance(result.value, Map)
        assert result.value.entries["a"] == Entry("a", THERE, leaf("1"), (TEXT,))


def test_the_order_of_a_set_that_is_not_known() -> None:
    in_some_order = converted(items(LOST, TEXT, is_set=True, element=STRING), of_list(STRING))
    assert in_some_order == replace(LOST, place=HERE, type=of_list(STRING), is_never_null=True)
    assert plain(converted(items(TEXT, is_set=True, element=STRING), of_list(STRING))) == ["a"]
    assert plain(converted(items(LOST, TEXT), of_set(STRING))) == ["a", "?"]


def test_what_values_have_in_common() -> None:
    assert common_type([ONE, TEXT]) == STRING
    assert plain(items(*unified([ONE, TEXT]))) == ["1", "a"]
    with pytest.raises(RefusedError, match=r"^the values have no common type$"):
        common_type([ONE, items()])
    with pytest.raises(UndecidedError, match=r"whether the values have a common type is not known") as caught:
        common_type([ONE, leaf(content=True), LOST])
    assert not isinstance(caught.value, RefusedError)


def test_what_may_turn_out_to_be_of_another_type() -> None:
    given = entries(a=ONE, b=TEXT, c=leaf("1"), d=leaf("true"), e=items(leaf("false")), f=NULL, g=leaf("1.5x"))
    result = loosened(given)
    assert isinstance(result, Known)
    assert isinstance(result.value, Map)
    parts = {key: entry.value for key, entry in result.value.entries.items()}
    loose = {key for key, part in parts.items() if isinstance(part, Known) and part.is_loose}
    assert loose == {"a", "c", "d"}
    inner = parts["e"]
    assert isinstance(inner, Known)
    assert inner.value == List((leaf("false", loose=True),), element=OPEN)
    assert result.value.element == OPEN
    assert loosened(Unknown("why", HERE, type=STRING)) == Unknown("why", HERE)
    assert loosened(Absent(HERE, type=STRING)) == NULL
    assert converted(ONE, OPEN) == leaf(1, loose=True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([leaf(10), leaf(9), leaf(10)], [9, 10]),
        ([leaf("b"), leaf("B"), leaf("10"), leaf("9")], ["10", "9", "B", "b"]),
        ([leaf('a"'), leaf("a\\"), leaf("a#")], ['a"', "a#", "a\\"]),
        ([leaf(content=True), leaf(content=False)], [False, True]),
        ([NULL, TEXT], ["a", None]),
        ([LOST, TEXT, LOST], ["a", "?", "?"]),
        ([items(leaf(2)), items(leaf(10)), items(leaf(2))], [[10], [2]]),
        ([leaf(1), leaf("a")], ["1", "a"]),
    ],
)
def test_a_set_is_in_order_and_holds_each_once(values: list[Value[Tree]], expected: object) -> None:
    result = as_set(values, THERE, sensitive=True)
    assert plain(result) == expected
    assert isinstance(result, Known)
    assert isinstance(result.value, List)
    assert (result.place, result.sensitive, result.value.is_set) == (THERE, True, True)
    element = common_type(values) if values else DYNAMIC
    assert result.value.element == element
    unmarked = as_set(values, THERE)
    assert isinstance(unmarked, Known)
    assert not unmarked.sensitive


@pytest.mark.parametrize(
    ("data", "of", "text"),
    [
        (None, OPEN, "~"),
        (True, OPEN, "T"),
        (False, OPEN, "F"),
        ('a"\\', OPEN, '"a\\"\\\\"'),
        (1.5, OPEN, "1.5"),
        ([1, "a"], OPEN, '[1;"a";]'),
        ([], OPEN, "[]"),
        ([{"b": 1, "a": 2}], OPEN, "[{2;1;}ab;]"),
        ({"b": 1, "a": 2}, of_map(NUMBER), '{"a":2;"b":1;}'),
        ({"a": {"c": 1}}, of_object(a=of_map(NUMBER)), '{{"c":1;};}a'),
        ([{"c": 1}], of_list(of_map(NUMBER)), '[{"c":1;};]'),
        ([{"c": 1}, {"c": 1}], of_tuple(of_map(NUMBER), of_object(c=NUMBER)), '[{"c":1;};{1;}c;]'),
    ],
)
def test_the_text_by_which_members_of_sets_are_told_apart(data: object, of: Type, text: str) -> None:
    assert set_text(data, of) == text
