"""Workflow commands of GitHub Actions: annotations at the lines of a pull request.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions (read 2026-11). Of one step
GitHub shows ten annotations of each kind, and drops the others without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.severity import Severity
from astrovet.reports.escape import visible
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.rooted import seen_from_root
from astrovet.reports.findings.selection import listed_for_people
from astrovet.reports.findings.summary import conclusion, count, instances, remarks

MOST = 10

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
_ORDER = ("error", "warning", "notice")


def render(report: Report, display: Display) -> str:
    """The gravest findings, then what is undecided, at most ten of each kind of annotation; the rest is counted."""
    report = seen_from_root(report, display.root)
    listed = listed_for_people(report, display)
    told = [verdict for verdict in listed if verdict.kind in {VerdictKind.FAIL, VerdictKind.UNKNOWN}]
    kinds = groupby(sorted(told, key=lambda verdict: _ORDER.index(_kind(verdict))), _kind)
    lines = [line for kind, verdicts in kinds for line in _annotations(kind, list(verdicts))]
    closing = (*(f"note: {note}" for note in remarks(report, display)), conclusion(report, display))
    return "".join(f"{line}\n" for line in (*lines, *map(_plain, closing)))


def _kind(verdict: Verdict) -> str:
    return _COMMANDS[verdict.severity] if verdict.kind is VerdictKind.FAIL else "notice"


def _annotations(kind: str, verdicts: list[Verdict]) -> Iterator[str]:
    yield from (_annotation(kind, verdict) for verdict in verdicts[:MOST])
    if left := verdicts[MOST:]:
        rules = ", ".join(dict.fromkeys(verdict.rule for verdict in left))
        yield _plain(f"{count(len(left), kind)} more without an annotation: {rules}")


def _annotation(kind: str, verdict: Verdict) -> str:
    place = verdict.place
    is_open = verdict.kind is VerdictKind.UNKNOWN
    weight = "undecided" if is_open else verdict.severity
    parts = {"title": f"{verdict.rule} {verdict.name} ({weight})", "file": place.path}
    if place.has_lines:
        parts |= {"line": str(place.line), "endLine": str(place.end_line or place.line)}
        if place.end_line == place.line:  # GitHub takes columns of one line only
            parts |= {"col": str(place.column), "endColumn": str(place.end_column)}
    properties = ",".join(f"{name}={_property(value)}" for name, value in parts.items() if value)
    subject = f"{verdict.text or verdict.subject}{instances(verdict)}"
    paragraphs = [subject, *(f"fix: {verdict.remedy}".split("\n") if verdict.remedy else ())]
    return f"::{kind} {properties}::{'%0A'.join(map(_data, paragraphs))}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """A line that is no command: the runner also knows an older kind, which may begin anywhere in a line."""
    return visible(text).replace("##[", "## [").replace("::", ": :")
