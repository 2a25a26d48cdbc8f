"""Objects inside a Kubernetes cluster, whether a manifest or Terraform declares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from astrovet.model.network import Opening
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Unknown, Value, may_be


class Labels(Struct, frozen=True):
    """Which Pods something selects, or which labels Pods carry."""

    values: Mapping[str, Value[str]]
    unlisted: Unknown | None = None
    """Set where there are labels or expressions that the input does not show, or that are no plain labels."""


class ExposedService(Struct, frozen=True):
    """A Kubernetes Service: how far it lets others reach the Pods that it selects."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    type: Value[str]
    """ClusterIP, NodePort, LoadBalancer or ExternalName."""
    selector: Value[Labels]
    """Absent where the Service selects no Pods by itself."""
    source_ranges: Value[tuple[Value[str], ...]]
    """Who may call its load balancer, as CIDR ranges; Absent where nobody is named, so that everybody may."""
    external_addresses: Value[tuple[Value[str], ...]]
    """Addresses outside the cluster that lead to it (`externalIPs`)."""
    internal: Value[bool]
    """An annotation asks the cloud for a load balancer inside the customer's network."""
    reaches_agents: Value[bool]
    """It leads to Pods of an agent; Absent until the parts of the estate are joined."""
    kind: str = "service"


class BackEnd(Struct, frozen=True):
    """A Service that a route leads to."""

    service: Value[str]
    namespace: Value[str]
    place: Place
    default: bool
    """It gets the requests that no rule matches."""
    reaches_agents: Value[bool]
    """The Service leads to Pods of an agent; Absent until the parts of the estate are joined."""


class Route(Struct, frozen=True):
    """A way into a cluster, to its Services: an Ingress, a Gateway and its routes, those of a mesh or OpenShift."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    what: str
    """Its Kubernetes kind, for people: "Ingress", "HTTPRoute"."""
    back_ends: tuple[BackEnd, ...]
    internal: Value[bool]
    """An annotation asks the cloud for a load balancer inside the customer's network."""
    kind: str = "route"


class NetworkPolicy(Struct, frozen=True):
    """A policy about who may reach which Pods: Kubernetes' NetworkPolicy, or one of a network plug-in or a mesh."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    """Absent where it holds for the whole cluster."""
    what: str
    """Its Kubernetes kind, for people."""
    selector: Value[Labels]
    """The Pods of the namespace that it covers; no labels at all cover every Pod."""
    policy_types: Value[tuple[Value[str], ...]]
    """Ingress, Egress or both."""
    openings: Value[tuple[Opening, ...]]
    """What its ingress rules admit. Peers that are Pods or namespaces are no addresses."""
    covers_agents: Value[bool]
    """It covers Pods of an agent; Absent until the parts of the estate are joined."""
    kind: str = "network policy"

    @property
    def is_anybodys(self) -> bool:
        """It covers all Pods of a namespace that it does not name: nothing ties it to one application."""
        match self.selector:
            case Known(labels):
                return isinstance(self.namespace, Unknown) and not labels.values and labels.unlisted is None
            case Unknown() | Absent():
                return False


class PodTemplate(Struct, frozen=True):
    """Pods as an object makes them: a Deployment, a DaemonSet, a Pod by itself, an agent's values."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    what: str
    """The Kubernetes kind of the object that makes the Pods, for people; empty for an agent's values."""
    labels: Value[Labels]
    host_network: Value[bool]
    """They share the network of their node."""
    host_ports: tuple[Value[int], ...]
    """The ports of their node that they take."""
    runs_agents: Value[bool]
    """They are Pods of an agent; Absent until the parts of the estate are joined."""
    kind: str = "Pod template"


class KubernetesSecret(Struct, frozen=True):
    """A Kubernetes Secret: what it is called and which keys it has, never what they hold."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    type: Value[str]
    keys: Value[tuple[str, ...]]
    """The names of its keys; Unknown where there may be others."""
    tokens: Mapping[str, str] = {}
    """The Terraform addresses of tokens of Astro's that are put into it, by key."""
    kind: str = "Kubernetes secret"


class ServiceAccount(Struct, frozen=True):
    """A Kubernetes ServiceAccount: the identity of Pods."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    annotations: Value[Map]
    kind: str = "service account"


class KubernetesObjects(Struct, frozen=True):
    """Objects of Kubernetes that stand in the inputs."""

    exposed_services: tuple[ExposedService, ...] = ()
    routes: tuple[Route, ...] = ()
    network_policies: tuple[NetworkPolicy, ...] = ()
    pod_templates: tuple[PodTemplate, ...] = ()
    secrets: tuple[KubernetesSecret, ...] = ()
    service_accounts: tuple[ServiceAccount, ...] = ()
    namespaces: frozenset[str] = frozenset()
    """The namespaces that any object names as its own, and those that are declared."""

    def of_agents(self) -> Iterator[ExposedService | Route | NetworkPolicy | PodTemplate]:
        """The objects that concern agents, or may."""
        yield from (each for each in self.exposed_services if may_be(each.reaches_agents))
        yield from (each for each in self.routes if any(may_be(end.reaches_agents) for end in each.back_ends))
        yield from (each for each in self.network_policies if may_be(each.covers_agents) and not each.is_anybodys)
        yield from (each for each in self.pod_templates if each.what and may_be(each.runs_agents))

    def __add__(self, other: KubernetesObjects) -> KubernetesObjects:
        return KubernetesObjects(
            exposed_services=self.exposed_services + other.exposed_services,
            routes=self.routes + other.routes,
            network_policies=self.network_policies + other.network_policies,
            pod_templates=self.pod_templates + other.pod_templates,
            secrets=self.secrets + other.secrets,
            service_accounts=self.service_accounts + other.service_accounts,
            namespaces=self.namespaces | other.namespaces,
        )
