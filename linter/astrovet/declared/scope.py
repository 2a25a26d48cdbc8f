"""Which declared requirements hold for which subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from astrovet.declared.configuration import Config, Declaration
from astrovet.document import Note
from astrovet.model.access import AddressList, Organization, RootModule
from astrovet.model.agent import Agent
from astrovet.model.change import Change, Drift, ObjectType
from astrovet.model.declared import Declaration as Entry
from astrovet.model.declared import Obligation
from astrovet.model.demand import Demand
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    ProviderConfiguration,
    Workspace,
)
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.estate import Estate, Input
from astrovet.model.facts import Attestation, Facts
from astrovet.model.link import Link
from astrovet.model.platform import Platform
from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown, Value


class Scope(Struct, frozen=True):
    """The requirements of one subject."""

    requires: frozenset[Requirement] = frozenset()
    unsure: Mapping[Requirement, str] = {}
    """Requirements that may hold too, and why that cannot be told."""
    facts: Facts = Facts()
    """What else is declared of it."""

    def __or__(self, other: Scope) -> Scope:
        if not other.requires and not other.unsure and other.facts == NO_FACTS:
            return self
        requires = self.requires | other.requires
        unsure = {name: why for name, why in {**self.unsure, **other.unsure}.items() if name not in requires}
        return Scope(requires, unsure, self.facts | other.facts)


NO_FACTS = Facts()


Locate = Callable[[Place], tuple[Place, tuple[Note, ...]]]
"""Gives the source place of an address, and the module calls that lead there."""


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
        self._locate = locate
        # By place and not by address: two plans may use the same addresses.
        self._deployments = {each.place: self._declared(each) for each in estate.of(Deployment)}
        self._known: dict[tuple[type, str, Place], Scope] = {}

    def of(self, subject: Subject) -> Scope:
        """What the subject must satisfy: for a part of a deployment, what the deployment must."""
        key = (type(subject), subject.id, subject.place)
        if key not in self._known:
            self._known[key] = self._of(subject) | self._commented(subject)
        return self._known[key]

    def _of(self, subject: Subject) -> Scope:
        config = self._config_of(subject.place.path)
        everywhere = Scope(config.requires, facts=config.facts)
        match subject:
            case Deployment():
                return self._deployments[subject.place]
            case Agent() | AgentToken():
                return everywhere | self._behind(subject.deployment)
            case Platform():
                for declaration in config.deployments:
                    everywhere |= _covered(declaration, "it", subject)
                return everywhere
            case Cluster():
                return everywhere | self._all(
                    each for each in self.estate.of(Deployment) if subject.place in _places(each.cluster)
                )
            case Workspace():
                return everywhere | self._all(
                    each for each in self.estate.of(Deployment) if subject.place in _places(each.workspace)
                )
            case EnvironmentObject() | NotificationChannel():
                around = _places(subject.workspace)
                inside = (each for each in self.estate.of(Deployment) if around & _places(each.workspace))
                return everywhere | self._behind(subject.deployment) | self._all(inside)
            case Change() | Drift():
                return everywhere | self._changed(subject)
            case Organization() | AddressList():
                return everywhere | self._all(self.estate.of(Deployment))
            case RootModule():
                own = frozenset(subject.deployments)
                return everywhere | self._all(each for each in self.estate.of(Deployment) if each.place in own)
            case ApiToken() | ProviderConfiguration():
                return everywhere
            case Waiver():
                return Scope(subject.use.requires)
            case Input():
                return everywhere | self._all(self.estate.of(Deployment))
            case Estate():
                return Scope(self.declared())
            case Obligation():
                return self.of(subject.bound)
            case Entry() | Attestation():
                bound = (each for each in self.estate.of(Obligation) if each.place.path == subject.place.path)
                return Scope(declared_in(config).union(*(self.of(each).requires for each in bound)))
            case _:  # what stands in the customer's own environment
                return everywhere | self._all(each for each in self.estate.of(Deployment) if _runs_at_customer(each))

    def declared(self) -> frozenset[Requirement]:
        """All requirements that are declared for anything here, whether or not a deployment matches."""
        paths = {each.path for each in self.estate.of(Input)} | {self.estate.place.path}
        configs = [self._config_of(path) for path in paths]
        commented = (each.requires for each in self.estate.demands)
        return frozenset[Requirement]().union(*map(declared_in, configs), *commented)

    def _changed(self, subject: Change | Drift) -> Scope:
        """The scope of a deployment that changes; of a cluster what all that run on it, or will leave it, must."""
        match subject.type:
            case ObjectType.DEPLOYMENT:
                return self._declared(subject)
            case ObjectType.CLUSTER:
                scope = self._all(each for each in self.estate.of(Deployment) if subject.place in _places(each.cluster))
                for each in self.estate.of(Change):
                    if each.type is ObjectType.DEPLOYMENT and _are_equal(each.cluster_id, subject.cluster_id):
                        scope |= self._declared(each)
                return scope
            case _:
                return Scope()

    def _declared(self, deployment: Deployment | Change | Drift) -> Scope:
        config = self._config_of(deployment.place.path)
        scope = Scope(config.requires, facts=config.facts)
        for declaration in config.deployments:
            scope |= _covered(declaration, "this deployment", deployment)
        for use in config.environments:
            if use.environment.name == deployment.place.environment != "":
                scope |= Scope(use.requires, facts=use.facts)
        if isinstance(deployment, Deployment):
            for declaration in config.workspaces:
                scope |= self._in_workspace(declaration, deployment)
        return scope | self._commented(deployment)

    def demands_on(self, subject: Subject) -> tuple[Demand, ...]:
        """The comments that require something of it: of a deployment also those on its cluster and its workspace."""
        if not self.estate.demands or isinstance(subject, Estate | Input | Waiver):
            return ()
        links = (subject.cluster, subject.workspace) if isinstance(subject, Deployment) else ()
        around = (link.to.value for link in links if isinstance(link.to, Known))
        bearers: tuple[Subject, ...] = (subject, *around)
        places = [place for bearer in bearers for place in self._places(bearer)]
        return tuple(demand for demand in self.estate.demands if any(map(demand.is_at, places)))

    def idle_demands(self) -> tuple[Demand, ...]:
        """The comments that require something of nothing that is here."""
        kinds = self.estate.kinds() if self.estate.demands else ()
        idle = set(self.estate.demands)
        for subject in (subject for kind in kinds for subject in self.estate.of(kind)):
            idle.difference_update(self.demands_on(subject))
        return tuple(demand for demand in self.estate.demands if demand in idle)

    def _places(self, subject: Subject) -> Iterator[Place]:
        """Where a comment for it can stand: at its block, at a module call that leads there, in an agent's values."""
        source, calls = self._locate(subject.place)
        yield from (subject.place, source, *(note.place for note in calls))
        if isinstance(subject, Agent):
            yield from (Place(layer, 1) for layer in subject.layers)

    def _commented(self, subject: Subject) -> Scope:
        """What comments require of it."""
        scope = Scope()
        for demand in self.demands_on(subject):
            scope |= Scope(demand.requires, facts=Facts(audit_days=demand.audit_days))
        if self.estate.demands and isinstance(subject, Deployment):
            scope |= self._perhaps(subject.cluster, self.estate.of(Cluster))
            scope |= self._perhaps(subject.workspace, self.estate.of(Workspace))
        return scope

    def _perhaps(self, link: Link[Cluster] | Link[Workspace], all_there: Sequence[Cluster | Workspace]) -> Scope:
        """What comments require where a deployment may stand."""
        if not isinstance(link.to, Unknown):
            return Scope()
        possible = (name for each in link.candidates or all_there for name in self._commented(each).requires)
        return Scope(unsure=dict.fromkeys(possible, f"a comment may require it: {link.to.why}"))

    def _in_workspace(self, declaration: Declaration, deployment: Deployment) -> Scope:
        """What is declared of a deployment's workspace."""
        match deployment.workspace.to:
            case Known(workspace):
                return _covered(declaration, "its workspace", workspace)
            case Unknown(why):
                reason = f"whether `{declaration.match}` covers its workspace cannot be told: {why}"
                return Scope(unsure=dict.fromkeys(declaration.requires, reason))
            case Absent():
                return Scope()

    def _behind(self, link: Link[Deployment]) -> Scope:
        """The scope of a linked deployment; where several are possible, what all of them share is sure."""
        match link.to:
            case Known(deployment):
                return self._deployments.get(deployment.place, Scope())
            case Unknown(why):
                scopes = [self._deployments.get(each.place, Scope()) for each in link.candidates]
                if not scopes:
                    return Scope()
                shared = frozenset.intersection(*(scope.requires for scope in scopes))
                possible = frozenset[Requirement]().union(*(scope.requires for scope in scopes))
                return Scope(shared, dict.fromkeys(possible - shared, why))
            case Absent():
                return Scope()

    def _all(self, deployments: Iterable[Deployment]) -> Scope:
        scope = Scope()
        for each in deployments:
            scope |= self._deployments[each.place]
        return scope


