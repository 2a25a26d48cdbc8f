"""The customer's own side of an estate: Kubernetes clusters, what they expose, and object stores.

Attribute names and defaults: general knowledge of the Terraform providers aws, google and azurerm (November
2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from astrovet.model.estate import Estate
from astrovet.model.network import KubernetesCluster, NodeAccess
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.agent.helm_release import agent_releases
from astrovet.readers.agent.token_uses import TokenUses
from astrovet.readers.astro.address_ranges import customer_networks
from astrovet.readers.clouds.attachments import Attached, AttachmentKind, Attachments
from astrovet.readers.clouds.cluster_firewalls import (
    firewalls_elsewhere,
    google_networks,
    names_of_networks,
    outputs_of_networks,
)
from astrovet.readers.clouds.identity import cloud_identities
from astrovet.readers.clouds.network import inbound_paths
from astrovet.readers.clouds.object_store import object_stores
from astrovet.readers.clouds.store_users import with_users
from astrovet.readers.kubernetes import PREFIXES
from astrovet.readers.openings import WORLD
from astrovet.readers.settings import all_of, any_of, is_one_of, negated, nested, or_default, texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References, Resolution
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, listed, text

NODE_GROUPS = {
    "aws_eks_node_group": AttachmentKind((("cluster_name",),), ("remote_access",)),
    "azurerm_kubernetes_cluster_node_pool": AttachmentKind((("kubernetes_cluster_id",),), ("vnet_subnet_id",)),
}


def read_data_plane(terraform: Terraform) -> Estate:
    """The objects of the data plane that will stand after apply, linked to each other."""
    references = terraform.references
    clusters = tuple(_clusters(terraform, references))
    objects: tuple[Subject, ...] = (
        *inbound_paths(terraform, references, clusters),
        *clusters,
        *with_users(terraform, references, object_stores(terraform, references)),
        *cloud_identities(terraform, references),
    )
    cloud = Estate(objects=objects, customer_networks=tuple(customer_networks(terraform)))
    if not any(kind.startswith(PREFIXES) for kind in terraform.types):
        return cloud
    from astrovet.readers.kubernetes.manifests import manifests_of_terraform
    from astrovet.readers.kubernetes.objects import kubernetes_objects

    return cloud + TokenUses(terraform, references).in_secrets(kubernetes_objects(manifests_of_terraform(terraform)))


def _clusters(terraform: Terraform, references: References) -> Iterator[KubernetesCluster]:
    clusters = terraform.judged(_READERS)
    if not clusters:
        return
    node_groups = Attachments(terraform, references, tuple(_READERS), NODE_GROUPS)
    hosts = _hosts(terraform, references)
    for resource in clusters:
        groups = node_groups.of(resource, *NODE_GROUPS).resources
        is_google = resource.type.startswith("google_")
        networks = google_networks(resource, terraform) if is_google else frozenset[Place]()
        yield replace(
            _READERS[resource.type](terraform, resource, node_groups),
            runs_agents=hosts.runs_agents(resource),
            installed=hosts.installed.get(resource.address, ()),
            firewalls_elsewhere=tuple(firewalls_elsewhere(resource, groups, terraform)),
            networks=networks,
            network_names=names_of_networks(networks, terraform),
            network_outputs=frozenset(outputs_of_networks(networks, terraform)),
            doubt=resource.doubt,
        )


class _Hosts(Struct, frozen=True):
    """Which clusters agents are installed in."""

    installed: Mapping[str, tuple[Place, ...]] = {}
    """Where the releases stand that are known to be in a cluster, by its address."""
    lost: Unknown | None = None
    """Why there is a release of which nobody can tell."""
    settled: Place | None = None
    """Where a release stands of which it is known which clusters it is in, or that they stand elsewhere."""

    def runs_agents(self, cluster: Resource) -> Value[bool]:
        """Whether agents are installed in it; Absent where there is no release."""
        if cluster.address in self.installed:
            return Known(True, self.installed[cluster.address][0])
        if self.lost is not None:
            return self.lost
        return Absent(cluster.place) if self.settled is None else Known(False, self.settled)


def _hosts(terraform: Terraform, references: References) -> _Hosts:
    """By what the provider of each release of agents refers to."""
    installed: dict[str, tuple[Place, ...]] = {}
    lost: Unknown | None = None
    settled: Place | None = None
    for release in agent_releases(terraform):
        hosts = _named_by_provider(terraform, references, release)
        clusters = terraform.judged(_READERS)
        looked_up = [host for host in hosts.targets if host.mode == "data"]
        are_told_apart = not looked_up or all(map(_known_name, (*clusters, *looked_up)))
        if not hosts.targets or not are_told_apart:
            why = f"which Kubernetes cluster {release.block} is installed in cannot be told from the inputs"
            lost = lost or Unknown(why, release.place)
            continue
        # One that is only looked up stands elsewhere, unless it has the name of one that is made here.
        names = {name for host in looked_up for name in _known_name(host)}
        made = [cluster.address for cluster in clusters if names.intersection(_known_name(cluster))]
        for address in dict.fromkeys((*(host.address for host in hosts.targets if host.mode != "data"), *made)):
            installed[address] = (*installed.get(address, ()), release.place)
        settled = settled or release.place
    return _Hosts(installed, lost, settled)


def _named_by_provider(terraform: Terraform, references: References, release: Resource) -> Resolution:
    """The clusters that the provider of a release refers to."""
    providers = terraform.configuration.provider_config if terraform.configuration is not None else {}
    provider = providers.get(release.provider_key)
    return references.of_provider(provider, _READERS) if provider is not None else Resolution()


def looked_up_clusters(terraform: Terraform, references: References, release: Resource) -> frozenset[str]:
    """The names of the clusters that the provider of a release looks up; none where one has no known name."""
    looked_up = [host for host in _named_by_provider(terraform, references, release).targets if host.mode == "data"]
    names = frozenset(name for host in looked_up for name in _known_name(host))
    return names if all(map(_known_name, looked_up)) else frozenset()


def _known_name(cluster: Resource) -> tuple[str, ...]:
    name = text(cluster.attribute("name"))
    return (name.value,) if isinstance(name, Known) else ()


def _amazon(terraform: Terraform, resource: Resource, node_groups: Attachments) -> KubernetesCluster:
    def endpoint(name: str) -> Value[Tree]:
        return nested(terraform, resource, "vpc_config", 0, name)

    return KubernetesCluster(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        public_endpoint=or_default(boolean(endpoint("endpoint_public_access")), default=True),
        private_endpoint=or_default(boolean(endpoint("endpoint_private_access")), default=False),
        authorized_ranges=_or_world(texts(endpoint("public_access_cidrs"))),
        private_nodes=Absent(resource.place),
        secrets_encryption=_contains(texts(resource.attribute("encryption_config", 0, "resources")), "secrets"),
        node_access=tuple(_node_access(node_groups.of(resource, *NODE_GROUPS))),
        runs_agents=Absent(resource.place),
    )


def _node_access(groups: Attached) -> Iterator[NodeAccess]:
    for group in groups.resources:
        for access in listed(group.attribute("remote_access")):
            key, sources = text(at(access, "ec2_ssh_key")), texts(at(access, "source_security_group_ids"))
            yield NodeAccess(access.place, key, sources)
    if groups.more is not None:
        yield NodeAccess(groups.more.place, groups.more, groups.more)


def _google(terraform: Terraform, resource: Resource, node_groups: Attachments) -> KubernetesCluster:  # noqa: ARG001
    def private(name: str) -> Value[bool]:
        setting = nested(terraform, resource, "private_cluster_config", 0, name)
        return or_default(boolean(setting), default=False)

    def endpoints(*path: str | int) -> Value[bool]:
        return boolean(nested(terraform, resource, "control_plane_endpoints_config", 0, *path))

    has_addresses = or_default(endpoints("ip_endpoints_config", 0, "enabled"), default=True)
    by_name = or_default(endpoints("dns_endpoint_config", 0, "allow_external_traffic"), default=False)
    is_private = private("enable_private_endpoint")
    return KubernetesCluster(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        public_endpoint=any_of((all_of((has_addresses, negated(is_private)), resource.place), by_name), resource.place),
        private_endpoint=any_of((is_private, private("enable_private_nodes")), resource.place),
        authorized_ranges=_google_ranges(resource),
        private_nodes=private("enable_private_nodes"),
        secrets_encryption=_unless_default(text(resource.attribute("database_encryption", 0, "state"))),
        node_access=(),
        runs_agents=Absent(resource.place),
    )


def _google_ranges(resource: Resource) -> Value[tuple[Value[str], ...]]:
    """A block without ranges admits nobody from outside; no block admits everybody."""
    block = resource.attribute("master_authorized_networks_config", 0)
    match block:
        case Known(_, place):
            return Known(tuple(text(at(block, "cidr_block")) for block in listed(at(block, "cidr_blocks"))), place)
        case Unknown():
            return block
        case Absent():
            return _or_world(block)


def _azure(terraform: Terraform, resource: Resource, node_groups: Attachments) -> KubernetesCluster:  # noqa: ARG001
    private = or_default(boolean(resource.attribute("private_cluster_enabled")), default=False)
    reachable = or_default(boolean(resource.attribute("public_network_access_enabled")), default=True)
    current = texts(nested(terraform, resource, "api_server_access_profile", 0, "authorized_ip_ranges"))
    former = texts(resource.attribute("api_server_authorized_ip_ranges"))  # its name before version 4
    vault = resource.attribute("key_management_service", 0, "key_vault_key_id")
    return KubernetesCluster(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        public_endpoint=negated(any_of((private, negated(reachable)), resource.place)),
        private_endpoint=private,
        authorized_ranges=_or_world(former if isinstance(current, Absent) else current),
        private_nodes=Absent(resource.place),
        secrets_encryption=vault if isinstance(vault, Absent) else Known(True, vault.place),
        node_access=(),
        runs_agents=Absent(resource.place),
    )


_READERS: Mapping[str, Callable[[Terraform, Resource, Attachments], KubernetesCluster]] = {
    "aws_eks_cluster": _amazon,
    "google_container_cluster": _google,
    "azurerm_kubernetes_cluster": _azure,
}


def _or_world(ranges: Value[tuple[Value[str], ...]]) -> Value[tuple[Value[str], ...]]:
    """Where no ranges are named, everybody may come."""
    match ranges:
        case Known((), place) | Absent(place):
            return Known((Known(WORLD, place, written=False),), place, written=False)
        case Known() | Unknown():
            return ranges


def _contains(values: Value[tuple[Value[str], ...]], wanted: str) -> Value[bool]:
    match values:
        case Known(texts, place):
            return any_of((is_one_of(content, (wanted,)) for content in texts), place)
        case Unknown() | Absent():
            return values


def _unless_default(state: Value[str]) -> Value[bool]:
    """Google's word for its own key is as good as none."""
    match state:
        case Known("DECRYPTED", place):
            return Absent(place)
        case Known(_, place):
            return Known(True, place)
        case Unknown() | Absent():
            return state
