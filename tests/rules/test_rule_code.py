"""How rules are written, read from their source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import ROOT

FILES = sorted((ROOT / "rules").rglob("*.py"))


def wildcards(tree: ast.Module) -> Iterator[int]:
    """The lines of `case _:` in matches."""
    for node in ast.walk(tree):
        if isinstance(node, ast.match_case) and node.guard is None and ast.unparse(node.pattern) == "_":
            yield node.pattern.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_match_names_what_is_left(path: Path) -> None:
    """So that nobody forgets what is unknown: `case _:` would take it for the rest."""
    lines = list(wildcards(ast.parse(path.read_text("utf-8"))))
    assert not lines, "write Known, Unknown and Absent out"
