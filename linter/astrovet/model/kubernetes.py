"""Objects inside a Kubernetes cluster, whether a manifest or Terraform declares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msgspec import Struct

from astrovet.model.network import Opening
from astrovet.model.subject import Part
from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Unknown, Value, may_be


class Labels(Struct, frozen=True):
    """Which Pods something selects, or which labels Pods carry."""

    values: Mapping[str, Value[str]]
    unlisted: Unknown | None = None
    """Set where there are labels or expressions that the input does not show, or that are no plain labels."""


class KubernetesObject(Part, frozen=True):
    """An object inside a Kubernetes cluster."""

    namespace: Value[str]
    """Absent where it belongs to the whole cluster."""


class ExposedService(KubernetesObject, frozen=True):
    """A Kubernetes Service: how far it lets others reach the Pods that it selects."""

    kind: ClassVar[str] = "service"
    order: ClassVar[int] = 40
    listing: ClassVar[int] = 12

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

    @property
    def is_of_astro(self) -> bool:
        """It concerns agents, or may."""
        return may_be(self.reaches_agents)

    @property
    def is_listed(self) -> bool:
        return self.is_of_astro


class BackEnd(Struct, frozen=True):
    """A Service that a route leads to."""

    service: Value[str]
    namespace: Value[str]
    place: Place
    default: bool
    """It gets the requests that no rule matches."""
    reaches_agents: Value[bool]
    """The Service leads to Pods of an agent; Absent until the parts of the estate are joined."""


class Route(KubernetesObject, frozen=True):
    """A way into a cluster, to its Services: an Ingress, a Gateway and its routes, those of a mesh or OpenShift."""

    kind: ClassVar[str] = "route"
    order: ClassVar[int] = 41
    listing: ClassVar[int] = 13

    what: str
    """Its Kubernetes kind, for people: "Ingress", "HTTPRoute"."""
    back_ends: tuple[BackEnd, ...]
    internal: Value[bool]
    """An annotation asks the cloud for a load balancer inside the customer's network."""

    @property
    def is_of_astro(self) -> bool:
        """It concerns agents, or may."""
        return any(may_be(end.reaches_agents) for end in self.back_ends)

    @property
    def is_listed(self) -> bool:
        return self.is_of_astro


class PodPolicy(KubernetesObject, frozen=True):
    """A policy over Pods: what one says of the traffic that goes one way."""

    what: str
    """Its Kubernetes kind, for people."""
    selector: Value[Labels]
    """The Pods of the namespace that it covers; no labels at all cover every Pod."""

    @property
    def covers_agents(self) -> Value[bool]:
        """It covers Pods of an agent; Absent until the parts of the estate are joined."""
        raise NotImplementedError

    @property
    def is_of_astro(self) -> bool:
        """It concerns agents, or may."""
        return may_be(self.covers_agents) and not self.is_anybodys

    @property
    def is_anybodys(self) -> bool:
        """It covers all Pods of a namespace that it does not name: nothing ties it to one application."""
        match self.selector:
            case Known(labels):
                return isinstance(self.namespace, Unknown) and not labels.values and labels.unlisted is None
            case Unknown() | Absent():
                return False


class NetworkPolicy(PodPolicy, frozen=True):
    """A policy about who may reach which Pods: Kubernetes' NetworkPolicy, or one of a network plug-in or a mesh."""

    kind: ClassVar[str] = "network policy"
    order: ClassVar[int] = 42
    listing: ClassVar[int] = 14

    policy_types: Value[tuple[Value[str], ...]]
    """Ingress, Egress or both."""
    openings: Value[tuple[Opening, ...]]
    """What its ingress rules admit. Peers that are Pods or namespaces are no addresses."""
    covers_agents: Value[bool]

    @property
    def is_listed(self) -> bool:
        return self.is_of_astro


class Exit(Struct, frozen=True):
    """One way out that a policy leaves open."""

    place: Place
    every_port: Value[bool]
    """It names no ports, so that all of them are open."""
    destinations: tuple[Value[str], ...]
    """Where it leads by address: CIDR ranges. Pods and namespaces are no addresses, and a range with
    exceptions is left out."""


