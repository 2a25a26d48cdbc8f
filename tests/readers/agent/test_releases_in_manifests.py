"""Agents that Terraform installs through manifests of Argo CD and Flux."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.model.agent import Agent
from astrovet.readers.agent.releases_in_terraform import agents_in_manifests
from support import root_module, state

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
    return list(agents_in_manifests(root_module({"main.tf": source}, ".")))


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
