"""Do the tests notice when a line of the code is changed? Lines drawn at random, each given to the tests that reach it.

    python bench/mutants.py [--seed N] [--count 40] [--only PART-OF-A-PATH] [--floor N]

A line of code is drawn from linter/ and rules/ (so that a file of many lines is drawn often), then one of the changes
that bench/mutations.py knows for it. The change is made in a copy of the tree, in .mutants/, where also the map lies
that bench/reach.py records: which tests reach which blocks. Tests that the map does not know or that have changed are
recorded first; the first time that takes as long as the whole suite. Then those that reach the changed line run, the
quickest of each file first, until one fails.

The end is a list of survivors. mutants.toml beside this script names those that were looked at and change nothing;
they are not drawn. With --floor the exit status is 1 if fewer than so many died.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import time
import tomllib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, zip_longest
from pathlib import Path
from typing import Any

from mutations import Change, changes
from reach import IGNORED, Blocks

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("MUTANTS_CACHE", ROOT / ".mutants"))
TREE = CACHE / "tree"
MAP = CACHE / "map"
EQUIVALENT = Path(__file__).with_suffix(".toml")
MANUALS = "tests/rules/test_rule_manuals.py"
"""Tests of what every rule declares."""
FIRST, NEAREST = 40, 3
PATIENCE = 150.0
"""Seconds of work, as the tests took when they were recorded; what survives these counts as survived."""


def copied() -> None:
    """Makes the copy of the tree like the tree; what is equal stays, so that compiled code does too."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    for path in TREE.rglob("*"):
        if path.is_file() and path.relative_to(TREE).as_posix() not in files and "__pycache__" not in path.parts:
            path.unlink()
    for folder in sorted((path for path in TREE.rglob("*") if path.is_dir()), reverse=True):
        if all(path.name == "__pycache__" for path in folder.iterdir()):
            shutil.rmtree(folder)
    for name in files:
        source, target = ROOT / name, TREE / name
        if not target.is_file() or source.read_bytes() != target.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def pytest(arguments: list[str], environment: dict[str, str], **more: Any) -> subprocess.Popen[str]:
    roots = [str(TREE / name) for name in ("linter", "rules", "docs", "tests", "bench")]
    base = ["-p", "reach", "-p", "no:cacheprovider", "-q", "--tb=no"]
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *base, *(f"--ignore={path}" for path in IGNORED), *arguments],
        cwd=TREE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(roots), "ASTROVET_HYPOTHESIS": "ci", **environment},
        text=True,
        **more,
    )


class Tests:
    """A process that has collected tests and runs some of them for each mutant."""

    def __init__(self, files: Sequence[str] = (), **environment: str) -> None:
        reading, their_writing = os.pipe()
        their_reading, writing = os.pipe()
        self.process = pytest(
            list(files),
            {"REACH_JOBS": f"{their_reading},{their_writing}", **environment},
            pass_fds=(their_reading, their_writing),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(their_reading)
        os.close(their_writing)
        self.reading, self.writing = os.fdopen(reading), os.fdopen(writing, "w")
        self.ready = self.answer()

    def answer(self) -> tuple[str, str]:
        line = self.reading.readline()
        what, why = json.loads(line) if line else ("killed", "nothing can be collected")
        return what, why

    def run(self, **job: object) -> tuple[str, str]:
        if self.ready[0] != "ready":
            return self.ready
        print(json.dumps(job), file=self.writing, flush=True)
        return self.answer()

    def close(self) -> None:
        self.writing.close()
        self.reading.close()
        self.process.wait()


class Reach:
    """Which tests reach a line."""

    def __init__(self) -> None:
        numbers, self.tests, imported = pickle.loads(MAP.read_bytes())
        self.imported = {key.partition("#")[0] for key, number in numbers.items() if number in imported}
        self.by_function: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.by_file: dict[str, list[int]] = defaultdict(list)
        for key, number in numbers.items():
            function, _, _ = key.partition("#")
            self.by_function[function].append((key, number))
            self.by_file[function.partition(":")[0]].append(number)
        self.blocks = {test: zlib.decompress(blocks) for test, (_, _, blocks) in self.tests.items()}

    def reaching(self, numbers: list[int]) -> set[str]:
        return {
            test
            for test, blocks in self.blocks.items()
            if any(number < len(blocks) and blocks[number] for number in numbers)
        }

    def of_line(self, file: str, line: int) -> set[str]:
        """The tests that reach a line; of a function that has changed since they were recorded, those that call it."""
        key = block_of(file, line)
        if key is None:
            return self.of_module(file)
        function, _, rest = key.partition("#")
        version = rest.partition(":")[0]
        return self.reaching(
            [
                number
                for other, number in self.by_function[function]
                if other == key or other.partition("#")[2].partition(":")[0] != version
            ]
        )

    def is_imported(self, file: str, line: int) -> bool:
        """Whether a line runs while tests are collected."""
        key = block_of(file, line)
        return key is None or key.partition("#")[0] in self.imported

    def of_module(self, file: str) -> set[str]:
        """The tests that may feel what a module does when it is imported: that reach it or a module that imports it."""
        files = {file, *importers(file)}
        tests = self.reaching([number for name in files for number in self.by_file[name]])
        return tests | {test for test in self.tests if file.startswith("rules/") and test.startswith(MANUALS)}

    def ordered(self, tests: set[str], names: set[str]) -> list[str]:
        """Those of the names first, then the quickest of every file, then the second of every file, and so on."""
        by_file: dict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=lambda test: self.tests[test][1]):
            by_file[test.partition("::")[0]].append(test)
        ordered = [test for test in chain(*zip_longest(*by_file.values())) if test is not None]
        ordered.sort(key=lambda test: not any(name in test for name in names))
        spent = accumulate(self.tests[test][1] for test in ordered)
        return [test for test, seconds in zip(ordered, spent, strict=True) if seconds <= PATIENCE]


