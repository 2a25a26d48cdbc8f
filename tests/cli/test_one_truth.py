"""The same estate gets the same verdicts, subjects and fingerprints, however it is called."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, astrovet

PROJECT = ROOT / "fixtures" / "projects" / "claims-platform"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT, tmp_path / "repository")
    (tmp_path / "repository" / ".git").mkdir()
    return tmp_path / "repository"


def scan(form: str, *words: str) -> Any:
    result = astrovet("scan", *words, "--format", form, "--today", "2026-11-30")
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


def told(report: Any, base: Path) -> tuple[Any, ...]:
    """Verdicts, subjects and inputs, with paths from the root of the repository."""
    at = sorted((verdict["rule"], verdict["fingerprint"], verdict["verdict"]) for verdict in report["verdicts"])
    inputs = {str((Path.cwd() / file["path"]).resolve().relative_to(base)) for file in report["inputs"]}
    return at, len(report["subjects"]), inputs


WAYS = [(".", "."), (".", "{base}"), ("helm", ".."), ("helm", "../../repository")]


@pytest.mark.parametrize(("folder", "path"), WAYS)
def test_verdicts_are_the_same(folder: str, path: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    expected = told(scan("json", "."), project)
    monkeypatch.chdir(project / folder)
    assert told(scan("json", path.format(base=project)), project) == expected


@pytest.mark.parametrize(("folder", "path"), WAYS)
def test_sarif_counts_from_the_root_of_the_repository(
    folder: str, path: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    expected = results(scan("sarif", "."))
    assert '"uri": "helm/values.yaml", "uriBaseId": "%SRCROOT%"' in expected
    monkeypatch.chdir(project / folder)
    assert results(scan("sarif", path.format(base=project))) == expected


def results(log: Any) -> str:
    """Those of a log, without what calls agents by the paths that people see."""
    listed = log["runs"][0]["results"]
    for result in listed:
        del result["properties"], result["message"]
    return json.dumps(listed)
