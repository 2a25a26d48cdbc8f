"""The house around the code: what is installed, and the scripts that others call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from email.parser import HeaderParser
from pathlib import Path
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


@pytest.mark.xdist_group("wheel")
def test_the_wheel_installs_two_packages_and_no_more(wheel: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--target", str(tmp_path), str(wheel)], check=True, capture_output=True)
    installed = {each.name for each in tmp_path.iterdir()} - {"bin"}
    assert installed == {"astrovet", "astrovet_rules", f"astrovet-{astrovet.__version__}.dist-info"}
    done = subprocess.run(
        [sys.executable, "-c", "from astrovet.cli import main; main()", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"astrovet {astrovet.__version__}\n"


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


@pytest.mark.xdist_group("wheel")
def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(build(ROOT, "sdist", tmp_path)) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert not {"tests", "fixtures"} & {each.name for each in unpacked.iterdir()}
    assert names(build(unpacked, "wheel", tmp_path)) == names(wheel)


def test_ci_runs_the_suite_from_any_folder(tmp_path: Path) -> None:
    clone, elsewhere, programs = tmp_path / "a clone", tmp_path / "elsewhere", tmp_path / "programs"
    for folder in (clone / ".ci", elsewhere, programs):
        folder.mkdir(parents=True)
    script = Path(shutil.copy(ROOT / ".ci" / "run", clone / ".ci" / "run"))
    make = programs / "make"
    make.write_text('#!/bin/sh\necho "$PWD: make $*"\nexit 7\n')
    make.chmod(0o755)
    assert os.access(script, os.X_OK)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "../a clone/.ci/run"], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{clone}: make test\n"
    assert done.returncode == 7


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
