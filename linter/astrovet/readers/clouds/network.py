"""Firewalls of AWS, Google Cloud and Azure become inbound paths.

Attribute names and defaults: general knowledge of the Terraform providers aws, google and azurerm (November
2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from astrovet.document import ProblemKind
from astrovet.model.link import Link
from astrovet.model.network import InboundPath, KubernetesCluster, Opening
from astrovet.place import Place
from astrovet.readers.clouds.virtual_networks import Networks
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, items, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.references import References
    from astrovet.terraform.resource import Resource


WORLD = "0.0.0.0/0"

SECURITY_GROUPS = ("aws_security_group", "aws_default_security_group")

OTHER_WORKLOADS = (
    "aws_apprunner_", "aws_codebuild_", "aws_dax_", "aws_db_", "aws_directory_", "aws_dms_", "aws_docdb_", "aws_ecs_",
    "aws_efs_", "aws_elasticache_", "aws_elasticsearch_", "aws_emr_", "aws_fsx_", "aws_glue_", "aws_lambda_",
    "aws_memorydb_", "aws_mq_", "aws_msk_", "aws_mwaa_", "aws_neptune_", "aws_opensearch_", "aws_rds_", "aws_redshift",
    "aws_sagemaker_", "aws_transfer_", "aws_vpc_endpoint", "aws_workspaces_",
)  # fmt: skip
"""Beginnings of resource types that agents, which need Kubernetes, neither run on nor stand behind."""

LOAD_BALANCERS = ("aws_lb", "aws_alb", "aws_elb")

NO_WORKLOADS = (*SECURITY_GROUPS, "aws_security_group_", "aws_vpc_security_group_", "aws_ssm_parameter", "astro_")
"""Beginnings of resource types that mention a group and are protected by none."""

PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Protocol numbers, which AWS takes as well as names."""


def inbound_paths(
    terraform: Terraform, references: References, clusters: Sequence[KubernetesCluster]
) -> Iterator[InboundPath]:
    """Every firewall resource that will stand after apply, with what it lets in and to which of the clusters."""
    firewalls = terraform.judged(_OPENINGS)
    if not firewalls:
        return
    workloads = _workloads(terraform, references)
    networks = Networks(terraform, references)
    by_id = {cluster.id: cluster for cluster in clusters}
    for resource in firewalls:
        yield InboundPath(
            id=resource.address,
            block=resource.block,
            place=resource.place,
            name=text(resource.attribute("name")),
            openings=_OPENINGS[resource.type](resource),
            other_workloads=_other_workloads(resource, workloads),
            cluster=_cluster(resource, workloads, references, by_id),
            network=networks.ranges(resource, workloads.groups.get(resource.address, ())),
        )


def _security_group(resource: Resource) -> Value[tuple[Opening, ...]]:
    """A group whose author wrote no ingress shows it as unknown, and has none."""
    return _each(items(resource.attribute("ingress")), _aws_opening)


def _security_group_rule(resource: Resource) -> Value[tuple[Opening, ...]]:
    match text(resource.attribute("type")):
        case Known("ingress", place):
            sources = _sources(resource.attribute("cidr_blocks"), resource.attribute("ipv6_cidr_blocks"))
            ports = ports_in_words(*(text(resource.attribute(name)) for name in ("protocol", "from_port", "to_port")))
            return Known((Opening(resource.place, ports, sources),), place)
        case Known(_, place) | Absent(place):
            return Known((), place)
        case Unknown() as unknown:
            return unknown


def _vpc_ingress_rule(resource: Resource) -> Value[tuple[Opening, ...]]:
    sources = _written(text(resource.attribute("cidr_ipv4")), text(resource.attribute("cidr_ipv6")))
    ports = ports_in_words(*(text(resource.attribute(name)) for name in ("ip_protocol", "from_port", "to_port")))
    return Known((Opening(resource.place, ports, sources),), resource.place)


