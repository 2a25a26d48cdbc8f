"""The deployment model: what astrovet knows of an Astro estate, whichever file told it.

Rules see only these records. A field that an input may leave open is a `Value`; a relation between
two objects is a `Link`, which is a value too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.inputs.json_text import JsonText, json_text
from astrovet.place import Place
from astrovet.secrecy import placeholder, template
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, items, text

T_co = TypeVar("T_co", covariant=True)


class DeploymentModel(StrEnum):
    """Where tasks run and whose cluster it is (S003-01 to S003-05)."""

    STANDARD = "standard"
    DEDICATED = "dedicated"
    REMOTE_EXECUTION = "remote-execution"
    PRIVATE_CLOUD = "private-cloud"
    HYBRID = "hybrid"
    """Legacy, outside the four models of S003."""


class Link(Struct, Generic[T_co], frozen=True):
    """Which object another one belongs to, and how that was found."""

    to: Value[T_co]
    candidates: tuple[T_co, ...] = ()
    """Every object it can be; more than one where only the input's run time would tell."""
    how: str = ""
    """How the link was found, e.g. "by reference to astro_cluster.shared[1]"."""
    id: str = ""
    """The id of the object where the input shows it, whether or not the object is in the inputs."""


class EnvironmentVariable(Struct, frozen=True):
    """One environment variable of a deployment or of an agent component."""

    name: Value[str]
    value: Value[str]
    place: Place
    is_secret: Value[bool]
    """Astro's own mark; Absent for agents, which have none."""
    from_source: str = ""
    """What `valueFrom` reads (`secretKeyRef`, …); empty where the value stands in the file."""


Environment: TypeAlias = Value[tuple[EnvironmentVariable, ...]]


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


class Opening(Struct, frozen=True):
    """One way in that a firewall leaves open."""

    place: Place
    ports: str
    """For people: "tcp 22", "all ports"."""
    sources: tuple[Value[str], ...]
    """Who is let in by address: CIDR ranges, or the cloud's words for them (`*`, `Internet`).
    Groups and prefix lists are no addresses."""


class InboundPath(Struct, frozen=True):
    """A resource that lets traffic in: a security group, a firewall rule."""

    id: str
    block: str
    place: Place
    name: Value[str]
    openings: Value[tuple[Opening, ...]]
    other_workloads: Value[tuple[str, ...]]
    """Resources that use it and run no agents, where nothing that could run agents uses it."""
    cluster: Link[KubernetesCluster]
    """The Kubernetes cluster that it lets traffic in to; Absent where it belongs to none."""
    kind: str = "inbound path"


class NodeAccess(Struct, frozen=True):
    """Remote access to the nodes of a Kubernetes cluster."""

    place: Place
    key: Value[str]
    """The name of the SSH key that opens the nodes; Absent where none does."""
    source_groups: Value[tuple[Value[str], ...]]
    """The security groups that may come in; without any, port 22 is open to the world."""


class KubernetesCluster(Struct, frozen=True):
    """A Kubernetes cluster of the customer: Amazon EKS, Google GKE, Azure AKS."""

    id: str
    block: str
    place: Place
    name: Value[str]
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
    kind: str = "Kubernetes cluster"


class PublicGrant(Struct, frozen=True):
    """Something that may let everybody into an object store: an ACL, a policy, a role, a container."""

    place: Place
    what: str
    """For people: "bucket policy", "canned ACL"."""
    admits_everyone: Value[bool]


class PublicAccessGuard(Struct, frozen=True):
    """A switch that keeps an object store closed, whoever is granted what."""

    name: str
    """The provider's attribute, e.g. `block_public_acls`."""
    closed: Value[bool]


class StoreEncryption(Struct, frozen=True):
    """How an object store encrypts what it holds."""

    place: Place
    algorithm: Value[str]
    """As the cloud spells it; Absent where the cloud has only one."""
    customer_key: Value[bool]
    """The customer manages the key; also where the key is made by the same plan."""


class Expiration(Struct, frozen=True):
    """A lifecycle rule that deletes objects."""

    place: Place
    days: Value[int]
    prefixes: Value[tuple[Value[str], ...]]
    """The beginnings of the names of objects that it covers; the empty tuple stands for all objects."""