def declared_in(config: Config) -> frozenset[Requirement]:
    """All requirements of a configuration."""
    entries = [each.requires for each in (*config.deployments, *config.workspaces)]
    return config.requires.union(*entries, *(use.requires for use in config.environments))


def covers(declaration: Declaration, subject: Subject) -> bool | Unknown:
    """Whether a declaration is about an object; Unknown where that depends on a name that is not known."""
    if _matches(declaration.match, subject.id) or _matches(declaration.match, subject.block):
        return True
    match subject.name:
        case Known(found):
            return _matches(declaration.match, found)
        case Unknown() as unknown:
            return unknown
        case Absent():
            return False


def _covered(declaration: Declaration, what: str, subject: Subject) -> Scope:
    """What a declaration says of an object."""
    match covers(declaration, subject):
        case True:
            return Scope(declaration.requires, facts=declaration.facts)
        case Unknown(why):
            reason = f"whether `{declaration.match}` covers {what} depends on its name: {why}"
            return Scope(unsure=dict.fromkeys(declaration.requires, reason))
        case False:
            return Scope()


def _are_equal(one: Value[str], other: Value[str]) -> bool:
    return isinstance(one, Known) and isinstance(other, Known) and one.value == other.value


def _places(link: Link[Cluster] | Link[Workspace]) -> set[Place]:
    return {each.place for each in link.candidates}


def _matches(pattern: str, text: str) -> bool:
    """A glob; an address with its keys in brackets also matches itself."""
    return pattern == text or fnmatchcase(text, pattern)


def _runs_at_customer(deployment: Deployment) -> bool:
    match deployment.model:
        case Known(model):
            return model in {DeploymentModel.REMOTE_EXECUTION, DeploymentModel.PRIVATE_CLOUD}
        case Unknown() | Absent():
            return False
