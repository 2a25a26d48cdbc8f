"""The findings for the summary of a workflow's step, and for a comment on a pull request."""

from __future__ import annotations

from astrovet.judging.verdict import Report
from astrovet.reports.findings import concise
from astrovet.reports.findings.display import Display
from astrovet.reports.markdown import Lines, not_seen


def render(report: Report, display: Display) -> str:
    """The findings as lines that are shown as they are, then the list of what was not seen."""
    return "\n".join(_lines(report, display)).rstrip("\n") + "\n"


def _lines(report: Report, display: Display) -> Lines:
    yield "## astrovet"
    yield ""
    yield from (f"    {line}" for line in concise.render(report, display).splitlines())
    yield ""
    if report.unseen:
        yield "### Not seen"
        yield ""
        yield from not_seen(report.unseen)
