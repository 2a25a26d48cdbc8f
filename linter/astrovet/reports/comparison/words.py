"""What the formats of a comparison share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from astrovet.judging.comparison import Comparison, Pair
from astrovet.judging.verdict import Verdict
from astrovet.model.severity import Severity
from astrovet.reports.findings import concise
from astrovet.reports.findings.summary import count


def sections(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """What changed, the worst first: headings, each with its lines."""
    parts = (
        ("Opens", list(map(concise.line, comparison.opened))),
        ("Makes worse", list(map(_heavier, comparison.heavier))),
        ("Makes unknowable", list(map(concise.line, comparison.unknowable))),
        ("Closes", list(map(concise.line, comparison.closed))),
        ("Accepts by a waiver", list(map(concise.line, comparison.accepted))),
    )
    return ((heading, lines) for heading, lines in parts if lines)


def _heavier(pair: Pair) -> str:
    return f"{concise.line(pair.after)} (was {pair.before.severity})"


def conclusion(comparison: Comparison) -> str:
    """The change in one sentence; it never says that all is well, for that is not what was asked."""
    parts = [
        _weighed("opens", comparison.opened),
        f"makes {count(len(comparison.heavier), 'finding')} worse" if comparison.heavier else "",
        f"makes {count(len(comparison.unknowable), 'verdict')} unknowable" if comparison.unknowable else "",
        _weighed("closes", comparison.closed),
        f"accepts {count(len(comparison.accepted), 'finding')}" if comparison.accepted else "",
        f"decides {count(len(comparison.decided), 'verdict')}" if comparison.decided else "",
    ]
    said = ", ".join(filter(None, parts)) or "changes no finding"
    stayed = f"; {count(comparison.stayed, 'finding')} as before" if comparison.stayed else ""
    return f"From {comparison.base} to {comparison.head}: {said}{stayed}."


def _weighed(verb: str, verdicts: tuple[Verdict, ...]) -> str:
    numbers = Counter(verdict.severity for verdict in verdicts)
    weights = ", ".join(f"{numbers[severity]} {severity}" for severity in Severity if numbers[severity])
    return f"{verb} {count(len(verdicts), 'finding')} ({weights})" if verdicts else ""
