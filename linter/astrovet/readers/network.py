"""Firewalls of AWS, Google Cloud and Azure become inbound paths.

Attribute names and defaults: the provider facts in the design documents, section 8, which are general
knowledge of the three Terraform providers (November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from astrovet.model import InboundPath, Opening
from astrovet.place import Place
from astrovet.terraform.address import split_reference
from astrovet.terraform.plan import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, items, text

WORLD = "0.0.0.0/0"

RUNS_AGENTS = ("aws_eks_", "aws_instance", "aws_launch_template", "aws_autoscaling_group", "kubernetes_", "helm_")
"""Resource types, by their beginnings, that the agents' nodes can be made of."""


def inbound_paths(terraform: Terraform) -> Iterator[InboundPath]:
    """Every firewall resource that will stand after apply, with what it lets in."""
    users = _users_of_groups(terraform)
    for resource in terraform.resources:
        openings = _OPENINGS.get(resource.type)
        if openings is not None and resource.is_judged:
            yield InboundPath(
                id=resource.address,
                block=resource.block,
                place=resource.place,
                name=text(resource.attribute("name")),
                openings=openings(resource),
                other_workloads=_other_workloads(resource, users),
            )


def _security_group(resource: Resource) -> Value[tuple[Opening, ...]]:
    """A group whose author wrote no ingress shows it as unknown, and has none."""
    return _each(items(resource.attribute("ingress")), _aws_opening)


def _security_group_rule(resource: Resource) -> Value[tuple[Opening, ...]]:
    match text(resource.attribute("type")):
        case Known("ingress", place):
            sources = _sources(resource.attribute("cidr_blocks"), resource.attribute("ipv6_cidr_blocks"))
            ports = _ports(*(text(resource.attribute(name)) for name in ("protocol", "from_port", "to_port")))
            return Known((Opening(resource.place, ports, sources),), place)
        case Known(_, place) | Absent(place):
            return Known((), place)
        case Unknown() as unknown:
            return unknown


def _vpc_ingress_rule(resource: Resource) -> Value[tuple[Opening, ...]]:
    sources = tuple(
        value
        for value in (text(resource.attribute("cidr_ipv4")), text(resource.attribute("cidr_ipv6")))
        if not isinstance(value, Absent)
    )
    ports = _ports(*(text(resource.attribute(name)) for name in ("ip_protocol", "from_port", "to_port")))
    return Known((Opening(resource.place, ports, sources),), resource.place)


def _google_firewall(resource: Resource) -> Value[tuple[Opening, ...]]:
    """Without any source field a rule admits the whole world; without a direction it is INGRESS."""
    match text(resource.attribute("direction")), boolean(resource.attribute("disabled")), resource.attribute("allow"):
        case (Known("EGRESS"), _, _) | (_, Known(True), _) | (_, _, Absent()):
            return Known((), resource.place)
        case _, _, Known() as allow if items(allow) == Known((), allow.place, allow.sensitive, allow.written):
            return Known((), resource.place)
        case (Unknown() as unknown, _, _) | (_, Unknown() as unknown, _) | (_, _, Unknown() as unknown):
            return unknown
        case _:
            pass
    fields = ("source_ranges", "source_tags", "source_service_accounts")
    if all(_is_empty(resource.attribute(name)) for name in fields):
        sources: tuple[Value[str], ...] = (Known(WORLD, resource.place, written=False),)
    else:
        sources = _sources(resource.attribute("source_ranges"))
    return Known((Opening(resource.place, "the allowed ports", sources),), resource.place)


def _azure_group(resource: Resource) -> Value[tuple[Opening, ...]]:
    return _each(items(resource.attribute("security_rule")), _azure_opening)


