"""A pytest plugin: which tests reach which blocks of the code, and a run of chosen tests.

    REACH_MAP=file    python -m pytest -p reach   records the tests that the map does not know yet
    REACH_CHOSEN=file python -m pytest -p reach   runs the tests of a JSON list, in its order, each with its time limit

Recording marks the code while it is imported: at the head of every block (a function, an arm of an `if`, the body of a
loop) stands then the setting of one byte. That costs a hundredth of tracing every line. Only what happens in the
tests' own process is seen.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import pickle
import signal
import sys
import zlib
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType

import pytest

PACKAGES = {"astrovet", "astrovet_rules"}
IGNORED = ("tests/house/", "tests/judges/", "tests/reports/test_report_browser.py")
TIMED_OUT = 99
SPARE_SECONDS = 10.0
SLOWER = 10.0


class Blocks(ast.NodeVisitor):
    """The blocks of a module by the node and the list of statements that each is."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path = path
        self.names: list[str] = []
        self.function = ""
        self.count = 0
        self.blocks: list[tuple[str, list[ast.stmt]]] = []
        self.visit(tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.names.append(node.name)
        self.generic_visit(node)
        self.names.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer = self.function, self.count
        self.names.append(node.name)
        text = hashlib.sha1(ast.dump(node).encode(), usedforsecurity=False).hexdigest()[:8]
        self.function, self.count = f"{self.path}:{'.'.join(self.names)}#{text}", 0
        self.generic_visit(node)
        self.names.pop()
        self.function, self.count = outer

    def generic_visit(self, node: ast.AST) -> None:
        if self.function and not isinstance(node, ast.ClassDef):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list) and block:
                    self.blocks.append((f"{self.function}:{self.count}", block))
                    self.count += 1
        super().generic_visit(node)


def marked(path: str, source: bytes, numbers: dict[str, int]) -> CodeType:
    """The code of a module that says which of its blocks run."""
    tree = ast.parse(source)
    for key, block in Blocks(path, tree).blocks:
        number = numbers.setdefault(key, len(numbers))
        mark = ast.parse(f"_reached_blocks_[{number}] = 1").body[0]
        first = block[0]
        documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        for node in ast.walk(mark):
            ast.copy_location(node, first)
        block.insert(1 if documented else 0, mark)
    code: CodeType = compile(tree, path, "exec", dont_inherit=True)
    return code


class Map:
    """What every test reached, how long it took, and which version of its file that was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.numbers: dict[str, int] = {}
        self.tests: dict[str, tuple[str, float, bytes]] = {}
        if path.exists():
            self.numbers, self.tests = pickle.loads(path.read_bytes())

    def save(self) -> None:
        part = self.path.with_suffix(".part")
        part.write_bytes(pickle.dumps((self.numbers, self.tests)))
        part.replace(self.path)

    def blocks(self, test: str) -> bytes:
        """A byte for every block, 1 where the test reached it."""
        return zlib.decompress(self.tests[test][2])


class Recorder:
    """Records the tests whose file has changed since the map knew them."""

    def __init__(self, path: Path, root: Path) -> None:
        self.map = Map(path)
        self.root = root
        self.reached = bytearray(1 << 17)
        self.at_import: dict[str, bytes] = {}
        self.versions: dict[str, str] = {}
        self.passed = False
        self.seconds = 0.0
        import builtins

        builtins._reached_blocks_ = self.reached  # type: ignore[attr-defined]
        unmarked = SourceFileLoader.get_code
        numbers, prefix = self.map.numbers, root

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            if name.partition(".")[0] not in PACKAGES:
                return unmarked(loader, name)
            path = loader.get_filename(name)
            return marked(Path(path).relative_to(prefix).as_posix(), loader.get_data(path), numbers)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]

    def version(self, file: str) -> str:
        if file not in self.versions:
            self.versions[file] = hashlib.sha1((self.root / file).read_bytes(), usedforsecurity=False).hexdigest()
        return self.versions[file]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        self.reached[:] = bytes(len(self.reached))
        yield
        if isinstance(collector, pytest.Module):
            self.at_import[collector.nodeid] = bytes(self.reached)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        collected = {item.nodeid: item for item in items if not item.nodeid.startswith(IGNORED)}
        files = {test.partition("::")[0] for test in collected}
        for test in set(self.map.tests) - set(collected):
            file = test.partition("::")[0]
            if file in files or not (self.root / file).exists():
                del self.map.tests[test]
        items[:] = [
            item
            for test, item in collected.items()
            if test not in self.map.tests or self.map.tests[test][0] != self.version(test.partition("::")[0])
        ]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.reached[:] = bytes(len(self.reached))
        self.passed, self.seconds = False, 0.0
        yield
        file = item.nodeid.partition("::")[0]
        if self.passed:
            reached = bytes(self.reached[: len(self.map.numbers)])
            self.map.tests[item.nodeid] = (self.version(file), self.seconds, zlib.compress(reached, 1))
            if len(self.map.tests) % 500 == 0:
                self.map.save()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds += report.duration
        if report.when == "call":
            self.passed = report.passed

    def pytest_sessionfinish(self) -> None:
        self.map.save()


class Chosen:
    """Runs some tests in an order; one that takes much longer than it did ends the run."""

    def __init__(self, path: Path) -> None:
        self.limits: dict[str, float] = dict(json.loads(path.read_text("utf-8")))
        signal.signal(signal.SIGPROF, self.stop)

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        os._exit(TIMED_OUT)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        collected = {item.nodeid: item for item in items}
        items[:] = [collected[test] for test in self.limits if test in collected]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        signal.setitimer(signal.ITIMER_PROF, SPARE_SECONDS + SLOWER * self.limits[item.nodeid])
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)


def pytest_configure(config: pytest.Config) -> None:
    if path := os.environ.get("REACH_MAP"):
        config.pluginmanager.register(Recorder(Path(path), config.rootpath))
        assert not PACKAGES & set(sys.modules), "the code was imported before it could be marked"
    if path := os.environ.get("REACH_CHOSEN"):
        config.pluginmanager.register(Chosen(Path(path)))
