"""`vars` of a kustomization, beside what `test_builds.py` compares with Kustomize."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.variables import with_variables
from astrovet.place import Place
from astrovet.value import Tree, Unknown, Value, at
from support import plain

NOT_HERE = Unknown("a part lies elsewhere", Place("k.yaml"))


def tree(content: Any) -> Value[Tree]:
    return read_yaml("a.yaml", json.dumps(content))[0].root


def release(note: str, **more: Any) -> Resource:
    metadata = {"name": "claims", "annotations": {"note": note, **more}}
    return Resource(tree({"apiVersion": "v1", "kind": "Service", "metadata": metadata}), "a.yaml")


def variable(name: str, path: str = "metadata.name", of: str = "claims") -> Value[Tree]:
    return tree({"name": name, "objref": {"kind": "Service", "name": of}, "fieldref": {"fieldpath": path}})


def note(resource: Resource, *variables: Value[Tree], missing: Unknown | None = None) -> Any:
    (made,) = with_variables([resource], variables=variables, fields=(), missing=missing)
    return plain(at(made.root, "metadata", "annotations", "note"))


@pytest.mark.parametrize(
    ("written", "made"),
    [("$(A)", "claims"), ("x-$(A)", "x-claims"), ("$$(A)", "$(A)"), ("$(B)", "$(B)"), ("plain", "plain")],
)
def test_what_stands_for_a_variable(written: str, made: str) -> None:
    assert note(release(written), variable("A")) == made


def test_without_variables_all_stays() -> None:
    assert note(release("$$(A)")) == "$$(A)"


def test_a_variable_of_something_that_is_not_there() -> None:
    with pytest.raises(Refused):
        note(release("$(A)"), variable("A", of="other"))
    with pytest.raises(Refused):
        note(release("$(A)"), variable("A", "metadata.labels.none"))


def test_what_may_lie_elsewhere_is_open() -> None:
    assert note(release("$(A)"), variable("A", of="other"), missing=NOT_HERE) == "?"
    assert note(release("x-$(A)"), variable("A", of="other"), missing=NOT_HERE) == "?"
    assert note(release("x", other="$(A)"), variable("A", of="other"), missing=NOT_HERE) == "x"
