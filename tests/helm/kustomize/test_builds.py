"""What overlays make, as Kustomize itself makes it: recorded, and asked again where `kubectl` is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astrovet.document import Document
from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.build import Builder, Built
from astrovet.helm.kustomize.json_patch import Refused, applied
from astrovet.helm.kustomize.names import Files
from astrovet.helm.kustomize.resources import Resource, Target
from support import DATA, plain

RECORDED = DATA / "kustomize"
FOLDERS = sorted(
    path.parent.relative_to(RECORDED).as_posix()
    for path in RECORDED.rglob("[kK]ustomization*")
    if "kind: Component" not in path.read_text("utf-8")
)


def files_below(folder: Path) -> Files:
    def text(path: str) -> str | None:
        file = folder / path
        return file.read_text("utf-8") if file.is_file() else None

    def read(path: str) -> Sequence[Document] | None:
        content = text(path)
        return None if content is None else read_yaml(path, content)

    return Files(read, text, lambda _: ())


def built(folder: Path, name: str) -> Built:
    files = files_below(folder)
    path = files.kustomization_in(name)
    assert path is not None
    return Builder(files).overlay(path)


def order(made: dict[str, Any]) -> tuple[str, str, str]:
    return made["kind"], made["metadata"].get("namespace", ""), made["metadata"]["name"]


def ours(folder: Path, name: str) -> list[dict[str, Any]] | None:
    made = built(folder, name)
    if any(resource.unsettled is not None for resource in made.resources):
        return None
    return sorted((plain(resource.root) for resource in made.resources), key=order)


def without_hash(made: dict[str, Any]) -> dict[str, Any]:
    """Without the hash in the name, and a Secret's data in clear."""
    from base64 import b64decode

    if made["kind"] in {"ConfigMap", "Secret"}:
        made["metadata"]["name"] = re.sub(r"-[0-9a-z]{10}\Z", "", made["metadata"]["name"])
    if made["kind"] == "Secret" and "data" in made:
        made["stringData"] = {key: b64decode(value).decode() for key, value in made.pop("data").items()}
    return made


