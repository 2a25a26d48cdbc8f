"""One estate has the same findings however it is called: from within, from a folder, from outside."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from astrovet.place import Root
from support import FIXTURES, astrovet

ESTATES = {
    "claims": (FIXTURES / "projects" / "claims-platform", ""),
    "whole": (FIXTURES / "rules" / "not-seen" / "good-whole-estate", ""),
    "deep": (FIXTURES / "rules" / "not-seen" / "good-whole-estate", "infra/prod"),
}


def told(*words: str) -> set[tuple[Any, ...]]:
    """Each result with its place, its subject and what it is known by."""
    run = json.loads(astrovet("scan", *words, "--format", "sarif", "--today", "2026-11-22").stdout)["runs"][0]
    results = {
        (
            result["ruleId"],
            result["partialFingerprints"]["astrovet/v1"],
            result["properties"]["subject"],
            *(place["physicalLocation"]["artifactLocation"]["uri"] for place in result["locations"]),
        )
        for result in run["results"]
        if "partialFingerprints" in result
    }
    gaps = {
        (gap["location"]["physicalLocation"]["artifactLocation"]["uri"], *gap["subjects"])
        for gap in run["properties"]["unseen"]
    }
    return results | gaps


@pytest.mark.parametrize("name", ESTATES)
def test_from_anywhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fixture, below = ESTATES[name]
    repository = tmp_path / "work" / "estate"
    shutil.copytree(fixture, repository / below)
    if below:
        (repository / below / ".astrovet.yaml").rename(repository / ".astrovet.yaml")
    (repository / ".git").mkdir()
    (inner := repository / below / "inner").mkdir()
    (tmp_path / "link").symlink_to(repository)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(repository)
    within = told()
    assert within
    assert told(str(repository)) == within
    for folder, path in (
        (inner, os.path.relpath(repository, inner)),
        (inner, str(repository)),
        (tmp_path, "work/estate"),
        (tmp_path / "elsewhere", str(repository)),
        (tmp_path / "elsewhere", "../work/estate"),
        (tmp_path / "elsewhere", str(tmp_path / "link")),
    ):
        monkeypatch.chdir(folder)
        assert told(path) == within, (folder, path)


def test_paths_count_from_the_folder_where_there_is_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIXTURES / "projects" / "claims-platform", tmp_path / "estate")
    monkeypatch.chdir(tmp_path)
    assert {place for *_, place in told("estate")} > {"estate/helm/values.yaml"}


@pytest.mark.parametrize(
    ("root", "path", "seen"),
    [
        (Root(), "a/b.tf", "a/b.tf"),
        (Root("infra"), "b.tf", "infra/b.tf"),
        (Root("infra"), "../b.tf", "b.tf"),
        (Root(tops=("work/estate",)), "work/estate/b.tf", "b.tf"),
        (Root(tops=("work/estate",)), "work/estate", "."),
        (Root(tops=("work/estate",)), "work/other/b.tf", "work/other/b.tf"),
        (Root(tops=("/",)), "/b.tf", "b.tf"),
    ],
)
def test_paths_from_the_root(root: Root, path: str, seen: str) -> None:
    assert root.path(path) == seen


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("a.yaml", "helm/a.yaml"),
        ("b/a.yaml + a.yaml", "helm/b/a.yaml + helm/a.yaml"),
        ("XCOM of a.yaml", "XCOM of helm/a.yaml"),
        ("data.yaml", "data.yaml"),
        ("b", "helm/b"),
        (".", "helm"),
        ("module.b.astro_deployment.x", "module.b.astro_deployment.x"),
    ],
)
def test_names_from_the_root(name: str, seen: str) -> None:
    assert Root("helm").names(["a.yaml", "b/a.yaml"])(name) == seen


def test_names_without_paths() -> None:
    assert Root("helm").names([""])("claims") == "claims"
