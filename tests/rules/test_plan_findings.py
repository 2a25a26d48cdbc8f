"""What astrovet says of plans that Terraform made, each line of it read and agreed with by a reviewer.

`expected.txt` beside a plan holds the concise lines of every finding and undecided verdict of its folder,
plan and sources together. Run `make expected` after a deliberate change, and read the difference: where a
line looks wrong, a rule is wrong, not the file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrovet.cli.scan import command
from support import ROOT

PLANS = ROOT / "fixtures" / "plans"

REVIEWED = (
    *("change-actions", "data-sources", "dedicated-phi", "destroy", "errored-plan", "fleet-200", "helm-v2-set-blocks"),
    *("json-syntax", "modules-nested", "moved-import-removed", "no-changes", "remote-exec-aws-good"),
    *("remote-exec-aws-open", "standard-two-deployments", "state-show", "workspaces-per-team"),
)


@pytest.mark.parametrize("name", REVIEWED)
def test_a_plan_yields_what_a_careful_review_finds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PLANS / name)
    arguments = [".", "--format", "concise", "--today", "2026-11-22"]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code in {0, 1}
    found = result.stdout.splitlines()[:-1]
    expected = Path("expected.txt")
    if os.environ.get("ASTROVET_WRITE_EXPECTED"):
        expected.write_text("".join(f"{line}\n" for line in found))
    assert found == expected.read_text().splitlines()
