"""One estate is judged once, whatever copies of its plan there are and wherever its plan lies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import FIXTURES, astrovet, write

PLAN = Path("terraform", "plan.json")


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    estate = shutil.copytree(FIXTURES / "projects" / "claims-platform", tmp_path / "estate")
    (estate / ".git").mkdir()
    monkeypatch.chdir(estate)


def report(*words: str) -> Any:
    result = astrovet("scan", *words, "--format", "json", "--today", "2026-11-22")
    return json.loads(result.stdout)


def said(*words: str) -> list[tuple[str, ...]]:
    return sorted(
        (verdict["rule"], verdict["verdict"], verdict["subject"], verdict["fingerprint"])
        for verdict in report(*words)["verdicts"]
    )


@pytest.mark.parametrize("copy", ["plan.json", "terraform/a.json", "terraform/z.json", "helm/plan.json"])
def test_a_copy_of_a_plan_is_judged_as_one_with_it(copy: str) -> None:
    before = said(".")
    shutil.copy(PLAN, copy)
    assert said(".") == before
    (note,) = [note for note in report(".")["notes"] if "copy" in note]
    assert note.endswith("and is judged as one with it; scan one of the two")


def test_equal_plans_of_two_root_modules_are_both_judged() -> None:
    shutil.copytree("terraform", "stage")
    assert not [note for note in report(".")["notes"] if "copy" in note]


def test_another_plan_is_no_copy() -> None:
    data = json.loads(PLAN.read_text("utf-8"))
    write("plan.json", json.dumps({**data, "timestamp": "2026-11-01T00:00:00Z"}))
    assert not [note for note in report(".")["notes"] if "copy" in note]


@pytest.mark.parametrize("place", ["plan.json", "plans/prod.json", "helm/plan.json"])
def test_a_plan_apart_from_its_sources_covers_them(place: str) -> None:
    before = said(".")
    Path(place).parent.mkdir(exist_ok=True)
    PLAN.rename(place)
    assert said(".") == before


@pytest.mark.parametrize("place", ["terraform/plan.json", "plan.json"])
def test_a_state_apart_from_its_sources_covers_them(place: str) -> None:
    planned = json.loads(PLAN.read_text("utf-8"))["planned_values"]
    PLAN.unlink()
    write(place, json.dumps({"format_version": "1.0", "terraform_version": "1.11.4", "values": planned}))
    subjects = [subject["id"] for subject in report(".")["subjects"] if subject["kind"] == "deployment"]
    assert len(subjects) == len(set(subjects))


def test_two_root_modules_that_are_alike_are_both_judged() -> None:
    shutil.copytree("terraform", "stage", ignore=shutil.ignore_patterns("*.json"))
    PLAN.rename("plan.json")
    deployments = [subject["id"] for subject in report(".")["subjects"] if subject["kind"] == "deployment"]
    assert len(deployments) == 3 * len(set(deployments))


def test_a_plan_of_other_sources_covers_none() -> None:
    shutil.copy(PLAN, "plan.json")
    PLAN.unlink()
    sources = Path("terraform", "main.tf")
    write(str(sources), sources.read_text("utf-8").replace('" "', '" "other_'))
    deployments = [subject["id"] for subject in report(".")["subjects"] if subject["kind"] == "deployment"]
    assert len(deployments) == len(set(deployments)) == 6


def test_what_was_changed_since_in_sources_elsewhere_is_told() -> None:
    PLAN.rename("plan.json")
    sources = Path("terraform", "main.tf")
    text = sources.read_text("utf-8")
    write(str(sources), text + 'resource "aws_s3_bucket" "new" {\n  bucket = "claims-new"\n}\n')
    (gap,) = [gap for gap in report(".")["unseen"] if "was made without" in gap["what"]]
    assert gap["what"] == "plan.json was made without aws_s3_bucket.new, which the sources in terraform declare"
