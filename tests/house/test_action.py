"""The steps of action.yml, run as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from support import ROOT

ACTION: Mapping[str, Any] = YAML(typ="safe").load(ROOT / "action.yml")
INSTALL, SCAN = ACTION["runs"]["steps"]
AGENTS = ROOT / "fixtures" / "rules" / "xcom-values-stay-in-astro"
BAD = AGENTS / "bad-no-threshold" / "values.yaml"
GOOD = AGENTS / "good-zero" / "values.yaml"


class Done(NamedTuple):
    """What a step left behind."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str


def run(step: Mapping[str, Any], workspace: Path, runner: Path, **inputs: str) -> Done:
    """One step as GitHub's runner runs it: what expressions stand for is written over them, then bash runs it."""
    given = {f"inputs.{name}": entry["default"] for name, entry in ACTION["inputs"].items()}
    given |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}

    def evaluated(text: str) -> str:
        return re.sub(r"\$\{\{ *(.+?) *}}", lambda match: given[match[1]], text)

    output, summary, script = runner / "output", runner / "summary", runner / "step.sh"
    output.write_text("")
    summary.write_text("")
    script.write_text(evaluated(step["run"]))
    kept = {name: value for name, value in os.environ.items() if name == "HOME" or name.startswith("PIP_")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace,
        env={
            **kept,
            **{name: evaluated(text) for name, text in step.get("env", {}).items()},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(runner),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return Done(done.returncode, done.stdout, outputs, summary.read_text())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checked-out repository in a folder whose name has a space."""
    folder = tmp_path / "the work" / "claims"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner's temporary folder where this very checkout is installed."""
    folder = tmp_path / "runner temp"
    programs = folder / "astrovet" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    program = programs / "astrovet"
    sources = os.pathsep.join((str(ROOT / "linter"), str(ROOT / "rules")))
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{sources}" exec "{sys.executable}" -P -m astrovet "$@"\n')
    program.chmod(0o755)
    return folder


def test_a_bad_values_file_leaves_a_report_and_then_fails_the_step(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace / "our values.yaml")
    done = run(SCAN, workspace, runner, path="our values.yaml", sarif_file="reports/astrovet.sarif")
    assert done.status == 1
    results = json.loads((workspace / "reports" / "astrovet.sarif").read_text())["runs"][0]["results"]
    assert "REX008" in {result["ruleId"] for result in results}
    assert done.outputs["result"] == "fail"
    assert int(done.outputs["findings"]) >= 1
    assert done.outputs["sarif-file"] == "reports/astrovet.sarif"
    assert "REX008" in done.log
    assert "REX008" in done.summary


def test_a_good_values_file_passes(workspace: Path, runner: Path) -> None:
    shutil.copy(GOOD, workspace / "values.yaml")
    done = run(SCAN, workspace, runner, args="--select=REX008")
    assert done.status == 0
    assert done.outputs == {"result": "pass", "findings": "0", "sarif-file": "astrovet.sarif"}
    assert json.loads((workspace / "astrovet.sarif").read_text())["runs"][0]["results"] == []


def test_lists_hold_one_file_a_line_and_later_layers_win(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace / "base.yaml")
    shutil.copy(GOOD, workspace / "all of it.yaml")
    done = run(SCAN, workspace, runner, values="base.yaml\nall of it.yaml\n", args="--select=REX008\n")
    assert (done.status, done.outputs["findings"]) == (0, "0")
    done = run(SCAN, workspace, runner, values="all of it.yaml\r\n\r\nbase.yaml", args="--select=REX008")
    assert (done.status, done.outputs["findings"]) == (1, "1")


def test_the_step_fails_from_the_wished_severity_up(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace)
    only = "--select=REX008"
    assert run(SCAN, workspace, runner, args=only, fail_on="critical").status == 0
    assert run(SCAN, workspace, runner, args=only, fail_on="critical", require="hipaa").status == 1


def test_an_input_that_cannot_be_used_fails_with_its_own_status(workspace: Path, runner: Path) -> None:
    done = run(SCAN, workspace, runner, plan="plan.json")
    assert done.status == 2
    assert "plan.json" in done.log
    assert (workspace / "astrovet.sarif").exists()
    done = run(SCAN, workspace, runner, fail_on="medum")
    assert done.status == 2
    assert (done.outputs["result"], done.outputs["findings"]) == ("error", "0")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["path", "plan", "values", "require", "fail_on", "args", "sarif_file"])
@pytest.mark.parametrize("value", ["`touch pwned`$(touch pwned)", "'; touch pwned; '\"; touch pwned; \""])
def test_an_input_is_never_run(workspace: Path, runner: Path, name: str, value: str) -> None:
    shutil.copy(GOOD, workspace / "values.yaml")
    run(SCAN, workspace, runner, **{name: value})
    assert not list(workspace.parent.rglob("pwned"))


def test_a_path_is_never_an_option(workspace: Path, runner: Path) -> None:
    (workspace / "evil.py").write_text("open('pwned', 'w')\n")
    done = run(SCAN, workspace, runner, path="--rules=evil.py")
    assert done.status == 2
    assert not (workspace / "pwned").exists()


def test_an_input_cannot_write_another_output(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace / "values.yaml")
    done = run(SCAN, workspace, runner, sarif_file="a.sarif\nresult=pass")
    assert done.outputs["result"] == "fail"
    assert done.outputs["sarif-file"] == "a.sarif"


def test_what_is_scanned_cannot_speak_to_the_runner(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace / "values.yaml")
    lines = run(SCAN, workspace, runner, annotations="false").log.splitlines()
    stop = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", lines[0])
    assert stop
    assert lines[-1] == f"::{stop[1]}::"


def test_findings_are_annotations_that_no_name_can_forge(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace / "a,line=1::b\n::error::x.yaml")
    lines = run(SCAN, workspace, runner, args="--select=REX008").log.splitlines()
    (resumed,) = filter(re.compile("::[0-9a-f]{32}::").fullmatch, lines)
    annotations = lines[lines.index(resumed) + 1 :]
    assert len(annotations) == 1
    assert annotations[0].startswith("::error title=REX008 ")
    assert "file=a%2Cline=1%3A%3Ab\\n%3A%3Aerror%3A%3Ax.yaml" in annotations[0]


def test_the_summary_shows_names_as_they_are(workspace: Path, runner: Path) -> None:
    shutil.copy(BAD, workspace / "<b>values.yaml")
    summary = run(SCAN, workspace, runner).summary
    assert "<b>values.yaml" in summary
    findings, _, gaps = summary.partition("### Not seen")
    assert all(line.startswith("    ") for line in findings.splitlines() if line not in {"", "## astrovet"})
    assert "<b>" not in gaps


def test_the_summary_lists_what_was_not_seen(workspace: Path, runner: Path) -> None:
    (workspace / "main.tf").write_text('module "net[x](y)" {\n  source = "acme/net/aws"\n}\n')
    (workspace / "values.yaml").write_text(GOOD.read_text())
    summary = run(SCAN, workspace, runner).summary
    assert "| what | where | to see it | leaves open |" in summary.partition("### Not seen")[2]
    assert "](" not in summary.partition("### Not seen")[2]
    (workspace / "main.tf").unlink()
    assert "### Not seen" not in run(SCAN, workspace, runner, require="", args="--select=INP001").summary


def test_code_of_the_scanned_repository_is_not_imported(workspace: Path, runner: Path) -> None:
    shutil.copy(GOOD, workspace / "values.yaml")
    for name in ("json", "click", "astrovet", "venv"):
        (workspace / f"{name}.py").write_text("open('pwned', 'w')\n")
    run(SCAN, workspace, runner)
    assert not (workspace / "pwned").exists()


def test_scripts_hold_no_expressions() -> None:
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]


