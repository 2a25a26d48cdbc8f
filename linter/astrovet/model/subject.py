"""What a rule can be about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Absent, Value

if TYPE_CHECKING:
    from astrovet.model.deployment_model import DeploymentModel
    from astrovet.model.link import Link


class Subject(Struct, frozen=True):
    """Something that rules judge. What the engine and the reports have to know of its kind, the kind declares."""

    kind: ClassVar[str]
    """What people call it, as reports show it."""
    order: ClassVar[int] = 50
    """Where its kind stands when all kinds are gone through, the lower the earlier."""
    listing: ClassVar[int] = 0
    """Where its kind stands among the objects that a report lists, the lower the earlier; 0: it is not listed."""
    is_of_run: ClassVar[bool] = False
    """It is about the run itself, its inputs and what people say of them: what judges it says nothing of Astro."""

    is_one_with_its_block: ClassVar[bool] = False
    """What is said of all of one block where each of them stands is one finding, and not one for each."""

    @property
    def id(self) -> str:
        """What tells it apart from the others of its kind: an address or a path."""
        raise NotImplementedError

    @property
    def block(self) -> str:
        """The id without the keys of instances: several instances of a source block share it."""
        raise NotImplementedError

    @property
    def place(self) -> Place:
        """Where it stands."""
        raise NotImplementedError

    @property
    def name(self) -> Value[str]:
        """What people call it."""
        return Absent(self.place)

    @property
    def shown_kind(self) -> str:
        """The kind that verdicts about it name."""
        return self.kind

    @property
    def named_files(self) -> tuple[str, ...]:
        """The files whose paths are parts of its id, besides the one that it stands in."""
        return ()

    @property
    def is_of_astro(self) -> bool:
        """It belongs to Astro, or to the agents that serve it: a run that has it has something to judge."""
        return False

    @property
    def is_listed(self) -> bool:
        """Reports list it among the objects that they are about."""
        return self.listing > 0

    @property
    def model(self) -> Value[DeploymentModel]:
        """The deployment model that it is of; Absent for what has none of its own."""
        return Absent(self.place)

    def links(self) -> Mapping[str, Link[Subject]]:
        """What it belongs to, by what that is: `cluster`, `deployment`."""
        return {}

    def hidden(self) -> Iterator[Value[str]]:
        """Values of it that nothing may ever show."""
        yield from ()


class Part(Subject, frozen=True):
    """A part of the estate that an input declares."""

    id: str
    block: str
    place: Place
    name: Value[str]


class AstroPart(Part, frozen=True):
    """An object of Astro, or an agent that serves one."""

    @property
    def shown_kind(self) -> str:
        """The kind that verdicts about it name."""
        return self.kind

    @property
    def is_of_astro(self) -> bool:
        return True


def label(subject: Subject) -> str:
    """The subject's id, with the environment where there are several."""
    environment = subject.place.environment
    return f"{subject.id} ({environment})" if environment else subject.id
