"""Under an audit hook of Python, a run of every command does nothing but read, and write what it was told to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from support import PROJECTS, ROOT

WATCHED = """
import json, os, sys

WATCHED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
             "os.putenv", "pty.", "ctypes.", "pickle.", "marshal.dump", "urllib.", "http.", "ftplib.", "smtplib.",
             "webbrowser.", "winreg.", "shutil.", "tempfile.", "os.mkdir", "os.rename", "os.remove", "os.rmdir",
             "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate", "os.utime", "os.setxattr")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
seen = []

def hook(event, arguments):
    if event.startswith(WATCHED):
        seen.append([event, *(str(name) for name in arguments if isinstance(name, (str, bytes, os.PathLike)))])
    elif event == "open" and arguments[2] & WRITES and isinstance(arguments[0], str) and arguments[0] != os.devnull:
        seen.append(["open", arguments[0]])

sys.addaudithook(hook)
sys.dont_write_bytecode = True
from astrovet.cli import main
sys.argv = ["astrovet", *sys.argv[2:]]
status = 0
try:
    main()
except SystemExit as end:
    status = end.code or 0
sys.stdout.flush()
told = json.dumps({"status": status, "seen": seen})
os.write(os.open(os.environ["SEEN"], os.O_WRONLY), told.encode())
"""

COMMANDS = {
    "scan": ("scan", ".", "--require=hipaa", "--output=json=out/scan.json", "--output=sarif=out/scan.sarif"),
    "compare": ("compare", ".", ".", "--format=markdown"),
    "scan --hook": ("scan", "--hook", "."),
    "report": ("report", ".", "--require=hipaa", "--format=html", "--output=out/report.html"),
    "model": ("model", ".", "--format=json"),
    "config": ("config",),
    "config --schema": ("config", "--schema"),
}
WITHOUT_INPUTS = {
    "rules": ("rules",),
    "explain": ("explain", "REX008"),
    "advise": ("advise", "--require=hipaa"),
    "--help": ("--help",),
    "--version": ("--version",),
}
PROJECT_NAMES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())


def watched(words: Sequence[str], folder: Path) -> list[list[str]]:
    """What a run does besides reading: the events, with the names that they are about."""
    seen = folder.parent / "seen"
    seen.touch()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder.parent / "home"),
        "PYTHONPATH": f"{ROOT}/linter:{ROOT}/rules",
        "SEEN": str(seen),
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", WATCHED, "astrovet", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(seen.read_text())
    assert told["status"] in {0, 1, 2}, done.stderr
    events: list[list[str]] = told["seen"]
    return events


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("project", PROJECT_NAMES)
def test_a_run_over_a_project(project: str, command: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(PROJECTS / project, folder)
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "out").mkdir()
    before = files(tmp_path)
    words = COMMANDS[command]
    outputs = {word.rpartition("=")[2] for word in words if word.startswith("--output=")}
    for event, *paths in watched(words, folder):
        assert event in {"open", "os.rename", "os.chmod"}, (event, paths)
        assert all((folder / path).parent == folder / "out" for path in paths), (event, paths)
    assert files(tmp_path) - before == {"seen", *(f"project/{path}" for path in outputs)}


@pytest.mark.parametrize("command", WITHOUT_INPUTS)
def test_a_run_without_inputs(command: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    assert watched(WITHOUT_INPUTS[command], folder) == []
    assert files(folder) == set()