def test_every_input_and_output_is_wired() -> None:
    used = set(SCAN["env"].values())
    assert used == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    assert {name: f"${{{{ steps.{SCAN['id']}.outputs.{name} }}}}" for name in ACTION["outputs"]} == {
        name: entry["value"] for name, entry in ACTION["outputs"].items()
    }
    assert all(entry["description"] for entry in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))


@pytest.mark.slow
@pytest.mark.network
def test_the_installed_action_judges(workspace: Path, tmp_path: Path) -> None:
    """The whole action, installation included."""
    runner = tmp_path / "runner temp"
    runner.mkdir()
    shutil.copy(BAD, workspace / "values.yaml")
    (workspace / "venv.py").write_text("open('pwned', 'w')\n")
    installed = run(INSTALL, workspace, runner)
    assert installed.status == 0, installed.log
    done = run(SCAN, workspace, runner)
    assert done.status == 1
    assert done.outputs["result"] == "fail"
    assert (workspace / "astrovet.sarif").exists()
    assert not (workspace / "pwned").exists()


def test_an_old_python_is_told_about(workspace: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (old / name).write_text("#!/bin/sh\nexit 1\n")
        (old / name).chmod(0o755)
    step = {**INSTALL, "run": f'PATH="{old}"\n{INSTALL["run"]}'}
    done = run(step, workspace, tmp_path)
    assert done.status == 2
    assert "::error::astrovet needs Python 3.11 or later" in done.log
