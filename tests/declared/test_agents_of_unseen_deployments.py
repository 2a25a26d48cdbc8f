"""What a configuration requires of a deployment holds for its agents too where no input shows the deployment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet, write

VALUES = """\
resourceNamePrefix: claims
astroDeploymentAPIURL: https://x.external.astronomer.run/claims
agentTokenSecretName: claims
"""
ENTRIES = 'deployments:\n  - {match: "claims*", requires: [hipaa]}\n'
AGENTS = "agents:\n  - {name: team, values: [helm/values.yaml], deployment: %s}\n"


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    write("helm/values.yaml", VALUES)


def required(*words: str) -> set[str]:
    """The rules that speak for the sake of hipaa, with how they do."""
    verdicts = json.loads(astrovet("scan", *words, "--format", "json", "--select=REX,REQ,INP").stdout)["verdicts"]
    return {f"{verdict['rule']} {verdict['verdict']}" for verdict in verdicts if "hipaa" in verdict["requirements"]}


def test_the_deployment_that_is_named_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    write(".astrovet.yaml", ENTRIES + AGENTS % "claims-intake")
    within = required(".")
    assert {"REX001 fail", "INP012 unknown"} <= within
    monkeypatch.chdir("helm")
    assert required(".") == within
    assert required("values.yaml") == within


def test_one_of_another_name_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    write(".astrovet.yaml", ENTRIES + AGENTS % "billing")
    assert "REX001 fail" not in required(".")


@pytest.mark.parametrize("entries", [ENTRIES, ENTRIES.replace("deployments", "workspaces")])
def test_where_none_is_named_it_may_be_bound(entries: str) -> None:
    write(".astrovet.yaml", entries)
    assert {"INP012 unknown"} <= required(".")
    write(".astrovet.yaml", "version: 1\n")
    assert required(".") == set()
