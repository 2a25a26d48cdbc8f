"""`astrovet scan` keeps the contract: exit statuses, streams, options, environment, configuration."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from astrovet.cli.app import run
from astrovet.declared.configuration_schema import schema
from astrovet.model.requirement import Requirement
from support import ROOT, astrovet, write

PLANS = ROOT / "fixtures" / "plans"
RULES = ROOT / "fixtures" / "rules"
GOOD = (RULES / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text()
BAD = GOOD.replace('value: "0"', 'value: "4096"')
SEVERE = "[REX008]"
JUDGED = "REX008,INP"
"""The rules that run unless a test says otherwise, so that a new rule does not change what these tests show."""

Scan = Callable[..., Result]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Runs `astrovet scan` in an empty folder that is the top of a repository."""
    for name in [name for name in os.environ if name.startswith("ASTROVET_") or name in {"NO_COLOR", "FORCE_COLOR"}]:
        monkeypatch.delenv(name)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, stdin: str | bytes | None = None, **environment: str) -> Result:
        settings = {"ASTROVET_SELECT": JUDGED, **environment}
        result = astrovet("scan", *arguments, stdin=stdin, env=settings)
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


def fixture(path: str) -> str:
    return (RULES / path).read_text()


# Exit statuses


@pytest.mark.skipif(sys.platform == "win32", reason="there a folder that is used cannot be removed")
@pytest.mark.parametrize("command", ["scan", "model", "report", "config"])
def test_a_working_directory_that_is_gone_is_2(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    result = astrovet(command)
    assert result.exit_code == 2
    assert "the working directory cannot be used" in result.stderr


def test_nothing_at_or_above_the_threshold_is_0(scan: Scan) -> None:
    write("values.yaml", GOOD)
    result = scan(".")
    assert result.exit_code == 0
    assert "no findings" in result.stdout.lower()


def test_a_finding_is_1_and_stands_on_standard_output(scan: Scan) -> None:
    write("values.yaml", BAD)
    result = scan(".")
    assert result.exit_code == 1
    assert SEVERE in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["missing.yaml"], "missing.yaml: INP001 high there is no such file"),
        (["--plan", "missing.json"], "missing.json: INP001 high there is no such file"),
        (["-f", "missing.yaml"], "missing.yaml: INP001 high there is no such file"),
        (["--plan", "folder"], "folder: INP001 high this is a folder; a file is expected"),
        (["-f", "folder"], "folder: INP001 high this is a folder; a file is expected"),
        (["broken.json"], "broken.json:2:3: INP001 high the JSON is broken here: "),
        (["log.json"], "log.json: INP002 high this is the log of `terraform plan -json`"),
        (["state.json"], "state.json: INP011 medium nothing to judge was found in 1 file (1 terraform-state)"),
        (["folder"], "folder: INP011 medium nothing to judge was found: "),
        (["other.yaml"], "other.yaml: INP007 high "),
    ],
)
def test_an_input_that_cannot_be_used_is_2_and_says_why(scan: Scan, arguments: list[str], expected: str) -> None:
    Path("folder").mkdir()
    write("broken.json", '{"format_version": "1.2",\n  resource_changes: []}')
    write("log.json", '{"@level":"info","@module":"terraform.ui"}\n{"@level":"info","@module":"terraform.ui"}\n')
    write("state.json", '{"format_version":"1.0"}\n')
    write("other.yaml", "services:\n  web:\n    image: nginx\n")
    result = scan(*arguments, "--format", "concise")
    assert result.exit_code == 2
    assert result.stdout.startswith(expected)
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--require", "hippa"], "'hippa' is not known; did you mean hipaa?"),
        (["--require", "xyz"], "'xyz' is not known; known are: hipaa, "),
        (["--select", "REX-008"], "no rule is called 'REX-008'; did you mean REX008?"),
        (["--select", "XYZ"], "no rule is called 'XYZ'; `astrovet rules` lists them"),
        (["--ignore", "xcom-values-stay-in-astr"], "did you mean xcom-values-stay-in-astro?"),
        (["--show", "passed"], "did you mean pass?"),
        (["--fail-on", "severe"], "'severe' is not one of"),
        (["--today", "tomorrow"], "'tomorrow' is no day; write it as 2026-11-22."),
        (["--format", "yaml"], "'yaml' is not one of"),
        (["--output", "sarif"], "'sarif' is not FORMAT=FILE"),
        (
            ["--output", "pdf=report.pdf"],
            "'pdf=report.pdf' is not FORMAT=FILE; formats are: text, concise, json, sarif, junit, github, gitlab, "
            "markdown, html",
        ),
        (["--source-dir", "nowhere"], "'nowhere' does not exist"),
        (["--config", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["--fail-no", "high"], "--fail-on"),
    ],
)
def test_a_slip_on_the_command_line_is_2_with_a_way_out(scan: Scan, arguments: list[str], expected: str) -> None:
    write("values.yaml", BAD)
    result = scan(".", *arguments)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stdout == ""


