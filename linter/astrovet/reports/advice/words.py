"""What the formats for people say of advice in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astrovet.model.requirement import Requirement
from astrovet.requirements.advice import Advice, Option, Reason
from astrovet.requirements.tables import TITLES


def headline(advice: Advice) -> str:
    """The answer in one line."""
    asked = ", ".join(advice.requires)
    satisfying = [TITLES[option.model] for option in advice.satisfying]
    if satisfying:
        return f"{asked}: {', '.join(satisfying)}"
    pairs = "; ".join(_together(names) for names in advice.conflicts)
    return f"{asked}: no model satisfies this" + (f": {pairs}" if pairs else "")


def _together(names: Sequence[Requirement]) -> str:
    return f"{' and '.join(names)} exclude each other" if len(names) > 1 else f"no model satisfies {names[0]}"


def said_of(option: Option) -> tuple[Reason, ...]:
    """Why a model satisfies or, where it does not, only what is against it."""
    return option.reasons if option.satisfies else option.against


def reasoned(reason: Reason) -> str:
    """A reason with its sources."""
    return f"{reason.topic}: {reason.why} [{', '.join(reason.sources)}]"


def to_do(option: Option) -> Iterator[tuple[str, str]]:
    """What is left to people where they choose this model, and what kind of task it is."""
    if option.satisfies:
        yield from (("to do", need) for need in option.needs)
        if option.attestations:
            yield "to attest", ", ".join(option.attestations)
