"""SARIF 2.1.0 as GitHub code scanning reads it. It quotes no source text, which may hold secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from astrovet.judging.grouping import by_weight
from astrovet.judging.packs import BUILT_IN
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
from astrovet.place import Place, Root
from astrovet.reports.catalogue.manual import page, page_name
from astrovet.reports.escape import json_text, visible
from astrovet.reports.findings.display import Display
from astrovet.reports.findings.selection import for_machines
from astrovet.reports.findings.summary import instances

JsonObject: TypeAlias = dict[str, object]
R = TypeVar("R")

HOME = "https://github.com/astrovet/astrovet"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
BASE = "The root of the repository, else the folder that astrovet was run in."

_NAMES = ("subject", "instances", "subjects")
"""The fields that hold names of objects; those of agents and root modules are paths."""

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
    VerdictKind.UNKNOWN: "open",  # SARIF's word for too little information to decide
    VerdictKind.PASS: "pass",
    VerdictKind.NOT_APPLICABLE: "notApplicable",
}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def render(report: Report, display: Display) -> str:
    """Failures, waived failures as suppressed, undecided verdicts as open; others where `show` asks for them.

    Paths are relative to the root of the repository, as code hosts want them.
    """
    if not display.root.is_here:
        report = _moved(report, display.root, display.root.names([summary.path for summary in report.inputs]))
        report = replace(report, verdicts=tuple(sorted(report.verdicts, key=by_weight)))
    listed = [verdict for verdict in report.verdicts if for_machines(verdict, display)]
    named = {*report.rules_run, *(verdict.rule for verdict in listed)}
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
        "invocations": [_invocation(report, listed)],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The root of the repository, else the folder that astrovet was run in."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(verdict, indexes) for verdict in listed if not _is_of_whole_run(verdict)],
        "properties": {"unseen": [_gap(gap) for gap in report.unseen]},
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _moved(record: R, root: Root, named: Callable[[str], str]) -> R:
    """The record with the paths in it seen from the root of the repository, those of inputs in its names too."""
    match record:
        case Place() | InputSummary():
            path = root.path(record.path) if record.path else ""
            return cast("R", replace(record, path=path))
        case Struct():
            moved = {
                name: _named(getattr(record, name), named)
                if name in _NAMES
                else _moved(getattr(record, name), root, named)
                for name in record.__struct_fields__
            }
            return cast("R", replace(record, **moved))
        case tuple():
            return cast("R", tuple(_moved(item, root, named) for item in record))
        case _:
            return record


def _named(names: object, named: Callable[[str], str]) -> object:
    match names:
        case str():
            return named(names)
        case tuple():
            return tuple(_named(name, named) for name in names)
        case _:
            return names


def _worst(rules: Iterable[Rule], report: Report) -> Mapping[str, Severity]:
    """Each rule's severity, or that of its gravest failure: GitHub knows one severity per rule and run."""
    worst = {rule.id: rule.severity for rule in rules}
    for verdict in report.of(VerdictKind.FAIL):
        so_far = worst.get(verdict.rule, verdict.severity)
        worst[verdict.rule] = min(so_far, verdict.severity, key=lambda severity: severity.rank)
    return worst


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
    if rule.check.__module__.startswith(f"{BUILT_IN}."):
        described["helpUri"] = f"{HOME}/blob/main/docs/rules/{page_name(rule)}"
    return described


def _result(verdict: Verdict, indexes: Mapping[str, int]) -> JsonObject:
    kind = _KINDS[verdict.kind]
    result: JsonObject = {
        "ruleId": verdict.rule,
        **({"ruleIndex": indexes[verdict.rule]} if verdict.rule in indexes else {}),
        "kind": kind,
        "level": _LEVELS[verdict.severity] if kind == "fail" else "none",
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


def _is_of_whole_run(verdict: Verdict) -> bool:
    """It is about no file: a result has to be in one, and where the run began may be a folder."""
    return verdict.subject_kind == Estate.kind


def _invocation(report: Report, listed: Iterable[Verdict]) -> JsonObject:
    problems = [_problem(summary) for summary in report.inputs if summary.problem]
    of_run = [_of_run(verdict) for verdict in listed if _is_of_whole_run(verdict)]
    notifications = [*of_run, *problems, *map(_note, report.notes)]
    return {"executionSuccessful": not report.input_error, "toolExecutionNotifications": notifications}


def _of_run(verdict: Verdict) -> JsonObject:
    level = _LEVELS[verdict.severity] if verdict.kind is VerdictKind.FAIL else "note"
    return {"level": level, "message": {"text": _message(verdict)}, "associatedRule": {"id": verdict.rule}}


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
