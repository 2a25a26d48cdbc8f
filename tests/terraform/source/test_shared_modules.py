"""Two root modules that call one module, by one name too: what each makes is judged for itself, and both are named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support import astrovet, write

MODULE = """\
variable "name" {
  type = string
}
variable "kind" {
  type    = string
  default = "STANDARD"
}
resource "astro_deployment" "this" {
  name = var.name
  type = var.kind
}
"""
CALL = 'module "astro" {\n  source = "../../modules/astro"\n  name = "%s"\n%s}\n'


def findings(*words: str) -> Sequence[Any]:
    output = astrovet("scan", "--format=json", "--select=REQ001", *words).stdout
    return [verdict for verdict in json.loads(output)["verdicts"] if verdict["rule"] == "REQ001"]


def ways(finding: Any) -> list[str]:
    return [note["place"]["path"] for note in finding["related"]]


@pytest.fixture(autouse=True)
def _two_teams(repository: Path) -> None:
    write("modules/astro/main.tf", MODULE)
    write("teams/claims/main.tf", CALL % ("claims", ""))
    write("teams/web/main.tf", CALL % ("web", ""))


def test_a_finding_of_both_names_both() -> None:
    (finding,) = findings("--require=hipaa")
    assert ways(finding) == ["teams/claims/main.tf", "teams/web/main.tf"]


def test_a_finding_of_one_names_that_one() -> None:
    write("teams/web/main.tf", CALL % ("web", '  kind = "DEDICATED"\n'))
    (finding,) = findings("--require=hipaa")
    assert ways(finding) == ["teams/claims/main.tf"]


@pytest.mark.parametrize("team", ["claims", "web"])
def test_what_is_declared_of_one_holds_for_that_one(team: str) -> None:
    write(".astrovet.yaml", f"deployments:\n  - match: {team}\n    requires: [hipaa]\n")
    (finding,) = findings()
    assert ways(finding) == [f"teams/{team}/main.tf"]


@pytest.mark.parametrize("team", ["claims", "web"])
def test_the_configuration_of_a_root_module_holds_for_what_it_makes_elsewhere(team: str) -> None:
    write(f"teams/{team}/.astrovet.yaml", "requires: [hipaa]\n")
    (finding,) = findings()
    assert ways(finding) == [f"teams/{team}/main.tf"]


@pytest.mark.parametrize("team", ["claims", "web"])
def test_a_comment_at_a_call_holds_for_what_that_makes(team: str) -> None:
    write(f"teams/{team}/main.tf", "# astrovet: requires hipaa\n" + CALL % (team, ""))
    (finding,) = findings()
    assert ways(finding) == [f"teams/{team}/main.tf"]


def test_the_configuration_beside_the_module_holds_where_there_is_no_other() -> None:
    write("modules/.astrovet.yaml", "requires: [hipaa]\n")
    assert len(findings()) == 1


def test_the_evidence_of_one_is_none_of_the_other() -> None:
    write(
        ".astrovet.yaml",
        "deployments:\n  - match: claims\n    requires: [hipaa]\n  - match: web\n    requires: [pci]\n",
    )
    write("teams/web/main.tf", CALL % ("web", '  kind = "DEDICATED"\n'))
    report = json.loads(astrovet("report", "--format=json", "--select=REQ001,REQ003").stdout)
    rows = {row["name"]: {cell["requirement"]: cell["standing"] for cell in row["cells"]} for row in report["rows"]}
    assert rows["claims"] == {"hipaa": "fails"}
    assert rows["web"] == {"pci": "passes"}


def test_what_both_break_fails_both() -> None:
    report = json.loads(astrovet("report", "--format=json", "--select=REQ001", "--require=hipaa").stdout)
    rows = {row["name"]: {cell["requirement"]: cell["standing"] for cell in row["cells"]} for row in report["rows"]}
    assert rows["claims"] == rows["web"] == {"hipaa": "fails"}
