"""Objects that something puts into the agents' cluster and that are not at hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support import FIXTURES, astrovet, write

WHOLE = FIXTURES / "rules" / "not-seen" / "good-whole-estate"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: ClusterIP}\n"


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(WHOLE, tmp_path / "estate"))


def unseen() -> list[str]:
    """What is told not to be seen of Services and routes."""
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [gap["what"] for gap in report["unseen"] if {"NET004", "NET005"}.issubset(gap["rules"])]


@pytest.mark.parametrize(
    "block",
    [
        'resource "kubernetes_manifest" "x" {\n  manifest = yamldecode(file("gone.yaml"))\n}\n',
        'resource "kubernetes_manifest" "x" {\n  manifest = yamldecode(file("${path.module}/../../o.yaml"))\n}\n',
        'variable "m" {}\nresource "kubernetes_manifest" "x" {\n  for_each = var.m\n  manifest = each.value\n}\n',
        'resource "kubectl_manifest" "x" {\n  yaml_body = templatefile("gone.tftpl", {})\n}\n',
    ],
)
def test_manifests_in_terraform_that_are_not_at_hand_are_told(block: str) -> None:
    write("manifests.tf", block)
    assert len(unseen()) == 1


@pytest.mark.parametrize(
    "block",
    [
        'resource "kubernetes_manifest" "x" {\n  manifest = yamldecode(file("here.yaml"))\n}\n',
        'resource "kubectl_manifest" "x" {\n  yaml_body = file("here.yaml")\n}\n',
        'resource "kubernetes_manifest" "x" {\n  manifest = {\n    apiVersion = "v1"\n    kind = "Service"\n'
        '    metadata = { name = "web", namespace = "shop" }\n  }\n}\n',
    ],
)
def test_manifests_in_terraform_that_are_at_hand_leave_nothing_open(block: str) -> None:
    write("here.yaml", SERVICE)
    write("manifests.tf", block)
    assert unseen() == []


@pytest.mark.parametrize(
    "kustomization",
    [
        "namespace: airflow-claims\nresources:\n- gone.yaml\n",
        "namespace: airflow-claims\nresources:\n- https://github.com/x/y//z?ref=v1\n",
        "namespace: airflow-claims\nresources:\n- web.yaml\ngenerators:\n- gone.yaml\n",
    ],
)
def test_parts_of_an_overlay_beside_agents_that_are_not_at_hand_are_told(kustomization: str) -> None:
    write("k/kustomization.yaml", kustomization)
    write("k/web.yaml", SERVICE)
    assert len(unseen()) == 1


@pytest.mark.parametrize(
    "kustomization",
    ["namespace: airflow-claims\nresources:\n- web.yaml\n", "namespace: shop\nresources:\n- gone.yaml\n"],
)
def test_overlays_that_are_whole_or_stand_elsewhere_leave_nothing_open(kustomization: str) -> None:
    write("k/kustomization.yaml", kustomization)
    write("k/web.yaml", SERVICE)
    assert unseen() == []


def application(namespace: str, source: str) -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: more}\nspec:\n"
        f"  source: {{repoURL: https://git.acme.example/more, {source}}}\n  destination: {{namespace: {namespace}}}\n"
    )


def kustomization(namespace: str, folder: str) -> str:
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: more}\n"
        f"spec: {{path: {folder}, targetNamespace: {namespace}, sourceRef: {{kind: GitRepository, name: more}}}}\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        application("airflow-claims", "path: gone"),
        application("airflow-claims", "path: here, plugin: {name: vault}"),
        kustomization("airflow-claims", "./gone"),
    ],
)
def test_folders_that_go_into_the_namespace_of_agents_and_are_not_at_hand_are_told(content: str) -> None:
    write("here/web.yaml", SERVICE)
    write("apps/more.yaml", content)
    assert len(unseen()) == 1


@pytest.mark.parametrize(
    "content",
    [
        application("airflow-claims", "path: here"),
        application("airflow-claims", "path: '{{path}}'"),
        application("shop", "path: gone"),
        kustomization("airflow-claims", "./here"),
        kustomization("shop", "./gone"),
    ],
)
def test_folders_that_are_at_hand_or_go_elsewhere_leave_nothing_open(content: str) -> None:
    write("here/web.yaml", SERVICE)
    write("apps/more.yaml", content)
    assert unseen() == []


def release(chart: str, namespace: str = "airflow-claims") -> str:
    return f'resource "helm_release" "x" {{\n  name = "x"\n  chart = "{chart}"\n  namespace = "{namespace}"\n}}\n'


def test_a_chart_in_a_folder_that_is_not_at_hand_is_told_where_it_stands_beside_agents() -> None:
    write("charts.tf", release("./charts/web"))
    assert len(unseen()) == 1
    write("charts/web/Chart.yaml", "name: web\nversion: 1.0.0\n")
    assert unseen() == []
    write("charts.tf", release("./charts/gone", "shop"))
    assert unseen() == []


AGENT = "astro-remote-execution-agent"
HELMFILE = f"releases:\n- {{name: a, namespace: airflow-claims, chart: astronomer/{AGENT}, values: [values.yaml]}}\n"


def test_dependencies_beside_that_of_the_agents_are_told_where_they_are_not_at_hand() -> None:
    chart = f"apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies:\n- {{name: {AGENT}, version: 2.3.3}}\n"
    write("all/values.yaml", f"{AGENT}:\n  resourceNamePrefix: claims\n  agentTokenSecretName: claims-agent-token\n")
    write("all/Chart.yaml", chart)
    assert unseen() == []
    write("all/Chart.yaml", f"{chart}- {{name: web, version: 1.0.0, repository: 'https://charts.acme.example'}}\n")
    assert len(unseen()) == 1
    write("all/charts/web/Chart.yaml", "name: web\nversion: 1.0.0\n")
    assert unseen() == []
    write("all/Chart.yaml", f"{chart}- {{name: web, version: 1.0.0, repository: 'file://../gone'}}\n")
    write("gone/Chart.yaml", "name: web\nversion: 1.0.0\n")
    assert unseen() == []


@pytest.mark.parametrize("key", ["bases", "helmfiles"])
def test_parts_of_a_helmfile_with_agents_are_told_where_they_are_not_at_hand(key: str) -> None:
    write("values.yaml", "resourceNamePrefix: claims\nagentTokenSecretName: claims-agent-token\n")
    write("helmfile.yaml", f"{key}:\n- more.yaml\n{HELMFILE}")
    assert len(unseen()) == 1
    write("more.yaml", "repositories: []\n")
    assert unseen() == []


def test_a_chart_in_a_folder_beside_the_agents_of_a_helmfile_is_told_where_it_is_not_at_hand() -> None:
    write("values.yaml", "resourceNamePrefix: claims\nagentTokenSecretName: claims-agent-token\nnamespace: agents\n")
    for release, is_told in {
        "{name: extras, chart: ./extras, namespace: agents}": True,
        "{name: extras, chart: ./extras, namespace: shop}": False,
        "{name: extras, chart: ./extras, namespace: agents, installed: false}": False,
        "{name: extras, chart: acme/extras, namespace: agents}": False,
    }.items():
        write("helmfile.yaml", f"{HELMFILE}- {release}\n")
        assert len(unseen()) == is_told, release
    write("helmfile.yaml", f"{HELMFILE}- {{name: extras, chart: ./extras, namespace: agents}}\n")
    write("extras/Chart.yaml", "name: extras\nversion: 1.0.0\n")
    assert unseen() == []
