"""What Terraform refuses, and what astrovet cannot decide as Terraform would."""

from __future__ import annotations

from astrovet.value import Unknown


class RefusedError(Exception):
    """The reason why a result is Unknown, and how to find out where there is a way.

    Neither ever holds a value of the input.
    """

    def __init__(self, why: str, how: str = "") -> None:
        super().__init__(why)
        self.why, self.how = why, how

    @classmethod
    def because_of(cls, lost: Unknown) -> RefusedError:
        """What depends on this is as unknown as it is."""
        return cls(lost.why, lost.how)
