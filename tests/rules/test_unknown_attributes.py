"""What a rule says when one attribute of its fixture's sources is not known: it does not flip between pass and failure.

Each attribute in turn becomes `var.open`, which has no value, wherever it stands. What a rule then says otherwise than
before is in `tests/data/unknown-attributes/<rule-name>.txt`; `make expected` writes it anew.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cases
from support import DATA, FIXTURES, TODAY, astrovet, expect_of_file

OPEN = '\nvariable "open" {}\n'
ATTRIBUTE = re.compile(r"^[ \t]+(?P<name>[a-z_]+)[ \t]*=[ \t]*(?=\S)", re.MULTILINE)
ALL = "--show=pass,unknown,waived,not-applicable"
BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
OUTSIDE = "what is passed in stands in no file, and is no literal"
UNUSED = "no use of the token is seen any more, and only uses that are seen are judged"
FLIPS: dict[str, dict[str, str]] = {
    "provider-token-literal": {
        "bad-argument-of-a-module: token": OUTSIDE,
        "bad-default-of-a-variable: default": OUTSIDE,
        "bad-default-of-a-variable: token": OUTSIDE,
        "bad-literal: token": OUTSIDE,
    },
    "secret-literal": {
        "bad-argument-of-a-module: password": OUTSIDE,
        "bad-beside-a-reference: environment_variables": OUTSIDE,
        "bad-channel: api_key": OUTSIDE,
        "bad-channel: definition": OUTSIDE,
    },
    "manifest-holds-secret": {
        "bad-terraform: data": OUTSIDE,
        "bad-terraform: password": OUTSIDE,
    },
    "agent-token-crossed": {
        f"{case}: {name}": UNUSED
        for case in ("bad-agent-token-for-lineage", "bad-agent-token-for-the-registry", "bad-api-token-for-agents")
        for name in ("data",)
    },
    "api-token-too-broad": {"bad-lineage-key-of-agent: values": UNUSED},
}
"""The exceptions, by rule, case and attribute; one that is none any more fails the test."""
AT_MOST = 3
"""Fixtures of a rule that are tried."""


def of_sources(folder: Path) -> bool:
    return (folder / "main.tf").is_file() and not folder.name.startswith("unknown-")


RULES = {
    folder.name: [case for case in sorted(folder.iterdir()) if of_sources(case)][:AT_MOST]
    for folder in sorted((FIXTURES / "rules").iterdir())
    if folder.is_dir()
}


def ends(text: str, start: int) -> int:
    """Where the expression that begins at `start` ends: with its line, but for what is open in it."""
    depth, quoted = 0, False
    for position in range(start, len(text)):
        letter = text[position]
        if letter == '"' and text[position - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            if (letter == "\n" or letter in ",}") and depth <= 0:
                return position
            depth += BRACKETS.get(letter, 0)
    return len(text)


def opened(text: str, name: str) -> str:
    """The sources with an attribute of this name unknown, wherever it stands."""
    done, position = "", 0
    for match in ATTRIBUTE.finditer(text):
        if match["name"] == name and match.start() >= position and not text[match.end() :].startswith("<<"):
            done += text[position : match.end()] + "var.open"
            position = ends(text, match.end())
    return done + text[position:]


def said(rule: str) -> dict[str, tuple[str, str]]:
    """What the rule says of each subject, and in which words."""
    result = astrovet("scan", ".", "--format", "json", ALL, "--today", TODAY, "--select", rule)
    assert result.exit_code in {0, 1, 2}, result.output
    verdicts: dict[str, list[Any]] = {}
    for verdict in json.loads(result.stdout)["verdicts"]:
        if verdict["name"] == rule:
            verdicts.setdefault(verdict["subject"], []).append(verdict)
    return {
        subject: (
            min(finding["verdict"] for finding in ours),
            " | ".join(f"{finding['verdict']} {finding['place']['line']}: {finding['message']}" for finding in ours),
        )
        for subject, ours in verdicts.items()
    }


def tried(rule: str, folder: Path) -> Iterator[tuple[str, str, tuple[str, str], tuple[str, str]]]:
    """Attribute, subject, what was said before, and what is said now."""
    file = Path("main.tf")
    text = file.read_text("utf-8")
    file.write_text(text + OPEN)
    before = said(rule)
    nothing = ("nothing", "nothing")
    for name in sorted({match["name"] for match in ATTRIBUTE.finditer(text)} - {"source", "version"}):
        file.write_text(opened(text, name) + OPEN)
        now = said(rule)
        for subject in sorted({*before, *now}):
            yield name, subject, before.get(subject, nothing), now.get(subject, nothing)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule, folders in RULES.items() if folders])
def test_an_unknown_attribute_never_turns_a_pass_into_a_failure_or_back(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    flips: set[str] = set()
    for folder in RULES[rule]:
        here = tmp_path / folder.name
        cases.lay_out(cases.read(folder), here)
        for plan in here.rglob("*.json"):
            if plan.name.startswith(("plan", "state")):
                plan.unlink()
        monkeypatch.chdir(here)
        for name, subject, before, now in tried(rule, folder):
            if before != now:
                lines.append(f"{folder.name}: {name}: {subject}: {now[1]}")
            if {before[0], now[0]} == {"pass", "fail"}:
                flips.add(f"{folder.name}: {name}")
        shutil.rmtree(here)
    assert flips == set(FLIPS.get(rule, {}))
    expect_of_file("".join(f"{line}\n" for line in lines), DATA / "unknown-attributes" / f"{rule}.txt")
