"""Findings that were there when astrovet was adopted: a run fails on what is new, and says what is gone."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Note
from astrovet.judging.grouping import by_weight
from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.severity import Severity
from astrovet.place import WORKING_DIRECTORY, Place, Root


class Accepted(Struct, frozen=True):
    """A finding of a baseline. Its fingerprint tells it; the rest is for people, and to tell why it is gone."""

    fingerprint: str
    rule: str
    severity: Severity
    subject: str
    path: str
    """Seen from the root of the repository. No line: moved lines change nothing."""

    def __str__(self) -> str:
        return f"{self.rule} {self.path}" + (f" ({self.subject})" if self.subject != self.path else "")


class Whereabouts(Enum):
    """What became of a finding of a baseline."""

    THERE = "there"
    FIXED = "fixed"
    UNTOLD = "untold"
    """The run could not tell: the rule did not run, it is undecided now, or the file was not looked at."""


class HeldAgainst(Struct, frozen=True):
    """A report, held against a baseline."""

    report: Report
    whereabouts: tuple[tuple[Accepted, Whereabouts], ...]

    def of(self, *wanted: Whereabouts) -> tuple[Accepted, ...]:
        """The findings of the baseline of which this became."""
        return tuple(accepted for accepted, became in self.whereabouts if became in wanted)


def baseline_of(verdicts: Iterable[Verdict], root: Root = WORKING_DIRECTORY) -> tuple[Accepted, ...]:
    """These findings as a baseline."""
    made = (
        Accepted(verdict.fingerprint, verdict.rule, verdict.severity, verdict.subject, root.path(verdict.place.path))
        for verdict in verdicts
    )
    return in_order(made)


def in_order(findings: Iterable[Accepted]) -> tuple[Accepted, ...]:
    """Such that a line more or less changes as little of the file as can be."""
    return tuple(sorted(findings, key=lambda one: (one.path, one.rule, one.subject, one.fingerprint)))


def held_against(
    baseline: Iterable[Accepted],
    report: Report,
    name: str,
    *,
    never: Container[str],
    was_looked_at: Callable[[str], bool],
    root: Root = WORKING_DIRECTORY,
) -> HeldAgainst:
    """The report, in which findings of the baseline count as accepted, and what became of these.

    What is undecided stays so. A finding that weighs more than it did when it was accepted is new.

    Args:
        baseline: what was accepted.
        report: of this run.
        name: the baseline's path, as reports show it.
        never: the rules of which no finding is accepted.
        was_looked_at: whether a file, seen from the root of the repository, was looked at, or is there no more.
        root: that of the repository, seen from the working directory.
    """
    left: dict[str, list[Accepted]] = {}
    for accepted in baseline:
        left.setdefault(accepted.fingerprint, []).append(accepted)
    there: list[Accepted] = []

    def judged_again(verdict: Verdict) -> Verdict:
        if verdict.kind not in {VerdictKind.FAIL, VerdictKind.WAIVED} or not left.get(verdict.fingerprint):
            return verdict
        accepted = left[verdict.fingerprint].pop()
        there.append(accepted)
        if verdict.kind is VerdictKind.WAIVED or verdict.rule in never:
            return verdict
        if verdict.severity.rank < accepted.severity.rank:
            note = Note(f"accepted as {accepted.severity}: it weighs more now", Place(name))
            return replace(verdict, related=(*verdict.related, note))
        return replace(verdict, kind=VerdictKind.BASELINE)

    verdicts = sorted(map(judged_again, report.verdicts), key=by_weight)
    gone = (accepted for several in left.values() for accepted in several)
    return HeldAgainst(
        replace(report, verdicts=tuple(verdicts), baseline=name),
        (
            *((accepted, Whereabouts.THERE) for accepted in there),
            *((accepted, _became(accepted, report, was_looked_at, root)) for accepted in gone),
        ),
    )


def _became(accepted: Accepted, report: Report, was_looked_at: Callable[[str], bool], root: Root) -> Whereabouts:
    """What became of a finding that this run does not have: fixed only where the run could have found it."""
    open_subjects = {
        subject
        for gap in report.unseen
        if accepted.rule in gap.rules
        for subject in gap.subjects or (accepted.subject,)  # nobody can tell on whose sake
    }
    undecided = any(
        verdict.rule == accepted.rule
        and (verdict.subject == accepted.subject or root.path(verdict.place.path) == accepted.path)
        for verdict in report.of(VerdictKind.UNKNOWN)
    )
    is_untold = accepted.rule not in report.rules_run or undecided or accepted.subject in open_subjects
    return Whereabouts.UNTOLD if is_untold or not was_looked_at(accepted.path) else Whereabouts.FIXED


NAMED = 10
"""Of more findings than these, the others are counted."""


def told(held: HeldAgainst) -> Iterator[str]:
    """What is to be said of the findings of a baseline that the run does not have."""
    name = held.report.baseline
    fixed, untold = held.of(Whereabouts.FIXED), held.of(Whereabouts.UNTOLD)
    if fixed:
        way = f"`--baseline {name} --write-baseline {name}` takes them out"
        yield f"fixed, and no longer found though the baseline has it: {_listed(fixed)}; {way}"
    if untold:
        why = "its rule did not run or is undecided there, or the file was not looked at"
        yield f"in the baseline, and this run cannot tell whether it is fixed ({why}): {_listed(untold)}"


def _listed(several: tuple[Accepted, ...]) -> str:
    more = len(several) - NAMED
    return ", ".join(map(str, several[:NAMED])) + (f" and {more} more" if more > 0 else "")
