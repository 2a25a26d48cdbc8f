"""Advice as one Markdown table with a row for each model."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.reports.advice.words import headline, reasoned, said_of, to_do
from astrovet.requirements.advice import Advice, Option
from astrovet.requirements.tables import TITLES, Fit


def render(advice: Advice) -> str:
    """The answer, then the table."""
    return "".join(f"{line}\n" for line in _lines(advice))


def _lines(advice: Advice) -> Iterator[str]:
    yield f"**{headline(advice)}**"
    yield ""
    yield "| model | satisfies | least plan | why | still to do |"
    yield "|---|---|---|---|---|"
    for option in advice.options:
        why = "<br>".join(map(reasoned, said_of(option)))
        left = "<br>".join(f"{label}: {what}" for label, what in to_do(option))
        tier = option.tier if option.satisfies else ""
        yield f"| {TITLES[option.model]} | {_satisfies(option)} | {tier} | {why} | {left} |"


def _satisfies(option: Option) -> str:
    if not option.satisfies:
        return "no"
    return "with doubts" if any(reason.fit is Fit.DOUBTFUL for reason in option.reasons) else "yes"
