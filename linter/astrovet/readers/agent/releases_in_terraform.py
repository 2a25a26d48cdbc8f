"""Applications and HelmReleases that Terraform applies as manifests (`kubernetes_manifest` and its kind)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from astrovet.helm.api_groups import ARGO, ARGO_APPLICATION
from astrovet.helm.charts.agent import AGENT_CHART
from astrovet.helm.charts.chart import ChartKind
from astrovet.helm.charts.recognition import recognise
from astrovet.helm.layers import combine
from astrovet.helm.release import Release
from astrovet.helm.wrappers import releases_of_object
from astrovet.model.agent import Agent
from astrovet.readers.agent.agent import in_namespace, read_agent
from astrovet.readers.agent.argocd_provider import application_of
from astrovet.terraform.plan.resources import Terraform
from astrovet.value import Absent, Known, Tree, Value, at, text

if TYPE_CHECKING:
    from astrovet.readers.kubernetes.manifests import Manifest

WRAPPING = ("Application", "ApplicationSet", "HelmRelease")


def agents_in_manifests(terraform: Terraform, paths: Mapping[str, str]) -> Iterator[Agent]:
    """The agents that such objects install; `paths` are the files of values, by what they hold."""
    from astrovet.readers.kubernetes.manifests import manifests_of_terraform  # few plans have any

    manifests = [
        *(manifest for manifest in manifests_of_terraform(terraform) if manifest.kind in WRAPPING),
        *_applications(terraform, paths),
    ]
    roots = [manifest.root for manifest in manifests]
    for manifest in manifests:
        for release in releases_of_object(manifest.place.path, manifest.root, roots, ()):
            values = combine(release.layers, lambda _: None, lambda _: None)
            for inner in _of_agents(release, values):
                tree = at(values, *inner)
                if isinstance(tree, Absent):
                    tree = Absent(manifest.place)
                identity = manifest.id if not inner else f"{manifest.id}#{'.'.join(inner)}"
                agent = read_agent(
                    identity,
                    manifest.block,
                    tree,
                    manifest.place,
                    complete=True,
                    chart_version=release.version if isinstance(release.version, Known) else None,
                    layers=(manifest.id,),
                )
                yield in_namespace(agent, release.namespace)


def _applications(terraform: Terraform, paths: Mapping[str, str]) -> Iterator[Manifest]:
    from astrovet.readers.kubernetes.manifests import Manifest

    for resource in terraform.judged((ARGO_APPLICATION,)):
        root = application_of(resource, paths)
        namespace = text(at(root, "metadata", "namespace"))
        yield Manifest("Application", ARGO, resource.address, resource.block, resource.place, root, namespace)


def _of_agents(release: Release, values: Value[Tree]) -> tuple[tuple[str, ...], ...]:
    """Where the values of agents are; nowhere in those of another chart."""
    match = recognise(values)
    if match.kind in {ChartKind.AGENT, ChartKind.AGENT_FRAGMENT}:
        is_agent = match.kind is ChartKind.AGENT or _is_agent_chart(release)
        return (match.path, *match.also) if is_agent else ()
    return ((),) if _is_agent_chart(release) else ()


def _is_agent_chart(release: Release) -> bool:
    return isinstance(release.chart, Known) and AGENT_CHART in release.chart.value
