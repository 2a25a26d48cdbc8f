"""The closing words that the formats for people share. They never say "all clear" where something is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from astrovet.document import InputKind
from astrovet.judging.verdict import (
    Acceptance,
    Report,
    Verdict,
    VerdictKind,
)
from astrovet.model.severity import Severity
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import for_people

_FILES: Mapping[str, tuple[str, str]] = {
    InputKind.TERRAFORM_SOURCE: ("Terraform source", "Terraform sources"),
    InputKind.TERRAFORM_PLAN: ("Terraform plan", "Terraform plans"),
    InputKind.TERRAFORM_STATE: ("Terraform state", "Terraform states"),
    InputKind.DEPLOYMENT_FILE: ("deployment file", "deployment files"),
    InputKind.ASTRO_PROJECT: ("Dockerfile", "Dockerfiles"),
    InputKind.AGENT_VALUES: ("agent values", "agent values"),
    InputKind.PLATFORM_VALUES: ("platform values", "platform values"),
    InputKind.KUBERNETES: ("Kubernetes manifest", "Kubernetes manifests"),
    InputKind.CONFIGURATION: ("configuration", "configurations"),
    InputKind.UNRECOGNISED: ("unrecognised", "unrecognised"),
}
_NO_OBJECTS = ("input", "run")
"""Kinds of subjects that stand for the scan itself."""
_REASONS_NAMED = 2
_REASON_LENGTH = 80


def instances(verdict: Verdict) -> str:
    """Which instance of a block is concerned where the place does not tell, or how many are; in brackets."""
    match verdict.instances:
        case ():
            return ""
        case (only,):
            return "" if only == verdict.place.address and not verdict.place.has_lines else f" ({only})"
        case several:
            return f" ({count(len(several), 'instance')})"


def accepted(waiver: Acceptance) -> str:
    """What a waiver says: why, who, until when; and where."""
    until = f"until {waiver.until}" if waiver.until else ""
    said = ", ".join(filter(None, (waiver.reason or "no reason is given", waiver.owner, until)))
    return f"{said} ({waiver.place})"


def count(number: int, singular: str, plural: str = "") -> str:
    """The number with its noun: `1 file`, `2 files`."""
    regular = f"{singular[:-1]}ies" if singular.endswith("y") else f"{singular}s"
    return f"{number} {singular if number == 1 else plural or regular}"


def looked_at(report: Report) -> str:
    """How much was looked at: files by kind, objects by kind, rules."""
    files = Counter(summary.kind for summary in report.inputs)
    kinds = ", ".join(count(number, *_FILES.get(kind, (kind, kind))) for kind, number in files.items())
    objects = ", ".join(count(number, kind) for kind, number in _objects(report).items()) or "nothing to judge"
    looked = count(len(report.inputs), "file") + (f" ({kinds})" if kinds else "")
    return f"Looked at {looked}: {objects}; {count(len(report.rules_run), 'rule')}."


def remarks(report: Report, display: Display) -> tuple[str, ...]:
    """The notes of the report, and what is wrong with an input where no finding that is shown says it."""
    told = {(fail.place.path, fail.text) for fail in report.of(VerdictKind.FAIL) if for_people(fail, display)}
    problems = (
        f"{summary.path}: {summary.problem}"
        for summary in report.inputs
        if summary.problem and (summary.path, summary.problem) not in told
    )
    return (*problems, *only_told(report), *report.notes)


def only_told(report: Report) -> Iterator[str]:
    """What was not seen, and makes no verdict undecided."""
    for gap in report.unseen:
        if not gap.counts:
            yield f"{gap.place}: not seen: {gap.what}, and nothing that is declared rests on it; {gap.how}"


def statistics(report: Report) -> Iterator[str]:
    """How often each rule fails and is undecided, the commonest failure first."""
    names = {verdict.rule: verdict.name for verdict in report.verdicts}
    fails, unknowns = (
        Counter(verdict.rule for verdict in report.of(kind)) for kind in (VerdictKind.FAIL, VerdictKind.UNKNOWN)
    )
    for rule in sorted({*fails, *unknowns}, key=lambda rule: (-fails[rule], -unknowns[rule], rule)):
        undecided = f", {unknowns[rule]} undecided" if unknowns[rule] else ""
        yield f"{fails[rule]:>5}  {rule}  {names[rule]}{undecided}"


def conclusion(report: Report, display: Display, where: str = "see above") -> str:
    """The findings by severity, and everything that keeps this from being the whole truth.

    `where` tells where the undecided verdicts stand.
    """
    fails, unknowns, waived = map(report.of, (VerdictKind.FAIL, VerdictKind.UNKNOWN, VerdictKind.WAIVED))
    known = report.of(VerdictKind.BASELINE)
    hidden = sum(not for_people(verdict, display) for verdict in fails)
    parts = [_by_severity(fails)] if fails else []
    if hidden:
        parts.append(f"{hidden} below {display.min_severity} not shown")
    if unknowns:
        parts.append(f"{count(len(unknowns), 'verdict')} undecided ({where}): {_reasons(unknowns)}")
    if waived:
        parts.append(f"{len(waived)} waived")
    if known:
        parts.append(f"{len(known)} in the baseline")
    if report.input_error and not report.nothing_to_check:
        parts.append("not all inputs could be used")
    if not fails:
        parts.insert(0, _nothing_found(report, open_ends=bool(parts)))
    return "; ".join(parts) + "."


def _nothing_found(report: Report, *, open_ends: bool) -> str:
    if not report.verdicts:
        return "Nothing was judged"
    if len(report.of(VerdictKind.NOT_APPLICABLE)) == len(report.verdicts):
        return "No findings, but no rule applied either"
    if not _objects(report):
        return "No findings, but there was nothing to judge"
    none = "No new findings" if report.of(VerdictKind.BASELINE) else "No findings"
    if report.unseen:
        return f"{none} in what was read (not seen: {count(len(report.unseen), 'part')} of the estate)"
    return none if open_ends else "All clear: no findings"


def _objects(report: Report) -> Counter[str]:
    return Counter(subject.kind for subject in report.subjects if subject.kind not in _NO_OBJECTS)


def _by_severity(fails: Iterable[Verdict]) -> str:
    numbers = Counter(verdict.severity for verdict in fails)
    return "Found " + ", ".join(f"{numbers[severity]} {severity}" for severity in Severity if numbers[severity])


def _reasons(unknowns: Iterable[Verdict]) -> str:
    """The commonest reasons in short, each with its number; names in backticks do not tell two reasons apart."""
    numbers = Counter(_short(verdict.message) for verdict in unknowns).most_common()
    named = [f"{number} × {reason}" for reason, number in numbers[:_REASONS_NAMED]]
    others = sum(number for _, number in numbers[_REASONS_NAMED:])
    return ", ".join([*named, f"{others} for other reasons"] if others else named)


def _short(reason: str) -> str:
    pieces = reason.split("`")
    pieces[1::2] = ["…"] * len(pieces[1::2])
    clause = "`".join(pieces).rstrip(".")
    return clause if len(clause) <= _REASON_LENGTH else clause[: _REASON_LENGTH - 1] + "…"
