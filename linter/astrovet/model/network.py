"""Ways into the execution plane: firewalls and Kubernetes clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from astrovet.model.link import Link
from astrovet.model.subject import Part
from astrovet.place import Place
from astrovet.value import Known, Unknown, Value

if TYPE_CHECKING:
    from astrovet.terraform.state_location import StateOutput


class Opening(Struct, frozen=True):
    """One way in that a firewall leaves open."""

    place: Place
    ports: str
    """For people: "tcp 22", "all ports"."""
    sources: tuple[Value[str], ...]
    """Who is let in by address: CIDR ranges, or the cloud's words for them (`*`, `Internet`).
    Groups and prefix lists are no addresses."""


class NodeAccess(Struct, frozen=True):
    """Remote access to the nodes of a Kubernetes cluster."""

    place: Place
    key: Value[str]
    """The name of the SSH key that opens the nodes; Absent where none does."""
    source_groups: Value[tuple[Value[str], ...]]
    """The security groups that may come in; without any, port 22 is open to the world."""


class NamedFirewall(Struct, frozen=True):
    """A firewall, or a network with its firewalls, that a cluster names and that its own input does not make."""

    what: str
    """For people: "security groups", "network"."""
    place: Place
    names: frozenset[str]
    """What it is called where it is made, as far as that is known: an id, a name."""
    named_in: str = ""
    """The input that names it, and does not make it."""
    outputs: frozenset[StateOutput] = frozenset()
    """The outputs of other root modules that it is named by."""


class KubernetesCluster(Part, frozen=True):
    """A Kubernetes cluster of the customer: Amazon EKS, Google GKE, Azure AKS."""

    kind: ClassVar[str] = "Kubernetes cluster"
    order: ClassVar[int] = 31

    public_endpoint: Value[bool]
    """The API server has an address in the Internet."""
    private_endpoint: Value[bool]
    """The API server has an address in the customer's own network."""
    authorized_ranges: Value[tuple[Value[str], ...]]
    """Who may call the public endpoint, as CIDR ranges: the whole world where nobody is named."""
    private_nodes: Value[bool]
    """The nodes have no public addresses; Absent where the cluster itself does not settle that."""
    secrets_encryption: Value[bool]
    """Secrets are encrypted with a key of the customer; Absent where nothing is said, and the cloud's key is used."""
    node_access: tuple[NodeAccess, ...]
    runs_agents: Value[bool]
    """Whether agents are installed in it; Absent where no release of agents stands beside it."""
    installed: tuple[Place, ...] = ()
    """Where the releases of agents stand of which it is known that they are installed in it."""
    firewalls_elsewhere: tuple[NamedFirewall, ...] = ()
    networks: frozenset[Place] = frozenset()
    """Where the networks are made that it stands in; empty where that cannot be told."""
    network_names: frozenset[str] = frozenset()
    """What these networks are called, as far as that is known."""
    network_outputs: frozenset[StateOutput] = frozenset()
    """The outputs of its root module that lead to them."""
    doubt: Unknown | None = None
    """Why there may be no such cluster."""

    @property
    def is_without_agents(self) -> bool:
        """All agents that are installed beside it are installed elsewhere."""
        return isinstance(self.runs_agents, Known) and not self.runs_agents.value


class InboundPath(Part, frozen=True):
    """A resource that lets traffic in: a security group, a firewall rule."""

    kind: ClassVar[str] = "inbound path"
    order: ClassVar[int] = 30
    listing: ClassVar[int] = 11

    openings: Value[tuple[Opening, ...]]
    other_workloads: Value[tuple[str, ...]]
    """Resources that use it and run no agents, where nothing that could run agents uses it."""
    cluster: Link[KubernetesCluster]
    """The Kubernetes cluster that it lets traffic in to; Absent where it belongs to none."""
    network: Value[tuple[Value[str], ...]]
    """The ranges of the network that it belongs to."""
    names: frozenset[str] = frozenset()
    """What others may call it by: its id, its name, its network's name, as far as they are known."""
    outputs: frozenset[StateOutput] = frozenset()
    """The outputs of its root module that lead to it, or to its network."""
    networks: frozenset[Place] = frozenset()
    """Where the networks are made that it stands in; empty where that cannot be told."""
    belongs_to: frozenset[str] = frozenset()
    """What the network or the group is called that it is, or that its rule is added to, as far as that is known."""
    made_in: str = ""
    """Its input."""
    added_to: frozenset[str] = frozenset()
    """The same, where another input makes it."""
    added_to_outputs: frozenset[StateOutput] = frozenset()
    """The outputs of other root modules that name it then."""
