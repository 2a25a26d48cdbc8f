"""JSON for scripts: schema 1 of the contract in docs, which only ever grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec.structs import asdict

from astrovet.judging.verdict import (
    Acceptance,
    Report,
    Verdict,
    VerdictKind,
)
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.reports.escape import json_text
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import for_machines

SCHEMA = 1

_COUNTED = (VerdictKind.FAIL, VerdictKind.UNKNOWN, VerdictKind.WAIVED, VerdictKind.BASELINE, VerdictKind.PASS)


def render(report: Report, display: Display) -> str:
    """Every verdict of something that is not well; passed and not applicable ones where `show` asks for them.

    The numbers of the summary are those of the run, whatever is listed. Where a place has no lines
    (a Terraform plan), its line and columns are 0. Beyond the contract's first keys there are
    `subject_kind` and `waiver` of a verdict, `environment` of a place, `links`, `layers` and `together` of a subject,
    and `notes` of the run.
    """
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "astrovet", "version": display.version},
            "result": result(report),
            "summary": _summary(report),
            "inputs": report.inputs,
            "subjects": report.subjects,
            "unseen": [{**asdict(gap), "place": json_place(gap.place)} for gap in report.unseen],
            "verdicts": [json_verdict(verdict) for verdict in report.verdicts if for_machines(verdict, display)],
            "notes": report.notes,
        }
    )


def result(report: Report) -> str:
    """The run in one word, which no option changes.

    "fail" where anything above info fails: info is worth knowing and never fails a run. Otherwise
    "unknown" where a verdict is undecided or an input could not be used. Otherwise "pass". The exit
    status is stricter or laxer as the user wishes (`--fail-on`).
    """
    if any(verdict.severity is not Severity.INFO for verdict in report.of(VerdictKind.FAIL)):
        return "fail"
    if report.input_error or report.of(VerdictKind.UNKNOWN):
        return "unknown"
    return "pass"


def _summary(report: Report) -> Mapping[str, object]:
    kinds = Counter(verdict.kind for verdict in report.verdicts)
    severities = Counter(verdict.severity for verdict in report.of(VerdictKind.FAIL))
    return {
        **{kind.value: kinds[kind] for kind in _COUNTED},
        "severity": {severity.value: severities[severity] for severity in Severity},
    }


def json_verdict(verdict: Verdict) -> Mapping[str, object]:
    return {
        "rule": verdict.rule,
        "name": verdict.name,
        "verdict": verdict.kind,
        "severity": verdict.severity,
        "subject": verdict.subject,
        "subject_kind": verdict.subject_kind,
        "message": verdict.text,
        "why": verdict.why,
        "fix": verdict.remedy,
        "requirements": verdict.requirements,
        "sources": verdict.sources,
        "place": json_place(verdict.place),
        "related": [{"message": note.message, "place": json_place(note.place)} for note in verdict.related],
        "instances": verdict.instances,
        "fingerprint": verdict.fingerprint,
        "waiver": _waiver(verdict.waiver),
    }


def _waiver(waiver: Acceptance | None) -> Mapping[str, object] | None:
    return {**asdict(waiver), "place": json_place(waiver.place)} if waiver is not None else None


def json_place(place: Place) -> Mapping[str, object]:
    """`environment` only where the configuration declares some."""
    return {name: value for name, value in asdict(place).items() if name not in {"environment", "root"} or value}
