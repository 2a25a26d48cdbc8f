"""The names of Airflow's settings stand in one module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from astrovet import airflow
from support import ROOT


def texts_of_code(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module that are no docstrings."""
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node


SETTINGS = tuple(
    text
    for value in vars(airflow).values()
    for text in (value if isinstance(value, tuple) else (value,))
    if isinstance(text, str) and re.fullmatch(r"[A-Z_]+", text)
)


@pytest.mark.slow
def test_a_setting_of_airflows_is_named_in_one_place() -> None:
    """But for docstrings and manuals, which show files as people write them."""
    named = [
        f"{path}:{node.lineno}: {name}"
        for path in sorted((*(ROOT / "linter").rglob("*.py"), *(ROOT / "rules").rglob("*.py")))
        if path.name != "airflow.py"
        for node in texts_of_code(ast.parse(path.read_text("utf-8")))
        for name in SETTINGS
        if name in str(node.value)
    ]
    assert not named, "take it from `astrovet.airflow`, or add it there"


def test_settings_are_named_once() -> None:
    assert len(SETTINGS) > 30
    assert len(set(SETTINGS)) == len(SETTINGS)
