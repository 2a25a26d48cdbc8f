"""Kubernetes clusters that agents run in, with the firewalls before them, that are in no input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import Deployment
from astrovet.model.estate import Estate
from astrovet.model.link import several
from astrovet.model.network import InboundPath, KubernetesCluster, NamedFirewall
from astrovet.readers.clouds.agents_clusters import is_put_elsewhere
from astrovet.readers.doubtful import doubtful
from astrovet.value import Known, Unknown

Plane: TypeAlias = Deployment | Agent
"""What tells of an execution plane: agents, or a deployment of which none are in the inputs."""
SAY_WHERE = "write out where that state is kept, in the backend of its root module and where it is read"
SCAN_IT = "scan the root module, or the plan, that makes {}"


def unseen_clusters(planes: Sequence[Plane], estate: Estate) -> Iterator[BlindSpot]:
    """One for all clusters that nothing shows, one for each that may not be made, one for what each one names."""
    clusters = estate.of(KubernetesCluster)
    alone = tuple(plane for plane in planes if not any(_may_run(cluster, plane, estate) for cluster in clusters))
    if alone:
        names = several(tuple(plane.id for plane in alone))
        unclear = next((host for cluster in clusters if isinstance(host := cluster.runs_agents, Unknown)), None)
        yield BlindSpot(
            id="cluster of the agents",
            what=f"{unclear.why}, which concerns {names}"
            if unclear is not None
            else f"no input shows the Kubernetes cluster that the agents run in, nor its network ({names})",
            how=unclear.how if unclear is not None and unclear.how else SCAN_IT.format("them"),
            place=alone[0].place,
            decides=(KubernetesCluster, InboundPath),
            concerns=alone,
            is_implied=True,
        )
    for block, cluster in {cluster.block: cluster for cluster in reversed(clusters)}.items():
        inside = tuple(plane for plane in planes if _may_run(cluster, plane, estate))
        if inside:
            yield from _about(block, cluster, inside, estate)


def _about(block: str, cluster: KubernetesCluster, inside: tuple[Plane, ...], estate: Estate) -> Iterator[BlindSpot]:
    if cluster.doubt is not None:
        yield doubtful(cluster, "the cluster of the agents", cluster.doubt, inside)
    unseen = [firewall for firewall in cluster.firewalls_elsewhere if not _is_seen(firewall, estate)]
    if unseen:
        what = " and ".join(dict.fromkeys(firewall.what for firewall in unseen))
        untold = _untold(unseen, estate)
        yield BlindSpot(
            id=f"firewalls of {block}",
            what=f"no input shows the {what} that {block} names, nor who is let in there"
            if not untold
            else f"whether an output `{untold}` of these inputs is that of the state by which {block} names its {what}"
            " cannot be told",
            how=SAY_WHERE if untold else SCAN_IT.format("it" if what.startswith(("network", "launch")) else "them"),
            place=unseen[0].place,
            decides=(InboundPath,),
            concerns=inside,
            is_implied=True,
        )


def _may_run(cluster: KubernetesCluster, plane: Plane, estate: Estate) -> bool:
    """Whether the agents of a plane are known, or taken, to be installed in a cluster."""
    if isinstance(cluster.runs_agents, Unknown) or cluster.is_without_agents:
        return False
    if isinstance(plane, Agent) and plane.clusters and isinstance(cluster.name, Known):
        return cluster.name.value in plane.clusters
    if isinstance(plane, Agent) and plane.place in cluster.installed:
        return True
    if isinstance(plane, Agent) and is_put_elsewhere(plane, cluster):
        return False
    if not cluster.installed:
        return True
    if isinstance(plane, Agent):
        return False
    return any(agent.place in cluster.installed for agent in estate.agents_of(plane))


def _is_seen(firewall: NamedFirewall, estate: Estate) -> bool:
    """Whether another input makes it, or may; all of those that it may come from, where outputs name it."""
    elsewhere = [
        path
        for path in estate.of(InboundPath)
        if isinstance(path.cluster.to, Unknown) and (path.made_in != firewall.named_in or not path.made_in)
    ]
    if any(not firewall.names.isdisjoint(path.names) for path in elsewhere):
        return True
    told = [output for path in elsewhere for output in path.outputs]
    return bool(firewall.outputs) and all(any(map(wanted.is_that_of, told)) for wanted in firewall.outputs)


def _untold(unseen: Sequence[NamedFirewall], estate: Estate) -> str:
    """The output of another root module that may be one of these, where its backend does not tell; else empty."""
    wanted = [output for firewall in unseen for output in firewall.outputs]
    told = [output for path in estate.of(InboundPath) for output in path.outputs]
    return next((one.name for one in wanted for other in told if one.is_that_of(other) is None), "")
