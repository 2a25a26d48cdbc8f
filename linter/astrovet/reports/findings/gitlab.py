"""The Code Quality report of GitLab.

Source: https://docs.gitlab.com/ci/testing/code_quality/ (read 2026-11), "Code Quality report format": a JSON array of
objects with these keys. The fingerprint tells a finding of two reports, and may stand in one only once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.severity import Severity
from astrovet.reports.escape import json_text, visible
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.rooted import seen_from_root
from astrovet.reports.findings.summary import instances

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report, display: Display) -> str:
    """Every finding, and what is undecided as worth knowing. What is accepted is none of GitLab's business."""
    return json_text(list(_issues(seen_from_root(report, display.root))))


def _issues(report: Report) -> Iterator[Mapping[str, object]]:
    times: Counter[str] = Counter()
    for verdict in (*report.of(VerdictKind.FAIL), *report.of(VerdictKind.UNKNOWN)):
        is_open = verdict.kind is VerdictKind.UNKNOWN
        name = f"{verdict.fingerprint}-undecided" if is_open else verdict.fingerprint
        times[name] += 1
        yield {
            "description": f"{verdict.rule} {verdict.name}: {'undecided: ' if is_open else ''}{_words(verdict)}",
            "check_name": verdict.rule,
            "fingerprint": f"{name}-{times[name]}" if times[name] > 1 else name,
            "severity": "info" if is_open else _SEVERITIES[verdict.severity],
            "location": {"path": verdict.place.path, "lines": {"begin": max(1, verdict.place.line)}},
        }


def _words(verdict: Verdict) -> str:
    return visible(f"{verdict.text or verdict.subject}{instances(verdict)}")