class ObjectStore(Struct, frozen=True):
    """A bucket of Amazon S3 or Google Cloud Storage, or an Azure storage account with its containers."""

    id: str
    block: str
    place: Place
    name: Value[str]
    managed: bool
    """Its resource is in the inputs. If not, only something attached to it is: what that does not say is Unknown."""
    grants: tuple[PublicGrant, ...]
    """Where more may be granted than the inputs show, one of them is Unknown."""
    public_access_prevented: Value[bool]
    """A setting that is written makes every grant to everybody void."""
    guards: Value[tuple[PublicAccessGuard, ...]]
    """Absent where the resource that holds them is not there, and the cloud's default holds."""
    encryption: Value[StoreEncryption]
    """Absent where nothing is said; all clouds encrypt by default."""
    tls_only: Value[bool]
    """Requests in clear text are refused."""
    minimum_tls: Value[str]
    """The lowest version of TLS, as the cloud spells it; Absent where the store does not settle it."""
    versioning: Value[bool]
    force_destroy: Value[bool]
    """Destroying the store also deletes what it holds."""
    expirations: Value[tuple[Expiration, ...]]
    kind: str = "object store"


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


class ComponentKind(StrEnum):
    """The parts of an agent (S003-21)."""

    WORKER = "worker"
    DAG_PROCESSOR = "DAG processor"
    TRIGGERER = "triggerer"
    SENTINEL = "Sentinel"
    LOGGING_SIDECAR = "logging sidecar"
    INIT_CONTAINER = "init container"
    EXTRA_CONTAINER = "extra container"


TASK_COMPONENTS = (ComponentKind.WORKER, ComponentKind.DAG_PROCESSOR, ComponentKind.TRIGGERER)
"""The components that `commonEnv` reaches."""


class Component(Struct, frozen=True):
    """One component of an agent with its own environment."""

    kind: ComponentKind
    name: str
    place: Place
    environment: Environment


class ComponentEnvironment(Struct, frozen=True):
    """The environment variables that one component sees: its own, then those of `commonEnv`."""

    listed: Mapping[str, EnvironmentVariable]
    """By name. A variable that the component sets itself hides the shared one of that name."""
    place: Place
    """Where a variable that is not listed would stand."""
    complete: bool
    unlisted: Unknown | None = None
    """Set where there may be variables that the input does not show."""

    def value(self, name: str) -> Value[str]:
        """The value of a variable; Absent only in a complete set."""
        if name in self.listed:
            return settled(self.listed[name].value)
        return self._unlisted(name) or Absent(self.place)

    def keyed(self, prefix: str) -> Map:
        """The variables whose names go on after a prefix, by the rest of the name in lower case."""
        entries = {
            key: Entry(key, variable.place, settled(variable.value))
            for name, variable in self.listed.items()
            if name.startswith(prefix) and (key := name.removeprefix(prefix).lower())
        }
        return Map(entries, self._unlisted(f"{prefix}*"))

    def _unlisted(self, name: str) -> Unknown | None:
        if self.unlisted is not None or self.complete:
            return self.unlisted
        return Unknown(partial(name), self.place)


class SecretsBackend(Struct, frozen=True):
    """Where one component gets connections and variables from, as Airflow settles it."""

    backend: Value[str]
    """The class; Absent where a complete set names none."""
    kwargs: JsonText
    """The text that holds the arguments; one that is no JSON object has a fault, and Airflow drops it."""
    arguments: Known[Map]
    """All of them: those of the text and, over these, those that have a variable of their own."""
    environment: ComponentEnvironment

    def argument(self, name: str) -> Value[Tree]:
        """What the backend is given under this name."""
        return at(self.arguments, name)


class Credential(Struct, frozen=True):
    """A setting that takes a credential."""

    label: str
    value: Value[str]
    handed_over: bool = False
    """Terraform hands it to Helm as a secret of its own (`set_sensitive`), and takes it from elsewhere."""


