"""Root modules without anything of Astro that make what agents rest on: which to read, and what of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from astrovet.model.agent import Agent
from astrovet.model.estate import Estate
from astrovet.model.network import InboundPath, KubernetesCluster, NamedFirewall
from astrovet.model.storage import ObjectStore
from astrovet.readers.clouds.agents_clusters import only_of_clusters
from astrovet.readers.unseen_stores import NamedStore, may_be_named, not_seen
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.root_modules import (
    has_cluster,
    has_firewalls,
    has_store,
    may_add_rules,
    may_add_rules_by_output,
)
from astrovet.terraform.source.state_of_root import state_of
from astrovet.terraform.state_location import StateOutput
from astrovet.value import Absent, Known, Unknown

Part: TypeAlias = Callable[[Estate], Estate]
"""What of a root module counts."""
SHORTEST_STORE_NAME = 6
"""Shorter names are words that stand in other people's files too."""


def further_roots(project: Project, roots: Sequence[str], so_far: Callable[[], Estate]) -> Iterator[tuple[str, Part]]:
    """Those to read, one after the other: each may show what the next is no longer asked for."""
    if not roots or not so_far().has_execution_plane:
        return
    of_clusters = [root for root in roots if has_cluster(project, root)] if not _shows_hosts(so_far()) else []
    yield from ((root, only_of_clusters) for root in of_clusters)
    others = [root for root in roots if root not in of_clusters]
    firewalls = _firewalls_elsewhere(so_far())
    of_firewalls = [root for root in others if any(_may_make(firewall, project, root) for firewall in firewalls)]
    yield from ((root, only_of_clusters) for root in of_firewalls)
    wanted, outputs = _stands_in(so_far()), _stands_in_outputs(so_far())
    named = {output.name for output in outputs}
    of_rules = [
        root
        for root in others
        if root not in of_firewalls
        and (
            (wanted and may_add_rules(project, root, wanted))
            or (named and may_add_rules_by_output(project, root, named))
        )
    ]
    yield from ((root, partial(_only_rules, wanted, outputs)) for root in of_rules)
    stores = tuple(named for named in not_seen(so_far()) if isinstance(named.value, Known))
    for root in others if stores else ():
        if root not in (*of_firewalls, *of_rules) and has_store(project, root):
            yield root, partial(_only_stores, stores)


def _shows_hosts(estate: Estate) -> bool:
    """Whether a cluster is known to be the agents'."""
    hosts = (cluster.runs_agents for cluster in estate.of(KubernetesCluster))
    return any(isinstance(is_host, Known) and is_host.value for is_host in hosts)


def _firewalls_elsewhere(estate: Estate) -> Sequence[NamedFirewall]:
    """The firewalls before clusters that are made in another root module."""
    return tuple(firewall for cluster in estate.of(KubernetesCluster) for firewall in cluster.firewalls_elsewhere)


def _may_make(firewall: NamedFirewall, project: Project, root: str) -> bool:
    """Whether a root module may make a firewall: by what it is called, or by an output of just this module."""
    state = state_of(project.folder(root)) if firewall.outputs else None
    outputs = {
        output.name for output in firewall.outputs if output.is_that_of(StateOutput(output.name, state)) is not False
    }
    return has_firewalls(project, root, firewall.names | outputs)


def _stands_in(estate: Estate) -> frozenset[str]:
    """What the networks and the groups are called that clusters stand in which may be the agents'."""
    clusters = (cluster.network_names for cluster in estate.of(KubernetesCluster) if not cluster.is_without_agents)
    paths = (path.belongs_to for path in estate.of(InboundPath) if _may_be_of_agents(path))
    return frozenset[str]().union(*clusters, *paths)


def _stands_in_outputs(estate: Estate) -> frozenset[StateOutput]:
    """The outputs of root modules that lead there, or by which clusters name it."""
    clusters = [cluster for cluster in estate.of(KubernetesCluster) if not cluster.is_without_agents]
    named = (firewall.outputs for cluster in clusters for firewall in cluster.firewalls_elsewhere)
    paths = (path.outputs for path in estate.of(InboundPath) if _may_be_of_agents(path))
    return frozenset[StateOutput]().union(*(cluster.network_outputs for cluster in clusters), *named, *paths)


def _may_be_of_agents(path: InboundPath) -> bool:
    """Firewalls of Google's are known by the networks of their clusters."""
    link, others = path.cluster.to, path.other_workloads
    is_of_others = isinstance(others, Known) and bool(others.value)
    is_elsewhere = isinstance(link, Known) and link.value.is_without_agents
    return not path.block.rpartition("google_compute_firewall.")[1] and not is_of_others and not is_elsewhere


def _only_rules(wanted: frozenset[str], outputs: frozenset[StateOutput], data_plane: Estate) -> Estate:
    """The rules of another root module that are added to what agents stand behind, or may be."""
    return Estate(
        objects=tuple(
            path
            for path in data_plane.of(InboundPath)
            if not path.added_to.isdisjoint(wanted)
            or any(own.is_that_of(other) is not False for own in path.added_to_outputs for other in outputs)
        )
    )


def _only_stores(wanted: Sequence[NamedStore], data_plane: Estate) -> Estate:
    return Estate(objects=tuple(store for store in data_plane.of(ObjectStore) if may_be_named(store, wanted)))


def store_names(agent: Agent) -> Iterator[str]:
    """The names of the object stores that an agent's variables name: `s3://conn@claims-xcom/prod`."""
    for variable in agent.all_variables():
        match variable.value:
            case Known(address) if "://" in address:
                host = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
                yield from (name for name in (host, host.partition(".")[0]) if len(name) >= SHORTEST_STORE_NAME)
            case Known() | Unknown() | Absent():
                pass
