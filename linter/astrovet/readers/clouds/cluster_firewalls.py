"""The firewalls and networks that a Kubernetes cluster names and that its own input does not make.

Attribute names and defaults: general knowledge of the Terraform providers aws, google and azurerm (November
2026). A GKE cluster without a network stands in the one that Google calls `default`, whose firewall rules nobody
made with Terraform (https://cloud.google.com/vpc/docs/firewalls#more_rules_default_vpc, read in November 2026).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from astrovet.document import InputKind
from astrovet.model.network import NamedFirewall
from astrovet.place import Place
from astrovet.readers.clouds.outputs_named import outputs_named
from astrovet.readers.settings import nested
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.terraform.state_location import StateOutput
from astrovet.value import Absent, Known, List, Tree, Unknown, Value, at, listed, text

GROUPS = ("aws_security_group", "aws_default_security_group", "aws_vpc", "aws_default_vpc", "aws_eks_cluster")
"""What has a security group whose rules the input shows; that of a network lets in itself alone."""
TEMPLATES = ("aws_launch_template",)
GOOGLE_NETWORK, GOOGLE_SUBNET = NETWORKS = ("google_compute_network", "google_compute_subnetwork")
SUBNETS = ("azurerm_subnet", "azurerm_virtual_network")
NAMED_BY: Mapping[str, str] = {
    "google_compute_firewall": "network",
    "aws_security_group_rule": "security_group_id",
    "aws_vpc_security_group_": "security_group_id",
    "azurerm_network_security_rule": "network_security_group_name",
}
"""How a rule names the network or the group that it is added to, by the beginning of its type."""
NAMED = (GOOGLE_NETWORK, *GROUPS, "azurerm_network_security_group")
AZURE_GROUPS = ("azurerm_network_security_group",)
ASSOCIATIONS = ("azurerm_subnet_network_security_group_association",)
DEFAULT_NETWORK = "default"


def firewalls_elsewhere(
    cluster: Resource, node_groups: Sequence[Resource], terraform: Terraform
) -> Iterator[NamedFirewall]:
    """Those of a cluster and of the nodes that its groups make."""
    match cluster.type:
        case "aws_eks_cluster":
            groups = nested(terraform, cluster, "vpc_config", 0, "security_group_ids")
            yield from _elsewhere("security groups", groups, cluster, "security_group", GROUPS, terraform)
            for group in node_groups:
                yield from _of_nodes(group, terraform)
        case "google_container_cluster":
            yield from _google(cluster, terraform)
        case "azurerm_kubernetes_cluster":
            subnet = nested(terraform, cluster, "default_node_pool", 0, "vnet_subnet_id")
            yield from _azure(subnet, cluster, terraform)
            for group in node_groups:
                yield from _azure(group.attribute("vnet_subnet_id"), group, terraform)
        case _:
            pass


def _azure(subnet: Value[Tree], nodes: Resource, terraform: Terraform) -> Iterator[NamedFirewall]:
    """The subnet of nodes, or the group of rules that is put before it."""
    yield from _elsewhere("network", subnet, nodes, "vnet_subnet_id", SUBNETS, terraform)
    made = _made(subnet, nodes, "vnet_subnet_id", SUBNETS, terraform) or ()
    for one in terraform.judged(ASSOCIATIONS):
        before = _made(one.attribute("subnet_id"), one, "subnet_id", SUBNETS, terraform) or ()
        if any(target in made for target in before):
            group = one.attribute("network_security_group_id")
            yield from _elsewhere("network security group", group, one, "security_group", AZURE_GROUPS, terraform)


def _of_nodes(group: Resource, terraform: Terraform) -> Iterator[NamedFirewall]:
    """Of a group of nodes whose launch template says who reaches them."""
    for name in ("id", "name"):
        template = nested(terraform, group, "launch_template", 0, name)
        if not isinstance(template, Absent):
            made = _made(template, group, "launch_template", TEMPLATES, terraform)
            if made is None:
                yield from _elsewhere("launch template", template, group, "launch_template", TEMPLATES, terraform)
            for one in made or ():
                yield from _of_template(one, terraform)
            return


def _of_template(template: Resource, terraform: Terraform) -> Iterator[NamedFirewall]:
    interfaces = (at(interface, "security_groups") for interface in listed(template.attribute("network_interfaces")))
    for groups in (template.attribute("vpc_security_group_ids"), *interfaces):
        yield from _elsewhere("security groups", groups, template, "security_group", GROUPS, terraform)


def _google(cluster: Resource, terraform: Terraform) -> Iterator[NamedFirewall]:
    network, subnet = cluster.attribute("network"), cluster.attribute("subnetwork")
    if isinstance(network, Absent) and isinstance(subnet, Absent):
        yield NamedFirewall("network `default`", cluster.place, frozenset({DEFAULT_NETWORK}))
    elif isinstance(network, Absent):
        yield from _elsewhere("network", subnet, cluster, "subnetwork", NETWORKS, terraform)
    else:
        yield from _elsewhere("network", network, cluster, "network", NETWORKS, terraform)


def google_networks(resource: Resource, terraform: Terraform) -> frozenset[Place]:
    """Where the networks of the input are made that a cluster or a firewall of Google's names, by a subnet too."""
    network = resource.attribute("network")
    if not isinstance(network, Absent):
        made = _made(network, resource, "network", (GOOGLE_NETWORK,), terraform)
        return frozenset(one.place for one in made or ())
    subnets = _made(resource.attribute("subnetwork"), resource, "subnetwork", (GOOGLE_SUBNET,), terraform)
    behind = [google_networks(subnet, terraform) for subnet in subnets or ()]
    return frozenset[Place]().union(*behind) if all(behind) else frozenset()


