"""What a run was told of, or what an object of it rests on, and what no input shows."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject
from astrovet.place import Place

OF_TEMPLATES = "templates of "
"""How one begins that is about the templates of a chart; the folder of that follows."""


class Opens(Struct, frozen=True):
    """What a blind spot leaves open."""

    rules: tuple[str, ...]
    """The ids of those that judge the kinds of object that it may hold."""
    requirements: tuple[Requirement, ...]
    """Those that are declared of what rests on it, and that these rules support."""
    counts: bool
    """It makes the run undecided; else it is only told."""


class BlindSpot(Subject, frozen=True):
    """Something that was not seen, so that nothing is known of what it holds: a module that is not at hand, the
    values of a deployment's agents.

    Readers make it; judging tells which rules it leaves open.
    """

    kind: ClassVar[str] = "blind spot"
    order: ClassVar[int] = 2
    is_of_run: ClassVar[bool] = True

    id: str
    what: str
    """What was not seen, in a sentence that never holds a value."""
    how: str
    """What would show it."""
    place: Place
    """Where it was met."""
    decides: tuple[type[Subject], ...]
    """The kinds of object that it may hold."""
    concerns: tuple[Subject, ...] = ()
    """Those that rest on it; empty where nobody can tell."""
    is_implied: bool = False
    """No input refers to it: it counts only where something that is declared rests on it."""
    cause: str = ""
    """Where it is values that cannot be read: the reason that rules give for what they leave open for its sake."""
    opens: Opens | None = None
    """What it leaves open; None before that was looked at."""

    @property
    def named_files(self) -> tuple[str, ...]:
        concerned = (path for subject in self.concerns for path in (subject.place.path, *subject.named_files))
        return (*concerned, self.id.partition(OF_TEMPLATES)[2])

    def is_kept_from(self, kinds: tuple[type[Subject], ...]) -> bool:
        """Whether it can hold nothing of these kinds."""
        return set(self.decides).isdisjoint(kinds)

    @property
    def block(self) -> str:
        return self.id