def _azure_rule(resource: Resource) -> Value[tuple[Opening, ...]]:
    names = ("direction", "access", "source_address_prefix", "source_address_prefixes", "protocol")
    fields = {name: resource.attribute(name) for name in (*names, "destination_port_range")}
    return _azure(fields, resource.place)


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
        case Known(found, place):
            openings: list[Opening] = []
            for rule in found:
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
    match rule:
        case Known(_, place):
            sources = _sources(at(rule, "cidr_blocks"), at(rule, "ipv6_cidr_blocks"))
            ports = _ports(*(text(at(rule, name)) for name in ("protocol", "from_port", "to_port")))
            return Known((Opening(place, ports, sources),), place)
        case Unknown() | Absent():
            return rule


def _azure_opening(rule: Value[Tree]) -> Value[tuple[Opening, ...]]:
    match rule:
        case Known(_, place):
            names = ("direction", "access", "source_address_prefix", "source_address_prefixes", "protocol")
            return _azure({name: at(rule, name) for name in (*names, "destination_port_range")}, place)
        case Unknown() | Absent():
            return rule


def _azure(fields: Mapping[str, Value[Tree]], place: Place) -> Value[tuple[Opening, ...]]:
    for name, wanted in (("direction", "inbound"), ("access", "allow")):
        match text(fields[name]):
            case Known(found) if found.lower() == wanted:
                pass
            case Known() | Absent():
                return Known((), place)
            case Unknown() as unknown:
                return unknown
    single = text(fields["source_address_prefix"])
    sources = (*(() if isinstance(single, Absent) else (single,)), *_sources(fields["source_address_prefixes"]))
    ports = _ports(text(fields["protocol"]), text(fields["destination_port_range"]), Absent(place))
    return Known((Opening(place, ports, sources),), place)


def _sources(*lists: Value[Tree]) -> tuple[Value[str], ...]:
    """All addresses of several lists; a list that is unknown as a whole is one unknown address."""
    found: list[Value[str]] = []
    for each in lists:
        match items(each):
            case Known(addresses):
                found.extend(text(address) for address in addresses)
            case Unknown() as unknown:
                found.append(unknown)
            case Absent():
                pass
    return tuple(found)


def _ports(protocol: Value[str], first: Value[str], last: Value[str]) -> str:
    """Ports for people: `tcp 22`, `tcp 8000 to 8080`, `all ports`."""
    match protocol, first, last:
        case (Known("-1" | "*" | "all"), _, _) | (_, Known("*"), _):
            return "all ports"
        case Known(name), Known(start), Known(end) if _plain(name, start, end):
            return f"{name.lower()} {start}" if start == end else f"{name.lower()} {start} to {end}"
        case Known(name), Known(start), _ if _plain(name, start):
            return f"{name.lower()} {start}"
        case _:
            return "some ports"


def _plain(*texts: str) -> bool:
    return all(each.replace("-", "").isalnum() and len(each) < 12 for each in texts)


def _is_empty(value: Value[Tree]) -> bool:
    match items(value):
        case Known(found):
            return not found
        case Absent():
            return True
        case Unknown():
            return False


def _users_of_groups(terraform: Terraform) -> Mapping[str, list[Resource]]:
    """Which resources refer to a security group, by the group's `type.name`."""
    users: dict[str, list[Resource]] = {}
    for resource in terraform.resources:
        if resource.type in _OPENINGS or not resource.is_judged:
            continue
        for reference in resource.all_references():
            match split_reference(reference):
                case ("aws_security_group" as kind, str(name), *_):
                    users.setdefault(f"{resource.module_block}:{kind}.{name}", []).append(resource)
                case _:
                    pass
    return users


def _other_workloads(resource: Resource, users: Mapping[str, list[Resource]]) -> tuple[str, ...]:
    """The resources that use the group that this one is, or adds a rule to, if none of them can run agents."""
    groups = {f"{resource.module_block}:{resource.type}.{resource.name}"}
    for reference in resource.references("security_group_id"):
        match split_reference(reference):
            case ("aws_security_group" as kind, str(name), *_):
                groups.add(f"{resource.module_block}:{kind}.{name}")
            case _:
                pass
    using = [user for group in groups for user in users.get(group, [])]
    if any(user.type.startswith(RUNS_AGENTS) for user in using):
        return ()
    return tuple(dict.fromkeys(user.block for user in using))
