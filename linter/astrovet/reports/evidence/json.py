"""Evidence for machines: schema 1, which only ever grows."""

from __future__ import annotations

from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from astrovet.judging.verdict import Verdict
from astrovet.reports.escape import json_text
from astrovet.reports.estate.picture import Picture
from astrovet.reports.evidence.evidence import Evidence, Finding, OpenQuestion, RequirementChecks, RuleFindings

SCHEMA = 1


def render(evidence: Evidence, picture: Picture) -> str:  # noqa: ARG001  `astrovet model --format json` has it
    """Everything that the report for people says. `rows` of a finding are numbers of `rows`, from 0."""
    return json_text(
        _plain(
            {
                "schema": SCHEMA,
                "tool": {"name": "astrovet", "version": evidence.origin.version, "packs": evidence.origin.packs},
                "project": evidence.origin.project,
                "today": evidence.origin.today,
                "command": evidence.origin.command,
                "standing": evidence.standing,
                "requirements": evidence.requirements,
                "rows": evidence.rows,
                "parts": [_part(part) for part in evidence.parts],
                "attestations": [asdict(attested) for attested in evidence.attestations],
                "responsibilities": [{**asdict(duty), "what": duty.what} for duty in evidence.duties],
                "waivers": [_waived(verdict) for verdict in evidence.waived],
                "questions": [_question(question) for question in evidence.questions],
                "unseen": evidence.unseen,
                "inputs": evidence.origin.files,
                "rules_run": evidence.rules_run,
                "notes": evidence.notes,
            }
        )
    )


def _plain(value: object) -> object:
    """The value as JSON has it, without the root module of places that need none."""
    match to_builtins(value) if isinstance(value, Struct) else value:
        case dict() as entries:
            return {key: _plain(item) for key, item in entries.items() if key != "root" or item != ""}
        case list() | tuple() as items:
            return [_plain(item) for item in items]
        case leaf:
            return leaf


def _part(part: RequirementChecks) -> dict[str, object]:
    return {**asdict(part), "checks": [_check(check) for check in part.checks]}


def _check(check: RuleFindings) -> dict[str, object]:
    return {**asdict(check), "findings": [_finding(finding) for finding in check.findings]}


def _finding(finding: Finding) -> dict[str, object]:
    verdict = finding.verdict
    return {
        "verdict": verdict.kind,
        "severity": verdict.severity,
        "rows": finding.rows,
        "subject": verdict.subject,
        "subject_kind": verdict.subject_kind,
        "message": verdict.text,
        "fix": verdict.remedy,
        "place": verdict.place,
        "related": verdict.related,
        "instances": verdict.instances,
        "fingerprint": verdict.fingerprint,
        "waiver": verdict.waiver,
    }


def _waived(verdict: Verdict) -> dict[str, object]:
    return {"rule": verdict.rule, "subject": verdict.subject, "place": verdict.place, "waiver": verdict.waiver}


def _question(question: OpenQuestion) -> dict[str, object]:
    waiting = [
        {"rule": verdict.rule, "subject": verdict.subject, "place": verdict.place} for verdict in question.verdicts
    ]
    return {"why": question.why, "how": question.how, "waiting": waiting}
