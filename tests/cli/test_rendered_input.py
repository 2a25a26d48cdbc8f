"""What a tool prints is judged when it is piped in: Kustomize's own output, where `kubectl` is installed."""

from __future__ import annotations

import json
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
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app: astro-agent}}
spec: {hostNetwork: true, containers: []}
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
    assert ("prod:" in result.output) is says


@pytest.mark.parametrize("as_json", [False, True])
def test_one_object_is_known_as_a_manifest_without_a_name_that_says_so(as_json: bool) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"app": "astro-agent"}}}
    spec = {"hostNetwork": True, "containers": []}
    text = json.dumps({**pod, "spec": spec}) if as_json else POD
    result = astrovet("scan", "-", stdin=text)
    assert "NET007" in result.output
    assert {f"INP{number:03}" for number in range(1, 13) if f"INP{number:03}" in result.output} == {"INP012"}


def test_objects_of_others_are_no_broken_plan() -> None:
    result = astrovet("scan", "-", stdin=POD.replace("astro-agent", "other"))
    assert "INP011" in result.output
    assert "INP002" not in result.output
