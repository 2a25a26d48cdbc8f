"""A file of a run is opened, decoded and scanned once, whoever asks for it; and whoever judges opens nothing."""

from __future__ import annotations

import builtins
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from astrovet.cli.app import app
from astrovet.judging import engine
from astrovet.reports.formats import SCAN
from support import PLANS, PROJECTS

COMMANDS = (
    # One run that writes every format: of one file each would ask again.
    ("scan", "-vv", "--show=pass,waived,unknown", *(f"--output={form}=out.{form}" for form in SCAN.names)),
    ("report", "--format=html"),
    ("model", "--format=json"),
)
PROJECT_NAMES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())
WITH_SOURCES = ("modules-nested", "json-root")

Counts = dict[str, Counter[str]]


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Counts:
    """How often each file below the working directory was opened, decoded and scanned."""
    monkeypatch.chdir(tmp_path)
    seen: Counts = {name: Counter() for name in ("opened", "decoded", "scanned")}
    real_open, real_os_open = builtins.open, os.open

    def below(path: Any) -> str | None:
        whole = os.path.abspath(path) if isinstance(path, str | Path) else ""
        return os.path.relpath(whole, tmp_path) if whole.startswith(f"{tmp_path}/") else None

    def counting_open(path: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        name = below(path)
        if name is not None and "w" not in mode:
            seen["opened"][name] += 1
        return real_open(path, mode, *arguments, **named)

    def counting_os_open(path: Any, *arguments: Any, **named: Any) -> Any:
        name = below(path)
        if name is not None:
            seen["opened"][name] += 1
        return real_os_open(path, *arguments, **named)

    monkeypatch.setattr(builtins, "open", counting_open)
    monkeypatch.setattr(os, "open", counting_os_open)

    def count(module: str, name: str, what: str) -> None:
        from importlib import import_module

        whole: Callable[..., Any] = getattr(import_module(module), name)

        def counted(path: str, content: str | bytes, *arguments: Any, **named: Any) -> Any:
            if is_whole_file(path, content):
                seen[what][os.path.normpath(path)] += 1
            return whole(path, content, *arguments, **named)

        monkeypatch.setattr(f"{module}.{name}", counted)

    def is_whole_file(path: str, content: str | bytes) -> bool:
        """Texts inside of a file are scanned with its path too; and some paths are of no file."""
        if not Path(path).is_file():
            return False
        with real_open(path, "rb") as stream:
            data = stream.read()
        return content in (data, data.decode("utf-8", "replace").removeprefix("\ufeff"))

    count("astrovet.formats.text_file", "decode", "decoded")
    for module, name in (
        ("astrovet.formats.hcl.structure", "scan"),
        ("astrovet.formats.hcl.json_syntax", "scan_json"),
        ("astrovet.formats.hcl.json_syntax", "scan_json_variables"),
        ("astrovet.formats.yaml.documents", "read_yaml"),
        ("astrovet.readers.terraform_files", "read_terraform"),
    ):
        count(module, name, "scanned")
    return seen


def assert_each_once(counts: Counts) -> None:
    for what, files in counts.items():
        assert files, f"nothing is {what}"
        assert {path: number for path, number in files.items() if number > 1} == {}, what
    assert counts["scanned"].keys() <= counts["decoded"].keys() <= counts["opened"].keys()


def run(*arguments: str) -> None:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in {0, 1}, done.output


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
@pytest.mark.parametrize("project", PROJECT_NAMES)
def test_projects(project: str, command: tuple[str, ...], counts: Counts, tmp_path: Path) -> None:
    shutil.copytree(PROJECTS / project, tmp_path, dirs_exist_ok=True)
    run(*command, ".")
    assert_each_once(counts)


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
@pytest.mark.parametrize("plan", WITH_SOURCES)
def test_a_plan_with_its_sources(plan: str, command: tuple[str, ...], counts: Counts, tmp_path: Path) -> None:
    shutil.copytree(PLANS / plan, tmp_path, dirs_exist_ok=True)
    require = () if command[0] == "model" else ("--require=hipaa",)
    for named in (("--plan=plan.json",), ("--plan=plan.json", ".")):
        for files in counts.values():
            files.clear()
        run(*command, *require, *named)
        assert_each_once(counts)


def test_a_file_that_several_ask_for(counts: Counts, tmp_path: Path) -> None:
    """Named, found, walked around, read by an expression, set by a flag, and a place of the report."""
    Path("infra").mkdir()
    Path("infra/main.tf").write_text(
        'variable "name" {}\n# astrovet: ignore[AST021] until=2027-01-31 reason="it is decided in spring"\n'
        'resource "astro_deployment" "a" {\n  name = var.name\n  executor = "CELERY"\n}\n'
        'resource "helm_release" "agent" {\n  name = "agent"\n  chart = "astro-remote-execution-agent"\n'
        '  values = [file("${path.module}/../agent/values.yaml")]\n}\n'
    )
    Path("infra/prod.tfvars").write_text('name = "claims" # astrovet: ignore[AST009]\n')
    Path("agent").mkdir()
    Path("agent/values.yaml").write_text(
        (PROJECTS.parent / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text("utf-8")
    )
    Path(".git").mkdir()
    Path(".astrovet.yaml").write_text("requires: [hipaa]\n")
    named = ("infra/main.tf", "agent/values.yaml", ".astrovet.yaml", "--var-file=infra/prod.tfvars")
    for command in (("scan",), ("report",), ("model",)):
        for files in counts.values():
            files.clear()
        CliRunner().invoke(app, [*command, *named])
        assert counts["opened"].keys() == {"infra/main.tf", "infra/prod.tfvars", "agent/values.yaml", ".astrovet.yaml"}
        assert_each_once(counts)


@pytest.mark.parametrize("project", [*PROJECT_NAMES, *WITH_SOURCES])
def test_whoever_judges_opens_nothing(project: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = PROJECTS / project if project in PROJECT_NAMES else PLANS / project
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    judged: list[int] = []

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("the disk is asked while judging")

    def judge(*arguments: Any, **named: Any) -> Any:
        with monkeypatch.context() as closed:
            closed.setattr(builtins, "open", never)
            for name in ("open", "listdir", "scandir", "walk", "stat", "lstat", "getcwd"):
                closed.setattr(os, name, never)
            for name in ("exists", "isfile", "isdir", "realpath"):
                closed.setattr(os.path, name, never)
            judgement = engine.judge(*arguments, **named)
        judged.append(len(judgement.report.verdicts))
        return judgement

    monkeypatch.setattr("astrovet.cli.judging.judge", judge)
    plans = ("--plan=plan.json",) if Path("plan.json").is_file() else ()
    run("scan", "--require=hipaa", *plans, ".")
    assert judged
    assert judged[0] > 0
