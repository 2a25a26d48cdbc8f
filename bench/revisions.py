"""Do two revisions of astrovet say the same, byte for byte, of the same files?

    python bench/revisions.py REVISION             compares the working tree with a revision, over its fixtures
    python bench/revisions.py REVISION --only text  only commands whose line holds this text

Every fixture, plan and project of REVISION is given to every command in every format, once by each of the two,
each in a process of its own. What differs is printed; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
import cases  # noqa: E402

DAY = "--today=2026-11-22"
SCAN_FORMATS = ("text", "concise", "json", "sarif")
REQUIRED = ("", "--require=hipaa,pci,dora,no-vendor-inbound,customer-data-plane,private-connectivity")

RUN = """
import json, os, sys
from click.testing import CliRunner
from astrovet.cli.app import app

runner, said = CliRunner(), {}
for folder, arguments in json.load(sys.stdin):
    os.chdir(folder)
    done = runner.invoke(app, arguments)
    broken = "" if done.exception is None or isinstance(done.exception, SystemExit) else repr(done.exception)
    said[json.dumps([folder, arguments])] = [done.exit_code, done.output, broken]
json.dump(said, sys.stdout)
"""


def commands(fixtures: Path) -> Iterator[tuple[str, list[str]]]:
    """Folder and arguments of every run."""
    for folder in sorted(folder for folder in fixtures.glob("rules/*/*") if folder.is_dir()):
        for arguments in _runs(folder):
            for form in SCAN_FORMATS:
                yield str(folder), ["scan", DAY, f"--format={form}", "--show=unknown,waived", *arguments]
    for plan in sorted(fixtures.glob("plans/*")):
        if not plan.is_dir():
            continue
        cases.take_copies(cases.read(plan), plan)
        files = sorted(file.name for file in plan.glob("*.json") if file.name.startswith(("plan", "state")))
        for inputs in (*([f"--plan={name}"] for name in files), ["."]):
            for form in SCAN_FORMATS:
                for required in REQUIRED:
                    yield str(plan), ["scan", DAY, f"--format={form}", "-v", *filter(None, [required]), *inputs]
    for project in (*sorted(fixtures.glob("projects/*")), *sorted(fixtures.glob("precision/*"))):
        if not project.is_dir():
            continue
        for form in SCAN_FORMATS:
            for required in REQUIRED:
                yield str(project), ["scan", DAY, f"--format={form}", *filter(None, [required]), "."]
                yield str(project), ["scan", DAY, f"--format={form}", "--show=pass,unknown,waived,not-applicable", "."]
        for form in ("html", "markdown", "json"):
            yield str(project), ["report", DAY, f"--format={form}", "."]
        for form in ("text", "json", "mermaid"):
            yield str(project), ["model", f"--format={form}", "."]
        yield str(project), ["config"]
    yield str(fixtures), ["rules"]
    yield str(fixtures), ["rules", "--format=json"]
    for form in ("text", "json"):
        for names in ("hipaa", "pci,no-vendor-inbound", "air-gapped", "dora,customer-data-plane"):
            yield str(fixtures), ["advise", f"--format={form}", "--require", names]


def _runs(folder: Path) -> Iterator[list[str]]:
    """The arguments of `astrovet scan` for a fixture of a rule; what it takes from other cases is put beside it."""
    former = folder / "command.txt"  # the revisions before runs.txt
    if former.is_file():
        yield former.read_text("utf-8").split()
        return
    case = cases.read(folder)
    cases.take_copies(case, folder)
    for run in case.runs:
        yield list(run.arguments[1:])


def said(checkout: Path, runs: list[tuple[str, list[str]]]) -> dict[str, list[object]]:
    """What the astrovet of a checkout says of each run."""
    path = os.pathsep.join(str(checkout / root) for root in ("linter", "rules"))
    environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "100"}
    with tempfile.TemporaryFile("w+") as given:
        json.dump(runs, given)
        given.seek(0)
        done = subprocess.run(
            [sys.executable, "-P", "-c", RUN], env=environment, stdin=given, capture_output=True, text=True, check=False
        )
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, list[object]] = json.loads(done.stdout)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        former = Path(folder, "former")
        subprocess.run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(former)], check=True)
        subprocess.run(["git", "-C", str(former), "checkout", "-q", given.revision], check=True)
        runs = [
            command for command in commands(former / "fixtures") if given.only in " ".join((command[0], *command[1]))
        ]
        with ThreadPoolExecutor() as both:
            before, after = both.map(partial(said, runs=runs), (former, ROOT))
    different = [run for run in before if before[run] != after[run]]
    for run in different:
        print(f"--- {run.replace(folder, '')}")
        old, new = (json.dumps(revision[run][::2]) + "\n" + str(revision[run][1]) for revision in (before, after))
        print("\n".join(list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:20]))
    print(f"{len(before)} runs, {len(different)} of them differ")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
