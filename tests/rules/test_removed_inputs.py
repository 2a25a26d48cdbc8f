"""An estate of which an input is taken away is never called clear of what that input decided."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import FIXTURES, astrovet

REQUIRED = "customer-execution-plane,no-vendor-inbound,soc2"
PROJECTS = {
    **{path.parent.name: path for path in sorted((FIXTURES / "precision").glob("*/good"))},
    **{path.name: path for path in sorted((FIXTURES / "projects").iterdir()) if path.is_dir()},
    "whole-estate": FIXTURES / "rules" / "not-seen" / "good-whole-estate",
}
UNIMPLIED = frozenset({"NET004", "NET006", "NET007", "NET008"})
"""Rules about Services, policies and routes inside of a cluster: nothing implies that there are any."""
KEPT = (".astrovet.yaml", "pyproject.toml")
"""What declares the requirements; without it none is kept."""


def evidence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(folder)
    result = astrovet("report", "--format", "json", "--accept-unseen", "--require", REQUIRED, "--today", "2026-11-22")
    assert result.exit_code in {0, 2}, result.output
    return json.loads(result.stdout)


def decided(report: Any) -> dict[tuple[str, str], set[str]]:
    """The rules that say for a deployment that a requirement is kept, or not."""
    rows = [row["id"] for row in report["rows"]]
    told: dict[tuple[str, str], set[str]] = {}
    for part in report["parts"]:
        for check in part["checks"]:
            for finding in check["findings"]:
                if finding["verdict"] in {"pass", "fail"}:
                    for row in finding["rows"]:
                        told.setdefault((rows[row], part["requirement"]), set()).add(check["rule"])
    return told


def passing(report: Any) -> set[tuple[str, str]]:
    """The deployments and the requirements that they are said to keep."""
    return {
        (row["id"], cell["requirement"])
        for row in report["rows"]
        for cell in row["cells"]
        if cell["standing"] == "passes" and row["kind"] != "shared"
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", PROJECTS)
def test_what_an_input_decided_is_not_kept_without_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = shutil.copytree(PROJECTS[name], tmp_path / "whole")
    (whole / ".git").mkdir()
    before = evidence(whole, monkeypatch)
    for path in (file["path"] for file in before["inputs"]):
        if path.endswith(KEPT) or not (whole / path).is_file():
            continue
        without = shutil.copytree(whole, tmp_path / "without")
        (without / path).unlink()
        after = evidence(without, monkeypatch)
        lost = {cell: decided(before).get(cell, set()) - decided(after).get(cell, set()) for cell in passing(after)}
        assert {cell: rules - UNIMPLIED for cell, rules in lost.items() if rules - UNIMPLIED} == {}, path
        shutil.rmtree(without)
