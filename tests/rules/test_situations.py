"""Four situations that the source documents name, as whole projects: what a scan says of each, line for line.

`expected.txt` of a project holds what `astrovet scan . --format concise --today 2026-11-22` writes there.
ASTROVET_WRITE_EXPECTED=1 writes it anew: after a deliberate change, and to read the difference.
"""

from __future__ import annotations

import json
import os
import re

import pytest
from click.testing import CliRunner

from astrovet.cli.scan import command
from support import ROOT

PROJECTS = ROOT / "fixtures" / "projects"
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
    arguments = [".", "--format", form, "--today", "2026-11-22"]
    return CliRunner().invoke(command, arguments, catch_exceptions=False).stdout


@each_project
def test_a_project_yields_exactly_its_lines(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = scan(name, "concise", monkeypatch)
    golden = PROJECTS / name / "expected.txt"
    if os.environ.get("ASTROVET_WRITE_EXPECTED"):
        golden.write_text(lines, "utf-8")
    assert lines == golden.read_text("utf-8")


@each_project
def test_its_readme_names_the_rules_that_find_something(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (PROJECTS / name / "README.md").read_text("utf-8")
    found = set(FOUND.findall(scan(name, "concise", monkeypatch)))
    assert found == set(NAMED.findall(readme))


@each_project
def test_it_is_of_the_models_that_it_is_named_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects = json.loads(scan(name, "json", monkeypatch))["subjects"]
    assert {each["model"] for each in subjects if each["model"] is not None} == MODELS[name]
    assert all(each["requires"] for each in subjects if each["model"] is not None)
