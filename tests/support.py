"""Where the tests find what they read, and what several of them need."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

import cases
from astrovet.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
FIXTURES = ROOT / "fixtures"
PLANS = FIXTURES / "plans"
PROJECTS = FIXTURES / "projects"
TODAY = "2026-11-22"
"""The day on which fixtures are judged."""
WRITES_EXPECTED = bool(os.environ.get("ASTROVET_WRITE_EXPECTED"))
"""`make expected`: what is expected of fixtures is written anew, to read the difference."""


def printed(run: cases.Run, *options: str) -> str:
    """What astrovet prints of a run of a case in the working directory, on the day of the fixtures."""
    command, *arguments = run.arguments
    given = [command, "--today", TODAY, *options, *arguments]
    result = CliRunner().invoke(app, given, catch_exceptions=False)
    assert result.exit_code in {0, 1, 2}, result.output
    assert "Usage:" not in result.output
    return result.stdout


def expect_of_case(folder: Path, lines_of: Callable[[cases.Run], list[str]]) -> None:
    """Every run of a case gives the lines that its `runs.txt` lists; or these are written anew."""
    case = cases.read(folder)
    outputs = [lines_of(run) for run in case.runs]
    if WRITES_EXPECTED:
        cases.write(case, outputs)
    assert outputs == [list(run.lines) for run in cases.read(folder).runs]


def expect_of_file(text: str, golden: Path) -> None:
    """A text is what a file holds, no file standing for none; or it is written anew."""
    if WRITES_EXPECTED:
        if text:
            golden.write_text(text, "utf-8")
        else:
            golden.unlink(missing_ok=True)
    assert text == (golden.read_text("utf-8") if golden.is_file() else "")
