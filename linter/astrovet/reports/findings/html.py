"""The findings as one page that needs nothing else: no network, no other file, no script."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.reports.estate.svg import svg
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import listed_for_people
from astrovet.reports.findings.source import source_of
from astrovet.reports.findings.summary import accepted, conclusion, count, instances, looked_at, remarks
from astrovet.reports.home import manual_url
from astrovet.reports.html import DRAWING, page_environment

TEMPLATES = os.path.join(os.path.dirname(__file__), "page")

_HEADINGS: Mapping[VerdictKind, str] = {
    VerdictKind.FAIL: "Findings",
    VerdictKind.UNKNOWN: "Undecided",
    VerdictKind.WAIVED: "Waived",
    VerdictKind.BASELINE: "In the baseline",
    VerdictKind.PASS: "Passed",
    VerdictKind.NOT_APPLICABLE: "Not applicable",
}
"""In the order of the page."""


def render(report: Report, display: Display) -> str:
    """The page, with the source line of each finding, its reason and remedy, and the picture of the architecture.

    What is waived, and what a baseline accepts, is always there: a page is kept, and nobody can ask it for more.
    """
    listed = listed_for_people(report, display)
    accepted_ones = (*report.of(VerdictKind.WAIVED), *report.of(VerdictKind.BASELINE))
    everything = tuple(dict.fromkeys((*listed, *accepted_ones)))
    drawing = svg(display.picture) if display.picture is not None else ""
    page = page_environment(TEMPLATES).get_template("findings.html.jinja")
    return page.render(
        chapters=[
            (kind, heading, [one for one in everything if one.kind is kind]) for kind, heading in _HEADINGS.items()
        ],
        DRAWING=DRAWING,
        accepted=accepted,
        conclusion=conclusion(report, display, "below"),
        drawing=Markup(drawing),  # noqa: S704  it escapes
        instances=instances,
        looked_at=looked_at(report),
        manuals={rule.id: manual_url(rule) for rule in display.rules},
        related=_related,
        remarks=remarks(report, display),
        source=lambda verdict: source_of(verdict, display),
        title=_title(report),
        unseen=report.unseen,
        version=display.version,
    )


def _title(report: Report) -> str:
    fails = report.of(VerdictKind.FAIL)
    return f"astrovet: {count(len(fails), 'finding')}" if fails else "astrovet: no findings"


def _related(verdict: Verdict) -> Sequence[str]:
    """What else belongs to a verdict, and where that stands."""
    named = [", ".join(verdict.instances)] if len(verdict.instances) > 1 else []
    return [*named, *(f"{note.message} ({note.place})" for note in verdict.related)]
