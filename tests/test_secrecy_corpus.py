"""How many of the secrets of a corpus are seen, and how many harmless values are taken for one."""

from __future__ import annotations

import pytest

from astrovet.secrecy import credential_kind, pattern_kind, showable_as
from support import DATA

RECALL = 0.95
"""So many of the secrets have to be seen at least; a harmless value is never to be taken for one."""

ROWS = [
    tuple(line.replace("¦", "").split("\t"))
    for line in (DATA / "secrecy.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
SECRET = [(name, value) for kind, name, value in ROWS if kind == "secret"]
HARMLESS = [(name, value) for kind, name, value in ROWS if kind == "harmless"]


def test_the_corpus_is_large_and_half_of_it_is_secret() -> None:
    assert len(ROWS) >= 300
    assert {kind for kind, _, _ in ROWS} == {"secret", "harmless"}
    assert 0.4 <= len(SECRET) / len(ROWS) <= 0.6
    assert len(set(ROWS)) == len(ROWS)


def test_secrets_are_seen_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    missed = [row for row in SECRET if credential_kind(*row) is None]
    alarms = [row for row in HARMLESS if credential_kind(*row) is not None]
    seen = len(SECRET) - len(missed)
    with capsys.disabled():
        print(f"\nsecrets: recall {seen / len(SECRET):.1%} of {len(SECRET)}, ", end="")
        print(f"precision {seen / (seen + len(alarms)):.1%} beside {len(HARMLESS)} harmless values")
    assert alarms == []
    assert seen / len(SECRET) >= RECALL, missed


def test_none_is_shown_under_its_own_name_and_none_that_looks_like_one_under_any() -> None:
    assert [row for row in SECRET if showable_as(*row)] == []
    telling = ("region", "image", "tag", "version", "namespace", "host", "description")
    by_look = [value for _, value in SECRET if pattern_kind(value) is not None]
    assert len(by_look) >= 40
    assert [(name, value) for name in telling for value in by_look if showable_as(name, value)] == []
