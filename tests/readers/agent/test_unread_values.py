"""Values that cannot be read are one blind spot for each cause, with the rules that they leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import astrovet, write

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: agents
spec:
  source:
    repoURL: https://helm.astronomer.io
    chart: astro-remote-execution-agent
    targetRevision: 1.2.0
    helm:
"""
VALUES = """\
      values: |
        resourceNamePrefix: PREFIX
        secretBackend: BACKEND
        xcomBackend: XCOM
        astroDeploymentAPIURL: URL
        agentTokenSecretName: claims-agent-token
"""
SETTINGS = {
    "PREFIX": "claims",
    "BACKEND": "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend",
    "XCOM": "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend",
    "URL": "https://clzq81v0m01ab01o2c3d4e5f6.external.astronomer.run/d7k2m9qx",
}
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: agents, namespace: airflow}
spec:
  chart:
    spec:
      chart: astro-remote-execution-agent
      version: 1.2.0
      sourceRef: {kind: HelmRepository, name: astronomer}
  values:
    resourceNamePrefix: claims
"""
TERRAFORM = """\
variable "more" {}
resource "helm_release" "agents" {
  name       = "agents"
  repository = "https://helm.astronomer.io"
  chart      = "astro-remote-execution-agent"
  values     = [VALUES]
}
"""
UNREAD = {
    "remote file": ("app.yaml", f"{APPLICATION}      valueFiles: [https://example.com/values.yaml]\n"),
    "ConfigMap": ("release.yaml", f"{RELEASE}  valuesFrom:\n    - {{kind: ConfigMap, name: more}}\n"),
    "missing file": ("main.tf", TERRAFORM.replace("VALUES", 'file("${path.module}/missing.yaml")')),
    "variable": ("main.tf", TERRAFORM.replace("VALUES", "var.more")),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def application(*later: str) -> str:
    """An Application of which these settings are filled in by Argo CD's plugin for Vault."""
    text = APPLICATION + VALUES
    for name, value in SETTINGS.items():
        text = text.replace(name, f"<path:secret/data/agents#{name.lower()}>" if name in later else value)
    return text


def gaps() -> list[Any]:
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [gap for gap in report["unseen"] if "cannot be read" in gap["what"] or "filled in later" in gap["what"]]


def lines(form: str, *more: str) -> list[str]:
    return [line for line in astrovet("scan", ".", "--format", form, *more).stdout.splitlines() if "REX" in line]


@pytest.mark.parametrize("cause", UNREAD)
def test_a_layer_that_cannot_be_read_is_told_once(cause: str) -> None:
    write(*UNREAD[cause])
    (gap,) = gaps()
    assert gap["counts"]
    assert {"REX001", "REX006", "REX010", "STO001"} <= set(gap["rules"])
    assert not [
        line for line in lines("concise") if " unknown " in line and "INP012" not in line and "REX022" not in line
    ]
    assert len(lines("concise", "--show", "unknown")) > 20


@pytest.mark.parametrize("cause", UNREAD)
def test_each_rule_keeps_its_verdict_in_json(cause: str) -> None:
    write(*UNREAD[cause])
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    open_rules = {verdict["rule"] for verdict in report["verdicts"] if verdict["verdict"] == "unknown"}
    assert {"REX001", "REX006", "INP012"} <= open_rules


def test_placeholders_are_one_cause_with_the_rules_that_they_leave_open() -> None:
    write("app.yaml", application("PREFIX", "BACKEND", "XCOM"))
    (gap,) = gaps()
    assert {"REX001", "REX006"} <= set(gap["rules"])
    assert not {"REX010", "STO001"} & set(gap["rules"])


@pytest.mark.parametrize("later", [(), ("BACKEND",)])
def test_values_that_are_there_are_read(later: tuple[str, ...]) -> None:
    write("app.yaml", application(*later))
    assert gaps() == []


@pytest.mark.parametrize(
    ("name", "text"), [("release.yaml", RELEASE), ("main.tf", TERRAFORM.replace("VALUES", '"resourceNamePrefix: a"'))]
)
def test_layers_that_can_be_read_are_not_told(name: str, text: str) -> None:
    write(name, text)
    assert gaps() == []
