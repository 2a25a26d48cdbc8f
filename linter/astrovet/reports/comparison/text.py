"""A comparison for people: a line for each verdict that changed."""

from __future__ import annotations

from astrovet.judging.comparison import Comparison
from astrovet.reports.comparison.words import conclusion, sections
from astrovet.reports.escape import visible


def render(comparison: Comparison, _version: str) -> str:
    """What is worse, then what is better, then the sum."""
    blocks = ["\n".join((f"{heading}:", *(f"  {line}" for line in lines))) for heading, lines in sections(comparison)]
    notes = [f"note: {visible(note)}" for note in comparison.notes]
    return "\n".join((*(f"{block}\n" for block in blocks), *notes, visible(conclusion(comparison)))) + "\n"
