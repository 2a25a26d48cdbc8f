"""Terraform itself judges what is made of its sources, where `terraform` is installed: `make judge`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from judges.terraform import asked, judged

SEED, COUNT = 13, 300
NEVER = {"wrong", "alarm"}
"""What must not be said of any block."""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is the judge")
@pytest.mark.parametrize("of", ["expressions", "modules", "json", "blocks"])
def test_values_are_what_terraform_plans(tmp_path: Path, of: str) -> None:
    """At most one in a hundred is unknown though the plan knows it."""
    count = COUNT if of == "expressions" else COUNT // 4
    blocks, ours = asked(SEED, count, 3, of)
    answers = list(judged(blocks, tmp_path, ours))
    assert len(answers) == count
    assert [answer for answer in answers if answer.verdict in NEVER] == []
    unknown = [answer.block for answer in answers if answer.verdict == "unknown"]
    assert len(unknown) <= COUNT // 100, unknown
    right = [answer for answer in answers if answer.verdict == "right"]
    assert len(right) > count // 3