def _google_firewall(resource: Resource) -> Value[tuple[Opening, ...]]:
    """Without any source field a rule admits the whole world; without a direction it is INGRESS."""
    allowed = items(resource.attribute("allow"))
    match text(resource.attribute("direction")), boolean(resource.attribute("disabled")), allowed:
        case (Known("EGRESS"), _, _) | (_, Known(True), _) | (_, _, Absent()):
            return Known((), resource.place)
        case (Unknown() as unknown, _, _) | (_, Unknown() as unknown, _) | (_, _, Unknown() as unknown):
            return unknown
        case _, _, Known(rules):
            sources = _google_sources(resource)
            return Known(
                tuple(Opening(rule.place, ports, sources) for rule in rules for ports in _google_ports(rule)),
                resource.place,
            )


def _google_sources(resource: Resource) -> tuple[Value[str], ...]:
    fields = ("source_ranges", "source_tags", "source_service_accounts")
    if all(_is_empty(resource.attribute(name)) for name in fields):
        return (Known(WORLD, resource.place, written=False),)
    return _sources(resource.attribute("source_ranges"))


def _google_ports(rule: Value[Tree]) -> Iterator[str]:
    protocol = text(at(rule, "protocol"))
    ports = _sources(at(rule, "ports"))
    for port in ports or (Absent(rule.place),):
        yield ports_in_words(protocol, port, Absent(rule.place))


def _azure_group(resource: Resource) -> Value[tuple[Opening, ...]]:
    rules = items(resource.attribute("security_rule"))
    return _each(rules, lambda rule: _azure(lambda name: at(rule, name), rule.place))


def _azure_rule(resource: Resource) -> Value[tuple[Opening, ...]]:
    return _azure(resource.attribute, resource.place)


_OPENINGS: Mapping[str, Callable[[Resource], Value[tuple[Opening, ...]]]] = {
    "aws_security_group": _security_group,
    "aws_default_security_group": _security_group,
    "aws_security_group_rule": _security_group_rule,
    "aws_vpc_security_group_ingress_rule": _vpc_ingress_rule,
    "google_compute_firewall": _google_firewall,
    "azurerm_network_security_group": _azure_group,
    "azurerm_network_security_rule": _azure_rule,
}


def _each(
    rules: Value[tuple[Value[Tree], ...]], read: Callable[[Value[Tree]], Value[tuple[Opening, ...]]]
) -> Value[tuple[Opening, ...]]:
    """The openings of all nested rules; one unknown rule does not hide the others."""
    match rules:
        case Known(listed_rules, place):
            openings: list[Opening] = []
            for rule in listed_rules:
                match read(rule):
                    case Known(read_openings):
                        openings.extend(read_openings)
                    case Unknown() as unknown:
                        openings.append(Opening(unknown.place, "some ports", (unknown,)))
                    case Absent():
                        pass
            return Known(tuple(openings), place)
        case Unknown():
            return rules
        case Absent(place):
            return Known((), place)


def _aws_opening(rule: Value[Tree]) -> Value[tuple[Opening, ...]]:
    sources = _sources(at(rule, "cidr_blocks"), at(rule, "ipv6_cidr_blocks"))
    ports = ports_in_words(*(text(at(rule, name)) for name in ("protocol", "from_port", "to_port")))
    return Known((Opening(rule.place, ports, sources),), rule.place)


def _azure(field: Callable[[str], Value[Tree]], place: Place) -> Value[tuple[Opening, ...]]:
    """The openings of one rule, whose fields have the same names inside a group and as a resource."""
    for name, wanted in (("direction", "inbound"), ("access", "allow")):
        match text(field(name)):
            case Known(word) if word.lower() == wanted:
                pass
            case Known() | Absent():
                return Known((), place)
            case Unknown() as unknown:
                return unknown
    sources = (*_written(text(field("source_address_prefix"))), *_sources(field("source_address_prefixes")))
    ranges = (*_written(text(field("destination_port_range"))), *_sources(field("destination_port_ranges")))
    protocol = text(field("protocol"))
    ports = dict.fromkeys(
        ports_in_words(protocol, ports_written, Absent(place)) for ports_written in ranges or (Absent(place),)
    )
    return Known(tuple(Opening(place, words, sources) for words in ports), place)


