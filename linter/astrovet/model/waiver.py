"""What somebody accepts in spite of a rule, and why."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.value import Absent, Value


class WaiverUse(Struct, frozen=True):
    """What judging has shown of a waiver."""

    findings: int = 0
    """How many findings it covers, whether or not it counts for them."""
    idle: tuple[str, ...] = ()
    """Of its rules, as written, those that ran and report nothing that it covers."""
    lacks: tuple[str, ...] = ()
    """What the policy asks of it and it does not have: `reason`, `owner`, `until`."""
    refused: tuple[str, ...] = ()
    """Of its rules, as written, those that nobody may waive."""
    requires: frozenset[Requirement] = frozenset()
    """What is required of the subjects whose findings it covers."""


class Waiver(Subject, frozen=True):
    """A finding that somebody accepts: a comment beside it, or an entry of the configuration."""

    kind: ClassVar[str] = "waiver"
    order: ClassVar[int] = 90
    is_of_run: ClassVar[bool] = True

    place: Place
    """Of the comment or the entry itself."""
    rules: tuple[str, ...]
    """Ids, names and prefixes of ids, as written."""
    reason: str = ""
    owner: str = ""
    until: str = ""
    """The last day on which it counts, `2027-01-31`; empty: for ever."""
    lines: tuple[int, int] = (0, 0)
    """Of a comment: the first and the last line of its file that it covers."""
    at: tuple[str, ...] = ()
    """Of an entry: globs over addresses and over the names of deployments and agents."""
    paths: tuple[str, ...] = ()
    """Of an entry: the same globs as paths of files and folders."""
    is_in_run: bool = True
    """What it covers would be in this run if it was anywhere."""
    number: int = 1
    """Among the waivers of its file for the same rules."""
    use: WaiverUse = WaiverUse()

    @property
    def id(self) -> str:
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{self.place.path}: waiver of {', '.join(self.rules)}{again}"

    @property
    def block(self) -> str:
        return self.id

    @property
    def name(self) -> Value[str]:
        return Absent(self.place)

    @property
    def is_comment(self) -> bool:
        return not self.at

    def has_ended(self, today: str) -> bool:
        """Whether its last day is over."""
        return "" < self.until < today