class Agent(Struct, frozen=True):
    """The Helm values of one Remote Execution agent, merged."""

    id: str
    block: str
    place: Place
    name: Value[str]
    complete: bool
    """The set holds all that Helm is given. In a partial set what is missing is Unknown, not Absent."""
    secrets_backend: Value[str]
    """What the chart's key says; `secrets` says what each component makes of it."""
    xcom_backend: Value[str]
    dag_bundles: JsonText
    credentials: tuple[Credential, ...]
    common_environment: Environment
    components: tuple[Component, ...]
    deployment: Link[Deployment]
    secrets: tuple[SecretsBackend, ...] = ()
    """Of each component that tasks need."""
    secrets_kwargs: tuple[JsonText, ...] = ()
    """Every set of arguments for a secrets backend that is written anywhere, in effect or not."""
    kind: str = "agent"

    def variables(self, name: str, *kinds: ComponentKind) -> tuple[Value[str], ...]:
        """The effective values of an environment variable on the components of these kinds.

        A component's own entry wins over `commonEnv`. Equal origins are given once, so that a
        variable that `commonEnv` sets, or that nobody sets, is one value and not one per component.
        """
        found: list[Value[str]] = []
        for environment in self.environments(*kinds):
            value = environment.value(name)
            if value not in found:
                found.append(value)
        return tuple(found)

    def environments(self, *kinds: ComponentKind) -> tuple[ComponentEnvironment, ...]:
        """What each component of these kinds sees; a kind that the set does not mention sees `commonEnv`."""
        found: list[ComponentEnvironment] = []
        for kind in kinds or TASK_COMPONENTS:
            own = [component.environment for component in self.components if component.kind is kind]
            found.extend(self._seen(environment) for environment in own or [Absent(self.place)])
        return tuple(found)

    def json_variables(self, name: str, *kinds: ComponentKind) -> tuple[JsonText, ...]:
        """As `variables`, for a variable whose text has to be JSON."""
        return tuple(json_text(value) for value in self.variables(name, *kinds))

    def all_variables(self) -> Iterator[EnvironmentVariable]:
        """Every environment variable that the set writes anywhere."""
        environments = [self.common_environment, *(component.environment for component in self.components)]
        for environment in environments:
            match environment:
                case Known(variables):
                    yield from variables
                case Unknown() | Absent():
                    pass

    def bundle_arguments(self) -> tuple[Value[Tree], ...]:
        """The `kwargs` of every DAG bundle, also where a list stands in place of the text that holds it."""
        for written in (items(self.dag_bundles.content), items(self.dag_bundles.raw)):
            match written:
                case Known(bundles):
                    return tuple(at(bundle, "kwargs") for bundle in bundles)
                case Unknown() | Absent():
                    pass
        return ()

    def git_connections(self) -> frozenset[str]:
        """The variables from which Airflow would read the connections that DAG bundles name."""
        named = [text(at(arguments, "git_conn_id")) for arguments in self.bundle_arguments()]
        return frozenset(f"AIRFLOW_CONN_{each.value.upper()}" for each in named if isinstance(each, Known))

    def unknown_environments(self) -> Iterator[Unknown]:
        """The environment lists of which nothing is known."""
        for environment in [self.common_environment, *(component.environment for component in self.components)]:
            match environment:
                case Unknown():
                    yield environment
                case Known() | Absent():
                    pass

    def _seen(self, own: Environment) -> ComponentEnvironment:
        """The shared variables and, over them, a component's own."""
        listed: dict[str, EnvironmentVariable] = {}
        unlisted: Unknown | None = None
        for environment in (self.common_environment, own):
            if isinstance(environment, Unknown):
                listed, unlisted = {}, environment  # it may set again what was listed before
            elif isinstance(environment, Known):
                names = [variable.name for variable in environment.value]
                opened = next((name for name in names if isinstance(name, Unknown)), None)
                if opened is not None:
                    listed, unlisted = {}, opened
                for name, variable in zip(names, environment.value, strict=True):
                    if isinstance(name, Known):
                        listed[name.value] = variable  # Kubernetes takes the last of two equal names
        return ComponentEnvironment(listed, self.common_environment.place, self.complete, unlisted)


def settled(value: Value[str]) -> Value[str]:
    """A setting's text; Unknown where it is a placeholder, or a template that a later step fills in.

    Text that looks like JSON is left alone: what is open in it may not be what is asked for.
    """
    match value:
        case Known(text, place) if placeholder(text) and text.strip():
            return Unknown("a placeholder stands here; scan the values that are really deployed", place)
        case Known(text, place) if template(text) and not text.lstrip().startswith(("{", "[")):
            return Unknown("a later step fills this value in (it holds a template); scan what that step makes", place)
        case Known() | Unknown() | Absent():
            return value


def partial(what: str) -> str:
    """Why something missing from a partial values set is no absence."""
    return (
        f"`{what}` is not set here, and this is only a part of the values that Helm is given; "
        "scan all layers together: -f values.yaml -f values-prod.yaml"
    )


