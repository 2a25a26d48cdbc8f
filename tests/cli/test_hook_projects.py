"""The hook reads the project of a changed file, and tells what the change can have to do with."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import astrovet, write

DEPLOYMENT = """\
resource "astro_deployment" "claims" {
  name         = "claims"
  type         = "DEDICATED"
  cluster_id   = "clx0a1b2c3d4e5f6g7h8i9j0k"
  executor     = "ASTRO"
  workspace_id = "clw0a1b2c3d4e5f6g7h8i9j0k"
  remote_execution = { enabled = var.remote, allowed_ip_address_ranges = [var.range] }
}
variable "range" {}
variable "remote" {}
"""
VALUES = """\
resourceNamePrefix: claims
astroDeploymentAPIURL: https://clzq81v0m01ab01o2c3d4e5f6.external.astronomer.run/d7k2m9qx
agentTokenSecretName: claims-agent-token
commonEnv:
  - {name: GIT_DEPLOY_TOKEN, value: "ghp_Vq7mKx9RtL4wYc8PdH3sJf6GaE1uTo5iZz1b"}
"""
CONFIGURATION = """\
deployments:
  - {match: claims, requires: [hipaa]}
agents:
  - {name: claims, values: [helm/values.yaml], deployment: claims}
"""


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    write("infra/main.tf", DEPLOYMENT)
    write("infra/terraform.tfvars", 'range = "0.0.0.0/0"\nremote = true\n')
    write("helm/values.yaml", VALUES)
    write(".astrovet.yaml", CONFIGURATION)
    write(
        "other/main.tf",
        DEPLOYMENT.replace("var.remote", "true").replace("var.range", '"0.0.0.0/0"').replace('= "claims"', '= "other"'),
    )


def findings(*changed: str) -> set[tuple[str, str]]:
    result = astrovet("scan", "--hook", *changed, "--format", "concise", "--show", "unknown")
    assert result.exit_code in {0, 1, 2}, result.output
    lines = (line.split(" ") for line in result.stdout.splitlines() if ": " in line and line[0] not in "nLNF")
    # What is not seen is told whatever a commit changes.
    return {(place.split(":")[0], words[0]) for place, *words in lines if words[0] != "INP012"}


@pytest.mark.parametrize(
    ("changed", "told", "others"),
    [
        ("infra/terraform.tfvars", ("infra/main.tf", "AST009"), {"other/main.tf", "helm/values.yaml"}),
        ("helm/values.yaml", ("helm/values.yaml", "REX016"), {"other/main.tf", "infra/main.tf"}),
        ("infra/main.tf", ("infra/main.tf", "AST009"), {"other/main.tf", "helm/values.yaml"}),
    ],
)
def test_a_change_is_judged_within_its_project(changed: str, told: tuple[str, str], others: set[str]) -> None:
    said = findings(changed)
    assert told in said
    assert not {path for path, _ in said} & others


def test_a_changed_configuration_is_about_all_that_it_holds_for() -> None:
    said = findings(".astrovet.yaml")
    assert {path for path, _ in said} >= {"infra/main.tf", "helm/values.yaml", "other/main.tf"}


def test_what_is_required_of_the_deployment_counts_for_its_values_alone() -> None:
    result = astrovet("scan", "--hook", "helm/values.yaml", "--format", "concise")
    assert "helm/values.yaml:5:37: REX016 critical" in result.stdout


def test_a_change_that_has_nothing_to_do_with_astro_reads_nothing_more() -> None:
    write("docker-compose.yml", "services:\n  web:\n    image: nginx\n")
    result = astrovet("scan", "--hook", "docker-compose.yml")
    assert (result.exit_code, result.output) == (0, "")


def test_what_is_broken_elsewhere_does_not_stop_a_commit() -> None:
    write("elsewhere/values.yaml", f"{VALUES}broken: [\n")
    alone = astrovet("scan", "--hook", "elsewhere/values.yaml")
    assert alone.exit_code == 2
    write("infra/terraform.tfvars", 'range = "198.51.100.7/32"\nremote = false\n')
    assert astrovet("scan", "--hook", "infra/terraform.tfvars", "--fail-on", "critical").exit_code != 2


def test_settings_in_pyproject_are_a_configuration_too() -> None:
    Path(".astrovet.yaml").unlink()
    write("pyproject.toml", '[tool.astrovet]\nrequires = ["hipaa"]\n')
    assert {path for path, _ in findings("pyproject.toml")} >= {"infra/main.tf", "helm/values.yaml", "other/main.tf"}
    write("pyproject.toml", "[tool.other]\nx = 1\n")
    assert findings("pyproject.toml") == set()
