"""Evidence as one page that needs nothing else: no network, no other file, and no script but for the filter.

Its templates, style and script lie in `page/`. A new chapter is a template there, and a line in `_chapters`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from astrovet.judging.verdict import Verdict
from astrovet.reports.estate.picture import Picture
from astrovet.reports.estate.svg import svg
from astrovet.reports.evidence import words
from astrovet.reports.evidence.evidence import Cell, Evidence, RequirementChecks, Row, Standing
from astrovet.reports.findings.summary import accepted
from astrovet.reports.html import DRAWING, page_environment
from astrovet.requirements.responsibilities import Duty, Party

TEMPLATES = os.path.join(os.path.dirname(__file__), "page")

OPEN = 12
"""Subjects of one finding that are shown at once; more are behind a fold."""

TALL = 25
"""Rows above which the overview scrolls inside of its frame, its head in sight."""


class Chapter(Struct, frozen=True):
    """A section of the page, and its line in the navigation."""

    anchor: str
    heading: str
    template: str
    part: RequirementChecks | None = None
    """Of the chapter of a requirement."""


def render(evidence: Evidence, picture: Picture) -> str:
    """The page, with the picture as SVG."""
    page = _environment().get_template("page.html.jinja")
    return page.render(evidence=evidence, chapters=list(_chapters(evidence)), drawing=Markup(svg(picture)))  # noqa: S704  it escapes


def _chapters(evidence: Evidence) -> Iterator[Chapter]:
    """Those that have something to say, in their order."""
    yield Chapter("overview", "Overview", "overview.html.jinja")
    yield Chapter("picture", "Picture", "picture.html.jinja")
    for part in evidence.parts:
        heading = words.title(part.requirement)
        yield Chapter(_anchor(part.requirement), heading, "requirement.html.jinja", part)
    if evidence.attestations:
        yield Chapter("attestations", "Attestations", "attestations.html.jinja")
    yield Chapter("responsibilities", "Responsibilities", "responsibilities.html.jinja")
    if evidence.waived:
        yield Chapter("waivers", "Waivers", "waivers.html.jinja")
    if evidence.unseen:
        yield Chapter("unseen", "Not seen", "unseen.html.jinja")
    if evidence.questions:
        yield Chapter("questions", "Not decided", "questions.html.jinja")
    yield Chapter("inputs", "Inputs", "inputs.html.jinja")


def _environment() -> Environment:
    """What the templates see: the words of ours, and how a text becomes HTML."""
    environment = page_environment(TEMPLATES)
    environment.filters.update(anchor=_anchor, css_class=_css_class, joined=words.joined)
    environment.globals.update(
        DISCLAIMER=words.DISCLAIMER,
        DRAWING=DRAWING,
        MEANINGS=words.MEANINGS,
        NONE_DECLARED=words.NONE_DECLARED,
        OPEN=OPEN,
        SIGNS=words.SIGNS,
        Standing=Standing,
        TALL=TALL,
        accepted=accepted,
        alike=words.alike,
        below=_below,
        cells=_cells,
        duties_by_party=_duties_by_party,
        few=_few,
        heading=words.heading,
        headline=words.headline,
        label=words.label,
        named=words.named,
        numbers=words.numbers,
        packs=words.packs,
        passed=words.passed,
        related=_related,
        revision=words.revision,
        short=words.short,
        silent=words.silent,
        standings=_standings,
    )
    return environment


def _anchor(requirement: str) -> str:
    return f"requirement-{requirement}" if requirement else "other-checks"


def _css_class(standing: Standing) -> str:
    return standing.replace(" ", "-")


def _standings(row: Row) -> str:
    """The classes of all standings in a row: the filter looks at them."""
    return " ".join(dict.fromkeys(map(_css_class, (row.standing, *(cell.standing for cell in row.cells)))))


def _below(row: Row) -> Sequence[str]:
    """What stands below the name of a row."""
    return [words.model(row)] + ([row.id] if words.label(row) != row.id else [])


def _cells(row: Row, requirements: Sequence[str]) -> Sequence[Cell | None]:
    """One for each requirement; none where it is not declared."""
    cells = {cell.requirement: cell for cell in row.cells}
    return [cells.get(name) for name in requirements]


def _related(verdict: Verdict) -> Sequence[str]:
    """What else belongs to a verdict's subject, and where that stands."""
    notes = [f"{note.message} ({note.place})" for note in verdict.related]
    # All instances are named: the filter finds a verdict by each of them.
    return [words.joined(verdict.instances), *notes] if len(verdict.instances) > 1 else notes


def _few(names: Sequence[str]) -> str:
    """Some names; many are counted."""
    return words.joined(names) if len(names) <= OPEN else f"{len(names)} deployments"


def _duties_by_party(evidence: Evidence) -> Iterator[tuple[str, Sequence[Duty]]]:
    """The parties that answer for something, as a heading has them."""
    for party in Party:
        duties = [duty for duty in evidence.duties if duty.party is party]
        if duties:
            yield party[:1].upper() + party[1:], duties
