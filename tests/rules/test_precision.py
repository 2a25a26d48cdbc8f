"""Whole repositories that do everything right are quiet, and their bad twins say what was seeded into them, no more.

A project is a folder of `fixtures/precision`. `good/` is a repository as a platform team has it. The files of `bad/`
laid over it make its bad twin; `faults.md` says what was seeded there and why a reviewer wants to know.
`expected.txt` holds the concise lines of the bad twin from medium up, `undecided.txt` what nobody can decide from the
files of the good one; it is missing where everything is decided. `make expected` writes both anew.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from support import ROOT, TODAY, astrovet, expect_of_file

PRECISION = ROOT / "fixtures" / "precision"
PROJECTS = sorted(folder for folder in PRECISION.iterdir() if folder.is_dir())
VERDICT = re.compile(r": (?P<rule>[A-Z]{3}\d{3}) (?P<word>\w+) ")
FAULT = re.compile(r"^- (?P<rule>[A-Z]{3}\d{3})\b", re.MULTILINE)

each_project = pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)


def scan(repository: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str], list[str]]:
    """The exit status, and the concise lines of findings from medium up and of undecided verdicts."""
    monkeypatch.chdir(repository)
    monkeypatch.delenv("TF_WORKSPACE", raising=False)
    arguments = [".", "--format", "concise", "--min-severity", "medium", "--today", TODAY]
    result = astrovet("scan", *arguments)
    findings: list[str] = []
    undecided: list[str] = []
    for line in result.stdout.splitlines():
        if verdict := VERDICT.search(line):
            (undecided if verdict["word"] == "unknown" else findings).append(line)
    return result.exit_code, findings, undecided


def expect(lines: list[str], golden: Path) -> None:
    expect_of_file("".join(f"{line}\n" for line in lines), golden)


@each_project
def test_a_good_repository_is_quiet(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = shutil.copytree(project / "good", tmp_path / project.name)
    status, findings, undecided = scan(repository, monkeypatch)
    assert findings == []
    assert status == 0
    expect(undecided, project / "undecided.txt")


@each_project
def test_its_bad_twin_says_what_was_seeded(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = shutil.copytree(project / "good", tmp_path / project.name)
    shutil.copytree(project / "bad", repository, dirs_exist_ok=True)
    status, findings, _ = scan(repository, monkeypatch)
    assert status == 1
    expect(findings, project / "expected.txt")
    seeded = set(FAULT.findall((project / "faults.md").read_text("utf-8")))
    assert {verdict["rule"] for line in findings if (verdict := VERDICT.search(line))} == seeded


@each_project
def test_a_bad_twin_changes_files_of_the_good_one(project: Path) -> None:
    for file in sorted(file for file in (project / "bad").rglob("*") if file.is_file()):
        original = project / "good" / file.relative_to(project / "bad")
        assert not original.exists() or original.read_bytes() != file.read_bytes(), file
