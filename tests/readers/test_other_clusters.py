"""Agents that a tool puts into another cluster than its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support import FIXTURES, astrovet, write

WHOLE = FIXTURES / "rules" / "not-seen" / "good-whole-estate"
VALUES = """\
resourceNamePrefix: claims
agentTokenSecretName: claims-agent-token
commonEnv:
- {name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH, value: "s3://tarn-claims-xcom/claims"}
- {name: AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER, value: "s3://tarn-claims-logs/claims"}
"""
CHART = "astro-remote-execution-agent"
HELMFILE = f"""\
releases:
- name: claims
  namespace: airflow-claims
  chart: astronomer/{CHART}
  values: [values.yaml]
"""
APPLICATION = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: claims}}
spec:
  sources:
  - repoURL: https://helm.astronomer.io
    chart: {CHART}
    targetRevision: 2.3.3
    helm: {{valueFiles: [$values/values.yaml]}}
  - {{repoURL: https://git.acme.example/claims, ref: values}}
  destination: {{namespace: airflow-claims, DESTINATION}}
"""
RELEASE = f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: claims, namespace: airflow-claims}}
spec:
  chart: {{spec: {{chart: {CHART}, version: 2.3.3, sourceRef: {{kind: HelmRepository, name: astronomer}}}}}}
  values: {json.dumps({"resourceNamePrefix": "claims", "agentTokenSecretName": "claims-agent-token"})}
"""


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(WHOLE, tmp_path / "estate"))
    text = Path("main.tf").read_text("utf-8")
    write("main.tf", text[: text.index('resource "helm_release"')])


def unseen() -> list[str]:
    """What is told not to be seen of the cluster of the agents."""
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [gap["what"] for gap in report["unseen"] if "NET001" in gap["rules"]]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("helmfile.yaml", f"{HELMFILE}  kubeContext: other\n"),
        ("helmfile.yaml", f"helmDefaults: {{kubeContext: other}}\n{HELMFILE}"),
        ("app.yaml", APPLICATION.replace("DESTINATION", "name: other")),
        ("app.yaml", APPLICATION.replace("DESTINATION", "server: 'https://0a1b.gr7.eu-west-1.eks.amazonaws.com'")),
        ("release.yaml", f"{RELEASE}  kubeConfig: {{secretRef: {{name: other}}}}\n"),
    ],
)
def test_the_only_cluster_is_not_taken_for_one_that_is_called_otherwise(file: str, content: str) -> None:
    write("values.yaml", VALUES)
    write(file, content)
    assert len(unseen()) == 1


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("helmfile.yaml", HELMFILE),
        ("helmfile.yaml", f"{HELMFILE}  kubeContext: arn:aws:eks:eu-west-1:111122223333:cluster/agents\n"),
        ("app.yaml", APPLICATION.replace("DESTINATION", "name: agents")),
        ("app.yaml", APPLICATION.replace("DESTINATION", "name: in-cluster")),
        ("app.yaml", APPLICATION.replace("DESTINATION", "server: 'https://kubernetes.default.svc'")),
        ("release.yaml", RELEASE),
    ],
)
def test_the_only_cluster_is_that_of_agents_where_nothing_says_otherwise(file: str, content: str) -> None:
    write("values.yaml", VALUES)
    write(file, content)
    assert unseen() == []


def test_what_the_configuration_says_of_the_cluster_counts() -> None:
    write("values.yaml", VALUES)
    write("helmfile.yaml", f"{HELMFILE}  kubeContext: other\n")
    write(".astrovet.yaml", "version: 1\nagents:\n- {name: claims, values: [values.yaml], cluster: agents}\n")
    assert unseen() == []
