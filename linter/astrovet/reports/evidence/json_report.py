"""Evidence for machines: schema 1, which only ever grows."""

from __future__ import annotations

from msgspec.structs import asdict

from astrovet.judging.verdict import Verdict
from astrovet.reports.escape import json_text
from astrovet.reports.evidence.gathering import Attested, Check, Evidence, Finding, OpenQuestion, Part

SCHEMA = 1


def render(evidence: Evidence, drawing: str = "") -> str:  # noqa: ARG001  it has no picture
    """Everything that the report for people says. `rows` of a finding are numbers of `rows`, from 0."""
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "astrovet", "version": evidence.origin.version, "packs": evidence.origin.packs},
            "today": evidence.origin.today,
            "command": evidence.origin.command,
            "standing": evidence.standing,
            "requirements": evidence.requirements,
            "rows": evidence.rows,
            "parts": [_part(each) for each in evidence.parts],
            "attestations": [_attested(each) for each in evidence.attestations],
            "responsibilities": [{**asdict(each), "what": each.what} for each in evidence.duties],
            "waivers": [_waived(each) for each in evidence.waived],
            "questions": [_question(each) for each in evidence.questions],
            "inputs": evidence.origin.files,
            "rules_run": evidence.rules_run,
            "notes": evidence.notes,
        }
    )


def _part(part: Part) -> dict[str, object]:
    return {**asdict(part), "checks": [_check(each) for each in part.checks]}


def _check(check: Check) -> dict[str, object]:
    return {**asdict(check), "findings": [_finding(each) for each in check.findings]}


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
    waiting = [{"rule": each.rule, "subject": each.subject, "place": each.place} for each in question.verdicts]
    return {"why": question.why, "how": question.how, "waiting": waiting}


def _attested(attested: Attested) -> dict[str, object]:
    return asdict(attested)
