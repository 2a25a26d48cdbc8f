"""Objects of the Astro provider: deployments, where they run, and who may act on them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from astrovet.model.link import Link
from astrovet.model.variables import Environment
from astrovet.place import Place
from astrovet.value import Value


class DeploymentModel(StrEnum):
    """Where tasks run and whose cluster it is (S003-01 to S003-05)."""

    STANDARD = "standard"
    DEDICATED = "dedicated"
    REMOTE_EXECUTION = "remote-execution"
    PRIVATE_CLOUD = "private-cloud"
    HYBRID = "hybrid"
    """Legacy, outside the four models of S003."""


class Workspace(Struct, frozen=True):
    """A workspace of Astro."""

    id: str
    block: str
    place: Place
    name: Value[str]
    kind: str = "workspace"


class Cluster(Struct, frozen=True):
    """A dedicated cluster of Astro. Standard clusters have no object of their own."""

    id: str
    block: str
    place: Place
    name: Value[str]
    workspaces: Value[tuple[Link[Workspace], ...]]
    """The workspaces that may place deployments here; the empty tuple reads as all of them."""
    kind: str = "cluster"


class RemoteExecution(Struct, frozen=True):
    """The `remote_execution` settings of a deployment."""

    place: Place
    allowed_ranges: Value[tuple[Value[str], ...]]
    """Who may call the deployment's agent API, as CIDR ranges."""
    task_log_bucket: Value[str]
    """The bucket from which Astro reads task logs, to show them; Absent where none is set."""


class Deployment(Struct, frozen=True):
    """An Airflow deployment on Astro."""

    id: str
    block: str
    place: Place
    name: Value[str]
    description: Value[str]
    type: Value[str]
    """STANDARD, DEDICATED or HYBRID, as the Terraform provider spells it."""
    model: Value[DeploymentModel]
    cluster: Link[Cluster]
    workspace: Link[Workspace]
    remote_execution: Value[RemoteExecution]
    environment: Environment
    kind: str = "deployment"


class AgentToken(Struct, frozen=True):
    """A token with which Remote Execution agents register."""

    id: str
    block: str
    place: Place
    name: Value[str]
    expiry_days: Value[int]
    deployment: Link[Deployment]
    kind: str = "agent token"


class ApiToken(Struct, frozen=True):
    """An API token of an organization, a workspace or a deployment."""

    id: str
    block: str
    place: Place
    name: Value[str]
    expiry_days: Value[int]
    kind: str = "API token"


class ProviderConfiguration(Struct, frozen=True):
    """One `provider "astro"` block."""

    id: str
    block: str
    place: Place
    name: Value[str]
    token: Value[str]
    kind: str = "provider"
