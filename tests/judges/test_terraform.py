"""Terraform itself judges what is made of its expressions, where `terraform` is installed: `make judge`."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from astrovet.value import Unknown
from judges.bridge import evaluate

SEED, COUNT = 13, 300
REFUSED = "terraform refuses this"
OPEN = object()

LEAVES = {
    "text": ('"a"', '"B-c"', '""', '"12"', '"true"', '"x,y"', "null"),
    "number": ("0", "1", "-3", "2.5", "10"),
    "flag": ("true", "false"),
    "list": ("[]", '["a", "b"]', '[1, "2", true]', '["b", "a", "b"]', "[null]"),
    "map": ("{}", "{ a = 1 }", '{ a = "x", b = "y" }', "{ a = [1], c = null }"),
}
FORMS = {
    "text": (
        "upper({text})", 'join("-", {list})', '"<${{{text}}}>"', "{flag} ? {text} : {number}", "tostring({number})",
        'lookup({map}, "a", {text})', "coalesce({text}, {text})", 'replace({text}, "a", "b")', "jsonencode({map})",
        'format("%s/%v", {text}, {number})', "trimspace({text})", "try({list}[0], {text})", "substr({text}, 0, 1)",
    ),
    "number": (
        "{number} + {number}", "length({list})", "max({number}, {number})", "{number} % 7", "abs({number})",
        "tonumber({text})", "{number} / 4", "length({map})", "floor({number})",
    ),
    "flag": (
        "{text} == {text}", "!{flag}", "{number} < {number}", "contains({list}, {text})", "can({map}.a)",
        "{flag} && {flag}", "{list} == {list}", "{number} == {text}", 'startswith({text}, "a")',
    ),
    "list": (
        "concat({list}, {list})", "[for item in {list} : item]", "keys({map})", "values({map})", "reverse({list})",
        "distinct({list})", "tolist(toset({list}))", "compact({list})", 'split(",", {text})', "[{text}, {number}]",
        "flatten([{list}, {list}])", "{flag} ? {list} : {list}", "slice({list}, 0, 1)", "sort({list})",
    ),
    "map": (
        "merge({map}, {map})", "{{ for key, item in {map} : key => item }}", "tomap({map})", "{{ a = {text} }}",
        "{flag} ? {map} : {map}", "zipmap(keys({map}), values({map}))",
    ),
}  # fmt: skip


def expression(choice: random.Random, kind: str, depth: int) -> str:
    if depth == 0 or choice.random() < 0.2:
        return choice.choice(LEAVES[kind])
    names = {name: f"({expression(choice, name, depth - 1)})" for name in FORMS}
    return choice.choice(FORMS[kind]).format_map(names)


def judged(expressions: list[str], folder: Path) -> list[Any]:
    """What Terraform makes of them; OPEN where its console leaves it to the apply."""
    asked = ", ".join(f'base64encode(jsonencode(try({one}, "{REFUSED}")))' for one in expressions)
    command = ["terraform", "console"]
    run = subprocess.run(command, cwd=folder, input=f"[{asked}]\n", capture_output=True, text=True, check=True)
    answers = [line.strip(' ",') for line in run.stdout.splitlines() if line.startswith(" ")]
    return [OPEN if answer.startswith("(") else json.loads(base64.b64decode(answer)) for answer in answers]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is the judge")
def test_expressions_are_what_terraform_says(tmp_path: Path) -> None:
    choice = random.Random(SEED)
    expressions = [expression(choice, choice.choice(list(FORMS)), 3) for _ in range(COUNT)]
    wrong, unknown = [], []
    for asked, wanted in zip(expressions, judged(expressions, tmp_path), strict=True):
        if wanted is OPEN:
            continue
        kind, value = evaluate(f'try({asked}, "{REFUSED}")', {})
        if _holds_unknown(value):
            unknown.append(asked)
        elif kind != "value" or value != wanted:
            wrong.append(f"{asked}: {wanted!r}, not {value!r}")
    assert wrong == []
    assert len(unknown) <= COUNT // 100, unknown


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_holds_unknown, value))
    return isinstance(value, Unknown) or (isinstance(value, dict) and any(map(_holds_unknown, value.values())))
