"""What objects of Flux and Argo CD do to the folders that they build."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.around import builds_of, substituted
from astrovet.value import Tree, Value, at
from support import cut, plain

FLUX = "kustomize.toolkit.fluxcd.io/v1"
ARGO = "argoproj.io/v1alpha1"
PATCHES = [{"patch": "a"}]


def tree(content: Any) -> Value[Tree]:
    return read_yaml("a.yaml", json.dumps(content))[0].root


def builds(version: str, kind: str, spec: Any) -> list[tuple[str, Any, dict[str, str]]]:
    """Folder, kustomization and variables of what an object builds; all of it bears the object's name."""
    made = list(builds_of(tree({"apiVersion": version, "kind": kind, "metadata": {"name": "agents"}, "spec": spec})))
    assert {around.name for around in made} <= {"agents"}
    return [(around.folder, plain(around.kustomization), dict(around.variables)) for around in made]


SAME = ["patches", "patchesStrategicMerge", "patchesJson6902", "namePrefix", "nameSuffix", "components"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        *(({"path": "./clusters", word: ["x"]}, [("./clusters", {word: ["x"]}, {})]) for word in SAME),
        *(({"path": "./clusters", word: ["x"]}, []) for word in ("commonLabels", "commonAnnotations", "namespace")),
        ({"path": "./clusters"}, []),
        ({"patches": PATCHES}, [(".", {"patches": PATCHES}, {})]),
        ({"path": "a", "targetNamespace": "b"}, [("a", {"namespace": "b"}, {})]),
        ({"path": "a", "targetNamespace": ""}, []),
        ({"path": "a", "commonMetadata": {"labels": {"b": "c"}}}, [("a", {"labels": [{"pairs": {"b": "c"}}]}, {})]),
        ({"path": "a", "commonMetadata": {"annotations": {"b": "c"}}}, [("a", {"commonAnnotations": {"b": "c"}}, {})]),
        ({"path": "a", "commonMetadata": {"labels": "b", "annotations": "c"}}, []),
        ({"path": "a", "postBuild": {"substitute": {"b": "c", "n": 5, "m": {}}}}, [("a", {}, {"b": "c", "n": "5"})]),
        ({"path": "a", "postBuild": {"substituteFrom": []}}, []),
        ("text", []),
    ],
)
def test_what_flux_does_to_a_folder(spec: Any, expected: object) -> None:
    assert builds(FLUX, "Kustomization", spec) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        *(
            ({"path": "a", "kustomize": {word: "x", "images": ["y"]}}, [("a", {word: "x"}, {})])
            for word in (*SAME, "commonLabels", "commonAnnotations", "namespace")
        ),
        ({"path": "a", "kustomize": {"images": ["y"]}}, []),
        ({"path": "a", "kustomize": "text"}, []),
        ({"path": "a"}, []),
        ({"kustomize": {"patches": PATCHES}}, []),
        ("text", []),
    ],
)
def test_what_argo_cd_does_to_a_folder(source: Any, expected: object) -> None:
    assert builds(ARGO, "Application", {"source": source}) == expected
    assert builds(ARGO, "Application", {"sources": [{"path": "b"}, source]}) == expected


def test_several_sources_of_an_application() -> None:
    sources = [{"path": path, "kustomize": {"patches": PATCHES}} for path in ("a", "b")]
    spec = {"sources": sources, "source": {**sources[0], "path": "c"}}
    assert [folder for folder, _, _ in builds(ARGO, "Application", spec)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        (FLUX, "Application"),
        (ARGO, "Kustomization"),
        (ARGO, "ApplicationSet"),
    ],
)
def test_other_objects_build_nothing(version: str, kind: str) -> None:
    spec = {"path": "a", "patches": PATCHES, "source": {"path": "a", "kustomize": {"patches": PATCHES}}}
    assert builds(version, kind, spec) == []


def test_every_part_keeps_its_place() -> None:
    text = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
spec:
  commonMetadata: {labels: {b: c}}
  targetNamespace: agents
"""
    (around,) = builds_of(read_yaml("a.yaml", text)[0].root)
    made = around.kustomization
    assert around.name == ""
    assert cut(text, at(made, "namespace").place) == "agents"
    assert cut(text, at(made, "labels").place) == cut(text, at(made, "labels", 0).place) == "{labels: {b: c}}"
    assert made.place.line == 4


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${A}", "1"),
        ("x-${A}-${B}-${A}", "x-1-two-1"),
        ("${A:=other}", "1"),
        ("${C}", "${C}"),
        ("${C:=other}", "other"),
        ("${C:-other}", "other"),
        ("${C=other}", "other"),
        ("${C-}", ""),
        ("${_a1:=}", ""),
        ("${C:=${A}}", "${C:=1}"),
        ("${1A:=x}", "${1A:=x}"),
        ("$A", "$A"),
        (5, 5),
        (None, None),
        (["${A}", {"b": "${B}", "c": "C", "${A}": 1}], ["1", {"b": "two", "c": "C", "${A}": 1}]),
    ],
)
def test_what_stands_in_the_place_of_variables(written: Any, expected: object) -> None:
    assert plain(substituted(tree({"a": written}), {"A": "1", "B": "two"})) == {"a": expected}


def test_what_is_filled_in_stands_where_the_variable_stood() -> None:
    root = tree({"a": "${A}", "b": "${C}"})
    made = substituted(root, {"A": "1"})
    assert at(made, "a").place == at(root, "a").place
    assert at(made, "b") is at(root, "b")
