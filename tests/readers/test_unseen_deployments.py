"""Agents whose deployment is in no input: what judges deployments is open for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import astrovet, write

VALUES = """\
resourceNamePrefix: claims
astroDeploymentAPIURL: https://clzq81v0m01ab01o2c3d4e5f6.external.astronomer.run/d7k2m9qx
agentTokenSecretName: claims-agent-token
"""
DEPLOYMENT = """\
resource "astro_deployment" "claims" {
  name         = "claims"
  type         = "DEDICATED"
  cluster_id   = "clx0a1b2c3d4e5f6g7h8i9j0k"
  workspace_id = "clw0a1b2c3d4e5f6g7h8i9j0k"
  executor     = "ASTRO"
  remote_execution = { enabled = true, allowed_ip_address_ranges = ["198.51.100.7/32"] }
}
"""
AGENTS = "agents:\n  - {name: claims, values: [helm/values.yaml], deployment: claims}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    write("helm/values.yaml", VALUES)
    write(".astrovet.yaml", f"version: 1\nrequires: [hipaa, no-vendor-inbound]\n{AGENTS}")


def gaps() -> list[Any]:
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [gap for gap in report["unseen"] if "deployment that is served" in gap["what"]]


def test_a_deployment_that_no_input_shows_is_told_with_the_rules_that_judge_deployments() -> None:
    (gap,) = gaps()
    assert gap["what"] == "no input shows the deployment that is served by claims"
    assert {"REQ001", "REQ002", "AST001"} & set(gap["rules"])


def test_the_row_of_its_agent_has_no_tick() -> None:
    report = json.loads(astrovet("report", "--accept-unseen", "--format", "json").stdout)
    (cells,) = [row["cells"] for row in report["rows"] if row["kind"] == "agent"]
    assert {cell["requirement"]: cell["standing"] for cell in cells}["no-vendor-inbound"] == "undecided"


def test_a_deployment_that_is_there_is_seen() -> None:
    write("infra/main.tf", DEPLOYMENT)
    assert gaps() == []


def test_several_deployments_of_which_one_may_be_served_are_seen() -> None:
    write(".astrovet.yaml", "version: 1\nrequires: [hipaa]\n")
    write("infra/main.tf", DEPLOYMENT + DEPLOYMENT.replace("claims", "other"))
    assert gaps() == []


def test_without_a_requirement_it_is_only_told() -> None:
    write(".astrovet.yaml", f"version: 1\n{AGENTS}")
    assert len(gaps()) == 1
    output = astrovet("scan", ".", "--format", "json", "--fail-on-unknown").stdout
    assert not [verdict for verdict in json.loads(output)["verdicts"] if verdict["rule"] == "INP012" and
                verdict["verdict"] == "unknown"]  # fmt: skip
