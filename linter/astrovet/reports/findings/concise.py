"""One line for each verdict: to grep, to sort, to jump to from an editor."""

from __future__ import annotations

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.reports import Settings
from astrovet.reports.escape import visible
from astrovet.reports.findings.selection import for_people
from astrovet.reports.findings.summary import accepted, found, instances, remarks


def render(report: Report, settings: Settings) -> str:
    """The failures and the undecided verdicts by place, others where `show` asks for them; then the sum."""
    listed = sorted((verdict for verdict in report.verdicts if for_people(verdict, settings)), key=order)
    notes = (visible(f"note: {each}") for each in remarks(report, settings))
    return "".join(f"{each}\n" for each in (*map(line, listed), *notes, visible(found(report, settings))))


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
