"""What may not be made at all: how many of a block of Terraform there are is not known."""

from __future__ import annotations

from astrovet.model.blind_spot import BlindSpot
from astrovet.model.subject import Part, Subject
from astrovet.value import Unknown


def doubtful(part: Part, what: str, doubt: Unknown, concerns: tuple[Subject, ...]) -> BlindSpot:
    """The blind spot for a block that may make nothing, in whose place something else then stands."""
    return BlindSpot(
        id=f"number of {part.block}",
        what=f"whether {part.block}, {what}, is made at all cannot be told: {doubt.why}",
        how=doubt.how or "give its value (--var-file), or scan the plan",
        place=part.place,
        decides=(type(part),),
        concerns=concerns,
        is_implied=True,
    )
