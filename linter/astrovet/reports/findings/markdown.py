"""The findings for the summary of a workflow's step, and for a comment on a pull request."""

from __future__ import annotations

from astrovet.judging.verdict import Report
from astrovet.reports.estate.mermaid import mermaid
from astrovet.reports.findings import concise
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.summary import count
from astrovet.reports.markdown import Lines, not_seen, picture

MOST = 1000
"""Lines that are listed; GitHub takes no summary of a step above 1 MiB."""


def render(report: Report, display: Display) -> str:
    """The findings as lines that are shown as they are, the list of what was not seen, and the architecture."""
    return "\n".join(_lines(report, display)).rstrip("\n") + "\n"


def _lines(report: Report, display: Display) -> Lines:
    yield "## astrovet"
    yield ""
    lines = concise.render(report, display).splitlines()
    yield from (f"    {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield f"    … {count(len(lines) - MOST, 'line')} more"
        yield f"    {lines[-1]}"
    yield ""
    if report.unseen:
        yield "### Not seen"
        yield ""
        yield from not_seen(report.unseen)
    if display.picture is not None:
        yield "### Picture"
        yield ""
        yield from picture(mermaid(display.picture))
