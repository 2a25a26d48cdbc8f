"""Agents that Terraform installs through manifests of Argo CD and Flux."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astrovet.model.agent import Agent
from astrovet.readers.agent.releases_in_terraform import agents_in_manifests
from support import astrovet, root_module, state, write

VALUES = {"resourceNamePrefix": "claims", "agentTokenSecretName": "token", "workers": [{"name": "default"}]}
AGENT = "astro-remote-execution-agent"


def application(chart: str | None = AGENT, values: Any = None, **source: Any) -> dict[str, Any]:
    helm = {"valuesObject": VALUES if values is None else values}
    named = {} if chart is None else {"chart": chart, "targetRevision": "1.0.2"}
    spec = {"source": {"repoURL": "https://helm.astronomer.io", **named, "helm": helm, **source}}
    spec["destination"] = {"namespace": "agents"}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "a"}, "spec": spec}


def release(chart: str = AGENT, values: Any = None) -> dict[str, Any]:
    spec = {"chart": {"spec": {"chart": chart}}, "values": VALUES if values is None else values}
    head = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease"}
    return {**head, "metadata": {"name": "a", "namespace": "agents"}, "spec": spec}


def agents(*manifests: Any) -> list[Agent]:
    source = "".join(
        f'resource "kubernetes_manifest" "m{number}" {{\n'
        f"  manifest = jsondecode({json.dumps(json.dumps(manifest))})\n}}\n"
        for number, manifest in enumerate(manifests)
    )
    return list(agents_in_manifests(root_module({"main.tf": source}, "."), {}))


def application_set() -> dict[str, Any]:
    spec = {"generators": [{"list": {"elements": [{"name": "a"}]}}], "template": application()}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "a"}, "spec": spec}


@pytest.mark.parametrize("manifest", [application(), release(), application_set()])
def test_every_kind_that_installs_charts_installs_agents(manifest: Any) -> None:
    (agent,) = agents({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}, manifest)
    assert (agent.id, agent.block, agent.layers) == ("kubernetes_manifest.m1",) * 2 + (("kubernetes_manifest.m1",),)
    assert (agent.place.path, agent.place.line, agent.complete) == ("main.tf", 4, True)
    assert (state(agent.name), state(agent.namespace)) == ("claims", "agents")


def test_the_version_of_the_chart_counts_where_it_is_known() -> None:
    assert [state(agent.chart_version) for agent in agents(application(), release())] == ["1.0.2", "?"]


PART = {"resourceNamePrefix": "claims"}


@pytest.mark.parametrize(
    ("manifest", "ids"),
    [
        (application(values={}), [""]),
        (application("other", values={}), []),
        (application("oci://registry/" + AGENT, values={"more": 1}), [""]),
        (application("other"), [""]),
        (application(values=PART), [""]),
        (application("other", values=PART), []),
        (application(None, path="charts/agents", values={"first": VALUES, "second": VALUES}), ["#first", "#second"]),
        (application(values={"first": VALUES}), ["#first"]),
    ],
)
def test_which_values_are_those_of_agents(manifest: Any, ids: list[str]) -> None:
    assert [agent.id.removeprefix("kubernetes_manifest.m0") for agent in agents(manifest)] == ids


GOOD = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
BAD = "airflow.secrets.local_filesystem.LocalFilesystemBackend"
IN_A_FILE = f"resourceNamePrefix: claims\nagentTokenSecretName: token\nsecretBackend: {GOOD}\nworkers: [{{name: a}}]\n"


def of_provider(helm: str, more: str = "") -> str:
    return f"""\
variable "name" {{}}
resource "argocd_application" "agents" {{
  metadata {{
    name = "agents"
  }}
  spec {{
    destination {{
      server    = "https://kubernetes.default.svc"
      namespace = "agents"
    }}
    source {{
      repo_url        = "https://helm.astronomer.io"
      chart           = "{AGENT}"
      target_revision = "2.3.3"
      helm {{
        {helm}
      }}
    }}
    {more}
  }}
}}
"""


@pytest.mark.parametrize(
    ("helm", "backend"),
    [
        ('values = file("${path.module}/values.yaml")', GOOD),
        (f'values = file("values.yaml")\nparameter {{\n name = "secretBackend"\n value = "{BAD}"\n}}', BAD),
        (f'values = yamlencode({{ secretBackend = "{BAD}", resourceNamePrefix = var.name }})', BAD),
        (f"values = <<-EOT\n  secretBackend: {BAD}\nEOT", BAD),
        ("values = var.name", "?"),
        ('value_files = ["$other/values.yaml"]', "?"),
        ('release_name = "agents"', "-"),
    ],
)
def test_an_application_of_terraforms_provider_for_argo_cd(helm: str, backend: str) -> None:
    other = 'source {\n repo_url = "https://git.example.com/a.git"\n ref = "other"\n}'
    terraform = root_module({"main.tf": of_provider(helm, other), "values.yaml": IN_A_FILE}, ".")
    (agent,) = agents_in_manifests(terraform, {})
    assert (agent.id, state(agent.namespace), state(agent.chart_version)) == (
        "argocd_application.agents",
        "agents",
        "2.3.3",
    )
    assert (state(agent.secrets_backend), agent.secrets_backend.place.path) == (backend, "main.tf")


def test_values_of_such_an_application_from_a_file_are_told_where_they_stand_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("main.tf", of_provider('values = file("${path.module}/values.yaml")'))
    write("values.yaml", IN_A_FILE.replace(GOOD, BAD))
    lines = astrovet("scan", ".", "--select", "REX001", "--format", "concise").stdout.splitlines()
    assert [line.split(" high ")[0] for line in lines if " REX001 " in line] == ["values.yaml:3:16: REX001"]
