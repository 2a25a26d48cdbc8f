"""Small repositories over which astrovet, or a tool like it, once went wrong: all that is said of each, and all that is
read from it.

`runs.txt` of a case holds what a scan says of it line for line, and what `astrovet model` shows but for what is
not set. `make expected` writes
it anew: after a deliberate change, and to read the difference. fixtures/faults/README.md says what each is about.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import cases
from support import FIXTURES, TODAY, astrovet, expect_of_case

FOLDER = FIXTURES / "faults"
CASES = sorted(path.parent for path in FOLDER.glob("*/*/runs.txt"))

pytestmark = pytest.mark.slow


def said(run: cases.Run) -> list[str]:
    options = ("--format", "concise", "--today", TODAY) if run.arguments[0] == "scan" else ()
    result = astrovet(run.arguments[0], *options, *run.arguments[1:])
    assert result.exit_code in {0, 1, 2}, result.output
    return [line.rstrip() for line in result.output.splitlines() if line and " is not set" not in line]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_all_is_said_and_read_as_before(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / folder.name
    cases.lay_out(cases.read(folder), here)
    (here / ".git").mkdir(exist_ok=True)
    monkeypatch.chdir(here)
    expect_of_case(folder, said)


def test_every_case_is_told_of() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert [f"{folder.parent.name}/{folder.name}" for folder in CASES] == [
        line.split("`")[1] for line in readme.splitlines() if line.startswith("- `")
    ]
