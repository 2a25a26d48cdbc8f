"""What astrovet says of plans that Terraform made, each line of it read and agreed with by a reviewer.

`runs.txt` beside a plan holds the concise lines of every finding and undecided verdict of its folder,
plan and sources together. Run `make expected` after a deliberate change, and read the difference: where a
line looks wrong, a rule is wrong, not the file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import cases
from support import PLANS, expect_of_case, printed

REVIEWED = (
    *("change-actions", "data-sources", "dedicated-phi", "destroy", "errored-plan", "fleet-200", "helm-v2-set-blocks"),
    *("json-syntax", "modules-nested", "moved-import-removed", "no-changes", "remote-exec-aws-good"),
    *("remote-exec-aws-open", "standard-two-deployments", "state-show", "workspaces-per-team"),
)


@pytest.mark.parametrize("name", REVIEWED)
def test_a_plan_yields_what_a_careful_review_finds(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases.lay_out(cases.read(PLANS / name), tmp_path / name)
    monkeypatch.chdir(tmp_path / name)
    expect_of_case(PLANS / name, lambda run: printed(run, "--format", "concise").splitlines()[:-1])
