"""Objects of the Astro provider: deployments, where they run, and who may act on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from msgspec import Struct

from astrovet.model.access import TokenRole
from astrovet.model.address_range import AddressRange
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.link import Link
from astrovet.model.secret import Secret
from astrovet.model.subject import AstroPart, Part, Subject
from astrovet.model.variables import Environment, secret_values, settled
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown, Value


class Workspace(AstroPart, frozen=True):
    """A workspace of Astro."""

    kind: ClassVar[str] = "workspace"
    order: ClassVar[int] = 10
    listing: ClassVar[int] = 5

    enforces_cicd: Value[bool]
    """Whether new deployments in it take code from API tokens only, unless they say otherwise."""


class Cluster(AstroPart, frozen=True):
    """A dedicated cluster of Astro. Standard clusters have no object of their own."""

    kind: ClassVar[str] = "cluster"
    order: ClassVar[int] = 11
    listing: ClassVar[int] = 4

    workspaces: Value[tuple[Link[Workspace], ...]]
    """The workspaces that may place deployments here; the empty tuple reads as all of them."""
    disaster_recovery: Value[bool]
    """A second cluster in another region stands by for it."""
    region: Value[str]
    dr_region: Value[str]
    """Where the cluster comes up again after a disaster."""
    replication_time_control: Value[bool]
    """The cloud promises how soon the standby has the logs; the recovery point that Astro promises rests on it."""
    is_managed: bool
    """It is declared here; else a data source reads what another configuration or nobody declares."""
    cloud: Value[str]
    """AWS, GCP or AZURE."""
    ranges: tuple[AddressRange, ...]
    standby_ranges: tuple[AddressRange, ...]
    """Of its other half, which takes over in a disaster; empty where the cluster is only read."""


class RemoteExecution(Struct, frozen=True):
    """The `remote_execution` settings of a deployment."""

    place: Place
    allowed_ranges: Value[tuple[Value[str], ...]]
    """Who may call the deployment's agent API, as CIDR ranges."""
    task_log_bucket: Value[str]
    """The bucket from which Astro reads task logs, to show them; Absent where none is set."""
    task_log_url: Value[str]
    """A pattern of addresses at which people find the logs of a task; Absent where none is set."""
    api_url: Value[str]
    """The address that its agents call; Unknown until Astro has made it."""


class Deployment(AstroPart, frozen=True):
    """An Airflow deployment on Astro."""

    kind: ClassVar[str] = "deployment"
    order: ClassVar[int] = 12
    listing: ClassVar[int] = 1

    description: Value[str]
    type: Value[str]
    """STANDARD, DEDICATED or HYBRID, as the Terraform provider spells it."""
    region: Value[str]
    """Of a STANDARD deployment; the others are where their cluster is."""
    model: Value[DeploymentModel]
    cluster: Link[Cluster]
    workspace: Link[Workspace]
    remote_execution: Value[RemoteExecution]
    environment: Environment
    secrets: tuple[Secret, ...]
    """Of its variables those that are marked as secret, or may be."""
    identity: Value[str]
    """Its id in Astro; Unknown until Astro has made it, like its namespace."""
    namespace: Value[str]
    """Its namespace in Astro's cluster, which is also the name of its release."""
    enforces_cicd: Value[bool]
    """Only API tokens may deploy code to it, no people."""
    is_development: Value[bool]
    """A development deployment: without promises of availability, and it may hibernate."""
    is_highly_available: Value[bool]
    hibernates: Value[bool]
    """It is put to sleep, by a schedule or now."""
    runtime: Value[str]
    """The Astro Runtime that it runs, or will be created with; Absent: the newest of that day."""
    first_runtime: Value[str]
    """The Astro Runtime that it was or will be created with, as its author wrote it. A newer one may run by now."""

    def links(self) -> Mapping[str, Link[Subject]]:
        return {"cluster": self.cluster, "workspace": self.workspace}

    def hidden(self) -> Iterator[Value[str]]:
        match self.environment:
            case Known(variables):
                yield from secret_values(variables)
            case Unknown() | Absent():
                pass

    def variable(self, name: str) -> Value[str]:
        """The value of an environment variable; Unknown where the input does not show whether it is set."""
        match self.environment:
            case Known(variables, place):
                for variable in variables:
                    if isinstance(variable.name, Known) and variable.name.value == name:
                        return settled(variable.value)
                unnamed = (variable.name for variable in variables)
                return next((name for name in unnamed if isinstance(name, Unknown)), Absent(place))
            case Unknown() | Absent():
                return self.environment


class Twin(Part, frozen=True):
    """One deployment that two inputs hold: Terraform writes it, and a file tells how it runs."""

    kind: ClassVar[str] = "running deployment"
    order: ClassVar[int] = 26

    written: Deployment
    running: Deployment

    def links(self) -> Mapping[str, Link[Subject]]:
        return {"deployment": Link(Known(self.written, self.place), (self.written,), "by its name or its id")}


class AgentToken(AstroPart, frozen=True):
    """A token with which Remote Execution agents register."""

    kind: ClassVar[str] = "agent token"
    order: ClassVar[int] = 15
    listing: ClassVar[int] = 6

    expiry_days: Value[int]
    deployment: Link[Deployment]


class ApiToken(AstroPart, frozen=True):
    """An API token of an organization, a workspace or a deployment."""

    kind: ClassVar[str] = "API token"
    order: ClassVar[int] = 16
    listing: ClassVar[int] = 7

    description: Value[str]
    type: Value[str]
    """ORGANIZATION, WORKSPACE or DEPLOYMENT: where it may have roles at most."""
    roles: Value[tuple[TokenRole, ...]]
    expiry_days: Value[int]


class ProviderConfiguration(Part, frozen=True):
    """One `provider "astro"` block."""

    kind: ClassVar[str] = "provider"
    order: ClassVar[int] = 17

    token: Value[str]

    def hidden(self) -> Iterator[Value[str]]:
        yield self.token
