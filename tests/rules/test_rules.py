"""Every rule says of its fixtures what their `expected.txt` says.

A fixture is a folder `fixtures/rules/<rule-name>/<bad|good|unknown>-<what>/` with files as a user has
them. `command.txt` holds the arguments of `astrovet scan` where they are not just the folder itself.
`expected.txt` holds the concise line of every finding and undecided verdict of the rule.
Run `make expected` after a deliberate change, and read the difference.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrovet.cli.scan import command
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.rulebook import Rule
from support import ROOT

FIXTURES = ROOT / "fixtures" / "rules"
RULES = {rule.name: rule for rule in load_pack(BUILT_IN)}
FOLDERS = sorted(folder for folder in FIXTURES.glob("*/*") if folder.is_dir())


def lines(folder: Path, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rule's concise lines for a fixture, as a user in that folder would see them."""
    monkeypatch.chdir(folder)
    arguments = folder / "command.txt"
    words = shlex.split(arguments.read_text()) if arguments.exists() else ["."]
    result = CliRunner().invoke(command, [*words, "--format", "concise", "--select", rule.id], catch_exceptions=False)
    assert result.exit_code in {0, 1, 2}, result.output
    assert "Usage:" not in result.output
    return [line for line in result.stdout.splitlines() if f" {rule.id} " in line]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_fixture_gives_what_it_expects(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RULES[folder.parent.name]
    found = lines(folder, rule, monkeypatch)
    expected = folder / "expected.txt"
    if os.environ.get("ASTROVET_WRITE_EXPECTED"):
        expected.write_text("".join(f"{line}\n" for line in found))
    assert found == expected.read_text().splitlines()
    kind = folder.name.partition("-")[0]
    undecided = [line for line in found if f" {rule.id} unknown " in line]
    if kind == "good":
        assert not found
    elif kind == "unknown":
        assert undecided
        assert undecided == found
    else:
        assert kind == "bad"
        assert len(undecided) < len(found)


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {folder.parent.name for folder in FOLDERS} <= set(RULES)
