"""Every rule says of its fixtures what their `runs.txt` says.

A fixture is a case in `fixtures/rules/<rule-name>/<bad|good|unknown>-<what>/`; fixtures/README.md tells how it is made.
A run lists the concise line of every finding and undecided verdict of the rule.
Run `make expected` after a deliberate change, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import cases
from astrovet.judging.rulebook import BUILT_IN, load_pack
from support import FIXTURES, expect_of_case, printed

RULES = {rule.name: rule for rule in load_pack(BUILT_IN)}
FOLDERS = sorted(folder for folder in FIXTURES.glob("rules/*/*") if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_fixture_gives_what_it_expects(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RULES[folder.parent.name]
    here = tmp_path / folder.name
    cases.lay_out(cases.read(folder), here)
    monkeypatch.chdir(here)

    def lines_of(run: cases.Run) -> list[str]:
        output = printed(run, "--format", "concise", "--select", rule.id)
        return [line for line in output.splitlines() if f" {rule.id} " in line]

    expect_of_case(folder, lines_of)
    kind = folder.name.partition("-")[0]
    for _, lines in cases.read(folder).runs:
        undecided = tuple(line for line in lines if f" {rule.id} unknown " in line)
        if kind == "good":
            assert not lines
        elif kind == "unknown":
            assert undecided
            assert undecided == lines
        else:
            assert kind == "bad"
            assert len(undecided) < len(lines)


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {folder.parent.name for folder in FOLDERS} <= set(RULES)
