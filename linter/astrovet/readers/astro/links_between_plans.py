"""Links between objects of several plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from astrovet.model.deployment import Cluster, Deployment, Workspace
from astrovet.model.link import Link
from astrovet.place import Place
from astrovet.readers.astro.resources import TerraformFacts
from astrovet.value import Absent, Known, Unknown

T = TypeVar("T", Workspace, Cluster, Deployment)


def link_facts(facts: Sequence[TerraformFacts]) -> tuple[TerraformFacts, ...]:
    """Let the links of each plan or state lead to objects of the others, by their ids."""
    if len(facts) < 2:
        return tuple(facts)
    workspaces = {identity: found for each in facts for identity, found in each.workspace_ids.items()}
    clusters = {found.place: _cluster(found, workspaces) for each in facts for found in _clusters(each)}
    cluster_ids = {key: clusters[found.place] for each in facts for key, found in each.cluster_ids.items()}
    deployments = {
        found.place: replace(
            found,
            cluster=_relink(found.cluster, cluster_ids, clusters),
            workspace=_relink(found.workspace, workspaces, {}),
        )
        for each in facts
        for found in (*each.deployments, *each.deployment_ids.values())
    }
    deployment_ids = {key: deployments[found.place] for each in facts for key, found in each.deployment_ids.items()}
    return tuple(
        replace(
            each,
            clusters=tuple(clusters[found.place] for found in each.clusters),
            deployments=tuple(deployments[found.place] for found in each.deployments),
            agent_tokens=tuple(
                replace(token, deployment=_relink(token.deployment, deployment_ids, deployments))
                for token in each.agent_tokens
            ),
            environment_objects=tuple(
                replace(
                    found,
                    deployment=_relink(found.deployment, deployment_ids, deployments),
                    workspace=_relink(found.workspace, workspaces, {}),
                    linked=tuple(_relink(link, deployment_ids, deployments) for link in found.linked),
                    excluded=tuple(_relink(link, deployment_ids, deployments) for link in found.excluded),
                )
                for found in each.environment_objects
            ),
            notification_channels=tuple(
                replace(
                    found,
                    deployment=_relink(found.deployment, deployment_ids, deployments),
                    workspace=_relink(found.workspace, workspaces, {}),
                )
                for found in each.notification_channels
            ),
        )
        for each in facts
    )


def _clusters(facts: TerraformFacts) -> tuple[Cluster, ...]:
    return (*facts.clusters, *facts.cluster_ids.values())


def _cluster(cluster: Cluster, workspaces: Mapping[str, Workspace]) -> Cluster:
    match cluster.workspaces:
        case Known(links, place):
            again = tuple(_relink(link, workspaces, {}) for link in links)
            return replace(cluster, workspaces=Known(again, place))
        case Unknown() | Absent():
            return cluster


def _relink(link: Link[T], by_id: Mapping[str, T], newest: Mapping[Place, T]) -> Link[T]:
    """The link to the newest copy of what it leads to; an id that its own plan did not know is looked up."""
    match link.to:
        case Unknown(_, place) if link.id in by_id:
            found = by_id[link.id]
            return Link(Known(found, place), (found,), "by its id", link.id)
        case Known(found, place):
            found = newest.get(found.place, found)
            return Link(Known(found, place), (found,), link.how, link.id)
        case Unknown() | Absent():
            return replace(link, candidates=tuple(newest.get(each.place, each) for each in link.candidates))
