"""Which verdicts a format shows."""

from __future__ import annotations

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.reports.findings.display import Display


def listed_for_people(report: Report, display: Display) -> tuple[Verdict, ...]:
    """What people read. Values that cannot be read leave many rules open: that is said once, with their ids.

    Who asks for the undecided verdicts gets each of them.
    """
    causes = [gap for gap in report.unseen if gap.counts and VerdictKind.UNKNOWN not in display.show]
    return tuple(
        verdict
        for verdict in report.verdicts
        if for_people(verdict, display)
        and not any(
            verdict.kind is VerdictKind.UNKNOWN
            and verdict.rule in gap.rules
            and (verdict.subject in gap.subjects or verdict.place == gap.place)
            and gap.what.endswith(f": {verdict.message}")
            for gap in causes
        )
    )


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
