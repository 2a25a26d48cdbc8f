"""Everything that one run looks at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.model.access import AddressList, Organization, RootModule
from astrovet.model.address_range import CustomerNetwork
from astrovet.model.agent import Agent
from astrovet.model.change import Change, Drift
from astrovet.model.declared import Declaration, Obligation
from astrovet.model.demand import Demand
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    DeploymentModel,
    ProviderConfiguration,
    Workspace,
)
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.facts import Attestation
from astrovet.model.identity import CloudIdentity
from astrovet.model.kubernetes import (
    ExposedService,
    KubernetesObjects,
    KubernetesSecret,
    NetworkPolicy,
    PodTemplate,
    Route,
    ServiceAccount,
)
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.platform import Platform
from astrovet.model.storage import ObjectStore
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.value import Absent, Known, Value


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


class Estate(Struct, frozen=True, dict=True):
    """Everything that one run looks at, linked."""

    place: Place
    """Where the scan began; a finding about the run as a whole points here."""
    inputs: tuple[Input, ...] = ()
    workspaces: tuple[Workspace, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    agents: tuple[Agent, ...] = ()
    platforms: tuple[Platform, ...] = ()
    """Of Astro Private Cloud."""
    agent_tokens: tuple[AgentToken, ...] = ()
    api_tokens: tuple[ApiToken, ...] = ()
    providers: tuple[ProviderConfiguration, ...] = ()
    environment_objects: tuple[EnvironmentObject, ...] = ()
    notification_channels: tuple[NotificationChannel, ...] = ()
    changes: tuple[Change, ...] = ()
    drifts: tuple[Drift, ...] = ()
    organizations: tuple[Organization, ...] = ()
    address_lists: tuple[AddressList, ...] = ()
    root_modules: tuple[RootModule, ...] = ()
    inbound_paths: tuple[InboundPath, ...] = ()
    kubernetes_clusters: tuple[KubernetesCluster, ...] = ()
    object_stores: tuple[ObjectStore, ...] = ()
    customer_networks: tuple[CustomerNetwork, ...] = ()
    cloud_identities: tuple[CloudIdentity, ...] = ()
    kubernetes: KubernetesObjects = KubernetesObjects()
    waivers: tuple[Waiver, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    demands: tuple[Demand, ...] = ()
    """Requirements in comments."""
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

    def agents_of(self, deployment: Deployment) -> tuple[Agent, ...]:
        """The agents that serve a deployment, or may."""
        return self._agents_by_deployment.get(deployment.place, ())

    @cached_property
    def _agents_by_deployment(self) -> dict[Place, tuple[Agent, ...]]:
        found: dict[Place, list[Agent]] = {}
        for agent in self.agents:
            for place in {each.place for each in agent.deployment.candidates}:
                found.setdefault(place, []).append(agent)
        return {place: tuple(agents) for place, agents in found.items()}

    def subjects(self, kind: type[Struct]) -> tuple[Subject, ...]:
        """All objects of one kind, in the order of the inputs."""
        return self._by_kind()[kind]

    def kinds(self) -> frozenset[type[Struct]]:
        """The kinds of object of which there is one."""
        return frozenset(kind for kind, found in self._by_kind().items() if found)

    def everything(self) -> tuple[Subject, ...]:
        """All objects of all kinds, the estate itself the first."""
        return tuple(subject for found in self._by_kind().values() for subject in found)

    def _by_kind(self) -> dict[type[Struct], tuple[Subject, ...]]:
        return {
            Estate: (self,),
            Input: self.inputs,
            Workspace: self.workspaces,
            Cluster: self.clusters,
            Deployment: self.deployments,
            Agent: self.agents,
            Platform: self.platforms,
            AgentToken: self.agent_tokens,
            ApiToken: self.api_tokens,
            ProviderConfiguration: self.providers,
            EnvironmentObject: self.environment_objects,
            NotificationChannel: self.notification_channels,
            Change: self.changes,
            Drift: self.drifts,
            Organization: self.organizations,
            AddressList: self.address_lists,
            RootModule: self.root_modules,
            InboundPath: self.inbound_paths,
            KubernetesCluster: self.kubernetes_clusters,
            ObjectStore: self.object_stores,
            CloudIdentity: self.cloud_identities,
            ExposedService: self.kubernetes.exposed_services,
            Route: self.kubernetes.routes,
            NetworkPolicy: self.kubernetes.network_policies,
            PodTemplate: self.kubernetes.pod_templates,
            KubernetesSecret: self.kubernetes.secrets,
            ServiceAccount: self.kubernetes.service_accounts,
            Waiver: self.waivers,
            Declaration: self.declarations,
            Obligation: self.obligations,
            Attestation: self.attestations,
        }

    def is_partial(self, path: str) -> bool:
        """Whether a plan lacks something: then nothing is proved by what is not in it."""
        return any(each.problems_of(ProblemKind.INCOMPLETE_PLAN) for each in self.inputs if each.path == path)

    @property
    def is_empty(self) -> bool:
        """Nothing of Astro was recognised."""
        objects = (
            self.workspaces, self.clusters, self.deployments, self.agents, self.platforms, self.agent_tokens,
            self.api_tokens, self.environment_objects, self.notification_channels, self.organizations,
        )  # fmt: skip
        return not any(objects) and self.other_objects == 0 and not any(self.kubernetes.of_agents())

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
    | Platform
    | AgentToken
    | ApiToken
    | ProviderConfiguration
    | EnvironmentObject
    | NotificationChannel
    | Change
    | Drift
    | Organization
    | AddressList
    | RootModule
    | InboundPath
    | KubernetesCluster
    | ObjectStore
    | CloudIdentity
    | ExposedService
    | Route
    | NetworkPolicy
    | PodTemplate
    | KubernetesSecret
    | ServiceAccount
    | Waiver
    | Declaration
    | Obligation
    | Attestation
)
"""What a rule can be about. Each has `id`, `block` (the id without instance keys), `place`, `name` and `kind`."""


def label(subject: Subject) -> str:
    """The subject's id, with the environment where there are several."""
    environment = subject.place.environment
    return f"{subject.id} ({environment})" if environment else subject.id


def with_problems(estate: Estate, problems: Mapping[str, tuple[Problem, ...]]) -> Estate:
    """The estate with more problems of its files, by path.

    A path that is no input yet is a source behind a plan: what its comments say counts, so it becomes one.
    """
    known = {each.path for each in estate.inputs}
    inputs = [replace(each, problems=(*each.problems, *problems.get(each.path, ()))) for each in estate.inputs]
    inputs += [Input(path, InputKind.TERRAFORM_SOURCE, wrong) for path, wrong in problems.items() if path not in known]
    return replace(estate, inputs=tuple(inputs))
