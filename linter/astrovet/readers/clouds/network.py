"""Firewalls of AWS, Google Cloud and Azure become inbound paths.

Attribute names and defaults: general knowledge of the Terraform providers aws, google and azurerm (November
2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from astrovet.model.network import InboundPath, KubernetesCluster, Opening
from astrovet.place import Place
from astrovet.readers.clouds.cluster_firewalls import (
    AZURE_GROUPS,
    NETWORKS,
    SUBNETS,
    added_to,
    added_to_outputs,
    belongs_to,
    google_networks,
    known_names,
)
from astrovet.readers.clouds.security_groups import SECURITY_GROUPS, cluster_behind, other_workloads, workloads_of
from astrovet.readers.clouds.virtual_networks import Networks
from astrovet.readers.openings import WORLD, ports_in_words
from astrovet.terraform.state_location import StateOutput
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, items, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.references import References
    from astrovet.terraform.resource import Resource


def inbound_paths(
    terraform: Terraform, references: References, clusters: Sequence[KubernetesCluster]
) -> Iterator[InboundPath]:
    """Every firewall resource that will stand after apply, with what it lets in and to which of the clusters."""
    firewalls = terraform.judged(_OPENINGS)
    if not firewalls:
        return
    workloads = workloads_of(terraform, references)
    networks = Networks(terraform, references)
    by_id = {cluster.id: cluster for cluster in clusters}
    outputs = _Outputs(terraform)
    for resource in firewalls:
        yield InboundPath(
            id=resource.address,
            block=resource.block,
            place=resource.place,
            name=text(resource.attribute("name")),
            openings=_OPENINGS[resource.type](resource),
            other_workloads=other_workloads(resource, workloads),
            cluster=cluster_behind(resource, workloads, references, by_id),
            network=networks.ranges(resource, workloads.groups.get(resource.address, ())),
            names=frozenset(_names(resource, terraform)),
            outputs=outputs.leading_to(resource),
            networks=google_networks(resource, terraform) if resource.type.startswith("google_") else frozenset(),
            belongs_to=frozenset(belongs_to(resource, terraform)),
            made_in=terraform.path,
            added_to=frozenset(added_to(resource, terraform)),
            added_to_outputs=frozenset(added_to_outputs(resource, terraform)),
        )


class _Outputs:
    """The outputs of a root module that lead to its firewalls and networks."""

    def __init__(self, terraform: Terraform) -> None:
        root = terraform.configuration.root_module if terraform.configuration is not None else None
        named = {name: terraform.references.of_output(name, _TOLD).targets for name in (root.outputs if root else ())}
        self._targets = {StateOutput(name, terraform.state): targets for name, targets in named.items() if targets}

    def leading_to(self, firewall: Resource) -> frozenset[StateOutput]:
        """Those of just this one on Amazon; elsewhere also those of any network, for its rules stand there."""
        of_network = NETWORKS if firewall.type.startswith("google_") else SUBNETS
        return frozenset(
            output
            for output, targets in self._targets.items()
            if any(target is firewall or target.type in of_network for target in targets)
        )


def _names(resource: Resource, terraform: Terraform) -> Iterator[str]:
    """What others may call a firewall by: on Google and Azure they name the network that it stands in."""
    if resource.type in SECURITY_GROUPS:
        yield from known_names(resource)
    elif not resource.type.startswith("aws_"):
        for network in terraform.judged(NETWORKS if resource.type.startswith("google_") else SUBNETS):
            yield from known_names(network)
        network_named = text(resource.attribute("network"))
        if isinstance(network_named, Known):
            yield network_named.value.rpartition("/")[2]


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


_TOLD = (*SECURITY_GROUPS, *NETWORKS, *SUBNETS, *AZURE_GROUPS)
"""What outputs lead to that others put a cluster behind."""

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


def _is_empty(value: Value[Tree]) -> bool:
    match items(value):
        case Known(listed):
            return not listed
        case Absent():
            return True
        case Unknown():
            return False
