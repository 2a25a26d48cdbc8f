"""The house around the code: what is installed, and the scripts that others call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import astrovet
from support import ROOT


def build(folder: Path, what: str, to: Path) -> Path:
    """A distribution of a source folder, made by the declared build backend without network."""
    code = f"import hatchling.build, sys; print(hatchling.build.build_{what}(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(to)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return to / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_wheel_installs_two_packages_and_no_more(wheel: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--target", str(tmp_path), str(wheel)], check=True, capture_output=True)
    installed = {path.name for path in tmp_path.iterdir()} - {"bin"}
    assert installed == {"astrovet", "astrovet_rules", f"astrovet-{astrovet.__version__}.dist-info"}
    done = subprocess.run(
        [sys.executable, "-c", "from astrovet.cli import main; main()", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"astrovet {astrovet.__version__}\n"


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_wheel_holds_every_module_and_what_they_read(wheel: Path) -> None:
    sources = {
        path.relative_to(root).as_posix()
        for root in (ROOT / "linter", ROOT / "rules")
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    packed = {name for name in names(wheel) if ".dist-info/" not in name}
    assert packed == sources
    assert {"astrovet/py.typed", "astrovet_rules/py.typed", "astrovet/declared/configuration.schema.json"} <= packed
    assert {path.suffix for path in map(Path, packed)} == {".py", ".typed", ".json", ".jinja", ".css", ".js"}


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_metadata_says_what_it_is(wheel: Path) -> None:
    folder = f"astrovet-{astrovet.__version__}.dist-info"
    with ZipFile(wheel) as archive:
        metadata = HeaderParser().parsestr(archive.read(f"{folder}/METADATA").decode())
        entry_points = archive.read(f"{folder}/entry_points.txt").decode()
    assert metadata["Name"] == "astrovet"
    assert metadata["Version"] == astrovet.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert f"{folder}/licenses/LICENSE" in names(wheel)
    assert "astrovet = astrovet.cli:main" in entry_points


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(build(ROOT, "sdist", tmp_path)) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert not {"tests", "fixtures"} & {path.name for path in unpacked.iterdir()}
    assert names(build(unpacked, "wheel", tmp_path)) == names(wheel)


TOOLS = ("bash", "dirname", "env", "timeout")
"""What `.ci/run` asks of every machine; all else is a stand-in that tells what it was called with."""


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `.ci/run` of a clone, from elsewhere, where only these programs are, each with its exit status."""
    clone, elsewhere, programs = tmp_path / "a clone", tmp_path / "elsewhere", tmp_path / "programs"
    for folder in (clone / ".ci", elsewhere, programs):
        folder.mkdir(parents=True)
    assert os.access(shutil.copy(ROOT / ".ci" / "run", clone / ".ci" / "run"), os.X_OK)
    for tool in TOOLS:
        (programs / tool).symlink_to(str(shutil.which(tool)))

    def run(user: int = 0, **statuses: int) -> subprocess.CompletedProcess[str]:
        scripts = {"id": f"echo {user}", "make": 'echo "$PWD: make $*"; exit 7'}
        for name, status in statuses.items():
            scripts[name.replace("_", "-")] = f'echo "$0 $*" >> "{tmp_path}/called"; exit {status}'
        for name, script in scripts.items():
            (programs / name).write_text(f"#!{shutil.which('sh')}\n{script}\n")
            (programs / name).chmod(0o755)
        return subprocess.run(
            [str(programs / "bash"), "../a clone/.ci/run"],
            cwd=elsewhere,
            env={"PATH": str(programs)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def called(tmp_path: Path) -> str:
    log = tmp_path / "called"
    return log.read_text() if log.exists() else ""


def test_ci_runs_the_suite_from_any_folder(machine: Callable[..., Any], tmp_path: Path) -> None:
    done = machine(chromium=0, apt_get=0)
    assert done.stdout == f"{tmp_path / 'a clone'}: make test\n"
    assert (done.returncode, done.stderr, called(tmp_path)) == (7, "", "")


def test_ci_installs_a_chromium_where_it_may(machine: Callable[..., Any], tmp_path: Path) -> None:
    done = machine(apt_get=0)
    assert (done.returncode, done.stderr) == (7, "")
    assert [line.split()[-3:] for line in called(tmp_path).splitlines()] == [
        ["--download-only", "install", "chromium"],
        ["--no-download", "install", "chromium"],
    ]


@pytest.mark.parametrize(
    ("there", "user", "tried"),
    [
        ({}, 0, 0),
        ({"apt_get": 100}, 0, 2),
        ({"apt_get": 0}, 1000, 0),
        ({"apt_get": 0, "sudo": 1}, 1000, 1),
    ],
    ids=["no-apt", "not-reachable", "no-root", "sudo-asks"],
)
def test_ci_runs_the_suite_without_a_chromium(
    machine: Callable[..., Any], tmp_path: Path, there: dict[str, int], user: int, tried: int
) -> None:
    done = machine(user, **there)
    assert done.stdout == f"{tmp_path / 'a clone'}: make test\n"
    assert "no Chromium could be installed" in done.stderr
    assert (done.returncode, len(called(tmp_path).splitlines())) == (7, tried)


def test_an_old_python_is_told_about(tmp_path: Path) -> None:
    clone = tmp_path / "a clone"
    clone.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, clone / name)
    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(["make", "demo", f"PYTHON={old}"], cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "astrovet needs Python 3.11 or later" in done.stderr
    assert not (clone / ".venv").exists()
