"""Values that a kustomization copies from one object into others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.replacements import replaced, steps
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.trees import with_inner
from astrovet.place import Place
from astrovet.value import Known, Tree, Unknown, Value, at
from support import plain

OBJECTS = [
    {"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"url": "tcp://host:80", "n": 7, "e": ""}},
    {"kind": "Release", "metadata": {"name": "b"}, "spec": {
        "url": "x", "list": [{"name": "one", "v": 1}, {"name": "two", "v": 2}], "m": {"k": 1, "l": 2},
        "flag": True, "half": 2.5, "text": "a-b-c", "a.b": "dot", "words": ["v", "w"], "open": "${OPEN}",
    }},
    {"kind": "Release", "metadata": {"name": "c"}, "spec": {"url": "y"}},
    {"kind": "Texts", "metadata": {"name": "d"}, "spec": {"half": "1.5", "no": "false", "dashes": "a---b"}},
]  # fmt: skip


def tree(content: Any, path: str = "k.yaml") -> Value[Tree]:
    return read_yaml(path, json.dumps(content))[0].root


RESOURCES = [Resource(tree({"apiVersion": "v1", **content}, "objects.yaml"), "objects.yaml") for content in OBJECTS]
URL = {"kind": "ConfigMap", "fieldPath": "data.url"}


def replacing(source: Any, *paths: str, select: Any = None, **target: Any) -> list[Resource]:
    listed = {"select": select or {"name": "b"}, "fieldPaths": list(paths), **target}
    return replaced(RESOURCES, tree({"source": source, "targets": [listed]}))


def spec(resources: list[Resource], index: int = 1) -> Any:
    return plain(at(resources[index].root, "spec"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("spec.url", ("url",)),
        ("spec.list.[name=two].v", ("list", 1, "v")),
        ("spec.list[name=one].v", ("list", 0, "v")),
        ("spec.list.1.v", ("list", 1, "v")),
        ("spec.words.0", ("words", 0)),
        ("spec.m.k", ("m", "k")),
        ("spec.a\\.b", ("a.b",)),
        ("spec.list.[name=three].v", None),
        ("spec.list.2.v", None),
        ("spec.list.name.v", None),
        ("spec.none", None),
        ("spec.url.none", None),
    ],
)
def test_where_a_value_is_put(path: str, expected: tuple[str | int, ...] | None) -> None:
    if expected is None:
        with pytest.raises(Refused, match="a replacement names a field that is not there") as refused:
            replacing(URL, path)
        assert (refused.value.place.path, refused.value.place.column) == ("k.yaml", 1)
        return
    made = replacing(URL, path)
    assert at(made[1].root, "spec", *expected) == at(RESOURCES[0].root, "data", "url")
    assert (made[0], made[2]) == (RESOURCES[0], RESOURCES[2])
    changed = plain(at(made[1].root, "spec"))
    before: Any = plain(at(RESOURCES[1].root, "spec"))
    inner, old = changed, before
    for step in expected[:-1]:
        inner, old = inner[step], old[step]
    inner[expected[-1]] = old[expected[-1]]
    assert changed == before


def test_a_star_means_every_item() -> None:
    assert spec(replacing(URL, "spec.list.*.name"))["list"] == [
        {"name": "tcp://host:80", "v": number} for number in (1, 2)
    ]
    assert spec(replacing(URL, "spec.words.*"))["words"] == ["tcp://host:80"] * 2
    assert spec(replacing({"kind": "ConfigMap", "fieldPath": "data.n"}, "spec.m.*"))["m"] == {"k": 7, "l": 7}


def test_several_paths_and_targets() -> None:
    made = replacing(URL, "spec.url", "spec.text")
    assert (spec(made)["url"], spec(made)["text"]) == ("tcp://host:80",) * 2
    made = replacing(URL, "spec.url", select={"kind": "Release"})
    assert [spec(made, index)["url"] for index in (1, 2)] == ["tcp://host:80"] * 2
    made = replacing(URL, "spec.url", select={"kind": "Release"}, reject=[{"name": "other"}, {"name": "b"}])
    assert [spec(made, index)["url"] for index in (1, 2)] == ["x", "tcp://host:80"]


def test_names_are_copied_where_no_field_is_named() -> None:
    made = replacing({"kind": "ConfigMap"}, select={"name": "c"})
    assert plain(at(made[2].root, "metadata", "name")) == "a"


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ({"name": "b", "fieldPath": "spec.list.[name=two].v"}, "spec.url", 2),
        ({"name": "b", "fieldPath": "spec.list.1.v"}, "spec.url", 2),
        ({"name": "b", "fieldPath": "spec.words.0"}, "spec.text", "v"),
        ({"kind": "ConfigMap", "fieldPath": "data.n"}, "spec.text", "7"),
        ({"kind": "ConfigMap", "fieldPath": "data.n"}, "spec.m.k", 7),
        ({"kind": "ConfigMap", "fieldPath": "data.url"}, "spec.m.k", "tcp://host:80"),
        ({"name": "b", "fieldPath": "spec.flag"}, "spec.text", "true"),
        ({**URL, "options": {"delimiter": ":", "index": 2}}, "spec.m.k", 80),
        ({**URL, "options": {"delimiter": ":", "index": 2}}, "spec.text", "80"),
        ({"name": "d", "fieldPath": "spec.half"}, "spec.half", 1.5),
        ({"name": "d", "fieldPath": "spec.no"}, "spec.flag", False),
        ({**URL, "options": {"delimiter": ":"}}, "spec.text", "tcp"),
        ({**URL, "options": {"index": 1}}, "spec.text", "tcp://host:80"),
        ({"name": "d", "fieldPath": "spec.dashes", "options": {"delimiter": "--"}}, "spec.text", "a"),
    ],
)
def test_what_is_copied(source: Any, path: str, expected: object) -> None:
    value = at(replacing(source, path)[1].root, *path.split("."))
    assert plain(value) == (str(expected) if path in {"spec.url", "spec.text"} else expected)
    assert type(plain(value)) in {str, int, float, bool}
    assert value.place.path == "objects.yaml"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ({"kind": "Release", "fieldPath": "spec.url"}, "a replacement names a source that is not one object"),
        ({"kind": "None"}, "a replacement names a source that is not one object"),
        ({"kind": "ConfigMap", "fieldPath": "data.none"}, "a replacement names a field that is not there"),
        ({"kind": "ConfigMap", "fieldPath": "data.url.none"}, "a replacement names a field that is not there"),
        ({"name": "b", "fieldPath": "spec.list.[name=no]"}, "a replacement names a field that is not there"),
        ({"name": "b", "fieldPath": "spec.list.name"}, "a replacement names a field that is not there"),
        ({"name": "b", "fieldPath": "spec.list.2"}, "a replacement names a field that is not there"),
        ({"name": "b", "fieldPath": "spec.list.100000000"}, "a replacement names a field that is not there"),
        (
            {**URL, "options": {"delimiter": ":", "index": 3}},
            "a replacement takes a piece of a text that there is not",
        ),
        (
            {**URL, "options": {"delimiter": ":", "index": -1}},
            "a replacement takes a piece of a text that there is not",
        ),
    ],
)
def test_sources_that_kustomize_refuses(source: Any, why: str) -> None:
    with pytest.raises(Refused) as refused:
        replacing(source, "spec.url")
    assert refused.value.why == why
    assert refused.value.place.path == "k.yaml"


@pytest.mark.parametrize(
    ("index", "expected"),
    [(None, "7-b-c"), (0, "7-b-c"), (1, "a-7-c"), (2, "a-b-7"), (3, "a-b-c-7"), (-1, "7-a-b-c")],
)
def test_a_piece_of_a_text_is_put(index: int | None, expected: str) -> None:
    options = {"delimiter": "-"} | ({} if index is None else {"index": index})
    made = replacing({"kind": "ConfigMap", "fieldPath": "data.n"}, "spec.text", options=options)
    assert spec(made)["text"] == expected


def test_pieces_are_counted_from_the_beginning() -> None:
    source = {"kind": "ConfigMap", "fieldPath": "data.n"}
    made = replacing(source, "spec.dashes", select={"name": "d"}, options={"delimiter": "--"})
    assert spec(made, 3)["dashes"] == "7---b"


def test_a_field_is_made_where_that_is_asked() -> None:
    made = replacing(URL, "spec.new.inner", options={"create": True})
    assert spec(made)["new"] == {"inner": "tcp://host:80"}
    for options in ({"create": False}, "text"):
        with pytest.raises(Refused, match="not there"):
            replacing(URL, "spec.new", options=options)


def test_what_is_put_into_what_is_not_known_leaves_it_so() -> None:
    unknown = Unknown("who knows", Place("a"))
    resource = replace(RESOURCES[1], root=with_inner(RESOURCES[1].root, ("spec",), unknown))
    replacement = {"sourceValue": "x", "targets": [{"select": {"name": "b"}, "fieldPaths": ["spec.url"]}]}
    (made,) = replaced([resource], tree(replacement))
    assert at(made.root, "spec") == unknown


def test_a_constant_and_what_is_not_known() -> None:
    targets = [{"select": {"name": "b"}, "fieldPaths": ["spec.url"]}]
    made = replaced(RESOURCES, tree({"sourceValue": "five", "targets": targets}))
    assert spec(made)["url"] == "five"
    made = replaced(RESOURCES, tree({"targets": targets}))
    open_value = at(made[1].root, "spec", "url")
    assert getattr(open_value, "why", "") == "a replacement of the kustomization copies a value here that is not known"
    made = replacing({"name": "b", "fieldPath": "spec.m"}, "spec.text", options={"delimiter": "-"})
    assert spec(made)["text"] == "?"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b", ("a", "b")),
        ("a.[b=c.d].e", ("a", "[b=c.d]", "e")),
        ("a[b=c]", ("a", "[b=c]")),
        ("a\\.b.c", ("a.b", "c")),
        ("a.[b=c\\.d]", ("a", "[b=c\\.d]")),
        ("a.*.0", ("a", "*", "0")),
    ],
)
def test_the_steps_of_a_path(path: str, expected: tuple[str, ...]) -> None:
    assert steps(path) == expected


def test_the_value_keeps_the_place_of_its_source() -> None:
    source = RESOURCES[0].root
    value = at(replacing(URL, "spec.url")[1].root, "spec", "url")
    assert isinstance(value, Known)
    assert value.place == at(source, "data", "url").place