def _written(*values: Value[str]) -> tuple[Value[str], ...]:
    """Those values that are there; providers also write an empty text where there is none."""
    return tuple(value for value in values if not isinstance(value, Absent) and not _is_blank(value))


def _is_blank(value: Value[str]) -> bool:
    match value:
        case Known(content):
            return not content
        case Unknown() | Absent():
            return False


def _sources(*lists: Value[Tree]) -> tuple[Value[str], ...]:
    """All texts of several lists; a list that is unknown as a whole is one unknown text."""
    sources: list[Value[str]] = []
    for listed in lists:
        match items(listed):
            case Known(texts):
                sources.extend(text(item) for item in texts)
            case Unknown() as unknown:
                sources.append(unknown)
            case Absent():
                pass
    return tuple(sources)


def ports_in_words(protocol: Value[str], first: Value[str], last: Value[str]) -> str:
    """Ports for people: `tcp 22`, `tcp 8000 to 8080`, `all ports`."""
    match protocol:
        case Known("-1" | "*" | "all"):
            return "all ports"
        case Known(name) if _plain(name):
            kind = PROTOCOLS.get(name, name.lower())
        case Known() | Unknown() | Absent():
            return "some ports"
    if kind.startswith("icmp"):
        return kind
    match first, last:
        case (Known("*" | "0" | "0-65535"), Absent()) | (Known("0"), Known("65535")) | (Absent(), Absent()):
            return f"all {kind} ports"
        case Known(start), Known(end) if _plain(start, end):
            return f"{kind} {start}" if start == end else f"{kind} {start} to {end}"
        case Known(start), Absent() if _plain(start):
            return f"{kind} {start.replace('-', ' to ')}"
        case _:
            return f"some {kind} ports"


def _plain(*texts: str) -> bool:
    return all(word.replace("-", "").isalnum() and len(word) < 12 for word in texts)


def _is_empty(value: Value[Tree]) -> bool:
    match items(value):
        case Known(listed):
            return not listed
        case Absent():
            return True
        case Unknown():
            return False


# --- what a security group protects


class _Workloads(Struct, frozen=True):
    """Which resources use which security group."""

    users: Mapping[str, list[Resource]] = {}
    """By the address of the group."""
    groups: Mapping[str, tuple[str, ...]] = {}
    """The groups that a resource uses or adds a rule to, by its address."""
    lost: str = ""
    """Why a use may have been missed; empty where every use was seen."""


def _workloads(terraform: Terraform, references: References) -> _Workloads:
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
    return _Workloads(users, groups, lost)


def _is_other(resource: Resource) -> bool:
    return resource.type.startswith(OTHER_WORKLOADS)


def _other_workloads(resource: Resource, workloads: _Workloads) -> Value[tuple[str, ...]]:
    """The resources that use the group that this one is, or adds a rule to, if none of them can run agents."""
    using = [user for group in workloads.groups.get(resource.address, ()) for user in workloads.users.get(group, ())]
    load_balancers = [user for user in using if user.type.startswith(LOAD_BALANCERS)]
    others = tuple(dict.fromkeys(user.block for user in using if _is_other(user)))
    if not using or any(not _is_other(user) and user not in load_balancers for user in using):
        return Known((), resource.place)
    if load_balancers:
        why = "a load balancer uses this group, and whether agents stand behind it cannot be told from the inputs"
        return Unknown(why, resource.place)
    if workloads.lost:
        why = f"other workloads use this group, and whether agents use it too cannot be told: {workloads.lost}"
        return Unknown(why, resource.place)
    return Known(others, resource.place)


def _cluster(
    resource: Resource, workloads: _Workloads, references: References, clusters: Mapping[str, KubernetesCluster]
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
