"""A pytest plugin: which tests reach which blocks of the code, and chosen tests for one mutant after another.

    REACH_MAP=file  python -m pytest -p reach   records the tests that the map does not know yet
    REACH_JOBS=3,4  python -m pytest -p reach   collects once, then takes jobs from one file descriptor and answers at
                                                the other; each job runs in a fork, with changed functions put in

Recording marks the code while it is imported: at the head of every block (a function, an arm of an `if`, the body of a
loop) stands then the setting of one byte. That costs a hundredth of tracing every line. Only what happens in the
tests' own process is seen.
"""

from __future__ import annotations

import ast
import builtins
import gc
import hashlib
import json
import os
import pickle
import signal
import sys
import zlib
from collections.abc import Iterator
from importlib import import_module
from importlib.machinery import SourceFileLoader
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

import pytest

PACKAGES = {"astrovet", "astrovet_rules"}
IGNORED = ("tests/house/", "tests/judges/", "tests/reports/test_report_browser.py")
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


def used() -> float:
    """The seconds that this process and those it waited for have worked: what others do on the machine adds none."""
    return sum(os.times()[:4])


class Map:
    """What every test reached, how long it worked, and which version of its file that was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.numbers: dict[str, int] = {}
        self.tests: dict[str, tuple[str, float, bytes]] = {}
        self.at_import: set[int] = set()
        """Blocks that run while tests are collected."""
        if path.exists():
            self.numbers, self.tests, self.at_import = pickle.loads(path.read_bytes())

    def save(self) -> None:
        part = self.path.with_suffix(".part")
        part.write_bytes(pickle.dumps((self.numbers, self.tests, self.at_import)))
        part.replace(self.path)


class Recorder:
    """Records the tests whose file has changed since the map knew them."""

    def __init__(self, path: Path, root: Path) -> None:
        self.map = Map(path)
        self.root = root
        self.reached = bytearray(1 << 17)
        self.versions: dict[str, str] = {}
        self.passed = False
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
    def pytest_make_collect_report(self) -> Iterator[None]:
        self.reached[:] = bytes(len(self.reached))
        yield
        self.map.at_import.update(number for number, mark in enumerate(self.reached) if mark)

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
        self.passed = False
        before = used()
        yield
        file = item.nodeid.partition("::")[0]
        self.map.tests.pop(item.nodeid, None)
        if self.passed:
            reached = bytes(self.reached[: len(self.map.numbers)])
            self.map.tests[item.nodeid] = (self.version(file), used() - before, zlib.compress(reached, 1))
            if len(self.map.tests) % 500 == 0:
                self.map.save()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.passed = report.passed

    def pytest_sessionfinish(self) -> None:
        self.map.save()


class Jobs:
    """Runs tests in forks until one fails; one that takes much longer than it did ends the fork."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = os.fdopen(reading), os.fdopen(writing, "w")
        self.failed = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        collected = {item.nodeid: item for item in session.items}
        for module in self.modules(session.config.rootpath):
            import_module(module)  # what is imported late could not be changed
        self.answer("ready", str(len(collected)))
        for line in self.reading:
            job = json.loads(line)
            child = os.fork()
            if not child:
                self.run(collected, job)
            _, status = os.waitpid(child, 0)
            if os.waitstatus_to_exitcode(status):
                self.answer("killed", f"the process ended with {os.waitstatus_to_exitcode(status)}")
        return True

    def modules(self, root: Path) -> Iterator[str]:
        for folder in ("linter", "rules"):
            for path in sorted((root / folder).rglob("*.py")):
                if path.stem != "__main__":
                    yield ".".join(path.relative_to(root / folder).with_suffix("").parts).removesuffix(".__init__")

    def answer(self, what: str, why: str = "") -> None:
        print(json.dumps([what, why]), file=self.writing, flush=True)

    def run(self, collected: dict[str, pytest.Item], job: dict[str, Any]) -> NoReturn:
        """In the fork: answers and ends."""
        signal.signal(signal.SIGPROF, lambda *_: self.end("timed out"))
        try:
            if job["original"]:
                replace_functions(job["file"], job["original"], job["mutated"])
        except ValueError as error:  # a function's code does not fit in its place
            self.end("again", str(error))
        chosen = [(collected[test], seconds) for test, seconds in job["tests"] if test in collected]
        for number, (item, seconds) in enumerate(chosen):
            signal.setitimer(signal.ITIMER_PROF, SPARE_SECONDS + SLOWER * seconds)
            following = chosen[number + 1][0] if number + 1 < len(chosen) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                self.end("killed", self.failed)
        self.end("survived", f"{len(chosen)} tests")

    def end(self, what: str, why: str = "") -> NoReturn:
        self.answer(what, why)
        os._exit(0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


def replace_functions(file: str, original: str, mutated: str) -> None:
    """Gives the functions of a module the code that they have in another text of it."""
    pairs = zip(_functions(compile(original, file, "exec")), _functions(compile(mutated, file, "exec")), strict=True)
    changed = {(old.co_qualname, old.co_firstlineno): new for old, new in pairs if old != new}
    gc.unfreeze()  # what tests/conftest.py has put out of sight
    for function in [known for known in gc.get_objects() if isinstance(known, FunctionType)]:
        code = function.__code__
        new = changed.get((code.co_qualname, code.co_firstlineno))
        if new is not None and code.co_filename.endswith(file):
            function.__code__ = new


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The functions and methods of a module, without those inside them."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & CO_OPTIMIZED:
                yield inner
            else:
                yield from _functions(inner)


def pytest_configure(config: pytest.Config) -> None:
    if path := os.environ.get("REACH_MAP"):
        config.pluginmanager.register(Recorder(Path(path), config.rootpath))
        assert not PACKAGES & set(sys.modules), "the code was imported before it could be marked"
    if descriptors := os.environ.get("REACH_JOBS"):
        config.pluginmanager.register(Jobs(*map(int, descriptors.split(","))))
