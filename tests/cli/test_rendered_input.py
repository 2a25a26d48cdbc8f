"""What a tool prints is judged when it is piped in: Kustomize's own output, where `kubectl` is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from support import astrovet

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: claims-worker}
spec:
  selector: {matchLabels: {app: APP}}
  template:
    metadata: {labels: {app: APP}}
    spec: {containers: [{name: worker, image: registry.example.com/agent:1}]}
"""
OVERLAY = """\
resources: [../base]
namespace: airflow
patches:
- target: {kind: Deployment}
  patch: '[{"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true}]'
"""


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl builds the overlay")
@pytest.mark.parametrize(("app", "says"), [("astro-agent", True), ("claims-api", False)])
def test_what_kustomize_builds_is_judged_where_it_is_of_agents(
    app: str, says: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in {
        "base/deployment.yaml": BASE.replace("APP", app),
        "base/kustomization.yaml": "resources: [deployment.yaml]\n",
        "prod/kustomization.yaml": OVERLAY,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    built = subprocess.run(["kubectl", "kustomize", "prod"], cwd=tmp_path, capture_output=True, text=True, check=True)
    monkeypatch.chdir(tmp_path)
    result = astrovet("scan", "-", "--stdin-name", "prod", stdin=built.stdout)
    assert ("NET007" in result.output) is says
    assert ("prod#Deployment/claims-worker" in result.output) is says
