"""Everything that one run looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import ClassVar, TypeVar, cast

from msgspec.structs import replace

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.model.address_range import CustomerNetwork
from astrovet.model.agent import Agent
from astrovet.model.demand import Demand
from astrovet.model.deployment import Deployment, Twin
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.value import Known, Value

S = TypeVar("S", bound=Subject)

NOWHERE = Place("")


class Input(Subject, frozen=True):
    """A file that was looked at."""

    kind: ClassVar[str] = "input"
    order: ClassVar[int] = 1
    is_of_run: ClassVar[bool] = True

    path: str
    input_kind: InputKind
    problems: tuple[Problem, ...] = ()
    named: bool = False
    """The user named this file; others were found below a folder."""

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


class Estate(Subject, frozen=True, dict=True):
    """Everything that one run looks at, linked.

    A part of it is an estate too: estates are added to each other.
    """

    kind: ClassVar[str] = "run"
    order: ClassVar[int] = 0
    is_of_run: ClassVar[bool] = True

    place: Place = NOWHERE
    """Where the scan began; a finding about the run as a whole points here."""
    objects: tuple[Subject, ...] = ()
    """All that rules can be about, of every kind."""
    customer_networks: tuple[CustomerNetwork, ...] = ()
    namespaces: frozenset[str] = frozenset()
    """Of Kubernetes: those that any object names as its own, and those that are declared."""
    demands: tuple[Demand, ...] = ()
    """Requirements in comments."""
    other_objects: int = 0
    """Objects of Astro that were recognised and that no rule looks at, those being removed included."""
    notes: tuple[str, ...] = ()
    """What was seen and not judged."""
    id: str = "run"
    block: str = "run"

    def __add__(self, other: Estate) -> Estate:
        """Both together, at the place of the first."""
        return together((self, other))

    def of(self, kind: type[S]) -> tuple[S, ...]:
        """All objects of one kind, in the order of the inputs."""
        return cast("tuple[S, ...]", self._by_kind.get(kind, ()))

    def kinds(self) -> frozenset[type[Subject]]:
        """The kinds of object of which there is one."""
        return frozenset(self._by_kind)

    def everything(self) -> tuple[Subject, ...]:
        """All objects of all kinds, the estate itself the first."""
        return tuple(subject for subjects in self._by_kind.values() for subject in subjects)

    @cached_property
    def _by_kind(self) -> dict[type[Subject], tuple[Subject, ...]]:
        sorted_in: dict[type[Subject], list[Subject]] = {Estate: [self]}
        for subject in self.objects:
            sorted_in.setdefault(type(subject), []).append(subject)
        return {kind: tuple(sorted_in[kind]) for kind in sorted(sorted_in, key=lambda kind: kind.order)}

    def with_objects(self, *objects: Subject) -> Estate:
        """The estate with more objects."""
        return replace(self, objects=(*self.objects, *objects))

    def with_all(self, kind: type[S], objects: tuple[S, ...]) -> Estate:
        """The estate with these in place of its objects of one kind."""
        others = tuple(subject for subject in self.objects if type(subject) is not kind)
        return replace(self, objects=(*others, *objects))

    def agents_of(self, deployment: Deployment) -> tuple[Agent, ...]:
        """The agents that serve a deployment, or may."""
        return self._agents_by_deployment.get(deployment.place, ())

    @cached_property
    def _agents_by_deployment(self) -> dict[Place, tuple[Agent, ...]]:
        serving: dict[Place, list[Agent]] = {}
        for agent in self.of(Agent):
            for place in {candidate.place for candidate in agent.deployment.candidates}:
                serving.setdefault(place, []).append(agent)
        for twin in self.of(Twin):  # who serves what is written serves what runs
            serving.setdefault(twin.running.place, []).extend(serving.get(twin.written.place, ()))
        return {place: tuple(agents) for place, agents in serving.items()}

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the run began and its files, each once: the paths whose configurations hold for it."""
        return tuple(dict.fromkeys((self.place.path, *(file.path for file in self.of(Input)))))

    def is_partial(self, path: str) -> bool:
        """Whether a plan lacks something: then nothing is proved by what is not in it."""
        return path in self._partial

    @cached_property
    def _partial(self) -> frozenset[str]:
        return frozenset(file.path for file in self.of(Input) if file.problems_of(ProblemKind.INCOMPLETE_PLAN))

    @property
    def is_empty(self) -> bool:
        """Nothing of Astro was recognised."""
        return self.other_objects == 0 and not any(subject.is_of_astro for subject in self.objects)

    @cached_property
    def has_execution_plane(self) -> bool:
        """Some of the tasks run in the customer's own environment."""
        return bool(self.of(Agent)) or any(
            isinstance(deployment.model, Known) and deployment.model.value is DeploymentModel.REMOTE_EXECUTION
            for deployment in self.of(Deployment)
        )


def together(estates: Iterable[Estate]) -> Estate:
    """All of them in one, at the place of the first; made once, for each `+` copies what is there so far."""
    parts = list(estates)
    return Estate(
        place=parts[0].place if parts else NOWHERE,
        objects=tuple(subject for part in parts for subject in part.objects),
        customer_networks=tuple(network for part in parts for network in part.customer_networks),
        namespaces=frozenset(name for part in parts for name in part.namespaces),
        demands=tuple(demand for part in parts for demand in part.demands),
        other_objects=sum(part.other_objects for part in parts),
        notes=tuple(note for part in parts for note in part.notes),
    )


def with_problems(estate: Estate, problems: Mapping[str, tuple[Problem, ...]]) -> Estate:
    """The estate with more problems of its files, by path.

    A path that is no input yet is a source behind a plan: what its comments say counts, so it becomes one.
    """
    known = {file.path for file in estate.of(Input)}
    files = [replace(file, problems=(*file.problems, *problems.get(file.path, ()))) for file in estate.of(Input)]
    files += [Input(path, InputKind.TERRAFORM_SOURCE, wrong) for path, wrong in problems.items() if path not in known]
    return estate.with_all(Input, tuple(files))


def with_refused(estate: Estate, refused: Mapping[str, Problem]) -> Estate:
    """The estate with files that were not read, by path: nothing else can be said of them."""
    if not refused:
        return estate
    known = {file.path for file in estate.of(Input)}
    files = [
        replace(file, problems=(refused[file.path],)) if file.path in refused else file for file in estate.of(Input)
    ]
    files += [Input(path, InputKind.UNRECOGNISED, (refused[path],)) for path in sorted(refused.keys() - known)]
    return estate.with_all(Input, tuple(files))
