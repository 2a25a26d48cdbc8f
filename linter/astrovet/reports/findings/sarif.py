"""SARIF 2.1.0 as GitHub code scanning reads it. It quotes no source text, which may hold secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import (
    Acceptance,
    InputSummary,
    Report,
    Unseen,
    Verdict,
    VerdictKind,
)
from astrovet.model.estate import Estate
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.reports.catalogue.manual import page
from astrovet.reports.escape import json_text, visible
from astrovet.reports.findings.display import Checkout, Display
from astrovet.reports.findings.rooted import seen_from_root
from astrovet.reports.findings.selection import for_machines
from astrovet.reports.findings.summary import instances
from astrovet.reports.home import HOME, manual_url

JsonObject: TypeAlias = dict[str, object]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
BASE = "The root of the repository, else the folder that astrovet was run in."

_LEVELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES: Mapping[Severity, str] = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}
_KINDS: Mapping[VerdictKind, str] = {
    VerdictKind.FAIL: "fail",
    VerdictKind.WAIVED: "fail",  # with a suppression
    VerdictKind.BASELINE: "fail",  # unchanged since
    VerdictKind.UNKNOWN: "open",  # SARIF's word for too little information to decide
    VerdictKind.PASS: "pass",
    VerdictKind.NOT_APPLICABLE: "notApplicable",
}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def render(report: Report, display: Display) -> str:
    """Failures, accepted ones as suppressed or unchanged; others where `show` asks for them.

    What is undecided is a note of the run, of which code hosts make no alert; a result where the display wants that.
    Paths are relative to the root of the repository, as code hosts want them.
    """
    report = seen_from_root(report, display.root)
    listed = [verdict for verdict in report.verdicts if for_machines(verdict, display)]
    results = [verdict for verdict in listed if _is_result(verdict, display)]
    named = {verdict.rule for verdict in results}
    rules = [rule for rule in display.rules if rule.id in named]
    indexes = {rule.id: index for index, rule in enumerate(rules)}
    worst = _worst(rules, report)
    run: JsonObject = {
        "tool": {
            "driver": {
                "name": "astrovet",
                "version": display.version,
                "semanticVersion": display.version,
                "informationUri": HOME,
                "rules": [_rule(rule, worst[rule.id]) for rule in rules],
            }
        },
        "invocations": [_invocation(report, [verdict for verdict in listed if not _is_result(verdict, display)])],
        "originalUriBaseIds": {ROOT: {"description": {"text": BASE}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(verdict, indexes, report.baseline) for verdict in results],
        "properties": {"unseen": [_gap(gap) for gap in report.unseen]},
    }
    if display.checkout is not None:
        run["versionControlProvenance"] = [_provenance(display.checkout)]
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _worst(rules: Iterable[Rule], report: Report) -> Mapping[str, Severity]:
    """The gravest severity of each rule's failures: GitHub knows one per rule and run.

    A rule that does not fail has its own.
    """
    worst: dict[str, Severity] = {}
    for verdict in report.verdicts:
        if _KINDS[verdict.kind] == "fail":
            so_far = worst.get(verdict.rule, verdict.severity)
            worst[verdict.rule] = min(so_far, verdict.severity, key=lambda severity: severity.rank)
    return {rule.id: worst.get(rule.id, rule.severity) for rule in rules}


def _rule(rule: Rule, worst: Severity) -> JsonObject:
    manual = page(rule)
    described: JsonObject = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.law or rule.name},
        "fullDescription": {"text": rule.why or rule.law or rule.name},
        "help": {"text": manual, "markdown": manual},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", rule.id.rstrip("0123456789"), *sorted(rule.supports)],
            "precision": "high",
            "security-severity": _SCORES[worst],
        },
    }
    if url := manual_url(rule):
        described["helpUri"] = url
    return described


def _result(verdict: Verdict, indexes: Mapping[str, int], baseline: str) -> JsonObject:
    kind = _KINDS[verdict.kind]
    result: JsonObject = {
        "ruleId": verdict.rule,
        **({"ruleIndex": indexes[verdict.rule]} if verdict.rule in indexes else {}),
        "kind": kind,
        "level": _LEVELS[verdict.severity] if kind == "fail" else "none",
        **({"rank": 10 * float(_SCORES[verdict.severity])} if kind == "fail" else {}),
        "message": {"text": _message(verdict)},
        "locations": [_location(verdict.place)],
        "relatedLocations": [
            {"id": number, **_location(note.place), "message": {"text": _prose(note.message)}}
            for number, note in enumerate(verdict.related, start=1)
        ],
        "properties": {
            "severity": verdict.severity,
            "subject": verdict.subject,
            "subjectKind": verdict.subject_kind,
            "requirements": verdict.requirements,
            "sources": verdict.sources,
            "instances": verdict.instances,
        },
    }
    if verdict.fingerprint:
        result["partialFingerprints"] = {
            "astrovet/v1": verdict.fingerprint,
            "primaryLocationLineHash": f"{verdict.fingerprint}:1",
        }
    if baseline and kind == "fail":
        result["baselineState"] = "unchanged" if verdict.kind is VerdictKind.BASELINE else "new"
    if verdict.kind is VerdictKind.WAIVED:
        result["suppressions"] = [_suppression(verdict.waiver)]
    return result


def _suppression(waiver: Acceptance | None) -> JsonObject:
    """Why a failure is accepted; a comment of a source is "in source", an entry of the configuration is not."""
    if waiver is None:
        return {"kind": "external", "status": "accepted"}
    suppression: JsonObject = {
        "kind": "inSource" if waiver.is_comment else "external",
        "status": "accepted",
        "location": _location(waiver.place),
        "properties": {"owner": waiver.owner, "until": waiver.until},
    }
    return {**suppression, "justification": _prose(waiver.reason)} if waiver.reason else suppression


def _message(verdict: Verdict) -> str:
    """All that a reader of an alert sees at once; an open result must not pass for a failure."""
    message = _prose(verdict.text or verdict.subject or verdict.name)
    if verdict.kind is VerdictKind.UNKNOWN:
        message = f"Undecided: {message}"
    message += instances(verdict)
    fix = "\n".join(map(_prose, verdict.remedy.split("\n")))
    return f"{message}\n\nHow to fix it: {fix}" if fix and _KINDS[verdict.kind] == "fail" else message


def _prose(text: str) -> str:
    """The text as SARIF's plain text, in which `[words](target)` would be a link of the file's making."""
    return visible(text).replace("](", "] (")


def _location(place: Place) -> JsonObject:
    location: JsonObject = {"physicalLocation": {"artifactLocation": _artifact(place.path), "region": _region(place)}}
    if place.address:
        location["logicalLocations"] = [{"fullyQualifiedName": place.address, "kind": "resource"}]
    if place.pointer:
        location["properties"] = {"pointer": place.pointer}
    return location


def _region(place: Place) -> JsonObject:
    """The stretch of lines; the first line for a format without lines, because GitHub asks for one."""
    if not place.has_lines:
        return {"startLine": 1}
    stretch = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {key: number for key, number in stretch.items() if number > 0}


def _artifact(path: str) -> JsonObject:
    """A path below the working directory is relative to the root; any other stands for itself."""
    encoded = _percent_encoded(path)
    if re.match(r"[A-Za-z]:/", path):
        return {"uri": f"file:///{path[:2]}{encoded[4:]}"}  # a Windows drive, whose colon is no %3A
    if path.startswith("/"):
        return {"uri": f"file://{encoded}"}
    if path == ".." or path.startswith("../"):
        return {"uri": encoded}
    return {"uri": encoded.removeprefix("./") or ".", "uriBaseId": ROOT}


def _percent_encoded(path: str) -> str:
    """The bytes of the path, those of a name that is no UTF-8 included, as a URI spells them."""
    spelled = (
        character.encode(errors="surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass")
        for character in path
    )
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in b"".join(spelled))


def _is_result(verdict: Verdict, display: Display) -> bool:
    """What is about no file is none: a result has to be in one, and where the run began may be a folder."""
    if verdict.subject_kind == Estate.kind:
        return False
    return verdict.kind is not VerdictKind.UNKNOWN or display.open_results


def _invocation(report: Report, told: Iterable[Verdict]) -> JsonObject:
    problems = [_problem(summary) for summary in report.inputs if summary.problem]
    notifications = [*map(_told, told), *problems, *map(_note, report.notes)]
    return {"executionSuccessful": not report.input_error, "toolExecutionNotifications": notifications}


def _told(verdict: Verdict) -> JsonObject:
    """A verdict that is no result."""
    notification: JsonObject = {
        "level": _LEVELS[verdict.severity] if verdict.kind is VerdictKind.FAIL else "note",
        "message": {"text": _message(verdict)},
        "associatedRule": {"id": verdict.rule},
    }
    if verdict.subject_kind != Estate.kind:
        notification["locations"] = [_location(verdict.place)]
    return notification


def _provenance(checkout: Checkout) -> JsonObject:
    """Where the files come from; what `.git` does not say is left out."""
    details = {"revisionId": checkout.commit, "branch": checkout.branch}
    return {
        "repositoryUri": checkout.origin,
        **{name: said for name, said in details.items() if said},
        "mappedTo": {"uriBaseId": ROOT},
    }


def _problem(summary: InputSummary) -> JsonObject:
    return {
        "level": "warning",
        "message": {"text": _prose(summary.problem or "")},
        "locations": [_location(Place(summary.path))],
    }


def _gap(gap: Unseen) -> JsonObject:
    return {
        "what": _prose(gap.what),
        "how": _prose(gap.how),
        "location": _location(gap.place),
        "rules": gap.rules,
        "subjects": gap.subjects,
        "counts": gap.counts,
    }


def _note(text: str) -> JsonObject:
    return {"level": "note", "message": {"text": _prose(text)}}
