"""Objects inside a Kubernetes cluster."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from astrovet.model.network import Opening
from astrovet.place import Place
from astrovet.value import Unknown, Value


class Labels(Struct, frozen=True):
    """Which Pods something selects."""

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
    kind: str = "service"


class Ingress(Struct, frozen=True):
    """A Kubernetes Ingress: a route from outside the cluster to Services."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    back_ends: Value[tuple[Value[str], ...]]
    """The names of the Services that its rules lead to, in its own namespace."""
    default_back_end: Value[str]
    """The Service for requests that no rule matches."""
    internal: Value[bool]
    """An annotation asks the cloud for a load balancer inside the customer's network."""
    kind: str = "ingress"


class NetworkPolicy(Struct, frozen=True):
    """A Kubernetes NetworkPolicy."""

    id: str
    block: str
    place: Place
    name: Value[str]
    namespace: Value[str]
    selector: Value[Labels]
    """The Pods of the namespace that it covers; no labels at all cover every Pod."""
    policy_types: Value[tuple[Value[str], ...]]
    """Ingress, Egress or both."""
    openings: Value[tuple[Opening, ...]]
    """What its ingress rules admit. Peers that are Pods or namespaces are no addresses."""
    kind: str = "network policy"
