"""Whose Kubernetes clusters they are: in which of them the agents of the run are installed."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from astrovet.model.agent import Agent
from astrovet.model.estate import Estate
from astrovet.model.link import Link, several
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.subject import Part
from astrovet.place import Place
from astrovet.readers.agent.declared_names import names_of
from astrovet.value import Absent, Known, Unknown, Value

_UNCLEAR = "which of the Kubernetes clusters of these inputs the agents run in cannot be told"
_OTHER = "whether the cluster that a tool puts the agents into is this one cannot be told: it is called otherwise"
_HOW = (
    "install them with a provider that refers to the cluster, or name it as `cluster` under `agents:` in .astrovet.yaml"
)


Own: TypeAlias = dict[tuple[str, str], KubernetesCluster | None]


def with_hosts(estate: Estate, declared: Mapping[str, Value[str]] = {}) -> Estate:
    """The estate with what is known of whose clusters they are, once all inputs are read.

    What the configuration declares comes first: by the id of an agent, the name or address of its cluster.
    A cluster that stands alone is taken for the agents' own: alone in the inputs, or in the module that installs
    agents. So are the instances of one block. Where those of all agents are known, the others are none of theirs.
    """
    clusters = estate.of(KubernetesCluster)
    if not clusters:
        return estate
    agents = estate.of(Agent)
    said = _said(agents, declared)
    named = {cluster.place: _declared(cluster, said.values()) for cluster in clusters}
    others = tuple(agent for agent in agents if agent.id not in said)
    own = _own(clusters, others)
    is_settled = bool(said or own) and all(_module(agent) in own for agent in others)
    is_alone = len({(cluster.place.path, cluster.block) for cluster in clusters}) == 1 and not (said and is_settled)
    settled: dict[Place, KubernetesCluster] = {}
    for cluster in clusters:
        host = named[cluster.place]
        if isinstance(host, Absent):
            host = _host(cluster, clusters, agents, said, own, is_settled=is_settled, is_alone=is_alone)
        inside = (agent.place for agent in agents if agent.id in said and _names(said[agent.id], cluster))
        settled[cluster.place] = replace(cluster, runs_agents=host, installed=(*cluster.installed, *inside))
    hosts = tuple(cluster for cluster in settled.values() if not cluster.is_without_agents)
    is_clear = all(map(_is_certain, hosts)) and all(any(_is_in(agent, host) for host in hosts) for agent in agents)
    paths = tuple(
        replace(
            path,
            cluster=_linked(path.cluster, settled),
            other_workloads=_others(path) if is_clear and _is_apart(path, hosts) else path.other_workloads,
        )
        for path in estate.of(InboundPath)
    )
    return estate.with_all(KubernetesCluster, tuple(settled.values())).with_all(InboundPath, paths)


def _said(agents: Sequence[Agent], declared: Mapping[str, Value[str]]) -> dict[str, Value[str]]:
    """What is declared of the clusters of agents; that of values files also counts where a tool installs these."""
    said = {agent.id: declared[agent.id] for agent in agents if isinstance(declared.get(agent.id), Known)}
    of_file = {file: said[agent.id] for agent in agents if agent.id in said for file in agent.layers}
    for agent in agents:
        named = next((of_file[file] for file in agent.layers if file in of_file), None)
        if named is not None and agent.other_cluster is not None:
            said.setdefault(agent.id, named)
    return said


def _is_certain(cluster: KubernetesCluster) -> bool:
    """Whether agents are known to run in it, and in which networks."""
    return isinstance(cluster.runs_agents, Known) and bool(cluster.networks)


def _is_in(agent: Agent, cluster: KubernetesCluster) -> bool:
    name = cluster.name.value if isinstance(cluster.name, Known) else ""
    return agent.place in cluster.installed or name in agent.clusters


def _is_apart(path: InboundPath, hosts: Sequence[KubernetesCluster]) -> bool:
    """Whether a firewall stands in a network of its own, beside those of all clusters that agents run in."""
    return bool(hosts) and bool(path.networks) and all(path.networks.isdisjoint(cluster.networks) for cluster in hosts)


def _others(path: InboundPath) -> Value[tuple[str, ...]]:
    """What uses a firewall of another network, if anything does."""
    return Known((path.block,), path.place, written=False)


def _declared(cluster: KubernetesCluster, names: Iterable[Value[str]]) -> Value[bool]:
    """Whether one of these names is that of the cluster; Absent where they say nothing of it."""
    answer: Value[bool] = Absent(cluster.place)
    for name in names:
        match name, cluster.name:
            case Known(_, place), _ if _names(name, cluster):
                return Known(value=True, place=place, written=False)
            case Known(), Unknown() as unknown:
                answer = replace(unknown, why=f"whether agents run in it depends on its name: {unknown.why}")
            case ((Known() | Unknown() | Absent()), _):
                pass
    return answer


def _names(name: Value[str], cluster: KubernetesCluster) -> bool:
    return isinstance(name, Known) and name.value in names_of(cluster)


def _own(clusters: Sequence[KubernetesCluster], agents: Sequence[Agent]) -> Own:
    """The only cluster of each module that installs agents; None for one of which the provider shows the cluster."""
    by_module: dict[tuple[str, str], list[KubernetesCluster]] = {}
    for cluster in clusters:
        by_module.setdefault(_module(cluster), []).append(cluster)
    inside: dict[tuple[str, str], list[Agent]] = {}
    for agent in filter(_is_of_terraform, agents):
        inside.setdefault(_module(agent), []).append(agent)
    own: Own = {}
    for module, installed in inside.items():
        if all(_is_shown(agent, clusters) for agent in installed):
            own[module] = None
        elif len(by_module.get(module, ())) == 1:
            own[module] = by_module[module][0]
    return own


def _is_shown(agent: Agent, clusters: Sequence[KubernetesCluster]) -> bool:
    """Whether the provider of its release shows the cluster that it is installed in, or says its name."""
    return bool(agent.clusters) or any(agent.place in cluster.installed for cluster in clusters)


def _module(part: Part) -> tuple[str, str]:
    """The folder of its file, and the address of its module."""
    module, dot, _ = part.id.rpartition(".")
    return posixpath.dirname(part.place.path), module.rpartition(".")[0] if dot else ""


def _is_of_terraform(agent: Agent) -> bool:
    return "helm_release." in agent.id


def _host(
    cluster: KubernetesCluster,
    clusters: Sequence[KubernetesCluster],
    agents: Sequence[Agent],
    said: Collection[str],
    own: Own,
    *,
    is_settled: bool,
    is_alone: bool,
) -> Value[bool]:
    place = cluster.place
    looked_up = frozenset[str]().union(*(agent.clusters for agent in agents if agent.id not in said))
    if isinstance(cluster.name, Known) and cluster.name.value in looked_up:
        return Known(value=True, place=place, written=False)
    if isinstance(cluster.runs_agents, Known):
        return cluster.runs_agents
    may_be_looked_up = bool(looked_up) and not isinstance(cluster.name, Known)
    if agents and not may_be_looked_up and all(agent.id in said or _is_shown(agent, clusters) for agent in agents):
        return Known(value=False, place=place, written=False)
    others = [agent for agent in agents if agent.id not in said]
    if others and all(is_put_elsewhere(agent, cluster) for agent in others):
        called = others[0].other_cluster
        return Unknown(_OTHER, place if called is None else called.place, how=_HOW)
    if is_alone or any(cluster is other for other in own.values()):
        return Absent(place)
    if is_settled and not may_be_looked_up:
        return Known(value=False, place=place, written=False)
    if isinstance(cluster.runs_agents, Unknown):
        return cluster.runs_agents
    names = several(tuple(other.id for other in clusters))
    return Unknown(f"{_UNCLEAR} ({names})", place, how=_HOW)


def is_put_elsewhere(agent: Agent, cluster: KubernetesCluster) -> bool:
    """Whether a tool puts an agent into a cluster that is not called like this one."""
    if agent.other_cluster is None or not isinstance(cluster.name, Known):
        return False
    return cluster.name.value not in agent.other_cluster.value


def _linked(link: Link[KubernetesCluster], clusters: dict[Place, KubernetesCluster]) -> Link[KubernetesCluster]:
    candidates = tuple(clusters.get(cluster.place, cluster) for cluster in link.candidates)
    match link.to:
        case Known(cluster, place):
            return replace(link, to=Known(clusters.get(cluster.place, cluster), place), candidates=candidates)
        case Unknown() | Absent():
            return replace(link, candidates=candidates)


def only_of_clusters(estate: Estate) -> Estate:
    """What of a root module that was read for its clusters alone can matter to agents.

    Its firewalls count where they stand before one of its clusters; where that cannot be told, nor can they be judged.
    """
    return estate.with_all(InboundPath, tuple(_of_clusters(estate)))


def _of_clusters(estate: Estate) -> Iterator[InboundPath]:
    for path in estate.of(InboundPath):
        match path.cluster.to:
            case Known():
                yield path
            case Unknown() as unknown:
                yield replace(path, other_workloads=unknown)
            case Absent():
                pass
