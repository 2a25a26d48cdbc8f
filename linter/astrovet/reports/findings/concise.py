"""One line for each verdict: to grep, to sort, to jump to from an editor."""

from __future__ import annotations

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.reports.escape import visible
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import listed_for_people
from astrovet.reports.findings.summary import accepted, conclusion, instances, remarks, statistics


def render(report: Report, display: Display) -> str:
    """The failures and the undecided verdicts by place, others where `show` asks for them; then the sum."""
    listed = sorted(listed_for_people(report, display), key=order)
    notes = (visible(f"note: {note}") for note in remarks(report, display))
    counted = map(visible, statistics(report)) if display.statistics else ()
    lines = (*map(line, listed), *notes, *counted, visible(conclusion(report, display)))
    return "".join(f"{text}\n" for text in lines)


def line(verdict: Verdict) -> str:
    """`path:line:column: ID severity message`; for other verdicts than a failure their kind for the severity."""
    word = verdict.severity if verdict.kind is VerdictKind.FAIL else verdict.kind
    why = f"; accepted: {accepted(verdict.waiver)}" if verdict.waiver is not None else ""
    message = f"{verdict.text or verdict.subject}{instances(verdict)}{why}"
    return visible(f"{verdict.place}: {verdict.rule} {word} {message}")


def order(verdict: Verdict) -> tuple[str, int, int, str, str, str]:
    """By place, then by rule: an order that a change of severities leaves alone."""
    place = verdict.place
    return place.path, place.line, place.column, place.address, verdict.rule, verdict.text
