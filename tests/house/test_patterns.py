"""No regular expression of ours takes more than linear time, whatever a scanned repository has it read."""

from __future__ import annotations

import ast
import re
import signal
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pathlib import Path
from types import FrameType, ModuleType

import pytest

from support import ROOT

LENGTH = 10_000
SECONDS = 1.0
"""Linear patterns take milliseconds for so many characters, quadratic ones many seconds."""

FOLDERS = (ROOT / "linter" / "astrovet", ROOT / "rules" / "astrovet_rules")
USES = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
MATCHING = sorted(
    path for folder in FOLDERS for path in folder.rglob("*.py") if "import re\n" in path.read_text("utf-8")
)
PARTS = ("\n", "\t", *" aA0-_./\\\"'=:#{[($%,")
ENDS = ("!", "\x00")


def patterns(path: Path) -> Iterator[tuple[str, str, str]]:
    """Each pattern that a module hands to `re`: where, how it is used, and itself; those made on the spot are left out.

    What is compiled by itself is taken to be matched where a text begins, which all that read tokens do.
    """
    name = ".".join(path.relative_to(_top(path)).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and _is_use(node.func) and node.args:
            pattern = _value(import_module(name.removesuffix(".__init__")), node.args[0])
            if pattern is not None:
                yield f"{path.name}:{node.lineno}", _method(node.func), pattern


def _top(path: Path) -> Path:
    return next(folder.parent for folder in FOLDERS if folder in path.parents)


def _is_use(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in USES
    )


def _method(function: ast.expr) -> str:
    name = function.attr if isinstance(function, ast.Attribute) else ""
    return name if name in {"match", "fullmatch"} else "match" if name == "compile" else "search"


def _value(module: ModuleType, argument: ast.expr) -> str | None:
    try:
        value = eval(ast.unparse(argument), vars(module))
    except (NameError, AttributeError, TypeError):
        return None
    return value if isinstance(value, str) else None


def _stop(_: int, __: FrameType | None) -> None:
    raise TimeoutError


@pytest.mark.slow
@pytest.mark.parametrize("path", MATCHING, ids=lambda path: path.stem)
def test_a_pattern_takes_linear_time(path: Path) -> None:
    for where, method, pattern in patterns(path):
        takes_linear_time(where, method, pattern)


def takes_linear_time(where: str, method: str, pattern: str) -> None:
    asked = getattr(re.compile(pattern), method)
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        for one, other, end in product(PARTS, ("", *PARTS), ENDS):
            part = one + other
            text = part * (LENGTH // len(part)) + end
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            asked(text)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except TimeoutError:
        pytest.fail(f"{where}: {pattern!r} takes long for many {part!r}, then {end!r}")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
