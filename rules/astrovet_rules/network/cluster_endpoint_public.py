"""The API of the agents' Kubernetes cluster, and its nodes, may not be open to the world.

## Why

Remote Execution needs no way in. Whoever gets into the API of the cluster, by a stolen token or a flaw, reads the
Secrets of the agents and the memory of the tasks; EKS, GKE and AKS publish that API on the internet unless told
otherwise. An SSH key on a node group without source groups opens port 22 of its nodes to everybody.

## Fix

Make the endpoint private, or name who may call it.

Before:

    vpc_config {
      subnet_ids = aws_subnet.agents[*].id
    }

After:

    vpc_config {
      subnet_ids              = aws_subnet.agents[*].id
      endpoint_private_access = true
      endpoint_public_access  = false
    }

On Google Cloud set `enable_private_endpoint = true`, add `master_authorized_networks_config`, or set `enabled = false`
in `ip_endpoints_config`, without `allow_external_traffic` by DNS; on Azure `private_cluster_enabled = true` or
`authorized_ip_ranges`.

## Not reported

Private endpoints; clusters in which no agents are installed, as the provider of their Helm release shows. A public
endpoint for certain ranges is low. Inputs without Remote Execution, unless `no-vendor-inbound` or
`customer-execution-plane` is declared.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    KubernetesCluster,
    NodeAccess,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
    unless_unclear,
)
from astrovet_rules.tables.address_ranges import is_world

PRIVATE = "make the endpoint private, or name the ranges that may call it"
NARROW = "make the endpoint private, and reach it from inside the network"
GROUPS = "add source_security_group_ids, or remove the key"
CLOSED_BY_DECLARATION = frozenset({Requirement.NO_VENDOR_INBOUND, Requirement.CUSTOMER_EXECUTION_PLANE})


@rule(
    "NET003",
    "cluster-endpoint-public",
    on=KubernetesCluster,
    severity=Severity.HIGH,
    raised={"no-vendor-inbound": Severity.CRITICAL},
    sources=("S003-23", "CLOUD", "PLAN"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(cluster: KubernetesCluster, context: Context) -> Verdicts:
    if not context.estate.has_execution_plane and not context.requires & CLOSED_BY_DECLARATION:
        yield not_applicable("no Remote Execution is in these inputs, and no closed network is declared")
        return
    if cluster.is_without_agents:
        yield not_applicable("no agents run in it")
        return
    yield from unless_unclear(cluster.runs_agents, _judged(cluster))


def _judged(cluster: KubernetesCluster) -> Verdicts:
    match cluster.public_endpoint:
        case Known(True):
            yield from _ranges(cluster)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass
    for access in cluster.node_access:
        yield from _nodes(access)


def _ranges(cluster: KubernetesCluster) -> Verdicts:
    """Who may call the public endpoint."""
    match cluster.authorized_ranges:
        case Known(ranges, place):
            known, unknown = known_values(ranges), first_unknown(ranges)
            if is_world(known):
                yield fail(place, "the whole world may call the API of the agents' cluster", remedy=PRIVATE)
            elif unknown is not None:
                yield undecided(unknown)
            elif known:
                message = "the API of the agents' cluster is on the internet, for certain ranges"
                yield fail(place, message, remedy=NARROW, severity=Severity.LOW, is_raised=False)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _nodes(access: NodeAccess) -> Verdicts:
    match access.key, access.source_groups:
        case (Absent(), _) | (_, Known((_, *_))):
            pass
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown, "remote access")
        case Known(), _:
            message = "port 22 of the agents' nodes is open to the whole world"
            yield fail(access.place, message, remedy=GROUPS, about="remote access")
