"""What a comment requires of what stands beside it."""

from __future__ import annotations

from msgspec import Struct

from astrovet.model.requirement import Requirement
from astrovet.place import Place


class Demand(Struct, frozen=True):
    """A comment `# astrovet: requires hipaa`."""

    place: Place
    """Of the comment itself."""
    requires: frozenset[Requirement]
    audit_days: int | None
    """For how many days the audit log has to be kept."""
    lines: tuple[int, int]
    """The first and the last line of its file that it is for; a file of values is one whole."""

    def is_at(self, place: Place) -> bool:
        """Whether it is for what stands at a place."""
        first, last = self.lines
        return place.path == self.place.path and first <= place.line <= last
