"""What a change does to the verdicts: two reports, before and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.estate import Estate


class Pair(Struct, frozen=True):
    """A verdict before and after a change."""

    before: Verdict
    after: Verdict


class Comparison(Struct, frozen=True):
    """What a change does. What is opened, heavier or unknowable is worse than before."""

    base: str
    """What was judged before the change, as people call it."""
    head: str
    opened: tuple[Verdict, ...]
    """Failures that were none before: they passed, were undecided, waived, or were not there."""
    heavier: tuple[Pair, ...]
    """Failures that weigh more than before."""
    unknowable: tuple[Verdict, ...]
    """What is undecided, and was decided before or was not there."""
    closed: tuple[Verdict, ...]
    """Failures of before that neither fail nor are undecided any more."""
    accepted: tuple[Verdict, ...]
    """Failures of before that are waived now."""
    decided: tuple[Verdict, ...]
    """What was undecided before, and is decided now, whichever way; the verdicts of before."""
    stayed: int
    """Failures that are as they were."""
    notes: tuple[str, ...]
    """What the reader must know besides: requirements that the change drops."""


def compared(base: Report, head: Report, base_name: str, head_name: str) -> Comparison:
    """What changed from one report to the other.

    Two verdicts are one where they have one fingerprint; what is left then, where rule, object, key and words are the
    same: so a folder or a plan of another name changes nothing.
    """
    fails = _Matched(_of(base, VerdictKind.FAIL), _of(head, VerdictKind.FAIL))
    opens = _Matched(_of(base, VerdictKind.UNKNOWN), _of(head, VerdictKind.UNKNOWN))
    undecided = {_about(verdict) for verdict in opens.after}
    waived = {verdict.fingerprint for verdict in _of(head, VerdictKind.WAIVED)}
    gone = [verdict for verdict in fails.before if _about(verdict) not in undecided]
    heavier = [pair for pair in fails.pairs if pair.after.severity.rank < pair.before.severity.rank]
    return Comparison(
        base_name,
        head_name,
        opened=tuple(fails.after),
        heavier=tuple(heavier),
        unknowable=tuple(opens.after),
        closed=tuple(verdict for verdict in gone if verdict.fingerprint not in waived),
        accepted=tuple(verdict for verdict in gone if verdict.fingerprint in waived),
        decided=tuple(opens.before),
        stayed=len(fails.pairs) - len(heavier),
        notes=tuple(_dropped(base, head)),
    )


class _Matched:
    """Verdicts of before and after, with their fellows."""

    def __init__(self, before: Iterable[Verdict], after: Iterable[Verdict]) -> None:
        self.before, self.after = list(before), list(after)
        self.pairs: list[Pair] = []
        self._match(lambda verdict: (verdict.fingerprint,))
        self._match(lambda verdict: (*_about(verdict), verdict.place.pointer, verdict.message))

    def _match(self, key: Callable[[Verdict], tuple[str, ...]]) -> None:
        """Bring together what has one key, each verdict once."""
        waiting: dict[tuple[str, ...], list[Verdict]] = {}
        for verdict in self.before:
            waiting.setdefault(key(verdict), []).append(verdict)
        left = []
        for verdict in self.after:
            fellows = waiting.get(key(verdict))
            if fellows:
                self.pairs.append(Pair(fellows.pop(0), verdict))
            else:
                left.append(verdict)
        self.after = left
        self.before = [verdict for fellows in waiting.values() for verdict in fellows]


def _of(report: Report, kind: VerdictKind) -> Iterator[Verdict]:
    """The verdicts of a kind; that there was nothing to check is no finding of a change."""
    return (
        verdict
        for verdict in report.of(kind)
        if not (report.nothing_to_check and verdict.subject_kind == Estate.kind)
    )  # fmt: skip


def _about(verdict: Verdict) -> tuple[str, str]:
    return verdict.rule, verdict.subject


def _dropped(base: Report, head: Report) -> Iterator[str]:
    """Requirements that are declared no more: what they asked for is closed by nobody's work."""
    before, now = _required(base), _required(head)
    for name in before:
        lost = sorted(before[name] - now.get(name, before[name]))
        if lost:
            yield f"the change no longer requires {', '.join(lost)} of {name}"


def _required(report: Report) -> dict[str, frozenset[str]]:
    """What is required of each object; two root modules may have one of the same name."""
    names: dict[str, frozenset[str]] = {}
    for subject in report.subjects:
        names[subject.id] = names.get(subject.id, frozenset()) | frozenset(subject.requires)
    return names
