"""The words that reports for auditors share, whatever their format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from astrovet.judging.verdict import Verdict, VerdictKind
from astrovet.reports.evidence.evidence import (
    OTHER,
    SHARED,
    Cell,
    Count,
    Evidence,
    Finding,
    RequirementChecks,
    Row,
    RuleFindings,
    Standing,
)
from astrovet.reports.findings.summary import count
from astrovet.requirements.tables import TITLES

SIGNS = {
    Standing.FAILS: "✕",
    Standing.UNDECIDED: "?",
    Standing.NOT_JUDGED: "∅",
    Standing.WAIVED: "!",
    Standing.PASSES: "✓",
    Standing.NOTHING_DECLARED: "–",
}
"""Nobody has to tell colours apart."""

MEANINGS = {
    Standing.FAILS: "a rule is broken",
    Standing.UNDECIDED: "nothing is broken as far as files show, and something cannot be decided from them",
    Standing.NOT_JUDGED: "it is declared, and no rule had anything to judge: nothing is said about it",
    Standing.WAIVED: "a rule is broken, and somebody accepts that, with a reason",
    Standing.PASSES: "every rule that applies is kept",
    Standing.NOTHING_DECLARED: "no requirement is declared, and no rule objects: nothing is said of any requirement",
}

DISCLAIMER = (
    "This shows what files say. A pass supports a control of a law or a standard; it proves none, and it is no "
    "certification."
)

NONE_DECLARED = (
    "No requirement is declared: say with `requires` in `.astrovet.yaml`, or with `--require`, what must be satisfied."
)


class Alike(Struct, frozen=True):
    """Findings of one check that say the same."""

    standing: str
    first: Verdict
    findings: tuple[Finding, ...]


def heading(evidence: Evidence) -> str:
    """The title: of what, and the result in a word."""
    project = evidence.origin.project
    return (
        f"Evidence for {project.name}: {evidence.standing}" if project is not None else f"Evidence: {evidence.standing}"
    )


def revision(evidence: Evidence) -> str:
    """Which revision of its repository was looked at; empty where nothing says so."""
    project = evidence.origin.project
    if project is None or not project.commit:
        return ""
    branch = f", branch `{project.branch}`" if project.branch else ""
    return f"Checked out: commit `{project.commit}`{branch}. The files may have changed since: Inputs has their hashes."


def headline(evidence: Evidence) -> str:
    """The result in one sentence."""
    rows = [row for row in evidence.rows if row.kind != SHARED]
    kinds = sorted({row.kind for row in rows}, reverse=True)
    counted = [count(sum(row.kind == kind for row in rows), kind) for kind in kinds] or ["no deployment"]
    standings = [count_of(rows, standing) for standing in Standing]
    said = ", ".join(filter(None, standings))
    asked = ", ".join(evidence.requirements) or "nothing declared"
    return f"{' and '.join(counted)} against {asked}" + (f": {said}." if said else ".")


def count_of(rows: Sequence[Row], standing: Standing) -> str:
    """How many rows stand like this: `3 with failures`."""
    number = sum(row.standing is standing for row in rows)
    words = {
        Standing.FAILS: "with failures",
        Standing.UNDECIDED: "with something undecided",
        Standing.NOT_JUDGED: "not judged",
        Standing.WAIVED: "with something waived",
        Standing.PASSES: "without objections",
        Standing.NOTHING_DECLARED: "of which nothing is declared",
    }
    return f"{number} {words[standing]}" if number else ""


def title(requirement: str) -> str:
    """The heading of a requirement's checks."""
    return requirement if requirement != OTHER else "Other checks"


def label(row: Row) -> str:
    """What a row is called: its name where it has one."""
    return row.name or row.id


def model(row: Row) -> str:
    """What Astronomer calls its model."""
    if row.kind == SHARED:
        return "shared, or of no single deployment"
    if row.kind == "agent":
        return "agents; their deployment is not known"
    return next((name for key, name in TITLES.items() if key == row.model), row.model or "unknown")


def numbers(counted: Count) -> str:
    """What there is: `2 fail, 1 undecided, 7 pass`."""
    pairs = (
        (counted.fails, "fail"),
        (counted.undecided, "undecided"),
        (counted.waived, "waived"),
        (counted.remarks, "remarked"),
        (counted.passes, "pass"),
    )
    return ", ".join(f"{number} {word}" for number, word in pairs if number) or "nothing judged"


def short(cell: Cell) -> str:
    """A cell of the overview: its sign and the number that matters."""
    number = {
        Standing.FAILS: cell.count.fails,
        Standing.UNDECIDED: cell.count.undecided,
        Standing.WAIVED: cell.count.waived,
        Standing.PASSES: cell.count.passes,
    }.get(cell.standing, 0)
    word = {Standing.FAILS: "fail", Standing.PASSES: "pass"}.get(cell.standing, cell.standing)
    return f"{SIGNS[cell.standing]} {number} {word}" if number else f"{SIGNS[cell.standing]} {word}"


def kind(finding: Finding) -> str:
    """What a finding is, for people."""
    words = {VerdictKind.UNKNOWN: "undecided", VerdictKind.PASS: "passes", VerdictKind.WAIVED: "waived"}
    return "remark" if finding.is_remark else words.get(finding.verdict.kind, "fails")


def alike(check: RuleFindings) -> Iterator[Alike]:
    """What is not a pass, each thing said once."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in check.findings:
        verdict = finding.verdict
        if verdict.kind is not VerdictKind.PASS:
            key = (kind(finding), verdict.severity, verdict.text, verdict.remedy, verdict.waiver)
            groups.setdefault(key, []).append(finding)
    for findings in groups.values():
        yield Alike(kind(findings[0]), findings[0].verdict, tuple(findings))


def passed(check: RuleFindings) -> tuple[Finding, ...]:
    """The findings that pass."""
    return tuple(finding for finding in check.findings if finding.verdict.kind is VerdictKind.PASS)


def silent(part: RequirementChecks) -> str:
    """Which rules had nothing to judge."""
    return f"Nothing to judge for {', '.join(part.silent)}." if part.silent else ""


def named(verdict: Verdict) -> str:
    """The subject with its instances where there are several."""
    several = f" ({len(verdict.instances)} instances)" if len(verdict.instances) > 1 else ""
    return f"{verdict.subject}{several}"


def packs(evidence: Evidence) -> str:
    """The rule packs with their versions."""
    return joined(f"{pack.name} {pack.version}" for pack in evidence.origin.packs)


def joined(words: Iterable[str], none: str = "–") -> str:
    """Words side by side."""
    return ", ".join(words) or none
