"""Every statement of the two source documents is answered: by a rule, a command, an attestation, or a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import make_statements
from astrovet.requirements.citations.published import STATEMENTS
from astrovet.requirements.tables import ATTESTED_FOR

ANSWERS = make_statements.answers()
OF_THE_OVERVIEW, OF_THE_GUIDE = 49, 58
"""How many statements each document has, counted by hand (November 2026)."""


def test_no_statement_of_the_documents_is_left_out() -> None:
    wanted = [f"S000-{number:02}" for number in range(1, OF_THE_OVERVIEW + 1)]
    wanted += [f"S003-{number:02}" for number in range(1, OF_THE_GUIDE + 1)]
    assert list(STATEMENTS) == wanted == list(ANSWERS)


@pytest.mark.parametrize("tag", STATEMENTS)
def test_a_statement_is_answered_or_says_why_no_file_shows_it(tag: str) -> None:
    is_answered, is_explained = bool(ANSWERS[tag]), tag in make_statements.NOT_VISIBLE
    assert is_answered or is_explained, "no rule, command or attestation answers it, and nothing says why"
    assert not (is_answered and is_explained), "it is answered now: take it out of NOT_VISIBLE"


def test_what_answers_is_there() -> None:
    assert {what for named in make_statements.ATTESTED_BY.values() for what in named} <= ATTESTED_FOR.keys()
    named = make_statements.ATTESTED_BY.keys() | make_statements.TOLD_BY.keys() | make_statements.NOT_VISIBLE.keys()
    assert named <= STATEMENTS.keys()


def test_the_page_is_the_one_that_the_code_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = make_statements.PAGE.read_text("utf-8")
    monkeypatch.setattr(make_statements, "PAGE", tmp_path / "statements.md")
    make_statements.main()
    assert written == make_statements.PAGE.read_text("utf-8"), "docs/statements.md is stale; run `make docs`"


def test_a_statement_that_nothing_answers_is_told_with_its_reason() -> None:
    row = next(line for line in make_statements.page().splitlines() if line.startswith("| S000-01 "))
    assert "not visible in files: certificates" in row
    row = next(line for line in make_statements.page().splitlines() if line.startswith("| S003-49 "))
    assert "[REQ014](rules/REQ014-audit-retention-short.md)" in row
    assert "attestation `audit-export`" in row
    row = next(line for line in make_statements.page().splitlines() if line.startswith("| S000-03 "))
    assert "`astrovet report`" in row
