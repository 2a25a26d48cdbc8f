"""Terraform itself judges what is made of its sources, where `terraform` is installed: `make judge`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from judges.terraform import judged, made

SEED, COUNT = 13, 300
NEVER = {"wrong", "alarm"}
"""What must not be said of any block."""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is the judge")
@pytest.mark.parametrize("modules", [False, True])
def test_values_are_what_terraform_plans(tmp_path: Path, *, modules: bool) -> None:
    """At most one in a hundred is unknown though the plan knows it."""
    count = COUNT // 4 if modules else COUNT
    answers = list(judged(made(SEED, count, 3, modules=modules), tmp_path))
    assert len(answers) == count
    assert [answer for answer in answers if answer.verdict in NEVER] == []
    unknown = [answer.block for answer in answers if answer.verdict == "unknown"]
    assert len(unknown) <= COUNT // 100, unknown
    right = [answer for answer in answers if answer.verdict == "right"]
    assert len(right) > count // 3
