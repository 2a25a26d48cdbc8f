"""What stands behind a firewall: the workloads that a security group protects, and their Kubernetes cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.document import ProblemKind
from astrovet.model.link import Link
from astrovet.model.network import KubernetesCluster
from astrovet.value import Absent, Known, Unknown, Value, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.references import References
    from astrovet.terraform.resource import Resource


SECURITY_GROUPS = ("aws_security_group", "aws_default_security_group")

OTHER_WORKLOADS = (
    "aws_apprunner_", "aws_codebuild_", "aws_dax_", "aws_db_", "aws_directory_", "aws_dms_", "aws_docdb_", "aws_ecs_",
    "aws_efs_", "aws_elasticache_", "aws_elasticsearch_", "aws_emr_", "aws_fsx_", "aws_glue_", "aws_lambda_",
    "aws_memorydb_", "aws_mq_", "aws_msk_", "aws_mwaa_", "aws_neptune_", "aws_opensearch_", "aws_rds_", "aws_redshift",
    "aws_sagemaker_", "aws_transfer_", "aws_vpc_endpoint", "aws_workspaces_",
)  # fmt: skip
"""Beginnings of resource types that agents, which need Kubernetes, neither run on nor stand behind."""

KUBERNETES = ("aws_eks_", "aws_launch_template", "aws_launch_configuration", "aws_autoscaling_group")
"""Beginnings of the types of clusters and of what their nodes are made by."""

LOAD_BALANCERS = ("aws_lb", "aws_alb", "aws_elb")

NO_WORKLOADS = (*SECURITY_GROUPS, "aws_security_group_", "aws_vpc_security_group_", "aws_ssm_parameter", "astro_")
"""Beginnings of resource types that mention a group and are protected by none."""


class Workloads(Struct, frozen=True):
    """Which resources use which security group."""

    users: Mapping[str, list[Resource]] = {}
    """By the address of the group."""
    groups: Mapping[str, tuple[str, ...]] = {}
    """The groups that a resource uses or adds a rule to, by its address."""
    lost: str = ""
    """Why a use may have been missed; empty where every use was seen."""
    networks: Mapping[str, str] = {}
    """The network of each group of which that is known, by its address."""
    networks_of_nodes: frozenset[str] = frozenset()
    """Those of all groups that Kubernetes uses; empty where one of them is not known."""


def workloads_of(terraform: Terraform, references: References) -> Workloads:
    """Follow references and known ids from all resources to the security groups."""
    by_id: dict[str, str] = {}
    for resource in terraform.of_types(SECURITY_GROUPS):
        match text(resource.computed("id")):
            case Known(identity):
                by_id[identity] = resource.address
            case Unknown() | Absent():
                pass
    users: dict[str, list[Resource]] = {}
    groups: dict[str, tuple[str, ...]] = {}
    is_partial = any(problem.kind is ProblemKind.INCOMPLETE_PLAN for problem in terraform.problems)
    lost = "this plan does not show everything" if is_partial else ""
    for resource in terraform.resources:
        if not resource.is_judged or resource.type.startswith("astro_"):
            continue
        resolved = references.behind(resource, resource.all_references(), SECURITY_GROUPS)
        addresses = {target.address for target in resolved.targets} | {
            by_id[content] for content in resource.attributes.texts() if content in by_id
        }
        if resource.type in SECURITY_GROUPS:
            addresses = {resource.address}  # the groups it names are let in by it
        elif resource.type.startswith("aws_security_group_rule"):
            named = references.origins(resource, "security_group_id", SECURITY_GROUPS)
            addresses = {target.address for target in named.targets}
            group = text(resource.attribute("security_group_id"))
            if isinstance(group, Known) and group.value in by_id:
                addresses.add(by_id[group.value])
        groups[resource.address] = tuple(sorted(addresses))
        if resource.type.startswith(NO_WORKLOADS):
            continue
        for address in addresses:
            users.setdefault(address, []).append(resource)
        wanted = resource.references_below("security_group")
        if not lost and not _is_other(resource) and references.behind(resource, wanted, SECURITY_GROUPS).dead_ends:
            lost = f"which groups {resource.block} uses is behind a local value"
    networks = {
        resource.address: network.value
        for resource in terraform.of_types(SECURITY_GROUPS)
        if isinstance(network := text(resource.attribute("vpc_id")), Known)
    }
    of_nodes = {address for address, using in users.items() if any(user.type.startswith(KUBERNETES) for user in using)}
    known = frozenset(networks[address] for address in of_nodes if address in networks)
    return Workloads(users, groups, lost, networks, known if of_nodes <= networks.keys() else frozenset())


def _is_other(resource: Resource) -> bool:
    return resource.type.startswith(OTHER_WORKLOADS)


def other_workloads(resource: Resource, workloads: Workloads) -> Value[tuple[str, ...]]:
    """The resources that use the group that this one is, or adds a rule to, if none of them can run agents."""
    using = [user for group in workloads.groups.get(resource.address, ()) for user in workloads.users.get(group, ())]
    load_balancers = [user for user in using if user.type.startswith(LOAD_BALANCERS)]
    others = tuple(dict.fromkeys(user.block for user in using if _is_other(user)))
    own = {workloads.networks.get(group, "") for group in workloads.groups.get(resource.address, ())}
    if using and own and workloads.networks_of_nodes and own.isdisjoint({*workloads.networks_of_nodes, ""}):
        return Known(tuple(dict.fromkeys(user.block for user in using)), resource.place)  # no node is in their network
    if not using or any(not _is_other(user) and user not in load_balancers for user in using):
        return Known((), resource.place)
    if load_balancers:
        why = "a load balancer uses this group, and whether agents stand behind it cannot be told from the inputs"
        return Unknown(why, resource.place)
    if workloads.lost:
        why = f"other workloads use this group, and whether agents use it too cannot be told: {workloads.lost}"
        return Unknown(why, resource.place)
    return Known(others, resource.place)


def cluster_behind(
    resource: Resource, workloads: Workloads, references: References, clusters: Mapping[str, KubernetesCluster]
) -> Link[KubernetesCluster]:
    """The cluster that uses the group that this one is, or adds a rule to; also the group that EKS makes itself."""
    place = resource.place
    if not clusters:
        return Link(Unknown("no Kubernetes cluster is in these inputs", place, how="scan its plan too"))
    if not resource.type.startswith("aws_"):
        why = "a firewall rule of a network does not show which Kubernetes cluster it stands before"
        return Link(Unknown(why, place))
    using = [user for group in workloads.groups.get(resource.address, ()) for user in workloads.users.get(group, ())]
    own = references.origins(resource, "security_group_id", ("aws_eks_cluster",)).targets
    addresses = tuple(dict.fromkeys(resource.address for resource in (*using, *own) if resource.address in clusters))
    candidates = tuple(clusters[address] for address in addresses)
    if len(candidates) == 1:
        return Link(Known(candidates[0], place), candidates, f"by reference from {candidates[0].id}")
    if candidates:
        return Link(Unknown("several Kubernetes clusters use it", place), candidates)
    unclear = next((user for user in using if not _is_other(user)), None)
    if unclear is not None:
        why = f"{unclear.block} uses it, and to which Kubernetes cluster that belongs cannot be told"
        return Link(Unknown(why, place))
    if workloads.lost:
        return Link(Unknown(f"whether a Kubernetes cluster uses it cannot be told: {workloads.lost}", place))
    return Link(Absent(place))
