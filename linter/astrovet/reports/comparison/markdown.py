"""A comparison for a comment on a pull request."""

from __future__ import annotations

from astrovet.judging.comparison import Comparison
from astrovet.reports.comparison.words import conclusion, sections
from astrovet.reports.findings.summary import count
from astrovet.reports.markdown import Lines, text

MOST = 200
"""Lines of a section; GitHub takes no comment above 65,536 characters."""


def render(comparison: Comparison, _version: str) -> str:
    """The sum first: that is what a mail shows."""
    return "\n".join(_lines(comparison)).rstrip("\n") + "\n"


def _lines(comparison: Comparison) -> Lines:
    yield "## astrovet"
    yield ""
    yield text(conclusion(comparison))
    yield ""
    for heading, lines in sections(comparison):
        yield f"### {heading}"
        yield ""
        yield from (f"    {line}" for line in lines[:MOST])
        if len(lines) > MOST:
            yield f"    … {count(len(lines) - MOST, 'line')} more"
        yield ""
    yield from (f"- {text(note)}" for note in comparison.notes)