def kustomizes(folder: Path, name: str) -> list[dict[str, Any]] | None:
    command = ["kubectl", "kustomize", "--load-restrictor", "LoadRestrictionsNone", str(folder / name)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        return None
    made = [without_hash(plain(document.root)) for document in read_yaml("", run.stdout)]
    return sorted(made, key=order)


def test_what_overlays_make_is_recorded() -> None:
    recorded = RECORDED / "built.json"
    if os.environ.get("ASTROVET_WRITE_EXPECTED"):
        made = {name: kustomizes(RECORDED, name) for name in FOLDERS}
        recorded.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
    assert list(json.loads(recorded.read_text("utf-8"))) == FOLDERS


@pytest.mark.parametrize("name", FOLDERS)
def test_overlays_make_what_kustomize_makes(name: str) -> None:
    recorded = json.loads((RECORDED / "built.json").read_text("utf-8"))
    assert ours(RECORDED, name) == recorded[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLDERS)
def test_kustomize_still_makes_what_is_recorded(name: str) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    recorded = json.loads((RECORDED / "built.json").read_text("utf-8"))
    assert kustomizes(RECORDED, name) == recorded[name]


KEYS = st.sampled_from("abc")
LEAVES: st.SearchStrategy[Any] = st.sampled_from([1, "text", True, [1, 2], [{"a": 1}]])


def maps(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    inner = st.recursive(leaves, lambda below: st.dictionaries(KEYS, below, max_size=3), max_leaves=8)
    return st.dictionaries(KEYS, inner, max_size=3)


def by_hand(below: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7386), in a few lines over plain values."""
    if not isinstance(patch, dict):
        return patch
    made = dict(below) if isinstance(below, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = by_hand(made.get(key), value)
    return made


@settings(max_examples=150)
@given(maps(LEAVES), st.lists(st.lists(maps(LEAVES | st.none()), max_size=2), min_size=1, max_size=3))
def test_overlays_over_overlays_merge_what_has_no_schema(base: dict[str, Any], levels: list[list[Any]]) -> None:
    head = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "claims"}}
    contents: dict[str, Any] = {
        "0/kustomization.yaml": {"resources": ["release.yaml"]},
        "0/release.yaml": {**head, "spec": {"values": base}},
    }
    expected = base
    for number, patches in enumerate(levels, start=1):
        changes = [{"patch": json.dumps({**head, "spec": {"values": patch}})} for patch in patches]
        contents[f"{number}/kustomization.yaml"] = {"resources": [f"../{number - 1}"], "patches": changes}
        for patch in patches:
            expected = by_hand(expected, patch)
    texts = {path: json.dumps(content) for path, content in contents.items()}
    files = Files(lambda path: read_yaml(path, texts[path]) if path in texts else None, texts.get, lambda _: ())
    (resource,) = Builder(files).overlay(f"{len(levels)}/kustomization.yaml").resources
    assert resource.unsettled is None
    assert plain(resource.root)["spec"]["values"] == expected


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"op": "add", "path": "/l/-", "value": 3}], {"l": [1, 2, 3], "m": {"a/b": 1}}),
        ([{"op": "add", "path": "/l/0", "value": 0}], {"l": [0, 1, 2], "m": {"a/b": 1}}),
        ([{"op": "remove", "path": "/l/-1"}], {"l": [1], "m": {"a/b": 1}}),
        ([{"op": "replace", "path": "/m/a~1b", "value": 2}], {"l": [1, 2], "m": {"a/b": 2}}),
        ([{"op": "move", "from": "/m/a~1b", "path": "/n"}], {"l": [1, 2], "m": {}, "n": 1}),
        ([{"op": "copy", "from": "/l", "path": "/m/c"}], {"l": [1, 2], "m": {"a/b": 1, "c": [1, 2]}}),
        ([{"op": "test", "path": "/l", "value": [1, 2]}], {"l": [1, 2], "m": {"a/b": 1}}),
        ([{"op": "test", "path": "/l", "value": [2]}], None),
        ([{"op": "remove", "path": "/n"}], None),
        ([{"op": "replace", "path": "/l/2", "value": 1}], None),
        ([{"op": "add", "path": "/n/m", "value": 1}], None),
        ([{"op": "add", "path": "n", "value": 1}], None),
        ([{"op": "merge", "path": "/n", "value": 1}], None),
    ],
)
def test_operations_of_a_json_patch(operations: list[Any], expected: dict[str, Any] | None) -> None:
    (root,) = read_yaml("a", json.dumps({"l": [1, 2], "m": {"a/b": 1}}))
    (patch,) = read_yaml("b", json.dumps(operations))
    if expected is None:
        with pytest.raises(Refused):
            applied(root.root, patch.root)
    else:
        assert plain(applied(root.root, patch.root)) == expected


@pytest.mark.parametrize(
    ("target", "means"),
    [
        (Target(), True),
        (Target(kind="Service"), False),
        (Target(kind="Deployment|HelmRelease", name="cl.*"), True),
        (Target(name="claim"), False),
        (Target(name=".*s"), True),
        (Target(group="helm.toolkit.fluxcd.io", version="v2"), True),
        (Target(version="v1"), False),
        (Target(namespace="default"), True),
        (Target(labels="tier=one,!other"), True),
        (Target(labels="tier in (two, three)"), False),
        (Target(labels="tier notin (two)"), True),
        (Target(labels="tier==two"), False),
        (Target(annotations="note"), False),
        (Target(labels="a < b"), None),
    ],
)
def test_what_a_target_means(target: Target, means: bool | None) -> None:
    (document,) = read_yaml(
        "a", "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: claims, labels: {tier: one}}}"
    )
    assert Target.means(target, Resource(document.root, "a")) is means
