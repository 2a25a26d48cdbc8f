"""What holds for all code of ours, read from its source: how long files are, what names say, what modules keep."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from support import ROOT

PRODUCT = sorted(path for folder in ("linter", "rules") for path in (ROOT / folder).rglob("*.py"))
OTHERS = sorted(path for folder in ("bench", "docs", "tests") for path in (ROOT / folder).rglob("*.py"))

MOST_LINES = 350
LONG = dict.fromkeys(
    ("linter/astrovet/__init__.py", "linter/astrovet/requirements/tables.py"), "The module is long because"
)
"""The files that are longer for a reason, and how the sentence of their docstring begins that gives it."""

COORDINATES = {"x", "y"}

CACHES = {
    "astrovet.helm.charts.agent_keys",
    "astrovet.helm.charts.recognition",
    "astrovet.reports.findings.snippet",
    "astrovet.terraform.functions.regular_expressions",
    "astrovet.terraform.source.grammar",
    "astrovet.terraform.source.parsing",
}
"""The modules that keep what they made from a text: it is the same for every run."""


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_are_short_or_say_why_not() -> None:
    lines = {relative(path): path.read_text("utf-8").count("\n") for path in PRODUCT}
    assert {path for path, count in lines.items() if count > MOST_LINES} == LONG.keys()
    for path, reason in LONG.items():
        said = ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8")))
        assert said is not None
        assert reason in said


def bound(tree: ast.Module) -> Iterator[str]:
    """The names that a file gives to values; fields of classes not, for those may speak another's language."""
    fields = {
        id(line.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in fields:
                yield name
            case ast.arg(arg=name) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.FunctionDef(name=name):
                yield name
            case _:
                pass


def says_nothing(name: str) -> bool:
    return name in {"each", "found"} or (len(name) == 1 and name.islower() and name not in COORDINATES)


def test_names_say_what_things_are() -> None:
    names = {relative(path): set(bound(ast.parse(path.read_text("utf-8")))) for path in (*PRODUCT, *OTHERS)}
    assert len(names) > 500
    assert not [f"{path}: {name}" for path, given in names.items() for name in sorted(given) if says_nothing(name)]


def test_modules_keep_nothing_of_a_run() -> None:
    """What is made once for an estate is kept with it, or with its scopes (`Scopes.once`): it goes when they go."""
    keeping = set()
    for path in PRODUCT:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts[1:]).removesuffix(".__init__")
        if not name.endswith("__main__"):
            module = vars(import_module(name))
            keeping |= {name for value in module.values() if hasattr(value, "cache_info") and value.__module__ == name}
    assert keeping == CACHES
