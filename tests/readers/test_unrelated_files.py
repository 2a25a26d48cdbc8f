"""A repository of a thousand YAML files that have nothing to do with Astro: silence, and no time lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from astrovet.formats.yaml import documents as yaml_text
from support import ROOT, astrovet

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: shop-{n}, namespace: shop}}
spec:
  type: LoadBalancer
  selector: {{app: shop-{n}}}
  ports: [{{port: 443}}]
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-{n}
spec:
  template:
    metadata: {{labels: {{app: shop-{n}}}}}
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: registry.example.com/shop:{n}
          env: [{{name: DB_PASSWORD, value: not-astrovets-business-{n}}}]
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: open-{n}, namespace: shop}}
spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: [{{}}]}}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: shop-{n}}}
spec: {{rules: [{{http: {{paths: [{{path: /, backend: {{service: {{name: shop-{n}}}}}}}]}}}}]}}
"""
WORKFLOW = """\
name: build {n}
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{{run: "make test"}}]
"""
COMPOSE = """\
services:
  db-{n}: {{image: "postgres:16", environment: {{POSTGRES_PASSWORD: example}}}}
"""
AIRFLOW = """\
executor: KubernetesExecutor
webserver: {{replicas: {n}}}
scheduler: {{replicas: 2}}
workers: {{replicas: 3, persistence: {{enabled: true}}}}
triggerer: {{enabled: true}}
fernetKey: not-a-token
dagProcessor:
  dagBundleConfigList:
    - {{name: dags, classpath: airflow.dag_processing.bundles.local.LocalDagBundle, kwargs: {{}}}}
"""
CHART_VALUES = """\
replicaCount: {n}
image: {{repository: nginx, tag: "1.27"}}
serviceAccount: {{create: true}}
resources: {{}}
"""
TEMPLATE = """\
{{{{- if .Values.enabled }}}}
apiVersion: v1
kind: ConfigMap
metadata: {{name: {{{{ include "x.name" . }}}}-{n}}}
{{{{- end }}}}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop-{n}}}
spec:
  source: {{repoURL: https://charts.example.com, chart: nginx, targetRevision: 15.0.0, helm: {{valueFiles: [a.yaml]}}}}
"""
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: shop-{n}}}
spec: {{chart: {{spec: {{chart: nginx}}}}, values: {{replicaCount: 2}}}}
"""
BROKEN = "a: [\n  {n\n"

KINDS = {
    "deploy/service-{n}.yaml": SERVICE,
    "deploy/deployment-{n}.yaml": DEPLOYMENT,
    "deploy/policy-{n}.yml": POLICY,
    "deploy/ingress-{n}.yaml": INGRESS,
    "workflows/build-{n}.yml": WORKFLOW,
    "compose/compose-{n}.yaml": COMPOSE,
    "airflow-{n}/values.yaml": AIRFLOW,
    "charts/chart-{n}/values.yaml": CHART_VALUES,
    "charts/chart-{n}/templates/map.yaml": TEMPLATE,
    "apps/app-{n}.yaml": APPLICATION,
    "apps/release-{n}.yaml": FLUX,
    "broken/file-{n}.yaml": BROKEN,
}
CHART = "apiVersion: v2\nname: x\nversion: 1.0.0\n"

AGENT = ROOT / "fixtures" / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of its files; it is the working directory."""
    monkeypatch.chdir(tmp_path)
    names = []
    for number in range(1000 // len(KINDS) + 1):
        for pattern, content in KINDS.items():
            names.append(pattern.format(n=number))
            path = Path(names[-1])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content.format(n=number) if content is not BROKEN else content)
        Path(f"charts/chart-{number}/Chart.yaml").write_text(CHART)
    fields = "".join(
        f"              field{number}: {{type: string, description: 'kind: of {number}'}}\n" for number in range(60_000)
    )
    Path("crd.yaml").write_text(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n"
        f"spec:\n  versions:\n    - name: v1\n      schema:\n        openAPIV3Schema:\n          properties:\n{fields}"
    )
    assert len(names) >= 1000
    assert Path("crd.yaml").stat().st_size > 3_000_000
    return [*names, "crd.yaml"]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that were parsed as YAML while the test ran."""
    seen: list[str] = []
    whole: Callable[..., object] = yaml_text._read  # noqa: SLF001  the one way into the parser

    def counted(path: str, *rest: object, **options: object) -> object:
        seen.append(path)
        return whole(path, *rest, **options)

    monkeypatch.setattr(yaml_text, "_read", counted)
    return seen


def scan(*arguments: str) -> Result:
    return astrovet("scan", *arguments, "--format", "concise")


def kinds_of(paths: list[str]) -> set[str]:
    """The folders of files, without their numbers."""
    return {path.split("/")[0].rstrip("-0123456789") for path in paths}


@pytest.mark.slow
def test_a_commit_of_them_is_silently_fine(repository: list[str], parsed: list[str]) -> None:
    result = scan("--hook", *repository)
    assert (result.exit_code, result.stdout) == (0, "")
    assert kinds_of(parsed) == {"airflow", "apps"}  # Airflow's chart shares a key; an application may be an agent


@pytest.mark.slow
def test_beside_an_agent_they_say_nothing(repository: list[str], parsed: list[str]) -> None:
    Path("agent").mkdir()
    Path("agent/values.yaml").write_text(AGENT.read_text())
    alone = scan("agent")
    parsed.clear()
    together = scan(".")
    assert together.stdout == alone.stdout
    assert together.exit_code == alone.exit_code
    assert kinds_of(parsed) == {"agent", "airflow", "apps", "deploy"}
    # Of manifests, only policies: one may cover agents without naming them.
    assert all("policy" in path for path in parsed if path.startswith("deploy/"))