class Input(Struct, frozen=True):
    """A file that was looked at."""

    path: str
    input_kind: InputKind
    problems: tuple[Problem, ...] = ()
    named: bool = False
    """The user named this file; others were found below a folder."""
    kind: str = "input"

    @property
    def id(self) -> str:
        return self.path

    @property
    def block(self) -> str:
        return self.path

    @property
    def name(self) -> Value[str]:
        return Known(self.path, self.place)

    @property
    def place(self) -> Place:
        return Place(self.path)

    def problems_of(self, kind: ProblemKind) -> tuple[Problem, ...]:
        """What is wrong with it in this way."""
        return tuple(problem for problem in self.problems if problem.kind is kind)

    @property
    def failed(self) -> bool:
        """It could not be used: the run cannot be called clean, whatever the other inputs say."""
        blocking = {ProblemKind.UNREADABLE, ProblemKind.WRONG_TERRAFORM_OUTPUT}
        if self.named:
            blocking.add(ProblemKind.NOT_THIS_CHART)
        return any(problem.kind in blocking for problem in self.problems)


class Estate(Struct, frozen=True):
    """Everything that one run looks at, linked."""

    place: Place
    """Where the scan began; a finding about the run as a whole points here."""
    inputs: tuple[Input, ...] = ()
    workspaces: tuple[Workspace, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    agents: tuple[Agent, ...] = ()
    agent_tokens: tuple[AgentToken, ...] = ()
    api_tokens: tuple[ApiToken, ...] = ()
    providers: tuple[ProviderConfiguration, ...] = ()
    inbound_paths: tuple[InboundPath, ...] = ()
    kubernetes_clusters: tuple[KubernetesCluster, ...] = ()
    object_stores: tuple[ObjectStore, ...] = ()
    exposed_services: tuple[ExposedService, ...] = ()
    ingresses: tuple[Ingress, ...] = ()
    network_policies: tuple[NetworkPolicy, ...] = ()
    other_objects: int = 0
    """Objects of Astro that were recognised and that no rule looks at, those being removed included."""
    notes: tuple[str, ...] = ()
    """What was seen and not judged."""
    kind: str = "run"
    id: str = "run"
    block: str = "run"

    @property
    def name(self) -> Value[str]:
        return Absent(self.place)

    def subjects(self, kind: type[Struct]) -> tuple[Subject, ...]:
        """All objects of one kind, in the order of the inputs."""
        by_kind: dict[type[Struct], tuple[Subject, ...]] = {
            Estate: (self,),
            Input: self.inputs,
            Workspace: self.workspaces,
            Cluster: self.clusters,
            Deployment: self.deployments,
            Agent: self.agents,
            AgentToken: self.agent_tokens,
            ApiToken: self.api_tokens,
            ProviderConfiguration: self.providers,
            InboundPath: self.inbound_paths,
            KubernetesCluster: self.kubernetes_clusters,
            ObjectStore: self.object_stores,
            ExposedService: self.exposed_services,
            Ingress: self.ingresses,
            NetworkPolicy: self.network_policies,
        }
        return by_kind[kind]

    def is_partial(self, path: str) -> bool:
        """Whether a plan lacks something: then nothing is proved by what is not in it."""
        return any(each.problems_of(ProblemKind.INCOMPLETE_PLAN) for each in self.inputs if each.path == path)

    @property
    def is_empty(self) -> bool:
        """Nothing of Astro was recognised."""
        objects = (self.workspaces, self.clusters, self.deployments, self.agents, self.agent_tokens, self.api_tokens)
        return not any(objects) and self.other_objects == 0

    @property
    def has_execution_plane(self) -> bool:
        """Some of the tasks run in the customer's own environment."""
        return bool(self.agents) or any(
            isinstance(deployment.model, Known) and deployment.model.value is DeploymentModel.REMOTE_EXECUTION
            for deployment in self.deployments
        )


Subject: TypeAlias = (
    Estate
    | Input
    | Workspace
    | Cluster
    | Deployment
    | Agent
    | AgentToken
    | ApiToken
    | ProviderConfiguration
    | InboundPath
    | KubernetesCluster
    | ObjectStore
    | ExposedService
    | Ingress
    | NetworkPolicy
)
"""What a rule can be about. Each has `id`, `block` (the id without instance keys), `place`, `name` and `kind`."""
