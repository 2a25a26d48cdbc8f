"""Which declared requirements hold for which subject."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, cast

from astrovet.declared.commented import Comments, Locate
from astrovet.declared.configuration import Config, DeclaredByName, Use, settings_of
from astrovet.declared.entries import Entries, Scope, declared_in, in_workspace, of_one_unseen
from astrovet.model.access import AddressList, Organization, RootModule
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.change import Change, Drift, ObjectType
from astrovet.model.declared import Declaration, Obligation
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    ProviderConfiguration,
    Twin,
    Workspace,
)
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.estate import Estate, Input
from astrovet.model.facts import Attestation, Facts
from astrovet.model.link import Link
from astrovet.model.platform import Platform
from astrovet.model.project import AstroProject
from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown

T = TypeVar("T")


class Scopes:
    """The scopes of all subjects of an estate.

    `config_of` gives the settings for an input's path. `locate` is asked only where comments require something.
    """

    def __init__(
        self,
        estate: Estate,
        config_of: Callable[[str], Config],
        locate: Locate = lambda place: (place, ()),
    ) -> None:
        self.estate = estate
        self._config_of = config_of
        self.comments = Comments(estate, locate)
        self._of_configurations: dict[str, frozenset[Requirement]] = {}
        self._entries: dict[str, Entries] = {}
        # By place and not by address: two plans may use the same addresses.
        self._deployments = {deployment.place: self._declared(deployment) for deployment in estate.of(Deployment)}
        # By identity, because every rule asks, and a subject's own hash goes through all that it holds. The
        # subject is kept beside its scope, so that no other one gets its identity.
        self._known: dict[int, tuple[Subject, Scope]] = {}
        self._made: dict[tuple[Callable[..., object], tuple[Hashable, ...]], object] = {}

    def of(self, subject: Subject) -> Scope:
        """What the subject must satisfy: for a part of a deployment, what the deployment must."""
        known = self._known.get(id(subject))
        if known is None:
            known = self._known[id(subject)] = subject, self._of(subject) | self._commented(subject)
        return known[1]

    def once(self, make: Callable[..., T], *given: Hashable) -> T:
        """What `make(scopes, *given)` returns, made once for these scopes."""
        key = make, given
        if key not in self._made:
            self._made[key] = make(self, *given)
        return cast("T", self._made[key])

    def _of(self, subject: Subject) -> Scope:
        """The one place that tells kinds of objects apart.

        A kind that it does not name is of the customer's own environment, and so must satisfy what any
        deployment must that runs there: the default for a new kind.
        """
        config = settings_of(self._config_of, subject.place)
        everywhere = Scope(config.requires, facts=config.facts)
        match subject:
            case Deployment():
                return self._deployments[subject.place]
            case Twin():
                return self._deployments[subject.written.place]
            case Agent() if is_alone(subject):
                return everywhere | of_one_unseen(config, subject.deployment.called)
            case Agent() | AgentToken():
                return everywhere | self._behind(subject.deployment)
            case Platform():
                return everywhere | self._entries_of(config).about(subject, "it")
            case Cluster():
                return everywhere | self._all(self._by_cluster.get(subject.place, ()))
            case Workspace():
                return everywhere | self._all(self._by_workspace.get(subject.place, ()))
            case EnvironmentObject() | NotificationChannel():
                around = (self._by_workspace.get(workspace.place, ()) for workspace in subject.workspace.candidates)
                inside = {place for places in around for place in places}
                return everywhere | self._behind(subject.deployment) | self._all(inside)
            case Change() | Drift():
                return everywhere | self._changed(subject)
            case RootModule():
                return everywhere | self._all(self._deployments.keys() & set(subject.deployments))
            case BlindSpot():
                return Scope(self.declared())
            case Organization() | AddressList() | Input() | AstroProject():
                return everywhere | self._of_all
            case ApiToken() | ProviderConfiguration():
                return everywhere
            case Waiver():
                return Scope(subject.use.requires)
            case Estate():
                return Scope(self.declared())
            case Obligation():
                return self.of(subject.bound)
            case Declaration() | Attestation():
                return Scope(self._declared_in(subject.place.path))
            case _:
                return everywhere | self._of_all_at_customer

    def _declared_in(self, path: str) -> frozenset[Requirement]:
        """All that a configuration requires, and what is required of whom it is about."""
        if path not in self._of_configurations:
            bound = (duty for duty in self.estate.of(Obligation) if duty.source == path)
            requires = (self.of(duty).requires for duty in bound)
            self._of_configurations[path] = declared_in(self._config_of(path)).union(*requires)
        return self._of_configurations[path]

    # --- deployments together

    def _all(self, places: Iterable[Place]) -> Scope:
        """The scopes of the deployments at these places, in the order of the inputs."""
        scope = Scope()
        for place in sorted(places, key=self._numbers.__getitem__):
            scope |= self._deployments[place]
        return scope

    @cached_property
    def _numbers(self) -> Mapping[Place, int]:
        return {place: number for number, place in enumerate(self._deployments)}

    @cached_property
    def _of_all(self) -> Scope:
        return self._all(self._deployments)

    @cached_property
    def _of_all_at_customer(self) -> Scope:
        """What deployments must satisfy that run in the customer's own environment, those too that agents tell of."""
        scope = self._all(
            {deployment.place for deployment in self.estate.of(Deployment) if _runs_at_customer(deployment)}
        )
        for agent in filter(is_alone, self.estate.of(Agent)):
            scope |= of_one_unseen(settings_of(self._config_of, agent.place), agent.deployment.called)
        return scope

    @cached_property
    def _by_cluster(self) -> Mapping[Place, Collection[Place]]:
        """The deployments that stand on a cluster, or may."""
        return _by_candidate((deployment.place, deployment.cluster) for deployment in self.estate.of(Deployment))

    @cached_property
    def _by_workspace(self) -> Mapping[Place, Collection[Place]]:
        """The deployments that are in a workspace, or may be."""
        return _by_candidate((deployment.place, deployment.workspace) for deployment in self.estate.of(Deployment))

    def _behind(self, link: Link[Deployment]) -> Scope:
        """The scope of a linked deployment; where several are possible, what all of them share is sure."""
        match link.to:
            case Known(deployment):
                return self._deployments.get(deployment.place, Scope())
            case Unknown() as unknown:
                scopes = [self._deployments.get(candidate.place, Scope()) for candidate in link.candidates]
                if not scopes:
                    return Scope()
                shared = frozenset.intersection(*(scope.requires for scope in scopes))
                possible = frozenset[Requirement]().union(*(scope.requires for scope in scopes))
                return Scope(shared, dict.fromkeys(possible - shared, unknown.in_full))
            case Absent():
                return Scope()

    # --- what the configuration says

    def declared(self) -> frozenset[Requirement]:
        """All requirements that are declared for anything here, whether or not a deployment matches."""
        return self._everything_declared

    @cached_property
    def _everything_declared(self) -> frozenset[Requirement]:
        configs = map(self._config_of, self.estate.paths)
        commented = (demand.requires for demand in self.estate.demands)
        return frozenset[Requirement]().union(*map(declared_in, configs), *commented)

    def _declared(self, deployment: Deployment | Change | Drift) -> Scope:
        config = settings_of(self._config_of, deployment.place)
        scope = Scope(config.requires, facts=config.facts)
        scope |= self._entries_of(config).about(deployment, "this deployment")
        for use in config.environments:
            if use.environment.name == deployment.place.environment != "":
                scope |= Scope(use.requires, facts=use.facts)
        if isinstance(deployment, Deployment):
            for entry in config.workspaces:
                scope |= in_workspace(entry, deployment)
        return scope | self._commented(deployment)

    def asked_at(self, bound: Deployment | Agent | Platform) -> Mapping[str, Place]:
        """Where each requirement of it is declared, by its name, and `plan-tier`, as far as that is in files.

        What is said of the object itself comes before what is said of its workspace, of its environment and of all.
        """
        config = settings_of(self._config_of, bound.place)
        entries: list[DeclaredByName | Use] = []
        if not isinstance(bound, Agent):
            entries += self._entries_of(config).naming(bound)
        if isinstance(bound, Deployment):
            entries += (entry for entry in config.workspaces if in_workspace(entry, bound) != Scope())
        entries += (use for use in config.environments if use.environment.name == bound.place.environment != "")
        places = [{str(name): demand.place for name in demand.requires} for demand in self.comments.on(bound)]
        places += (dict(entry.declared_at) for entry in entries)
        return {name: place for at in (config.declared_at, *reversed(places)) for name, place in at.items()}

    def _changed(self, subject: Change | Drift) -> Scope:
        """The scope of a deployment that changes; of a cluster what all that run on it, or will leave it, must."""
        match subject.type:
            case ObjectType.DEPLOYMENT:
                return self._declared(subject)
            case ObjectType.CLUSTER:
                scope = self._all(self._by_cluster.get(subject.place, ()))
                if isinstance(subject.cluster_id, Known):
                    for deployment in self._changed_on.get(subject.cluster_id.value, ()):
                        scope |= self._declared(deployment)
                return scope
            case _:
                return Scope()

    @cached_property
    def _changed_on(self) -> Mapping[str, Sequence[Change]]:
        """The deployments that change, by the id of the cluster that they are on."""
        by_id: dict[str, list[Change]] = {}
        for change in self.estate.of(Change):
            if change.type is ObjectType.DEPLOYMENT and isinstance(change.cluster_id, Known):
                by_id.setdefault(change.cluster_id.value, []).append(change)
        return by_id

    def _entries_of(self, config: Config) -> Entries:
        """The entries of a configuration that declare something of deployments."""
        if config.path not in self._entries:
            self._entries[config.path] = Entries(config.deployments)
        return self._entries[config.path]

    # --- what comments say

    def _commented(self, subject: Subject) -> Scope:
        """What comments require of it."""
        scope = Scope()
        for demand in self.comments.on(subject):
            scope |= Scope(demand.requires, facts=Facts(audit_days=demand.audit_days))
        if self.estate.demands and isinstance(subject, Deployment):
            scope |= self._perhaps(subject.cluster, self.estate.of(Cluster))
            scope |= self._perhaps(subject.workspace, self.estate.of(Workspace))
        return scope

    def _perhaps(self, link: Link[Cluster] | Link[Workspace], all_there: Sequence[Cluster | Workspace]) -> Scope:
        """What comments require where a deployment may stand."""
        if not isinstance(link.to, Unknown):
            return Scope()
        possible = (name for holder in link.candidates or all_there for name in self._commented(holder).requires)
        return Scope(unsure=dict.fromkeys(possible, f"a comment may require it: {link.to.in_full}"))


def _by_candidate(
    links: Iterable[tuple[Place, Link[Cluster] | Link[Workspace]]],
) -> Mapping[Place, Collection[Place]]:
    """Where the deployments stand that lead to an object, or may, by the object's place."""
    by_place: dict[Place, set[Place]] = {}
    for place, link in links:
        for candidate in link.candidates:
            by_place.setdefault(candidate.place, set()).add(place)
    return by_place


def configs_of(estate: Estate, config_of: Callable[[str], Config]) -> tuple[Config, ...]:
    """The configurations that hold for a run, each once."""
    return tuple({config.path: config for config in map(config_of, estate.paths)}.values())


def is_alone(agent: Agent) -> bool:
    """Whether no input shows a deployment that it may serve."""
    return not agent.deployment.candidates


def _runs_at_customer(deployment: Deployment) -> bool:
    match deployment.model:
        case Known(model):
            return model in {DeploymentModel.REMOTE_EXECUTION, DeploymentModel.PRIVATE_CLOUD}
        case Unknown() | Absent():
            return False
