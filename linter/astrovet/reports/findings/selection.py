"""Which verdicts a format shows."""

from __future__ import annotations

from itertools import product

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.place import Place
from astrovet.reports.findings.display import Display


def listed_for_people(report: Report, display: Display) -> tuple[Verdict, ...]:
    """What people read. Values that cannot be read leave many rules open: that is said once, with their ids.

    Who asks for the undecided verdicts gets each of them.
    """
    told = _told(report) if VerdictKind.UNKNOWN not in display.show else {}
    return tuple(
        verdict
        for verdict in report.verdicts
        if for_people(verdict, display)
        and not (
            verdict.kind is VerdictKind.UNKNOWN
            and any(verdict.rule in told.get((verdict.message, at), ()) for at in (verdict.subject, verdict.place))
        )
    )


def _told(report: Report) -> dict[tuple[str, str | Place], set[str]]:
    """The rules that each cause leaves open, by how it is put and by each subject and place that it says so of."""
    told: dict[tuple[str, str | Place], set[str]] = {}
    for gap in report.unseen:
        if gap.counts:
            _, *words = gap.what.split(": ")
            causes = (": ".join(words[first:]) for first in range(len(words)))
            spoken_of: tuple[str | Place, ...] = (*gap.subjects, gap.place)
            for cause, at in product(causes, spoken_of):
                told.setdefault((cause, at), set()).update(gap.rules)
    return told


def for_people(verdict: Verdict, display: Display) -> bool:
    """A failure that is grave enough, an undecided verdict, or one that was asked for; -v asks for the accepted."""
    match verdict.kind:
        case VerdictKind.FAIL:
            return verdict.severity.rank <= display.min_severity.rank
        case VerdictKind.UNKNOWN:
            return True
        case VerdictKind.WAIVED | VerdictKind.BASELINE:
            return verdict.kind in display.show or display.verbosity > 0
        case VerdictKind.PASS | VerdictKind.NOT_APPLICABLE:
            return verdict.kind in display.show


def for_machines(verdict: Verdict, display: Display) -> bool:
    """Everything that is not well, whatever its severity; what is well only where it was asked for."""
    match verdict.kind:
        case VerdictKind.FAIL | VerdictKind.UNKNOWN | VerdictKind.WAIVED | VerdictKind.BASELINE:
            return True
        case VerdictKind.PASS | VerdictKind.NOT_APPLICABLE:
            return verdict.kind in display.show
