"""What Terraform refuses, and what astrovet cannot decide as Terraform would."""

from __future__ import annotations

from astrovet.place import Place
from astrovet.value import Unknown


class UndecidedError(Exception):
    """The reason why a result is Unknown, and how to find out where there is a way.

    Neither ever holds a value of the input.
    """

    is_refused = False

    def __init__(self, why: str, how: str = "") -> None:
        super().__init__(why)
        self.why, self.how = why, how

    @classmethod
    def because_of(cls, lost: Unknown) -> UndecidedError:
        """What depends on this is as unknown as it is, or refused as it is."""
        return (RefusedError if lost.is_refused else UndecidedError)(lost.why, lost.how)

    def unknown(self, place: Place) -> Unknown:
        """What stands in the place of the result."""
        return Unknown(self.why, place, how=self.how, is_refused=self.is_refused)


class RefusedError(UndecidedError):
    """Terraform surely ends with an error here: what `try` and `can` go by."""

    is_refused = True
