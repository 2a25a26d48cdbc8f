"""The ConfigMaps and Secrets that a kustomization's generators make of files and literals."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.generators import generated
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.resources import Resource
from astrovet.value import Known, Tree, Unknown, Value, at
from support import cut, plain, state

TEXTS = {
    "base/a.txt": "first\nsecond\n",
    "base/in/b.txt": "b",
    "top.txt": "top",
    "base/app.env": "A=1\n# B=2\n\n  C=x=y\nD\nE=\n",
}


def tree(content: Any) -> Value[Tree]:
    return read_yaml("base/kustomization.yaml", json.dumps(content))[0].root


def made(generator: Any, *resources: Resource, kind: str = "configMap", **more: Any) -> list[Resource]:
    kustomization = tree({f"{kind}Generator": [{"name": "n", **generator}], **more})
    return generated(resources, kustomization, "base", "base/kustomization.yaml", TEXTS.get)


def data(generator: Any, kind: str = "configMap") -> dict[str, Any]:
    (one,) = made(generator, kind=kind)
    content: dict[str, Any] = plain(at(one.root, "data" if kind == "configMap" else "stringData"))
    return content


@pytest.mark.parametrize("kind", ["configMap", "secret"])
@pytest.mark.parametrize(
    ("generator", "expected"),
    [
        ({"files": ["a.txt"]}, {"a.txt": "first\nsecond\n"}),
        ({"files": ["in/b.txt"]}, {"b.txt": "b"}),
        ({"files": ["key=in/b.txt", "../top.txt"]}, {"key": "b", "top.txt": "top"}),
        ({"files": ["missing.txt"]}, {"missing.txt": "?"}),
        ({"envs": ["app.env"]}, {"A": "1", "C": "x=y", "E": ""}),
        ({"env": "app.env"}, {"A": "1", "C": "x=y", "E": ""}),
        ({"envs": ["missing.env", ""]}, {}),
        ({"literals": ["a=1", "b=x=y", "c"]}, {"a": "1", "b": "x=y", "c": ""}),
        ({"literals": ['a="1"', "b='2'", "c=\"3'", 'd="', "e=''", 'f=4"', "g=xx"]}, {
            "a": "1", "b": "2", "c": "\"3'", "d": '"', "e": "", "f": '4"', "g": "xx"
        }),
        ({"literals": [{}, "a=1"]}, {"a": "1"}),
        ({"envs": ["app.env"], "files": ["A=../top.txt"], "literals": ["E=e"]}, {"A": "top", "C": "x=y", "E": "e"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_the_texts_of_a_generator(generator: Any, expected: dict[str, str], kind: str) -> None:
    assert data(generator, kind) == expected


def test_every_text_has_its_place() -> None:
    (one,) = made({"files": ["a.txt", "missing.txt"], "envs": ["app.env"], "literals": ["l=1"]})
    places = {key: at(one.root, "data", key).place for key in ("a.txt", "missing.txt", "A", "C", "l")}
    assert places["a.txt"].path == "base/a.txt"
    assert (str(places["A"]), cut(TEXTS["base/app.env"], places["A"])) == ("base/app.env:1:1", "A=1")
    assert cut(TEXTS["base/app.env"], places["C"]) == "  C=x=y"
    assert places["missing.txt"].path == places["l"].path == "base/kustomization.yaml"
    missing = at(one.root, "data", "missing.txt")
    why = "the file that a generator of the kustomization names is not here"
    assert missing == Unknown(why, missing.place, how="scan it too")
    assert one.path == "base/kustomization.yaml"
    assert at(one.root, "kind") == Known("ConfigMap", one.root.place, written=False)
    assert at(one.root, "apiVersion") == Known("v1", one.root.place, written=False)


@pytest.mark.parametrize(
    ("kind", "generator", "more", "expected"),
    [
        ("configMap", {}, {}, {"kind": "ConfigMap", "metadata": {"name": "n"}, "data": {}}),
        ("configMap", {"type": "x"}, {}, {"kind": "ConfigMap", "metadata": {"name": "n"}, "data": {}}),
        ("secret", {}, {}, {"kind": "Secret", "metadata": {"name": "n"}, "stringData": {}}),
        ("secret", {"type": "x"}, {}, {"kind": "Secret", "metadata": {"name": "n"}, "stringData": {}, "type": "x"}),
        ("configMap", {"namespace": "s"}, {}, {
            "kind": "ConfigMap", "metadata": {"name": "n", "namespace": "s"}, "data": {}
        }),
        ("configMap", {"options": {"labels": {"a": "2", "c": "3"}}}, {
            "generatorOptions": {"labels": {"a": "1", "b": "1"}, "annotations": {"d": "4"}}
        }, {
            "kind": "ConfigMap", "data": {},
            "metadata": {"name": "n", "labels": {"a": "2", "b": "1", "c": "3"}, "annotations": {"d": "4"}},
        }),
    ],
)  # fmt: skip
def test_the_object_of_a_generator(kind: str, generator: Any, more: Any, expected: dict[str, Any]) -> None:
    (one,) = made(generator, kind=kind, **more)
    assert plain(one.root) == {"apiVersion": "v1", **expected}


def existing(**content: Any) -> Resource:
    head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "n"}}
    return Resource(tree({**head, **content}), "other.yaml")


OTHER = Resource(tree({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "n"}}), "secret.yaml")


@pytest.mark.parametrize(
    ("behavior", "old", "expected"),
    [
        ("merge", {"data": {"a": "old", "b": "old"}}, {"a": "new", "b": "old"}),
        ("merge", {}, {"a": "new"}),
        ("replace", {"data": {"a": "old", "b": "old"}}, {"a": "new"}),
    ],
)
def test_a_generator_that_changes_what_is_there(behavior: str, old: Any, expected: Any) -> None:
    first, changed, last = made({"behavior": behavior, "literals": ["a=new"]}, OTHER, existing(**old), OTHER)
    assert (first, last) == (OTHER, OTHER)
    assert plain(at(changed.root, "data")) == expected
    assert changed.path == "other.yaml"


@pytest.mark.parametrize(
    ("behavior", "resources", "why"),
    [
        ("create", [OTHER, existing()], "a generator makes an object that is there already"),
        ("", [existing()], "a generator makes an object that is there already"),
        ("merge", [OTHER], "a generator changes an object that is not there"),
        ("replace", [], "a generator changes an object that is not there"),
    ],
)
def test_what_kustomize_refuses(behavior: str, resources: list[Resource], why: str) -> None:
    with pytest.raises(Refused) as refused:
        made({"behavior": behavior}, *resources)
    assert (refused.value.why, refused.value.place.path) == (why, "base/kustomization.yaml")
    assert refused.value.place.column == len('{"configMapGenerator": [') + 1


def test_new_objects_come_last() -> None:
    kustomization = tree({"secretGenerator": [{"name": "s"}], "configMapGenerator": [{"name": "a"}, {"name": "b"}]})
    resources = generated([OTHER], kustomization, "base", "k", TEXTS.get)
    assert [(one.kind, state(at(one.root, "metadata", "name"))) for one in resources] == [
        ("Secret", "n"), ("ConfigMap", "a"), ("ConfigMap", "b"), ("Secret", "s"),
    ]  # fmt: skip
