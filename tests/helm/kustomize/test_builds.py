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

from astrovet.document import Document
from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.build import Builder, Built
from astrovet.helm.kustomize.names import Files
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
