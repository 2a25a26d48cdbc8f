"""Terraform's `==`: true, false, or dependent on something unknown."""

from __future__ import annotations

import pytest

from astrovet.place import Place
from astrovet.terraform.values.equality import kind, same
from astrovet.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Type, Unknown, Value

HERE = Place("main.tf", 1, 1)
NULL = Absent(HERE)


def leaf(content: Leaf, *, loose: bool = False) -> Known[Tree]:
    return Known(content, HERE, is_loose=loose)


def tuple_of(*items: Value[Tree], element: Type | None = None, is_set: bool = False) -> Known[Tree]:
    return Known(List(items, is_set, element), HERE)


def object_of(element: Type | None = None, unlisted: Unknown | None = None, **values: Value[Tree]) -> Known[Tree]:
    return Known(Map({key: Entry(key, HERE, value) for key, value in values.items()}, unlisted, element), HERE)


def lost(prefix: str = "", of: Type | None = None, *, never_null: bool = False) -> Unknown:
    return Unknown("no value for var.x", HERE, prefix=prefix, type=of, is_never_null=never_null)


ONE, TWO, TEXT, TRUE = leaf(1), leaf(2), leaf("a"), leaf(content=True)


@pytest.mark.parametrize(
    ("tree", "name"),
    [
        (Map({}), "map"),
        (List(()), "list"),
        (True, "bool"),
        ("a", "string"),
        (1, "number"),
        (1.5, "number"),
    ],
)
def test_kinds(tree: Tree, name: str) -> None:
    assert kind(tree) == name


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        # leaves
        (ONE, ONE, True),
        (ONE, TWO, False),
        (ONE, leaf(1.0), True),
        (ONE, leaf("1"), False),
        (ONE, TRUE, False),
        (TEXT, leaf("b"), False),
        (leaf(0.1234567890123456), leaf(0.1234567890123456), None),
        (ONE, leaf(0.1234567890123456), None),
        (NULL, NULL, True),
        (NULL, ONE, False),
        (ONE, NULL, False),
        (NULL, tuple_of(), False),
        # what may be a number or a text
        (leaf(1, loose=True), leaf("1"), None),
        (leaf("1"), leaf(1, loose=True), None),
        (leaf("1", loose=True), leaf("1.0"), None),
        (leaf("true", loose=True), TRUE, None),
        (leaf(1, loose=True), leaf("2"), False),
        (leaf(0.1234567890123456, loose=True), TEXT, None),
        (leaf("x", loose=True), leaf("y"), False),
        (leaf(1, loose=True), tuple_of(), False),
        (object_of(), leaf(1, loose=True), False),
        # what is not known
        (lost(), ONE, None),
        (ONE, lost(), None),
        (lost(), lost(), None),
        (lost("s3://"), leaf("s3://a"), None),
        (lost("s3://"), leaf("gs://a"), False),
        (leaf("gs://a"), lost("s3://"), False),
        (lost("s3://"), ONE, False),
        (lost("s3://"), NULL, False),
        (lost("s3://"), lost("s3://a"), None),
        (lost("s3://a"), lost("s3://"), None),
        (lost("s3://a"), lost("s3://b"), False),
        (lost(), NULL, None),
        (lost(never_null=True), NULL, False),
        (lost(never_null=True), ONE, None),
        (lost(of=STRING), tuple_of(), False),
        (lost(of=STRING), object_of(), False),
        (lost(of=STRING), TEXT, None),
        (lost(of=STRING), ONE, False),
        (lost(of=NUMBER), TEXT, False),
        (lost(of=NUMBER), ONE, None),
        (lost(of=BOOL), TRUE, None),
        (lost(of=NUMBER), NULL, None),
        (lost(of=Type("list", (DYNAMIC,))), TEXT, None),
        (lost(of=Type("open")), TEXT, None),
        (lost(of=STRING), leaf(1, loose=True), None),
        # lists
        (tuple_of(), tuple_of(), True),
        (tuple_of(ONE), tuple_of(ONE), True),
        (tuple_of(ONE), tuple_of(TWO), False),
        (tuple_of(ONE), tuple_of(ONE, ONE), False),
        (tuple_of(ONE, lost()), tuple_of(TWO, ONE), False),
        (tuple_of(ONE, lost()), tuple_of(ONE, ONE), None),
        (tuple_of(TEXT, element=STRING), tuple_of(TEXT), False),
        (tuple_of(TEXT, element=STRING), tuple_of(TEXT, element=STRING), True),
        (tuple_of(TEXT, element=STRING), tuple_of(TEXT, element=STRING, is_set=True), False),
        (tuple_of(NULL), tuple_of(NULL), True),
        (tuple_of(NULL, ONE), tuple_of(NULL, TWO), False),
        (tuple_of(TEXT, element=Type("open")), tuple_of(TEXT), None),
        (tuple_of(TEXT), tuple_of(TEXT, element=Type("open")), None),
        (tuple_of(element=DYNAMIC), tuple_of(element=STRING), False),
        (tuple_of(element=STRING), tuple_of(element=DYNAMIC), False),
        (tuple_of(lost(), element=DYNAMIC), tuple_of(TEXT, element=STRING), None),
        (tuple_of(element=DYNAMIC), tuple_of(element=DYNAMIC), True),
        (tuple_of(lost(), ONE, is_set=True), tuple_of(), None),
        (tuple_of(lost(), is_set=True), tuple_of(), False),
        # Two that are not known may be one.
        (tuple_of(TEXT, is_set=True), tuple_of(lost(), lost(), is_set=True), None),
        (ONE, tuple_of(lost(), ONE, is_set=True), None),
        (ONE, tuple_of(lost(), is_set=True), False),
        (tuple_of(ONE, element=NUMBER), tuple_of(ONE, ONE, element=NUMBER), False),
        (tuple_of(), object_of(), False),
        (tuple_of(), TEXT, False),
        # maps
        (object_of(), object_of(), True),
        (object_of(a=ONE), object_of(a=ONE), True),
        (object_of(a=ONE), object_of(a=TWO), False),
        (object_of(a=ONE), object_of(b=ONE), False),
        (object_of(a=ONE), object_of(a=ONE, b=ONE), False),
        (object_of(a=ONE, b=ONE), object_of(a=ONE), False),
        (object_of(a=lost()), object_of(a=ONE), None),
        (object_of(a=lost(), b=ONE), object_of(a=ONE, b=TWO), False),
        (object_of(a=ONE, unlisted=lost()), object_of(a=ONE), None),
        (object_of(a=ONE), object_of(a=ONE, unlisted=lost()), None),
        (object_of(a=ONE, unlisted=lost()), object_of(a=ONE, b=ONE), None),
        (object_of(a=ONE, b=ONE), object_of(a=ONE, unlisted=lost()), None),
        (object_of(a=ONE, unlisted=lost()), object_of(a=TWO), False),
        (object_of(a=ONE, element=NUMBER), object_of(a=ONE), False),
        (object_of(a=ONE, element=NUMBER), object_of(a=ONE, element=NUMBER), True),
        (object_of(a=ONE, b=ONE, element=NUMBER), object_of(a=ONE, element=NUMBER), False),
        (object_of(a=ONE, unlisted=lost(), element=NUMBER), object_of(a=ONE, element=NUMBER), None),
    ],
)
def test_equality(one: Value[Tree], other: Value[Tree], equal: bool | None) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal
