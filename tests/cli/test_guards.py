"""What breaks takes nothing else with it: links, comments, waivers, declarations, reporters."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support import PLANS, astrovet

MAIN = """\
resource "astro_deployment" "d" {
  name = "d"
  type = "DEDICATED"
  environment_variables = [{ key = "DB_PASSWORD", value = "not-a-real-one", is_secret = false }]
}
resource "aws_iam_role" "r" {
  name = "agent-role"
  assume_role_policy = "{}"
}
"""
VALUES = """\
resourceNamePrefix: a
# astrovet: requires hipaa
agentToken: not-a-real-token-1
commonEnv: []
# astrovet: ignore[REX008] reason="accepted for a while"
serviceAccount:
  annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/agent-role"}
"""
CONFIG = "version: 1\nrequires: [pci]\nrules: {never-waive: [REX001]}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    Path("main.tf").write_text(MAIN)
    Path("values.yaml").write_text(VALUES)
    Path(".astrovet.yaml").write_text(CONFIG)
    Path("plan.json").write_bytes((PLANS / "dedicated-phi" / "plan.json").read_bytes())
    Path("state.json").write_bytes((PLANS / "dedicated-phi" / "plan.json").read_bytes())


def broken(*_: Any, **__: Any) -> Any:
    raise LookupError("s3cr3t-value")


STEPS = (
    "astrovet.readers.terraform_files.link_facts",
    "astrovet.readers.agent.deployment_links._only_candidate",
    "astrovet.readers.estate._with_manifests",
    "astrovet.cli.reading._behind",
    "astrovet.declared.annotations.read_comments",
    "astrovet.declared.demands.with_demands",
    "astrovet.judging.waivers.with_waivers",
    "astrovet.judging.waivers.Ledger.answer",
    "astrovet.judging.waivers.Ledger.settled",
    "astrovet.cli.judging.with_declarations",
    "astrovet.judging.engine.subject_summary",
    "astrovet.terraform.plan.behind.Behind.locate",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_broken_step_is_named_and_hides_no_finding(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = astrovet("scan", ".", "--format=json")
    assert whole.exit_code == 1, whole.stderr
    monkeypatch.setattr(step, broken)
    done = astrovet("scan", ".", "--format=json")
    assert done.exit_code == 3, done.output
    assert re.search(r"internal error: astrovet itself failed while it .* \(LookupError", done.stderr)
    assert "Please report it." in done.stderr
    assert "s3cr3t" not in done.output
    assert {"AST002", "REX013"} <= {verdict["rule"] for verdict in json.loads(done.stdout)["verdicts"]}


def test_a_finding_that_cannot_be_worded_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from astrovet.judging import grouping

    word = grouping._fingerprint  # noqa: SLF001

    def breaks(said: Any, *others: Any) -> str:
        return broken() if said.rule.id == "AST002" else word(said, *others)

    monkeypatch.setattr(grouping, "_fingerprint", breaks)
    done = astrovet("scan", ".", "--format=concise")
    assert done.exit_code == 3
    assert "astrovet itself failed while it worded what AST002 says" in done.stderr
    assert "REX013" in done.stdout
    assert "AST002" not in done.stdout


def test_what_is_asked_before_a_rule_costs_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    from astrovet.declared.scope import Scopes
    from astrovet.model.agent import Agent

    scope_of = Scopes._of  # noqa: SLF001
    monkeypatch.setattr(Scopes, "_of", lambda self, it: broken() if isinstance(it, Agent) else scope_of(self, it))
    done = astrovet("scan", ".", "--format=concise")
    assert done.exit_code == 3
    assert "internal error" in done.stderr
    assert "AST002" in done.stdout


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif"])
def test_a_broken_reporter_hides_no_other(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [other for other in ("text", "concise", "json", "sarif") if other != form]
    monkeypatch.setattr(f"astrovet.reports.findings.{form}.render", broken)
    outputs = [f"--output={name}=report.{name}" for name in (form, *others)]
    done = astrovet("scan", ".", f"--format={others[0]}", *outputs)
    assert done.exit_code == 3
    assert f"astrovet itself failed while it made the {form} report (LookupError" in done.stderr
    assert "AST002" in done.stdout
    assert not Path(f"report.{form}").exists()
    assert all("AST002" in Path(f"report.{other}").read_text() for other in others)
    done = astrovet("scan", ".", f"--format={form}", f"--output={others[0]}=again")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "AST002" in Path("again").read_text()


@pytest.mark.parametrize(
    "expression",
    [
        "1e400 + 1", '"1e999" - "1e999"', f"{'9' * 4000} * {'9' * 4000}", "9" * 5000, '"1_0" + 1', "-0 * -1",
        f'format("%{"9" * 5000}d", 1)', f"[1][{'9' * 5000}]", "[1].99999999999999999999", 'pow(10, 400) * pow(10, 400)',
    ],
)  # fmt: skip
def test_numbers_beyond_all_bounds_are_undecided(expression: str) -> None:
    Path("main.tf").write_text(
        MAIN + f'locals {{\n  z = {expression}\n}}\nresource "astro_deployment" "z" {{\n  name = local.z\n}}\n'
    )
    done = astrovet("scan", "main.tf", "--format=json")
    assert done.exit_code == 1, done.stderr
    assert "AST002" in {verdict["rule"] for verdict in json.loads(done.stdout)["verdicts"]}


@pytest.mark.parametrize(
    "listed", ['{"Modules":5}', '{"Modules":null}', "[]", "5", '{"Modules":[5, {"Dir": 5}]}', "[" * 100_000]
)
def test_a_list_of_modules_that_is_none_tells_nothing(listed: str) -> None:
    Path(".terraform/modules").mkdir(parents=True)
    Path(".terraform/modules/modules.json").write_text(listed)
    assert astrovet("scan", ".").exit_code == 1


@pytest.mark.parametrize("expressions", [{"deny": [[{"ports": ["9102"]}]]}, {"allow": ["x"]}, {"allow": [5]}])
def test_expressions_of_a_plan_that_are_no_blocks(expressions: dict[str, Any]) -> None:
    plan = json.loads(Path("plan.json").read_text())
    for resource in plan["configuration"]["root_module"]["resources"]:
        resource["expressions"] = {**resource.get("expressions", {}), **expressions}
    Path("plan.json").write_text(json.dumps(plan))
    assert astrovet("scan", "--plan=plan.json").exit_code in (0, 1)


def test_a_plan_that_is_nested_without_end_is_refused() -> None:
    Path("plan.json").write_text('{"format_version":"1.2","resource_changes":' + "[" * 100_000)
    done = astrovet("scan", "--plan=plan.json", "values.yaml")
    assert done.exit_code == 2
    assert "nested too deeply" in done.stdout
    assert "REX013" in done.stdout
