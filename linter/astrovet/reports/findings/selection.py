"""Which verdicts a format shows."""

from __future__ import annotations

from astrovet.judging.verdict import Verdict, VerdictKind
from astrovet.reports import Settings


def for_people(verdict: Verdict, settings: Settings) -> bool:
    """A failure that is grave enough, an undecided verdict, or one that was asked for; -v asks for the waived."""
    match verdict.kind:
        case VerdictKind.FAIL:
            return verdict.severity.rank <= settings.min_severity.rank
        case VerdictKind.UNKNOWN:
            return True
        case VerdictKind.WAIVED:
            return verdict.kind in settings.show or settings.verbosity > 0
        case VerdictKind.PASS | VerdictKind.NOT_APPLICABLE:
            return verdict.kind in settings.show


def for_machines(verdict: Verdict, settings: Settings) -> bool:
    """Everything that is not well, whatever its severity; what is well only where it was asked for."""
    match verdict.kind:
        case VerdictKind.FAIL | VerdictKind.UNKNOWN | VerdictKind.WAIVED:
            return True
        case VerdictKind.PASS | VerdictKind.NOT_APPLICABLE:
            return verdict.kind in settings.show
