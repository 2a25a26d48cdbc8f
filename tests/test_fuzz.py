"""What once broke under `make fuzz` breaks no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz_targets import CANARY, COMMANDS, CORPUS, REPOSITORY, TARGETS, seeds
from support import astrovet

BROKE = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.name != "README.md")


@pytest.mark.parametrize("path", BROKE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_holds(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "command"])
def test_what_people_write_breaks_nothing(target: str) -> None:
    inputs = seeds(target)
    assert inputs
    for data in inputs:
        TARGETS[target](data)


def test_the_repository_that_is_fuzzed_is_judged_and_hides_its_credential() -> None:
    TARGETS["command"](REPOSITORY)
    assert CANARY.encode() in REPOSITORY
    assert {words[0] for words in COMMANDS} == {"scan", "model", "report", "config"}
    assert astrovet("--version").exit_code == 0
