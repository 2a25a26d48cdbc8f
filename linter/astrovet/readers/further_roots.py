"""Root modules without anything of Astro that make what agents rest on: which to read, and what of them counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from astrovet.model.estate import Estate
from astrovet.model.network import KubernetesCluster
from astrovet.model.storage import Cloud, ObjectStore
from astrovet.readers.clouds.agents_clusters import only_of_clusters
from astrovet.readers.unseen_stores import may_be_named, names_wanted, not_seen
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.root_modules import has_cluster, has_firewalls, has_store
from astrovet.value import Known

Part: TypeAlias = Callable[[Estate], Estate]
"""What of a root module counts."""


def further_roots(project: Project, roots: Sequence[str], so_far: Callable[[], Estate]) -> Iterator[tuple[str, Part]]:
    """Those to read, one after the other: each may show what the next is no longer asked for."""
    if not roots or not so_far().has_execution_plane:
        return
    of_clusters = [root for root in roots if has_cluster(project, root)] if not _shows_hosts(so_far()) else []
    yield from ((root, only_of_clusters) for root in of_clusters)
    others = [root for root in roots if root not in of_clusters]
    firewalls = _firewalls_elsewhere(so_far())
    of_firewalls = [root for root in others if firewalls and has_firewalls(project, root, firewalls)]
    yield from ((root, only_of_clusters) for root in of_firewalls)
    stores = tuple(named for named in not_seen(so_far()) if isinstance(named.value, Known))
    names = names_wanted(stores)
    for root in others if stores else ():
        if root not in of_firewalls and has_store(project, root):
            yield root, partial(_only_stores, names)


def _shows_hosts(estate: Estate) -> bool:
    """Whether a cluster is known to be the agents'."""
    hosts = (cluster.runs_agents for cluster in estate.of(KubernetesCluster))
    return any(isinstance(is_host, Known) and is_host.value for is_host in hosts)


def _firewalls_elsewhere(estate: Estate) -> frozenset[str]:
    """What clusters call the firewalls before them that are made in another root module."""
    named = (firewall.names for cluster in estate.of(KubernetesCluster) for firewall in cluster.firewalls_elsewhere)
    return frozenset[str]().union(*named)


def _only_stores(wanted: Collection[tuple[Cloud | None, str]], data_plane: Estate) -> Estate:
    return Estate(objects=tuple(store for store in data_plane.of(ObjectStore) if may_be_named(store, wanted)))
