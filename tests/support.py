"""Where the tests find what they read, and what several of them need."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import unified_diff
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import cases
from astrovet.cli.app import app
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.source.environment import NONE, Environment
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
FIXTURES = ROOT / "fixtures"
PLANS = FIXTURES / "plans"
PROJECTS = FIXTURES / "projects"
TODAY = "2026-11-22"
"""The day on which fixtures are judged."""
WRITES_EXPECTED = bool(os.environ.get("ASTROVET_WRITE_EXPECTED"))
"""`make expected`: what is expected of fixtures is written anew, to read the difference."""


def astrovet(*words: str, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Result:
    """What astrovet does with these words on its command line; whatever breaks it breaks the test."""
    result = CliRunner().invoke(app, words, input=stdin, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def printed(run: cases.Run, *options: str) -> str:
    """What astrovet prints of a run of a case in the working directory, on the day of the fixtures."""
    command, *arguments = run.arguments
    result = astrovet(command, "--today", TODAY, *options, *arguments)
    assert result.exit_code in {0, 1, 2}, result.output
    assert "Usage:" not in result.output
    return result.stdout


def expect_of_case(folder: Path, lines_of: Callable[[cases.Run], list[str]]) -> None:
    """Every run of a case gives the lines that its `runs.txt` lists; or these are written anew."""
    case = cases.read(folder)
    outputs = [lines_of(run) for run in case.runs]
    if WRITES_EXPECTED:
        cases.write(case, outputs)
    recorded = [list(run.lines) for run in cases.read(folder).runs]
    assert outputs == recorded, stale(folder / cases.NAME, [*chain(*recorded)], [*chain(*outputs)])


def expect_of_file(text: str, golden: Path) -> None:
    """A text is what a file holds, no file standing for none; or it is written anew."""
    if WRITES_EXPECTED:
        if text:
            golden.write_text(text, "utf-8")
        else:
            golden.unlink(missing_ok=True)
    recorded = golden.read_text("utf-8") if golden.is_file() else ""
    assert text == recorded, stale(golden, recorded.splitlines(), text.splitlines())


def expect_of_section(name: str, text: str, golden: Path) -> None:
    """A text is what a section of a file holds; or the section is written anew."""
    known = sections(golden.read_text("utf-8")) if golden.is_file() else {}
    if WRITES_EXPECTED:
        written = sorted({**known, name: text}.items())
        golden.write_text("\n".join(f"== {title} ==\n{body}\n" for title, body in written), "utf-8")
    else:
        recorded = known.get(name)
        assert text == recorded, stale(golden, (recorded or "").splitlines(), text.splitlines())


def stale(file: Path, recorded: Sequence[str], now: Sequence[str]) -> str:
    """What to say where something else comes out than a file records: how to record it anew, and what is different."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    again = f"ASTROVET_WRITE_EXPECTED=1 python -m pytest {test}"
    difference = islice(unified_diff(recorded, now, "recorded", "now", n=0, lineterm=""), 30)
    return "\n".join(
        [f"not what {file.relative_to(ROOT)} records; if it shall be: {again}, and read the difference", *difference]
    )


def sections(text: str) -> dict[str, str]:
    """The sections of a file, each below a line `== its name ==`."""
    parts = re.split(r"^== (.*) ==\n", text, flags=re.MULTILINE)[1:]
    return {name: body.strip("\n") for name, body in zip(parts[::2], parts[1::2], strict=True)}


def write(path: str | Path, content: str | bytes) -> None:
    """Writes a file, in folders that need not be there yet."""
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def cut(content: str, place: Place) -> str:
    """The stretch of a text that a place names."""
    lines = content.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


def plain(value: Value[Tree], *, unknown: Callable[[Unknown], Any] = lambda _: "?", keeps_absent: bool = True) -> Any:
    """A value as Python would hold it: what is absent as None or, in a map, not at all; what is unknown as one says."""
    below = partial(plain, unknown=unknown, keeps_absent=keeps_absent)
    match value:
        case Known(Map() as tree):
            shown = {
                key: below(entry.value)
                for key, entry in tree.entries.items()
                if keeps_absent or not isinstance(entry.value, Absent)
            }
            return shown if tree.unlisted is None else {**shown, "?": unknown(tree.unlisted)}
        case Known(List() as tree):
            return [below(item) for item in tree.items]
        case Known(leaf):
            return leaf
        case Unknown():
            return unknown(value)
        case Absent():
            return None


def text_files(contents: Mapping[str, str]) -> dict[str, TextFile]:
    """Files of these contents, by path."""
    return {path: TextFile.of(path, content) for path, content in contents.items()}


def root_module(contents: Mapping[str, str], folder: str, environment: Environment = NONE) -> Terraform:
    """A root module of files of these contents, evaluated."""
    from astrovet.terraform.source.resources import read_root_module

    return read_root_module(text_files(contents), folder, environment)