class Egress(PodPolicy, frozen=True):
    """What a Kubernetes NetworkPolicy lets out of the Pods that it covers; only of policies that are about egress."""

    kind: ClassVar[str] = "egress"
    order: ClassVar[int] = 46

    exits: Value[tuple[Exit, ...]]
    """What its egress rules let out; none at all let nothing out."""
    covers_agents: Value[bool]


class PodTemplate(KubernetesObject, frozen=True):
    """Pods as an object makes them: a Deployment, a DaemonSet, a Pod by itself, an agent's values."""

    kind: ClassVar[str] = "Pod template"
    order: ClassVar[int] = 43
    listing: ClassVar[int] = 15

    what: str
    """The Kubernetes kind of the object that makes the Pods, for people; empty for an agent's values."""
    labels: Value[Labels]
    host_network: Value[bool]
    """They share the network of their node."""
    host_ports: tuple[Value[int], ...]
    """The ports of their node that they take."""
    runs_agents: Value[bool]
    """They are Pods of an agent; Absent until the parts of the estate are joined."""

    @property
    def is_of_astro(self) -> bool:
        """It concerns agents, or may."""
        return self.what != "" and may_be(self.runs_agents)

    @property
    def is_listed(self) -> bool:
        return self.is_of_astro


class ClearText(Struct, frozen=True):
    """That a text stands in clear text under a key of a Secret or a ConfigMap; never the text."""

    kind: str
    """What secret it looks like, as `credential_kind`; empty where it looks harmless."""
    place: Place
    doubt: Unknown | None = None
    """Why it may come from elsewhere; None where it surely is written out."""


class KeptTexts(KubernetesObject, frozen=True):
    """Texts that the cluster keeps for its Pods, by key."""

    clear: Mapping[str, ClearText]
    """By key, those that the input itself writes out: no placeholders, encrypted texts, references and templates."""


class ConfigMap(KeptTexts, frozen=True):
    """A Kubernetes ConfigMap: settings, which everybody may read who may look at its namespace."""

    kind: ClassVar[str] = "ConfigMap"
    order: ClassVar[int] = 47


class KubernetesSecret(KeptTexts, frozen=True):
    """A Kubernetes Secret: what it is called and which keys it has, never what they hold."""

    kind: ClassVar[str] = "Kubernetes secret"
    order: ClassVar[int] = 44

    type: Value[str]
    keys: Value[tuple[str, ...]]
    """The names of its keys; Unknown where there may be others."""
    tokens: Mapping[str, str] = {}
    """The Terraform addresses of tokens of Astro's that are put into it, by key."""


class ServiceAccount(KubernetesObject, frozen=True):
    """A Kubernetes ServiceAccount: the identity of Pods."""

    kind: ClassVar[str] = "service account"
    order: ClassVar[int] = 45

    annotations: Value[Map]


class ClusterRights(Struct, frozen=True):
    """One rule of a role."""

    place: Place
    groups: tuple[Value[str], ...]
    """API groups; Kubernetes' own is the empty text."""
    resources: tuple[Value[str], ...]
    verbs: tuple[Value[str], ...]
    names_single_objects: bool
    """It holds only for objects that it names."""


class KubernetesRole(KubernetesObject, frozen=True):
    """A Role or a ClusterRole: what those may do whom it is bound to."""

    kind: ClassVar[str] = "Kubernetes role"
    order: ClassVar[int] = 48

    what: str
    rights: Value[tuple[Value[ClusterRights], ...]]


class BoundSubject(Struct, frozen=True):
    """Whom a role is bound to."""

    place: Place
    kind: Value[str]
    """ServiceAccount, Group or User."""
    name: Value[str]
    namespace: Value[str]


class RoleBinding(KubernetesObject, frozen=True):
    """A RoleBinding, for one namespace, or a ClusterRoleBinding, for all."""

    kind: ClassVar[str] = "role binding"
    order: ClassVar[int] = 49

    what: str
    role_kind: Value[str]
    role: Value[str]
    """The name of the Role or ClusterRole."""
    subjects: tuple[BoundSubject, ...]


BESIDE_AGENTS: tuple[type[KubernetesObject], ...] = (
    ExposedService, Route, NetworkPolicy, Egress, PodTemplate, ConfigMap, KubernetesSecret, RoleBinding,
)  # fmt: skip
"""What an object beside agents may be, of that which can be wrong by itself: what one that is not read leaves open."""
