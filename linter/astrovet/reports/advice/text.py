"""Advice for people: a block for each model."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.reports.advice.words import headline, reasoned, said_of, to_do
from astrovet.requirements.advice import Advice, Option
from astrovet.requirements.tables import TITLES, Fit

MARKS = {Fit.NO: "not ", Fit.DOUBTFUL: "? "}
"""What stands before a reason that is none to choose the model."""


def render(advice: Advice) -> str:
    """The answer, then each model with its reasons."""
    return "".join(f"{line}\n" for line in _lines(advice))


def _lines(advice: Advice) -> Iterator[str]:
    yield headline(advice)
    for option in advice.options:
        yield ""
        yield f"{'yes' if option.satisfies else 'no '}  {TITLES[option.model]}{_plan(option)}"
        yield from (f"       {MARKS.get(reason.fit, '')}{reasoned(reason)}" for reason in said_of(option))
        yield from (f"       {label}: {what}" for label, what in to_do(option))


def _plan(option: Option) -> str:
    return f" (plan: {option.tier} or above [{', '.join(option.tier_sources)}])" if option.satisfies else ""