def belongs_to(firewall: Resource, terraform: Terraform) -> Iterator[str]:
    """The names of the network or the group that a firewall is, or that its rule is added to."""
    word = next((name for kind, name in NAMED_BY.items() if firewall.type.startswith(kind)), None)
    if word is None:
        yield from known_names(firewall)
        return
    for made in _made(firewall.attribute(word), firewall, word, NAMED, terraform) or ():
        yield from known_names(made)
    yield from added_to(firewall, terraform)


def added_to(firewall: Resource, terraform: Terraform) -> Iterator[str]:
    """The names of the network or the group of another root module that a rule is added to."""
    word, value = _named_by(firewall)
    if _made(value, firewall, word, NAMED, terraform) is not None:
        return
    match text(value):
        case Known(name):
            yield _last(name)
        case Unknown(origins=origins):
            for origin in origins:
                looked_up = terraform.by_address.get(origin)
                yield from known_names(looked_up) if looked_up is not None else ()
        case Absent():
            pass


def added_to_outputs(firewall: Resource, terraform: Terraform) -> Iterator[StateOutput]:
    """The outputs of other root modules by which a rule names what it is added to."""
    word, value = _named_by(firewall)
    yield from outputs_named(value, firewall, word, terraform) if word else ()


def _named_by(firewall: Resource) -> tuple[str, Value[Tree]]:
    """The argument by which a rule names what it is added to, and what it is set to."""
    word = next((name for kind, name in NAMED_BY.items() if firewall.type.startswith(kind)), "")
    return word, firewall.attribute(word) if word else Absent(firewall.place)


def outputs_of_networks(places: Collection[Place], terraform: Terraform) -> Iterator[StateOutput]:
    """The outputs of the root module that lead to networks."""
    root = terraform.configuration.root_module if terraform.configuration is not None and places else None
    for name in root.outputs if root is not None else ():
        targets = terraform.references.of_output(name, (GOOGLE_NETWORK,)).targets
        if any(target.place in places for target in targets):
            yield StateOutput(name, terraform.state)


def names_of_networks(places: Collection[Place], terraform: Terraform) -> frozenset[str]:
    networks = (network for network in terraform.judged((GOOGLE_NETWORK,)) if network.place in places)
    return frozenset(name for network in networks for name in known_names(network))


def _elsewhere(
    what: str, value: Value[Tree], resource: Resource, word: str, types: Sequence[str], terraform: Terraform
) -> Iterator[NamedFirewall]:
    """Those of the things that an attribute names that are made elsewhere."""
    parts = value.value.items if isinstance(value, Known) and isinstance(value.value, List) else (value,)
    foreign = [part for part in parts if _made(part, resource, word, types, terraform) is None]
    for part in foreign:
        names = frozenset(_names(part, terraform))
        outputs = frozenset(outputs_named(part, resource, word, terraform))
        yield NamedFirewall(what, part.place, names, terraform.path, outputs)


def _made(
    value: Value[Tree], resource: Resource, word: str, types: Sequence[str], terraform: Terraform
) -> tuple[Resource, ...] | None:
    """The resources of the input that a value names; None where it names what the input does not make."""
    match text(value):
        case Absent() | Known(""):
            return ()
        case Known(name):
            wanted = _last(name)
            named = (own for own in terraform.judged(types) if wanted in map(_last, known_names(own)))
            made = tuple(own for own in named if _may_be_in_network(own, name))
            return made or None
        case Unknown(origins=origins):
            pass
    if origins:
        targets = tuple(own for origin in origins if (own := _judged(origin, types, terraform)) is not None)
        return targets if len(targets) == len(origins) else None
    if terraform.kind is InputKind.TERRAFORM_SOURCE:
        return () if terraform.missing else None  # a module that is not at hand is told for itself
    resolved = terraform.references.behind(resource, resource.references_below(word), types)
    # What only apply shows comes from something that this plan makes, though a local value may hide which.
    candidates = resolved.targets or terraform.judged(types)
    is_here = candidates and not resolved.others and all(target.is_judged for target in candidates)
    return candidates if is_here else None


def _may_be_in_network(subnet: Resource, address: str) -> bool:
    """Whether the address of a subnet of Azure's, which names its network too, may be that of this one."""
    network = text(subnet.attribute("virtual_network_name"))
    wanted = address.partition("/virtualNetworks/")[2].partition("/")[0]
    return not wanted or not isinstance(network, Known) or network.value == wanted


def _judged(origin: str, types: Sequence[str], terraform: Terraform) -> Resource | None:
    resource = terraform.by_address.get(origin)
    return resource if resource is not None and resource.is_judged and resource.type in types else None


def _names(value: Value[Tree], terraform: Terraform) -> Iterator[str]:
    """What something is called where it is made: its id, what a data source looks for."""
    match text(value):
        case Known(name):
            yield _last(name)
            return
        case Absent():
            return
        case Unknown(origins=origins):
            pass
    for origin in origins:
        looked_up = terraform.by_address.get(origin)
        if looked_up is not None and looked_up.mode == "data":
            yield from known_names(looked_up)


def known_names(resource: Resource) -> Iterator[str]:
    """What others may call a resource by, as far as it is known."""
    for value in (*map(resource.computed, ("id", "name", "self_link")), resource.attribute("tags", "Name")):
        match text(value):
            case Known(content) if content:
                yield content
            case Known() | Unknown() | Absent():
                pass


def _last(name: str) -> str:
    """The name at the end of the address of an object of Google's or Azure's."""
    return name.rpartition("/")[2]
