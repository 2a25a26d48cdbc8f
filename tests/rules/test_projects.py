"""The estate that `make demo` scans shows what its README says is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from support import ROOT, astrovet

ESTATE = ROOT / "fixtures" / "projects" / "claims-platform"
ROW = re.compile(r"\| (?P<rule>[A-Z]{3}\d{3}), (?P<severity>\w+)")


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(ESTATE)
    result = astrovet("scan", "--format", "json")
    assert result.exit_code == 1
    return json.loads(result.stdout)


def judged(report: Any, kind: str) -> set[tuple[str, str]]:
    return {(verdict["rule"], verdict["severity"]) for verdict in report["verdicts"] if verdict["verdict"] == kind}


def test_everything_that_the_readme_names_is_found(report: Any) -> None:
    named = {(row["rule"], row["severity"]) for row in ROW.finditer((ESTATE / "README.md").read_text("utf-8"))}
    assert {severity for _, severity in named} == {"critical", "high"}
    assert named <= judged(report, "fail")


def test_something_is_left_undecided(report: Any) -> None:
    assert "REX007" in {rule for rule, _ in judged(report, "unknown")}


def test_every_finding_points_at_a_line_that_people_wrote(report: Any) -> None:
    places = [verdict["place"] for verdict in report["verdicts"] if verdict["verdict"] == "fail"]
    assert {place["path"] for place in places} == {".astrovet.yaml", "terraform/main.tf", "helm/values.yaml"}
    assert all(place["line"] > 0 for place in places)


def test_what_nothing_is_declared_for_is_not_reported(report: Any) -> None:
    declared = {subject["id"]: subject["requires"] for subject in report["subjects"] if subject["kind"] == "deployment"}
    assert declared == {
        "astro_deployment.intake": ["hipaa"],
        "astro_deployment.reporting": ["hipaa"],
        "astro_deployment.sandbox": [],
    }
    assert "astro_deployment.sandbox" not in {verdict["subject"] for verdict in report["verdicts"]}
