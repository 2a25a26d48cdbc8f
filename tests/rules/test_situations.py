"""Four situations that the source documents name, as whole projects: what a scan says of each, line for line.

`runs.txt` of a project holds what `astrovet scan . --format concise` writes there, `evidence.json` what
`astrovet report --format json` does. `make expected` writes both anew: after a deliberate change, and to read the
difference.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from astrovet import __version__
from cases import Run
from support import PROJECTS, expect_of_case, expect_of_file, printed

MODELS = {
    "bank-remote-execution": {"remote-execution"},
    "resources-dedicated": {"dedicated", "standard"},
    "insurer-hosted": {"dedicated", "standard"},
    "societe-private-cloud": {"private-cloud"},
}
NAMED = re.compile(r"^- (?P<rule>[A-Z]{3}\d{3}), (?P<severity>\w+)", re.MULTILINE)
FOUND = re.compile(r": (?P<rule>[A-Z]{3}\d{3}) (?P<severity>critical|high|medium) ")

each_project = pytest.mark.parametrize("name", MODELS)


@pytest.fixture(autouse=True)
def _without_a_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TF_WORKSPACE", raising=False)


def scan(name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(PROJECTS / name)
    return printed(Run(("scan", "."), ()), "--format", form)


@each_project
def test_a_project_yields_exactly_its_lines(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS / name)
    expect_of_case(PROJECTS / name, lambda run: printed(run, "--format", "concise").splitlines())


@each_project
def test_its_evidence_is_the_same_word_for_word(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = shutil.copytree(PROJECTS / name, tmp_path / name)
    (repository / ".git").mkdir()  # fingerprints count from the root of the repository
    monkeypatch.chdir(repository)
    evidence = printed(Run(("report",), ()), "--format", "json")
    without_version = evidence.replace(f'"version": "{__version__}"', '"version": "…"')
    expect_of_file(without_version, PROJECTS / name / "evidence.json")


@each_project
def test_its_readme_names_the_rules_that_find_something(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (PROJECTS / name / "README.md").read_text("utf-8")
    ids = set(FOUND.findall(scan(name, "concise", monkeypatch)))
    assert ids == set(NAMED.findall(readme))


@each_project
def test_it_is_of_the_models_that_it_is_named_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = json.loads(scan(name, "json", monkeypatch))["subjects"]
    assert {subject["model"] for subject in subjects if subject["model"] is not None} == MODELS[name]
    assert all(subject["requires"] for subject in subjects if subject["model"] is not None)
