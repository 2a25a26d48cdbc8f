"""The front door of the engine is all that a rule pack may import, and it is whole."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

import astrovet
from support import ROOT

SOURCE = ROOT / "linter" / "astrovet" / "__init__.py"
HOMES: dict[str, str] = vars(astrovet)["_HOMES"]
OWN = {"TYPE_CHECKING", "annotations"}
"""What the module needs for itself, and Python leaves in it."""


def imported_for_types() -> dict[str, str]:
    """The names that type checkers see, and where they find them."""
    (block,) = (node for node in ast.parse(SOURCE.read_text("utf-8")).body if isinstance(node, ast.If))
    statements = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert len(statements) == len(block.body)
    names = [(statement.module, alias) for statement in statements for alias in statement.names]
    assert all(alias.asname == alias.name for _, alias in names)  # or type checkers would not pass it on
    assert len(names) == len({alias.name for _, alias in names})
    return {alias.name: str(module) for module, alias in names}


def test_its_lists_name_the_same() -> None:
    homes = {name: f"astrovet.{home}" for name, home in HOMES.items()}
    assert imported_for_types() == {**homes, "airflow": "astrovet"}
    assert astrovet.__all__ == [*HOMES, "airflow"]
    assert dir(astrovet) == sorted([*astrovet.__all__, "__version__"])


def test_every_name_opens_what_its_module_defines() -> None:
    for name, home in HOMES.items():
        assert getattr(astrovet, name) is getattr(import_module(f"astrovet.{home}"), name), name


def test_nothing_else_stands_in_it() -> None:
    others = vars(astrovet).keys() - set(astrovet.__all__) - OWN
    public = {name for name in others if not name.startswith("_")}
    assert {name for name in public if not isinstance(vars(astrovet)[name], ModuleType)} == set()
    assert all(vars(astrovet)[name].__name__ == f"astrovet.{name}" for name in public)


def test_it_loads_nothing_before_it_is_asked() -> None:
    script = "import sys, astrovet; print(*sorted(name for name in sys.modules if name.startswith('astrovet')))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "linter", capture_output=True, text=True, check=True
    )
    assert done.stdout == "astrovet\n"


def test_rules_import_nothing_else_of_the_engine() -> None:
    for path in (ROOT / "rules").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ImportFrom(module="astrovet", names=names):
                    assert {alias.name for alias in names} <= set(astrovet.__all__), path
                case ast.ImportFrom(module=module):
                    assert not str(module).startswith("astrovet."), path
                case ast.Import(names=names):
                    assert not [alias.name for alias in names if alias.name.partition(".")[0] == "astrovet"], path
                case _:
                    pass


def test_what_it_lacks_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Deploymint'"):
        _ = astrovet.Deploymint
