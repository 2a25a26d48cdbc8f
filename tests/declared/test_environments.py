"""One root module, several environments: each is judged for itself, under its own name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import astrovet

MAIN = """\
variable "stage" {}
variable "type" { default = "STANDARD" }
resource "astro_cluster" "main" {
  type          = var.type
  workspace_ids = []
}
resource "astro_deployment" "claims" {
  name       = "claims-${var.stage}-${terraform.workspace}"
  type       = var.type
  cluster_id = astro_cluster.main.id
}
"""
CONFIGURATION = """\
deployments:
  - {match: "claims-prod-*", requires: [hipaa]}
environments:
  - {name: dev, root: live, var-files: [env/dev.tfvars], workspace: blue}
  - {name: prod, root: live, var-files: [env/prod.tfvars]}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_WORKSPACE", raising=False)
    for path, content in {
        ".git/HEAD": "",
        ".astrovet.yaml": CONFIGURATION,
        "live/main.tf": MAIN,
        "env/dev.tfvars": 'stage = "dev"\n',
        "env/prod.tfvars": 'stage = "prod"\ntype = "DEDICATED"\n',
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path


def scan(*arguments: str, **environment: str) -> Any:
    result = astrovet("scan", "--format", "json", *arguments, env=environment)
    assert result.exit_code in {0, 1, 2}, result.output
    return json.loads(result.stdout)


def names(report: Any) -> dict[str, str | None]:
    return {subject["id"]: subject["name"] for subject in report["subjects"] if subject["kind"] == "deployment"}


def test_every_environment_has_its_values_and_its_requirements() -> None:
    report = scan("--select", "REQ,AST", TF_WORKSPACE="green")
    assert names(report) == {
        "astro_deployment.claims (dev)": "claims-dev-blue",
        "astro_deployment.claims (prod)": "claims-prod-green",
    }
    requires = {subject["id"]: subject["requires"] for subject in report["subjects"] if subject["kind"] == "deployment"}
    assert list(requires.values()) == [[], ["hipaa"]]
    (verdict,) = (verdict for verdict in report["verdicts"] if verdict["rule"] == "REQ002")
    assert verdict["instances"] == ["astro_deployment.claims (prod)"]
    assert (verdict["place"]["line"], verdict["place"]["environment"]) == (5, "prod")
    links = {
        subject["id"]: subject["links"][0]["target"]
        for subject in report["subjects"]
        if subject["kind"] == "deployment"
    }
    assert list(links.values()) == ["astro_cluster.main (dev)", "astro_cluster.main (prod)"]


def test_from_below_and_with_a_value_by_hand(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "live")
    Path("hand.tfvars").write_text('stage = "hand"\n')
    by_deployment = names(scan("--var-file", "hand.tfvars"))
    assert by_deployment["astro_deployment.claims (dev)"] == "claims-hand-blue"


def test_a_root_module_without_environments_is_evaluated_once(repository: Path) -> None:
    (repository / ".astrovet.yaml").unlink()
    assert names(scan("--var-file", "env/dev.tfvars", TF_WORKSPACE="w")) == {"astro_deployment.claims": "claims-dev-w"}


def test_a_variable_file_that_is_not_there_is_a_finding(repository: Path) -> None:
    (repository / "env/prod.tfvars").unlink()
    report = scan()
    faulty = [verdict["place"]["path"] for verdict in report["verdicts"] if verdict["rule"] == "INP001"]
    assert faulty == ["env/prod.tfvars"]
    assert names(report) == {
        "astro_deployment.claims (dev)": "claims-dev-blue",
        "astro_deployment.claims (prod)": None,
    }
    assert [
        verdict["place"]["path"]
        for verdict in scan("--var-file", "no.tfvars")["verdicts"]
        if verdict["rule"] == "INP001"
    ] == [
        "env/prod.tfvars",
        "no.tfvars",
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{name: a, root: lives}", ".astrovet.yaml:2:5: there is no folder lives of a root module"),
        ("{name: a, rot: live}", ".astrovet.yaml:2:15: unknown key 'rot'; did you mean 'root'?"),
        ("{root: live}", ".astrovet.yaml:2:5: "),
        (
            "{name: a, root: live}\n  - {name: a, root: ./live}",
            ".astrovet.yaml:3:5: the root module live has an environment 'a' already: name this one otherwise",
        ),
    ],
)
def test_a_wrong_declaration_is_told_with_its_place(repository: Path, entry: str, message: str) -> None:
    (repository / ".astrovet.yaml").write_text(f"environments:\n  - {entry}\n")
    result = astrovet("scan")
    assert result.exit_code == 2
    assert result.stderr.startswith(message)