def test_a_broken_input_hides_no_finding_of_the_others(scan: Scan) -> None:
    write("claims/values.yaml", BAD)
    write("pricing/values.yaml", GOOD.replace("workers:", "workers: ["))
    result = scan(".", "--format", "concise")
    assert result.exit_code == 2
    assert "claims/values.yaml:15:12: REX008 high " in result.stdout
    assert "pricing/values.yaml:17:3: INP001 high " in result.stdout


def test_a_layer_that_is_missing_leaves_the_set_unjudged(scan: Scan) -> None:
    write("values.yaml", BAD)
    result = scan("-f", "values.yaml", "-f", "values-prod.yaml")
    assert result.exit_code == 2
    assert SEVERE not in result.stdout


@pytest.mark.parametrize("how", ["--select=REX008", "--ignore=INP001,INP002"])
def test_no_selection_of_rules_hides_an_input_that_cannot_be_read(scan: Scan, how: str) -> None:
    result = scan("missing.yaml", how)
    assert result.exit_code == 2
    assert "[INP001]" in result.stdout


def test_a_selection_of_other_rules_does_not_hide_that_nothing_was_judged(scan: Scan) -> None:
    assert scan("--select", "REX008").exit_code == 2
    assert scan("--ignore", "INP011").exit_code == 0


def test_nothing_to_judge_is_graver_where_a_requirement_waits_for_it(scan: Scan) -> None:
    write(".astrovet.yaml", "deployments:\n  - match: claims-*\n    requires: [hipaa]\n")
    result = scan()
    assert result.exit_code == 2
    assert "high[INP011]" in result.stdout


def test_rules_about_inputs_judge_no_requirement(scan: Scan) -> None:
    write("values.yaml", GOOD)
    result = scan("--require", "dora", "--select", "REX008,INP003,INP011")
    assert "dora is declared, and none of the rules that ran judges it" in result.stdout


# Thresholds


def test_exit_zero_forgives_findings_and_no_broken_input(scan: Scan) -> None:
    write("values.yaml", BAD)
    assert scan(".", "--exit-zero").exit_code == 0
    assert scan(".", "missing.yaml", "--exit-zero").exit_code == 2


@pytest.mark.parametrize(
    ("threshold", "status"), [("critical", 0), ("high", 1), ("medium", 1), ("info", 1), ("never", 0)]
)
def test_fail_on_is_the_least_severity_that_fails(scan: Scan, threshold: str, status: int) -> None:
    write("values.yaml", BAD)
    result = scan(".", "--select", "REX008", "--fail-on", threshold)
    assert result.exit_code == status
    assert "high[REX008]" in result.stdout


def test_fail_on_unknown_fails_for_what_stays_open(scan: Scan) -> None:
    write("values.yaml", GOOD.replace('value: "0"', "valueFrom: {configMapKeyRef: {name: xcom, key: threshold}}"))
    arguments = [".", "--select", "REX008"]
    assert scan(*arguments).exit_code == 0
    assert scan(*arguments, "--fail-on-unknown").exit_code == 1
    assert scan(*arguments, "--fail-on-unknown", "--exit-zero").exit_code == 0


def test_min_severity_hides_findings_and_changes_no_status(scan: Scan) -> None:
    write("values.yaml", BAD)
    result = scan(".", "--select", "REX008", "--min-severity", "critical")
    assert result.exit_code == 1
    assert SEVERE not in result.stdout
    assert "1 below critical not shown" in result.stdout


# The hook


def test_a_hook_is_silent_about_files_that_do_not_concern_it(scan: Scan) -> None:
    write("docker-compose.yml", "services:\n  web:\n    image: nginx\n")
    write("package.json", '{"name": "dags"}')
    write("snippet.yaml", "a: [1\n")
    result = scan("--hook", "docker-compose.yml", "package.json", "snippet.yaml")
    assert (result.exit_code, result.output) == (0, "")


def test_a_hook_stops_a_bad_values_file(scan: Scan) -> None:
    write("values.yaml", BAD)
    write("docker-compose.yml", "services: {}\n")
    result = scan("--hook", "docker-compose.yml", "values.yaml")
    assert result.exit_code == 1
    assert SEVERE in result.stdout


def test_a_hook_passes_over_chart_templates_and_what_is_excluded(scan: Scan) -> None:
    write("chart/Chart.yaml", "apiVersion: v2\nname: agent\nversion: 0.1.0\n")
    write("chart/templates/jobs/agent.yaml", "{{- if .Values.agentToken }}\na: b\n{{- end }}\n")
    write("examples/values.yaml", BAD)
    result = scan("--hook", "--exclude", "examples", "chart/templates/jobs/agent.yaml", "examples/values.yaml")
    assert (result.exit_code, result.output) == (0, "")


def test_a_hook_tells_of_a_broken_configuration(scan: Scan) -> None:
    write(".astrovet.yaml", "requires: [hippa]\n")
    result = scan("--hook", ".astrovet.yaml")
    assert result.exit_code == 2
    assert ".astrovet.yaml:1:12: " in result.stderr


# Output


def test_a_report_goes_to_a_file_beside_the_one_on_standard_output(scan: Scan) -> None:
    write("values.yaml", BAD)
    result = scan(".", "--output", "sarif=astrovet.sarif", "--output", "json=report.json", FORCE_COLOR="1")
    assert result.exit_code == 1
    assert "\x1b[" in result.stdout
    assert json.loads(Path("astrovet.sarif").read_text())["version"] == "2.1.0"
    assert json.loads(Path("report.json").read_text())["result"] == "fail"
    assert "\x1b[" not in Path("report.json").read_text()


@pytest.mark.parametrize("values", [GOOD, BAD])
def test_a_report_that_cannot_be_written_is_2_and_the_others_appear(scan: Scan, values: str) -> None:
    write("values.yaml", values)
    result = scan(".", "--output", "sarif=no/such/folder.sarif", "--output", "json=report.json")
    assert result.exit_code == 2
    assert result.stderr == "Error: the report no/such/folder.sarif cannot be written: No such file or directory\n"
    assert (SEVERE in result.stdout) == (values == BAD)
    assert Path("report.json").exists()


def test_standard_output_is_clean_json_whatever_is_said_besides(scan: Scan) -> None:
    write("values.yaml", BAD)
    result = scan(".", "-v", "--format", "json")
    report = json.loads(result.stdout)
    assert [(file["path"], file["kind"]) for file in report["inputs"]] == [("values.yaml", "agent-values")]
    assert "read values.yaml (agent-values)" in result.stderr


def test_show_lists_verdicts_that_are_no_findings(scan: Scan) -> None:
    write("zero/values.yaml", GOOD)
    write("other/values.yaml", fixture("xcom-values-stay-in-astro/good-other-backend/values.yaml"))
    quiet = json.loads(scan(".", "--format", "json").stdout)
    shown = json.loads(scan(".", "--format", "json", "--show", "pass,not-applicable").stdout)
    assert "pass" not in {verdict["verdict"] for verdict in quiet["verdicts"]}
    assert {"pass", "not-applicable"} <= {verdict["verdict"] for verdict in shown["verdicts"]}


def test_an_input_that_is_read_all_the_same_is_remarked_on(scan: Scan) -> None:
    write("plan.json", (RULES / "odd-encoding" / "bad-utf-16-plan" / "plan.json").read_bytes())
    write("plan.txt", fixture("wrong-terraform-output/good-setup-terraform-wrapper/plan.txt"))
    result = scan("--plan", "plan.json", "--plan", "plan.txt", "--format", "concise", "--select", "INP")
    assert result.exit_code == 0
    assert "plan.json: INP010 low the file is UTF-16; it was read all the same" in result.stdout
    assert "note: plan.txt: the wrapper of hashicorp/setup-terraform wrote lines around the JSON" in result.stdout


# Colour


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ([], {}, False),
        ([], {"CI": "true"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"ASTROVET_COLOR": "always"}, True),
    ],
)
def test_colour_into_a_pipe(scan: Scan, arguments: list[str], environment: dict[str, str], colored: bool) -> None:
    write("values.yaml", BAD)
    assert ("\x1b[" in scan(".", *arguments, **environment).stdout) == colored


@pytest.mark.parametrize(
    ("environment", "colored"), [({}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False)]
)
def test_colour_on_a_terminal(tmp_path: Path, environment: dict[str, str], colored: bool) -> None:
    (tmp_path / "values.yaml").write_text(BAD)
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "astrovet", "scan", "values.yaml", "--format", "text", "--quiet"],
        stdout=its_end,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'linter'}:{ROOT / 'rules'}", "TERM": "xterm"}
        | environment,
    )
    os.close(its_end)
    shown = b""
    try:
        while piece := os.read(terminal, 65536):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end is closed
    os.close(terminal)
    assert process.wait() == 1
    assert b"REX008" in shown
    assert (b"\x1b[" in shown) == colored


# Standard input


def test_standard_input_is_a_plan_under_its_name(scan: Scan) -> None:
    plan = (PLANS / "errored-plan" / "plan.json").read_text()
    result = scan("--plan", "-", "--stdin-name", "prod/plan.json", "--format", "json", stdin=plan)
    report = json.loads(result.stdout)
    assert [(file["path"], file["kind"]) for file in report["inputs"]] == [("prod/plan.json", "terraform-plan")]
    assert {verdict["place"]["path"] for verdict in report["verdicts"]} == {"prod/plan.json"}


@pytest.mark.parametrize(
    ("arguments", "content", "kind"),
    [
        (["-"], GOOD, "agent-values"),
        (["-f", "-"], GOOD, "agent-values"),
        (["-"], (PLANS / "dedicated-phi" / "plan.json").read_text(), "terraform-plan"),
        (["-"], (PLANS / "state-show" / "state.json").read_text(), "terraform-state"),
        (["-"], fixture("wrong-terraform-output/bad-printed-plan/plan.txt"), "unrecognised"),
    ],
)
def test_what_standard_input_holds_is_told_by_its_text(
    scan: Scan, arguments: list[str], content: str, kind: str
) -> None:
    report = json.loads(scan(*arguments, "--format", "json", stdin=content).stdout)
    assert [(file["path"], file["kind"]) for file in report["inputs"]] == [("stdin", kind)]


def test_a_printed_plan_on_standard_input_is_told_how_to_become_json(scan: Scan) -> None:
    result = scan("-", stdin=fixture("wrong-terraform-output/bad-printed-plan/plan.txt"))
    assert result.exit_code == 2
    assert "high[INP002]" in result.stdout
    assert "terraform plan -out=plan.out" in result.stdout


# Environment variables


@pytest.mark.parametrize("names", ["hipaa,pci", "hipaa pci", "pci, hipaa"])
def test_requirements_come_from_the_environment(scan: Scan, names: str) -> None:
    write("values.yaml", BAD)
    report = json.loads(scan(".", "--format", "json", "--select", "REX008", ASTROVET_REQUIRE=names).stdout)
    (verdict,) = report["verdicts"]
    assert verdict["requirements"] == ["hipaa", "pci"]
    assert verdict["severity"] == "critical"


def test_every_option_is_an_environment_variable_and_the_flag_wins(scan: Scan) -> None:
    write("values.yaml", BAD)
    assert scan(".", ASTROVET_FAIL_ON="never").exit_code == 0
    assert scan(".", "--fail-on", "high", ASTROVET_FAIL_ON="never").exit_code == 1
    assert scan(".", ASTROVET_EXIT_ZERO="1").exit_code == 0
    assert scan(".", ASTROVET_SELECT="INP,REX008", ASTROVET_IGNORE="REX008").exit_code == 0
    assert scan(ASTROVET_HOOK="1", ASTROVET_EXCLUDE="*.yaml").output == ""
    assert json.loads(scan(".", ASTROVET_FORMAT="json").stdout)["result"] == "fail"
    assert "read values.yaml" in scan(".", ASTROVET_VERBOSE="1").stderr
    assert "Looked at" not in scan(".", ASTROVET_QUIET="1").stdout


def test_files_from_the_environment_may_have_spaces(scan: Scan) -> None:
    write("my values.yaml", GOOD)
    write("prod.yaml", "commonEnv: []\n")
    result = scan(ASTROVET_VALUES=os.pathsep.join(["my values.yaml", "prod.yaml"]), ASTROVET_SELECT="REX008")
    assert result.exit_code == 1
    assert "my values.yaml + prod.yaml" in result.stdout


def test_a_wrong_environment_variable_is_named(scan: Scan) -> None:
    result = scan(".", ASTROVET_REQUIRE="hippa")
    assert result.exit_code == 2
    assert "did you mean hipaa?" in result.stderr
    assert "--require" in result.stderr


# What is looked at


def test_excluded_files_and_folders_are_left_out(scan: Scan) -> None:
    write("values.yaml", GOOD)
    write("examples/deep/values.yaml", BAD)
    write("values-old.yaml", BAD)
    assert scan(".").exit_code == 1
    assert scan(".", "--exclude", "examples", "--exclude", "*-old.yaml").exit_code == 0
    assert scan(".", "--exclude", "examples/deep", "--exclude", "values-old.yaml").exit_code == 0


def test_hidden_folders_dependencies_and_dangling_links_are_passed_over(scan: Scan) -> None:
    write("values.yaml", GOOD)
    for folder in (".venv", "node_modules", "__pycache__", "a/.terraform/modules"):
        write(f"{folder}/values.yaml", BAD)
    Path(".#values.yaml").symlink_to("me@host.1234")
    assert scan(".").exit_code == 0


def test_a_folder_that_cannot_be_listed_is_told(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    write("values.yaml", GOOD)
    Path("locked").mkdir()
    listed = os.scandir

    def refuse(path: str) -> object:
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = scan(".", "--format", "concise")
    assert result.exit_code == 2
    assert "locked: INP001 high the folder cannot be read (Permission denied)" in result.stdout
    assert scan(".", "--exclude", "locked").exit_code == 0


def test_a_file_that_is_named_twice_is_judged_once(scan: Scan) -> None:
    write("values.yaml", BAD)
    report = json.loads(scan(".", "./values.yaml", "-f", "values.yaml", "--format", "json").stdout)
    assert len(report["inputs"]) == 1


# Configuration


def test_settings_are_found_upwards_to_the_top_of_the_repository(scan: Scan) -> None:
    write("repository/.git/HEAD", "ref: refs/heads/main\n")
    write("repository/teams/claims/values.yaml", BAD)
    above, top = ".astrovet.yaml", "repository/.astrovet.yaml"
    arguments = ["repository/teams", "--select", "REX008", "--format", "concise"]
    write(above, "requires: [hipaa]\n")
    assert "REX008 high" in scan(*arguments).stdout
    write(top, "requires: [hipaa]\n")
    assert "REX008 critical" in scan(*arguments).stdout
    write("repository/teams/claims/.astrovet.yaml", "requires: [soc2]\n")
    assert "REX008 high" in scan(*arguments).stdout


def test_settings_stand_in_pyproject_too(scan: Scan) -> None:
    write("values.yaml", BAD)
    write("pyproject.toml", '[project]\nname = "dags"\n\n[tool.astrovet]\nversion = 1\nrequires = ["hipaa"]\n')
    assert "critical[REX008]" in scan(".").stdout
    write("pyproject.toml", '[project]\nname = "dags"\n')
    assert "high[REX008]" in scan(".").stdout


def test_the_named_settings_are_the_only_ones(scan: Scan) -> None:
    write("values.yaml", BAD)
    write(".astrovet.yaml", "requires: [hipaa]\n")
    write("ci/astrovet.yaml", "requires: [soc2]\n")
    assert "high[REX008]" in scan(".", "--config", "ci/astrovet.yaml").stdout
    assert "critical[REX008]" in scan(".", "--config", "ci/astrovet.yaml", "--require", "pci").stdout


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (".astrovet.yaml", "requires: [hipaa\n", ".astrovet.yaml:2:1: this is not YAML: a comma or `]` was expected"),
        (".astrovet.yaml", "requirs: [hipaa]\n", ".astrovet.yaml:1:1: unknown key 'requirs'; did you mean 'requires'?"),
        (
            ".astrovet.yaml",
            "version: 1\nrequires:\n  - soc2\n  - hippa\n",
            ".astrovet.yaml:4:5: unknown requirement 'hippa'; did you mean 'hipaa'?",
        ),
        (
            ".astrovet.yaml",
            "deployments:\n  - match: a\n    require: [pci]\n",
            ".astrovet.yaml:3:5: unknown key 'require'; did you mean 'requires'?",
        ),
        (".astrovet.yaml", "deployments:\n  - requires: [pci]\n", ".astrovet.yaml:2:5: the key 'match' is missing"),
        (".astrovet.yaml", 'deployments:\n  - match: ""\n', ".astrovet.yaml:2:12: this must not be empty"),
        (".astrovet.yaml", "requires: hipaa\n", ".astrovet.yaml:1:11: a list is expected here"),
        (".astrovet.yaml", "requires: [{x: 1}]\n", ".astrovet.yaml:1:12: the name of a requirement is expected here"),
        (".astrovet.yaml", "- hipaa\n", ".astrovet.yaml:1:1: a map is expected here"),
        (".astrovet.yaml", "version: 2\n", ".astrovet.yaml:1:10: this has to be 1"),
        (".astrovet.yaml", "limits: {token-days: 0}\n", ".astrovet.yaml:1:22: this has to be at least 1"),
        (
            ".astrovet.yaml",
            "version: 1\nversion: 1\n",
            ".astrovet.yaml:2:1: the key `version` stands twice in one map\n",
        ),
        ("pyproject.toml", "[tool.astrovet]\nrequires = [hipaa]\n", "pyproject.toml:2:13: this is not valid TOML"),
        (
            "pyproject.toml",
            '[tool.astrovet]\nrequires = ["hippa"]\n',
            "pyproject.toml:1:1: tool.astrovet.requires[0]: unknown requirement 'hippa'; did you mean 'hipaa'?",
        ),
        (
            "pyproject.toml",
            "[tool.astrovet]\nrequirs = []\n",
            "pyproject.toml:1:1: tool.astrovet: unknown key 'requirs'; did you mean 'requires'?",
        ),
    ],
)
def test_broken_settings_are_2_with_their_place(scan: Scan, name: str, content: str, expected: str) -> None:
    write("values.yaml", GOOD)
    write(name, content)
    result = scan(".")
    assert result.exit_code == 2
    assert result.stderr.startswith(expected)
    assert result.stdout == ""


def test_all_that_is_wrong_with_the_settings_is_told_at_once(scan: Scan) -> None:
    write("values.yaml", GOOD)
    write(".astrovet.yaml", "requirs: []\nrequires: [hippa]\nlimit: {}\n")
    lines = scan(".").stderr.splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3"]


@pytest.mark.parametrize("content", ["", "# nothing yet\n"])
def test_empty_settings_are_fine(scan: Scan, content: str) -> None:
    write("values.yaml", GOOD)
    write(".astrovet.yaml", content)
    assert scan(".").exit_code == 0


def test_the_schema_knows_every_requirement_once() -> None:
    names = schema()["$defs"]["requirements"]["items"]["anyOf"][0]["enum"]
    assert sorted(names) == sorted(Requirement.names())


# Rule packs

PACK = '''"""A deployment must be loved.

## Why

Because.

## Fix

Love it.
"""

from astrovet import Agent, Context, Severity, Verdicts, fail, rule


@rule("ACME001", "be-loved", on=Agent, severity=Severity.LOW, sources=("ACME",))
def check(agent: Agent, context: Context) -> Verdicts:
    yield fail(agent.place, "nobody loves it", remedy="love it")


RULES = [check]
'''


def test_a_pack_of_ones_own_judges_too(scan: Scan) -> None:
    write("values.yaml", GOOD)
    write("acme.py", PACK)
    result = scan(".", "--rules", "acme.py", "--select", "ACME", "--format", "concise")
    assert result.exit_code == 0
    assert "values.yaml:1:1: ACME001 low nobody loves it" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("missing.py", None, "missing.py cannot be read (No such file or directory); --rules takes a Python file or"),
        ("no_such_module", None, "the rule pack no_such_module cannot be imported: ModuleNotFoundError: "),
        ("acme.py", "def check(:\n", "acme.py:1: the rule pack acme.py is not valid Python"),
        ("acme.py", "answer = 42\n", "the rule pack acme.py has no list RULES of rules; see CONTRIBUTING"),
        ("acme.py", "RULES = 42\n", "the rule pack acme.py has no list RULES of rules"),
        ("acme.py", "RULES = ['x']\n", "the rule pack acme.py has no list RULES of rules"),
        ("acme.py", "1 / 0\n", "the rule pack acme.py cannot be imported: ZeroDivisionError: division by zero"),
        ("acme.py", PACK.replace("ACME001", "REX008"), "two rules are called REX008"),
    ],
)
def test_a_pack_that_cannot_be_used_is_2_without_a_traceback(
    scan: Scan, name: str, content: str | None, expected: str
) -> None:
    write("values.yaml", GOOD)
    if content is not None:
        write(name, content)
    result = scan(".", "--rules", name)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stdout == ""


def test_a_rule_that_breaks_is_3_tells_no_value_and_hides_no_finding(scan: Scan) -> None:
    write("values.yaml", BAD)
    write(
        "acme.py",
        PACK.replace('yield fail(agent.place, "nobody', 'raise KeyError(str(agent)); yield fail(agent.place, "no'),
    )
    result = scan(".", "--rules", "acme.py", "--select", "ACME,REX008", "-v")
    assert result.exit_code == 3
    assert "internal error in the rule ACME001 (KeyError)" in result.stderr
    assert SEVERE in result.stdout
    assert "cm0k8x0" not in result.output


def test_a_bug_is_3_and_tells_no_value(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("hunter2")

    write("values.yaml", GOOD)
    monkeypatch.setattr("astrovet.cli.reading.build", broken)
    monkeypatch.setattr(sys, "argv", ["astrovet", "scan", "."])
    with pytest.raises(SystemExit) as ended:
        run()
    captured = capsys.readouterr()
    assert ended.value.code == 3
    assert captured.out == ""
    assert "internal error: ValueError at cli/reading.py:" in captured.err
    assert "Please report" in captured.err
    assert "hunter2" not in captured.err
    assert "Traceback" not in captured.err


# The day


def test_the_day_is_the_clocks_unless_it_is_given(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    write("values.yaml", fixture("agent-out-of-maintenance/bad-ended/values.yaml"))

    def ended(*arguments: str, **environment: str) -> bool:
        result = scan(".", *arguments, "--select", "REX031", "--format", "concise", **environment)
        return "REX031" in result.stdout

    monkeypatch.setattr("time.gmtime", lambda: (2026, 10, 15, 23, 59, 59, 3, 288, 0))
    assert not ended()
    assert ended("--today", "2026-10-16")
    assert ended(ASTROVET_TODAY="2026-10-16")
    monkeypatch.setattr("time.gmtime", lambda: (2026, 10, 16, 0, 0, 0, 4, 289, 0))
    assert ended()
    assert not ended("--today", "2026-10-15")
