"""Astro projects: which files they are read from, and what their images come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from astrovet.cli.project_files import is_of_project
from astrovet.document import InputKind, ProblemKind
from astrovet.formats.text_file import TextFile
from astrovet.model.estate import Estate, Input
from astrovet.model.project import AstroProject
from astrovet.readers.astro import project
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent, Known, Unknown

RUNTIME = "astrocrpublic.azurecr.io/runtime:3.1-5"


def read(**files: str) -> Estate:
    named = [
        SourceFile.of(path.replace("_", "/").replace("DOT", "."), text.encode(), Role.FOUND)
        for path, text in files.items()
    ]
    return build(named, ".").estate


def base(content: str) -> object:
    (team,) = read(Dockerfile=content).of(AstroProject)
    return team.images[0].base


@pytest.mark.parametrize(
    ("content", "image"),
    [
        (f"FROM {RUNTIME}\n", RUNTIME),
        (f"FROM --platform=linux/amd64 {RUNTIME} AS base\nFROM base\n", RUNTIME),
        (f"FROM python AS Tools\nFROM {RUNTIME}\nCOPY --from=tools /a /b\n", RUNTIME),
        ("ARG TAG=3.1-5\nFROM astrocrpublic.azurecr.io/runtime:${TAG}\n", RUNTIME),
        (f"ARG IMAGE={RUNTIME}\nFROM $IMAGE\n", RUNTIME),
        ("FROM astrocrpublic.azurecr.io/runtime:${TAG:-3.1-5}\n", RUNTIME),
    ],
)
def test_the_image_of_the_last_stage(content: str, image: str) -> None:
    known = base(content)
    assert isinstance(known, Known)
    assert known.value == image


def test_an_argument_without_a_default_leaves_the_image_open() -> None:
    unknown = base("ARG TAG\nFROM astro-runtime:$TAG\n")
    assert isinstance(unknown, Unknown)
    assert "TAG" in unknown.why


def test_an_argument_of_a_stage_says_nothing_of_the_next_stage() -> None:
    assert isinstance(base("FROM a\nARG TAG=1\nFROM b:$TAG\n"), Unknown)


def test_a_file_without_a_stage() -> None:
    assert isinstance(base("# nothing yet\n"), Absent)


def test_the_files_of_one_folder_are_one_project() -> None:
    estate = read(team_Dockerfile=f"FROM {RUNTIME}\n", team_DockerfileDOTclient="FROM b\n", Dockerfile="FROM c\n")
    assert [(one.id, len(one.images)) for one in estate.of(AstroProject)] == [("Dockerfile", 1), ("team/Dockerfile", 2)]
    assert {file.input_kind for file in estate.of(Input)} == {InputKind.ASTRO_PROJECT}
    assert not estate.is_empty


def test_what_is_set_is_hidden_where_it_looks_secret() -> None:
    (team,) = read(Dockerfile="FROM a\nENV DB_PASSWORD=kestrel-41-harbour B=$A HOST=b\n").of(AstroProject)
    assert [value.value for value in team.hidden() if isinstance(value, Known)] == ["kestrel-41-harbour"]
    assert isinstance(team.images[0].variables[1].value, Absent)


def test_a_file_that_cannot_be_read_is_told() -> None:
    file = SourceFile(TextFile("Dockerfile", b"", "it is larger than allowed"), Role.NAMED)
    (told,) = build([file], ".").estate.of(Input)
    assert [problem.kind for problem in told.problems] == [ProblemKind.UNREADABLE]


def test_a_bug_costs_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(project, "instructions", broken)
    (told,) = read(Dockerfile="FROM a\n").of(Input)
    assert [problem.is_bug for problem in told.problems] == [True]


@pytest.mark.parametrize(
    ("content", "is_astro"),
    [
        ("FROM quay.io/astronomer/astro-runtime:12.1.0\n", True),
        (f"from {RUNTIME}\n", True),
        ("ARG A=images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5\nFROM $A\n", True),
        ("# FROM quay.io/astronomer/astro-runtime:12.1.0\nFROM python\n", False),
        ("FROM python\n", False),
    ],
)
def test_a_project_is_told_by_its_image(content: str, is_astro: bool, tmp_path: Path) -> None:
    assert is_of_project(str(tmp_path / "Dockerfile"), content.encode()) is is_astro
    assert not is_of_project(str(tmp_path / "team.Dockerfile"), content.encode())


def test_a_project_is_told_by_its_configuration(tmp_path: Path) -> None:
    (tmp_path / ".astro").mkdir()
    (tmp_path / ".astro" / "config.yaml").write_text("project:\n  name: claims\n")
    assert is_of_project(str(tmp_path / "Dockerfile"), b"FROM python\n")