def block_of(file: str, line: int) -> str | None:
    """The key of the innermost block around a line, if it is in a function."""
    inner = None
    narrowest = 1 << 30
    for key, block in Blocks(file, ast.parse((TREE / file).read_bytes())).blocks:
        first, last = block[0].lineno, block[-1].end_lineno or 0
        if first <= line <= last and last - first <= narrowest:
            inner, narrowest = key, last - first
    return inner


def importers(file: str) -> Iterator[str]:
    """The files whose modules import a module."""
    name = ".".join(Path(file).with_suffix("").parts[1:]).removesuffix(".__init__")
    package, _, last = name.rpartition(".")
    for path in sources():
        text = (TREE / path).read_text("utf-8")
        if f"from {name} import" in text or f"import {name}\n" in text or f"from {package} import {last}\n" in text:
            yield path


def sources() -> list[str]:
    return sorted(
        path.relative_to(TREE).as_posix() for folder in ("linter", "rules") for path in (TREE / folder).rglob("*.py")
    )


def drawn(seed: int, count: int, only: str) -> Iterator[tuple[str, Change]]:
    """Lines in random order, each with one change."""
    equivalent = {
        (entry["file"], entry["before"], entry["after"])
        for entry in tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", [])
    }
    looked_at = {file for file, _, _ in equivalent}
    lines: dict[tuple[str, int], list[Change]] = defaultdict(list)
    for file in (file for file in sources() if only in file):
        source = (TREE / file).read_bytes()
        for change in changes(source):
            if file not in looked_at or (file, *change.shown(source)) not in equivalent:
                lines[file, change.line].append(change)
    chance = random.Random(seed)
    for file, line in chance.sample(sorted(lines), min(count, len(lines))):
        yield file, chance.choice(lines[file, line])


def fate(file: str, change: Change, reach: Reach, tests: Tests) -> tuple[str, str]:
    """`killed`, `survived` or `timed out`; by which test, or how many let it live."""
    source = (TREE / file).read_bytes()
    mutated = change.applied(source)
    files = {file} if block_of(file, change.line) else {file, *importers(file)}
    names = {Path(file).stem.replace("_", "-") for file in files if file.startswith("rules/")}
    chosen = reach.ordered(reach.of_line(file, change.line), names)
    if not chosen:
        return "survived", "no test reaches it"
    what, why = "again", ""
    if not reach.is_imported(file, change.line):
        limits = [(test, reach.tests[test][1]) for test in chosen]
        what, why = tests.run(file=file, original=source.decode(), mutated=mutated.decode(), tests=limits)
    return imported(file, source, mutated, chosen, reach) if what == "again" else (what, why)


def imported(file: str, source: bytes, mutated: bytes, chosen: list[str], reach: Reach) -> tuple[str, str]:
    """The same for what happens while modules are imported: in a process that imports the changed file."""
    target = TREE / file
    target.write_bytes(mutated)
    for stale in (target.parent / "__pycache__").glob(f"{target.stem}.*.pyc"):
        stale.unlink()
    try:
        near = nearest(file, chosen)
        first = [test for test in chosen if test.partition("::")[0] in near][:FIRST]
        for part in (first, [test for test in chosen if test not in set(first)]):
            files = sorted({test.partition("::")[0] for test in part})
            limits = [(test, reach.tests[test][1]) for test in part]
            if files:
                tests = Tests(files, PYTHONDONTWRITEBYTECODE="1")
                what, why = tests.run(file=file, original="", mutated="", tests=limits)
                tests.close()
                if what != "survived":
                    return what, why
    finally:
        target.write_bytes(source)
    return "survived", f"{len(chosen)} tests"


def nearest(file: str, tests: Sequence[str]) -> set[str]:
    """The test files that lie where a module lies: importing few test files is quick."""
    folders = set(Path(file).parts)
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    return set(sorted(files, key=lambda path: -len(folders.intersection(Path(path).parts)))[:NEAREST])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--only", default="", help="draw only from files whose path holds this")
    parser.add_argument("--floor", type=int, default=0, help="how many must die")
    parser.add_argument("--unrecorded", action="store_true", help="take the map as it is")
    arguments = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    copied()
    if not arguments.unrecorded:
        print("recording the tests that are new", flush=True)
        pytest([], {"REACH_MAP": str(MAP)}, stdout=subprocess.DEVNULL).wait()
    reach = Reach()
    print(f"seed {arguments.seed}, {arguments.count} mutants, {len(reach.tests)} tests in the map", flush=True)
    tests = Tests()
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for file, change in drawn(arguments.seed, arguments.count, arguments.only):
        began = time.monotonic()
        what, why = fate(file, change, reach, tests)
        fates["/".join(file.split("/")[1:3])][what] += 1
        before, after = change.shown((TREE / file).read_bytes())
        print(f"{what:9} {file}:{change.line} ({change.kind}, {time.monotonic() - began:.0f} s) {why}", flush=True)
        if what != "killed":
            print(f"          - {before}\n          + {after}", flush=True)
    tests.close()
    for package, counts in sorted(fates.items()):
        print(f"{package:40} " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    total = sum(fates.values(), Counter())
    print(f"{total['killed'] + total['timed out']} of {total.total()} died (seed {arguments.seed})")
    return int(total["killed"] + total["timed out"] < arguments.floor)


if __name__ == "__main__":
    sys.exit(main())
