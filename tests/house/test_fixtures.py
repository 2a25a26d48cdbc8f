"""The house of the fixtures: a file stands once, an expectation says something, a folder says what it holds."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

import cases
from support import FIXTURES

SHORT = 300
"""Bytes of a settings file or a manifest that is shown rather than shared: a case is to be read at a glance."""


def test_a_file_stands_once() -> None:
    places: dict[bytes, list[Path]] = defaultdict(list)
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and _is_to_be_shared(path):
            places[path.read_bytes()].append(path.relative_to(FIXTURES))
    assert [copies for copies in places.values() if len(copies) > 1] == []


def _is_to_be_shared(path: Path) -> bool:
    if path.name == ".astrovet.yaml":  # what is declared is what such cases are about
        return False
    if path.is_relative_to(FIXTURES / "faults"):  # these stand as they were found
        return False
    return path.suffix in {".tf", ".json", ".tfvars", ".tftpl"} or path.stat().st_size >= SHORT


def test_a_case_has_no_file_that_says_nothing() -> None:
    for file in sorted(FIXTURES.rglob(cases.NAME)):
        case = cases.read(file.parent)
        assert case.runs, file
        silent = not any(run.lines for run in case.runs)
        assert not (silent and not case.copies and case.runs == cases.DEFAULT), file


@pytest.mark.parametrize("folder", [".", "rules", "plans", "projects", "precision", "faults"])
def test_a_folder_says_what_it_holds(folder: str) -> None:
    assert (FIXTURES / folder / "README.md").is_file()


def test_a_case_is_laid_out_as_its_commands_say(tmp_path: Path) -> None:
    other, case = tmp_path / "other", tmp_path / "case"
    (other / "terraform").mkdir(parents=True)
    (other / "terraform" / "main.tf").write_text("# main\n")
    (other / "values.yaml").write_text("a: 1\n")
    case.mkdir()
    (case / "own.yaml").write_text("b: 2\n")
    (case / "runs.txt").write_text(
        "$ cp -r ../other/terraform .\n"
        "$ cp ../other/values.yaml helm/\n"
        "$ cp ../other/values.yaml copy.yaml\n"
        "$ astrovet scan -f 'helm/values.yaml'\n"
        "helm/values.yaml:1:1: REX000 low something\n"
        "$ astrovet scan .\n"
    )
    cases.lay_out(cases.read(case), tmp_path / "there")
    files = {path.relative_to(tmp_path / "there").as_posix() for path in (tmp_path / "there").rglob("*.*")}
    assert files == {"own.yaml", "terraform/main.tf", "helm/values.yaml", "copy.yaml"}
    first, second = cases.read(case).runs
    assert first == (("scan", "-f", "helm/values.yaml"), ("helm/values.yaml:1:1: REX000 low something",))
    assert second == (("scan", "."), ())


def test_what_is_no_command_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runs.txt").write_text("$ rm -r .\n")
    with pytest.raises(ValueError, match=r"neither `\$ cp …` nor"):
        cases.read(tmp_path)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    text = "$ cp ../bad-it/main.tf .\n$ astrovet scan main.tf\nmain.tf:1:1: AST001 high it is so\n"
    (tmp_path / "runs.txt").write_text(text)
    case = cases.read(tmp_path)
    cases.write(case, [list(run.lines) for run in case.runs])
    assert (tmp_path / "runs.txt").read_text() == text
    cases.write(case._replace(copies=(), runs=cases.DEFAULT), [[]])
    assert not (tmp_path / "runs.txt").exists()
