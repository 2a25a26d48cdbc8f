"""Each format says all that a report holds, and nothing in a scanned file can make it say something else."""

from __future__ import annotations

import json
import re
import time
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from msgspec.structs import replace

from astrovet.document import Note
from astrovet.judging.rulebook import Context, Rule, rule
from astrovet.judging.verdict import (
    InputSummary,
    LinkSummary,
    Report,
    SubjectSummary,
    Unseen,
    Verdict,
    VerdictKind,
    Verdicts,
)
from astrovet.model.deployment import Deployment
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.reports.catalogue.manual import page
from astrovet.reports.findings import concise
from astrovet.reports.findings.display import Checkout, Display
from astrovet.reports.findings.selection import listed_for_people
from astrovet.reports.formats import SCAN
from support import DATA, text_files

MAIN_TF = """\
resource "astro_deployment" "claims" {
  name = "claims"
  type = "STANDARD"
}
"""
MANUAL = """\
Deployments with PHI run on a cluster of their own.

## Why
On a shared cluster
other customers' tasks run beside yours.

## Fix
Choose DEDICATED.
"""


def check(_deployment: Deployment, _context: Context) -> Verdicts:
    yield from ()


def a_rule(id: str, name: str, severity: Severity = Severity.HIGH) -> Rule:  # noqa: A002
    made = rule(id, name, on=Deployment, severity=severity, sources=["S003-12"], raised={"hipaa": Severity.CRITICAL})
    return replace(made(check), manual=MANUAL)


PHI = Verdict(
    rule="REQ001",
    name="phi-on-shared-cluster",
    kind=VerdictKind.FAIL,
    severity=Severity.CRITICAL,
    subject="astro_deployment.claims",
    subject_kind="deployment",
    message="this deployment holds PHI and runs on a shared cluster",
    why="On a shared cluster other customers' tasks run beside yours.",
    remedy="Make a new deployment with:\n  type = DEDICATED",
    place=Place("main.tf", 3, 10, 3, 20, "astro_deployment.claims", "type"),
    requirements=("hipaa",),
    sources=("S003-12", "S003-34"),
    related=(Note("hipaa is declared here", Place(".astrovet.yaml", 4, 5, 4, 10)),),
    fingerprint="f1",
)
FLEET = replace(
    PHI,
    rule="AST009",
    name="remote-api-open",
    severity=Severity.MEDIUM,
    subject="astro_deployment.fleet",
    message="the agent API is open to every address",
    remedy="Name the ranges.",
    place=Place("plan.json", address='astro_deployment.fleet["dep-001"]', pointer="remote_execution"),
    requirements=(),
    related=(),
    instances=tuple(f'astro_deployment.fleet["dep-{number:03}"]' for number in range(1, 134)),
    fingerprint="f2",
)
OPEN = Verdict(
    rule="REX001",
    name="secrets-backend-not-external",
    kind=VerdictKind.UNKNOWN,
    severity=Severity.HIGH,
    subject="values.yaml",
    subject_kind="agent",
    message="`secretBackend` is a template",
    how="render it first",
    why="why",
    remedy="fix",
    place=Place("values.yaml", 7, 1, 7, 9, pointer="secretBackend"),
    fingerprint="f3",
)
ALSO_OPEN = replace(OPEN, rule="REX006", name="xcom-in-astro", fingerprint="f4")
PASSED = replace(OPEN, rule="REX010", name="token", kind=VerdictKind.PASS, message="", how="", fingerprint="f5")
NOT_APPLICABLE = replace(
    PASSED, rule="REX012", name="bundle", kind=VerdictKind.NOT_APPLICABLE, message="it has no DAG bundle"
)
WAIVED = replace(FLEET, rule="AST012", name="cicd", kind=VerdictKind.WAIVED, instances=(), message="deploys go around")

REPORT = Report(
    verdicts=(PHI, FLEET, OPEN, ALSO_OPEN, WAIVED, PASSED, NOT_APPLICABLE),
    inputs=(
        InputSummary("plan.json", "terraform-plan", None),
        InputSummary("values.yaml", "agent-values", None),
        InputSummary("values-b.yaml", "agent-values", None),
    ),
    subjects=(
        SubjectSummary("deployment", "astro_deployment.claims", "claims", "standard", ("hipaa",)),
        SubjectSummary("deployment", "astro_deployment.x", None, "unknown", ()),
        SubjectSummary(
            "agent",
            "values.yaml",
            None,
            None,
            (),
            (LinkSummary("deployment", None, ("astro_deployment.claims", "astro_deployment.x"), "", "not told"),),
        ),
        SubjectSummary("run", "run", None, None, ()),
    ),
    rules_run=("REQ001", "AST009", "REX001"),
    notes=("no input judges soc2",),
)
RULES = (a_rule("REQ001", "phi-on-shared-cluster"), a_rule("AST009", "remote-api-open"), a_rule("AST099", "not-run"))
DISPLAY = Display(version="1.2.3", rules=RULES, contents=text_files({"main.tf": MAIN_TF}), width=80)
EVERYTHING = replace(
    DISPLAY, show=frozenset({"pass", "unknown", "waived", "baseline", "not-applicable"}), open_results=True
)


def text(report: Report, display: Display = DISPLAY) -> str:
    return SCAN.render("text", report, display)


def with_verdicts(*verdicts: Verdict) -> Report:
    return replace(REPORT, verdicts=verdicts, notes=())


# --- text


def test_text_shows_findings_then_what_is_undecided_then_the_sum() -> None:
    assert (
        text(REPORT)
        == """\
critical[REQ001] phi-on-shared-cluster: this deployment holds PHI and runs on a
    shared cluster
    --> main.tf:3:10 (astro_deployment.claims)
     |
   3 |   type = "STANDARD"
     |          ^^^^^^^^^^
     = why: On a shared cluster other customers' tasks run beside yours.
     = fix: Make a new deployment with:
              type = DEDICATED
     = required by: hipaa
     = also: .astrovet.yaml:4:5 hipaa is declared here

medium[AST009] remote-api-open: the agent API is open to every address
    --> plan.json:astro_deployment.fleet["dep-001"] (astro_deployment.fleet, remote_execution)
     = why: On a shared cluster other customers' tasks run beside yours.
     = fix: Name the ranges.
     = 133 instances: astro_deployment.fleet["dep-001"],
                      astro_deployment.fleet["dep-002"],
                      astro_deployment.fleet["dep-003"] and 130 more

? REX001 secrets-backend-not-external, REX006 xcom-in-astro
    --> values.yaml:7:1
     = undecided: `secretBackend` is a template; render it first

note: no input judges soc2

Looked at 3 files (1 Terraform plan, 2 agent values): 2 deployments, 1 agent; 3
rules.
Found 1 critical, 1 medium; 2 verdicts undecided (see above): 2 × `…` is a
template; 1 waived.
"""
    )


def test_quiet_hides_the_list_of_undecided_verdicts_but_not_their_number() -> None:
    shown = text(REPORT, replace(DISPLAY, verbosity=-1))
    assert "REX001" not in shown
    assert "Looked at" not in shown
    assert "2 verdicts undecided (not listed: quiet)" in " ".join(shown.split())
    assert "critical[REQ001]" in shown
    assert "note: no input judges soc2" in shown


def test_undecided_verdicts_with_another_reason_or_place_stand_apart() -> None:
    elsewhere = replace(ALSO_OPEN, place=Place("other.yaml", 1, 1, 1, 2))
    for_another_reason = replace(ALSO_OPEN, message="known only after apply: `astro_cluster.main.id`")
    shown = text(with_verdicts(OPEN, elsewhere, for_another_reason))
    assert [line for line in shown.splitlines() if line.startswith("? ")] == [
        "? REX001 secrets-backend-not-external",
        "? REX006 xcom-in-astro",
        "? REX006 xcom-in-astro",
    ]


def test_show_lists_the_other_verdicts() -> None:
    shown = text(REPORT, EVERYTHING)
    assert "Waived:\n  plan.json:astro_deployment.fleet" in shown
    assert "Passed:\n  values.yaml:7:1: REX010 pass values.yaml\n" in shown
    assert "Not applicable:\n  values.yaml:7:1: REX012 not-applicable it has no DAG bundle\n" in shown


def test_verbose_names_all_instances_and_the_sources() -> None:
    shown = text(REPORT, replace(DISPLAY, verbosity=1))
    assert all(instance in shown for instance in FLEET.instances)
    assert "= sources: S003-12, S003-34" in shown


@pytest.mark.parametrize("name", ["text", "concise"])
def test_findings_below_the_least_severity_are_counted(name: str) -> None:
    shown = SCAN.render(name, REPORT, replace(DISPLAY, min_severity=Severity.HIGH))
    assert "AST009" not in shown
    assert "Found 1 critical, 1 medium; 1 below high not shown; 2 verdicts undecided" in " ".join(shown.split())


def test_a_snippet_masks_what_may_be_secret() -> None:
    content = 'provider "astro" {\n\ttoken = "canary-hunter2-canary"\n}\n'
    verdict = replace(PHI, place=Place("main.tf", 2, 10, 2, 33))
    shown = text(with_verdicts(verdict), replace(DISPLAY, contents=text_files({"main.tf": content})))
    assert "canary" not in shown
    assert '   2 |     token = "…"\n     |             ^^^\n' in shown


@pytest.mark.parametrize(
    ("place", "contents"),
    [
        (PHI.place, {}),
        (Place("main.tf", 99, 1, 99, 2), {"main.tf": MAIN_TF}),
        (Place("main.tf"), {"main.tf": MAIN_TF}),
        (Place("notes.md", 1, 1, 1, 2), {"notes.md": "# x"}),
    ],
    ids=["no content", "no such line", "no lines", "unknown language"],
)
def test_no_snippet_where_there_is_no_line_to_show(place: Place, contents: dict[str, str]) -> None:
    shown = text(with_verdicts(replace(PHI, place=place)), replace(DISPLAY, contents=text_files(contents)))
    assert f"--> {place}" in shown
    assert " |" not in shown


def test_color_changes_nothing_but_the_color() -> None:
    colored = text(REPORT, replace(DISPLAY, color=True))
    assert colored.startswith("\x1b[1;31mcritical[REQ001]\x1b[0m")
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == text(REPORT)


# --- the closing words


def closing(report: Report) -> str:
    return text(report, replace(DISPLAY, verbosity=-1, width=500)).splitlines()[-1]


def test_all_clear_only_where_all_is_clear() -> None:
    assert closing(with_verdicts(PASSED, NOT_APPLICABLE)) == "All clear: no findings."


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (
            with_verdicts(PASSED, OPEN),
            "No findings; 1 verdict undecided (not listed: quiet): 1 × `…` is a template.",
        ),
        (with_verdicts(PASSED, WAIVED), "No findings; 1 waived."),
        (replace(with_verdicts(PASSED), input_error=True), "No findings; not all inputs could be used."),
        (replace(with_verdicts(PHI), input_error=True), "Found 1 critical; not all inputs could be used."),
        (with_verdicts(), "Nothing was judged."),
        (replace(with_verdicts(PASSED), subjects=()), "No findings, but there was nothing to judge."),
        (with_verdicts(NOT_APPLICABLE), "No findings, but no rule applied either."),
    ],
    ids=[
        "undecided",
        "waived",
        "input error",
        "input error and findings",
        "nothing judged",
        "no objects",
        "nothing applied",
    ],
)
def test_never_all_clear_where_something_is_open(report: Report, words: str) -> None:
    assert closing(report) == words


def test_the_reasons_are_counted_and_short() -> None:
    reasons = ["`a` is not set here", "`b` is not set here", "x" * 300, "third", "fourth"]
    shown = closing(with_verdicts(*(replace(OPEN, message=reason) for reason in reasons)))
    assert "5 verdicts undecided (not listed: quiet): 2 × `…` is not set here, 1 × xxx" in shown
    assert shown.endswith("x…, 2 for other reasons.")
    assert len(shown) < 240


def test_a_problem_of_an_input_is_told_once() -> None:
    broken = InputSummary("b.json", "unrecognised", "line 3 is no JSON")
    report = replace(with_verdicts(PASSED), inputs=(broken,), input_error=True)
    assert "note: b.json: line 3 is no JSON\n" in text(report)
    finding = replace(PHI, rule="INP001", place=Place("b.json"), message="line 3 is no JSON")
    assert text(replace(report, verdicts=(finding,))).count("line 3 is no JSON") == 1
    hidden = replace(report, verdicts=(replace(finding, severity=Severity.LOW),))
    assert "line 3 is no JSON" in text(hidden, replace(DISPLAY, min_severity=Severity.HIGH))


def test_what_was_looked_at_is_told_of_nothing_too() -> None:
    nothing = Report(verdicts=(), inputs=(), subjects=(), rules_run=())
    assert text(nothing) == "Looked at 0 files: nothing to judge; 0 rules.\nNothing was judged.\n"


# --- concise


def test_concise_is_one_line_a_verdict_by_place() -> None:
    assert (
        SCAN.render("concise", REPORT, DISPLAY)
        == """\
main.tf:3:10: REQ001 critical this deployment holds PHI and runs on a shared cluster
plan.json:astro_deployment.fleet["dep-001"]: AST009 medium the agent API is open to every address (133 instances)
values.yaml:7:1: REX001 unknown `secretBackend` is a template; render it first
values.yaml:7:1: REX006 unknown `secretBackend` is a template; render it first
note: no input judges soc2
Found 1 critical, 1 medium; 2 verdicts undecided (see above): 2 × `…` is a template; 1 waived.
"""
    )


def test_concise_lists_what_is_asked_for() -> None:
    shown = SCAN.render("concise", REPORT, EVERYTHING).splitlines()
    assert shown[:-2] == sorted(map(concise.line, REPORT.verdicts))


# --- hostile names

HOSTILE = 'a\x1b[31m\u202eb\x9bc]]><script>\n::error::d\r\u2028e\ud800\U000e0041"'


def hostile_report() -> Report:
    place = Place(HOSTILE, 1, 1, 1, 2, HOSTILE, HOSTILE)
    without_lines = Place(HOSTILE, address=HOSTILE, pointer=HOSTILE)
    changed = {"message": HOSTILE, "subject": HOSTILE, "related": (Note(HOSTILE, place),), "instances": (HOSTILE,) * 5}
    return Report(
        verdicts=tuple(
            replace(PHI, kind=kind, place=where, remedy=HOSTILE, **changed)
            for kind in VerdictKind
            for where in (place, without_lines)
        ),
        inputs=(InputSummary(HOSTILE, "terraform-plan", HOSTILE),),
        subjects=(SubjectSummary("deployment", HOSTILE, HOSTILE, None, ()),),
        rules_run=("REQ001",),
        notes=(HOSTILE,),
    )


@pytest.mark.parametrize("name", SCAN.names)
@pytest.mark.parametrize("verbosity", [-1, 0, 1])
def test_no_name_can_steer_a_terminal_or_add_a_line(name: str, verbosity: int) -> None:
    display = replace(EVERYTHING, verbosity=verbosity, contents=text_files({HOSTILE: HOSTILE}))
    shown = SCAN.render(name, hostile_report(), display)
    escaped = "what inputs call things goes through `reports/escape.py`"
    assert all(line.isprintable() for line in shown.split("\n")), escaped
    assert not any(line.startswith(("::error::", "a\x1b")) for line in shown.split("\n")), escaped
    assert "\\x1b" in shown or "\\u001b" in shown
    assert "\\u202e" in shown
    shown.encode()


def test_a_fix_may_have_lines_but_they_stay_below_their_label() -> None:
    shown = text(with_verdicts(replace(PHI, remedy="one\nAll clear: no findings.")))
    assert "     = fix: one\n            All clear: no findings.\n" in shown


# --- JSON


def as_json(report: Report, display: Display = DISPLAY) -> Any:
    return json.loads(SCAN.render("json", report, display))


def test_json_has_the_keys_of_schema_1_in_their_order() -> None:
    written = as_json(REPORT)
    assert list(written) == ["schema", "tool", "result", "summary", "inputs", "subjects", "unseen", "verdicts", "notes"]
    assert written["schema"] == 1
    assert written["tool"] == {"name": "astrovet", "version": "1.2.3"}
    assert written["summary"] == {
        "fail": 2,
        "unknown": 2,
        "waived": 1,
        "baseline": 0,
        "pass": 1,
        "severity": {"critical": 1, "high": 0, "medium": 1, "low": 0, "info": 0},
    }
    assert written["inputs"][0] == {"path": "plan.json", "kind": "terraform-plan", "problem": None}
    assert written["subjects"][2] == {
        "kind": "agent",
        "id": "values.yaml",
        "name": None,
        "model": None,
        "requires": [],
        "links": [
            {
                "to": "deployment",
                "target": None,
                "candidates": ["astro_deployment.claims", "astro_deployment.x"],
                "how": "",
                "why": "not told",
            }
        ],
        "layers": [],
        "together": "",
    }
    assert list(written["verdicts"][0].items()) == [
        ("rule", "REQ001"),
        ("name", "phi-on-shared-cluster"),
        ("verdict", "fail"),
        ("severity", "critical"),
        ("subject", "astro_deployment.claims"),
        ("subject_kind", "deployment"),
        ("message", "this deployment holds PHI and runs on a shared cluster"),
        ("why", "On a shared cluster other customers' tasks run beside yours."),
        ("fix", "Make a new deployment with:\n  type = DEDICATED"),
        ("requirements", ["hipaa"]),
        ("sources", ["S003-12", "S003-34"]),
        (
            "place",
            {
                "path": "main.tf",
                "line": 3,
                "column": 10,
                "end_line": 3,
                "end_column": 20,
                "address": "astro_deployment.claims",
                "pointer": "type",
            },
        ),
        (
            "related",
            [
                {
                    "message": "hipaa is declared here",
                    "place": {
                        "path": ".astrovet.yaml",
                        "line": 4,
                        "column": 5,
                        "end_line": 4,
                        "end_column": 10,
                        "address": "",
                        "pointer": "",
                    },
                }
            ],
        ),
        ("instances", []),
        ("fingerprint", "f1"),
        ("waiver", None),
    ]
    assert written["notes"] == ["no input judges soc2"]


def test_json_lists_what_is_well_only_where_it_is_asked_for() -> None:
    def kinds(display: Display) -> list[str]:
        return [verdict["verdict"] for verdict in as_json(REPORT, display)["verdicts"]]

    assert kinds(DISPLAY) == ["fail", "fail", "unknown", "unknown", "waived"]
    assert kinds(replace(DISPLAY, min_severity=Severity.CRITICAL)) == kinds(DISPLAY)
    assert kinds(EVERYTHING) == [*kinds(DISPLAY), "pass", "not-applicable"]


@pytest.mark.parametrize(
    ("report", "result"),
    [
        (with_verdicts(PASSED, replace(PHI, severity=Severity.LOW)), "fail"),
        (with_verdicts(PASSED, replace(PHI, severity=Severity.INFO)), "pass"),
        (with_verdicts(replace(PHI, severity=Severity.INFO), OPEN), "unknown"),
        (replace(with_verdicts(PASSED), input_error=True), "unknown"),
        (replace(with_verdicts(PHI), input_error=True), "fail"),
        (with_verdicts(PASSED, WAIVED, NOT_APPLICABLE), "pass"),
    ],
)
def test_the_result_in_one_word(report: Report, result: str) -> None:
    assert as_json(report)["result"] == result


def test_json_reads_back_as_the_same_strings() -> None:
    message = "\x1b[0m \u202e \x9b \U000e0041 é \\u202e 日本 😀"
    written = SCAN.render("json", with_verdicts(replace(PHI, message=message)), DISPLAY)
    assert json.loads(written)["verdicts"][0]["message"] == message
    assert "é" in written
    assert "😀" in written
    assert written.endswith("}\n")
    assert written.startswith('{\n  "schema": 1,\n')


# --- SARIF


@cache
def sarif_schema() -> Draft4Validator:
    content = DATA.joinpath("sarif-schema-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(content), format_checker=Draft4Validator.FORMAT_CHECKER)


def sarif(report: Report, display: Display = DISPLAY) -> Any:
    written = json.loads(SCAN.render("sarif", report, display))
    assert [error.message for error in sarif_schema().iter_errors(written)] == []
    return written["runs"][0]


def test_the_schema_test_can_fail() -> None:
    assert not sarif_schema().is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


def test_sarif_result() -> None:
    assert sarif(REPORT)["results"][0] == {
        "ruleId": "REQ001",
        "ruleIndex": 0,
        "kind": "fail",
        "level": "error",
        "rank": 95.0,
        "message": {
            "text": "this deployment holds PHI and runs on a shared cluster\n\n"
            "How to fix it: Make a new deployment with:\n  type = DEDICATED"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "main.tf", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 10, "endLine": 3, "endColumn": 20},
                },
                "logicalLocations": [{"fullyQualifiedName": "astro_deployment.claims", "kind": "resource"}],
                "properties": {"pointer": "type"},
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": ".astrovet.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 4, "startColumn": 5, "endLine": 4, "endColumn": 10},
                },
                "message": {"text": "hipaa is declared here"},
            }
        ],
        "properties": {
            "severity": "critical",
            "subject": "astro_deployment.claims",
            "subjectKind": "deployment",
            "requirements": ["hipaa"],
            "sources": ["S003-12", "S003-34"],
            "instances": [],
        },
        "partialFingerprints": {"astrovet/v1": "f1", "primaryLocationLineHash": "f1:1"},
    }


def test_sarif_rules_are_those_with_results_and_have_the_gravest_severity_that_occurred() -> None:
    driver = sarif(REPORT)["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == ["REQ001", "AST009"]
    assert driver["rules"][0] == {
        "id": "REQ001",
        "name": "phi-on-shared-cluster",
        "shortDescription": {"text": "Deployments with PHI run on a cluster of their own."},
        "fullDescription": {"text": "On a shared cluster other customers' tasks run beside yours."},
        "help": {"text": page(RULES[0]), "markdown": page(RULES[0])},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["security", "REQ", "hipaa"], "precision": "high", "security-severity": "9.5"},
    }
    assert driver["rules"][1]["properties"]["security-severity"] == "5.5"  # the rule itself weighs more
    assert driver["semanticVersion"] == "1.2.3"


def test_sarif_links_a_built_in_rule_to_its_page() -> None:
    def built_in(_deployment: Deployment, _context: Context) -> Verdicts:
        yield from ()

    built_in.__module__ = "astrovet_rules.requirements.phi"
    run = sarif(REPORT, replace(DISPLAY, rules=(replace(RULES[0], check=built_in),)))
    assert run["tool"]["driver"]["rules"][0]["helpUri"].endswith("/docs/rules/REQ001-phi-on-shared-cluster.md")


def test_sarif_kinds_and_levels() -> None:
    results = sarif(REPORT, EVERYTHING)["results"]
    assert [(result["ruleId"], result["kind"], result["level"]) for result in results] == [
        ("REQ001", "fail", "error"),
        ("AST009", "fail", "warning"),
        ("REX001", "open", "none"),
        ("REX006", "open", "none"),
        ("AST012", "fail", "warning"),
        ("REX010", "pass", "none"),
        ("REX012", "notApplicable", "none"),
    ]
    assert [result["ruleId"] for result in results if "suppressions" in result] == ["AST012"]
    assert results[2]["message"]["text"] == "Undecided: `secretBackend` is a template; render it first"
    assert results[1]["properties"]["instances"] == list(FLEET.instances)
    assert [result.get("rank") for result in results] == [95.0, 55.0, None, None, 55.0, None, None]


def test_sarif_tells_what_is_undecided_as_notes_and_makes_no_alerts_of_it() -> None:
    run = sarif(REPORT)
    assert [result["kind"] for result in run["results"]] == ["fail"] * 3
    assert run["invocations"][0]["toolExecutionNotifications"][0] == {
        "level": "note",
        "message": {"text": "Undecided: `secretBackend` is a template; render it first"},
        "associatedRule": {"id": "REX001"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "values.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 9},
                },
                "properties": {"pointer": "secretBackend"},
            }
        ],
    }
    assert [result["kind"] for result in sarif(REPORT, replace(DISPLAY, open_results=True))["results"]] == [
        "fail", "fail", "open", "open", "fail"
    ]  # fmt: skip


def test_sarif_says_where_the_files_come_from() -> None:
    assert "versionControlProvenance" not in sarif(REPORT)
    checkout = Checkout("https://github.com/acme/claims", "main", "0123456789abcdef0123456789abcdef01234567")
    assert sarif(REPORT, replace(DISPLAY, checkout=checkout))["versionControlProvenance"] == [
        {
            "repositoryUri": "https://github.com/acme/claims",
            "revisionId": "0123456789abcdef0123456789abcdef01234567",
            "branch": "main",
            "mappedTo": {"uriBaseId": "%SRCROOT%"},
        }
    ]
    (unborn,) = sarif(REPORT, replace(DISPLAY, checkout=Checkout("https://github.com/acme/claims")))[
        "versionControlProvenance"
    ]
    assert set(unborn) == {"repositoryUri", "mappedTo"}


def test_sarif_points_at_the_first_line_of_a_file_without_lines() -> None:
    assert sarif(REPORT)["results"][1]["locations"][0] == {
        "physicalLocation": {
            "artifactLocation": {"uri": "plan.json", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1},
        },
        "logicalLocations": [{"fullyQualifiedName": 'astro_deployment.fleet["dep-001"]', "kind": "resource"}],
        "properties": {"pointer": "remote_execution"},
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b/ä#1.tf", {"uri": "a%20b/%C3%A4%231.tf", "uriBaseId": "%SRCROOT%"}),
        ("./main.tf", {"uri": "main.tf", "uriBaseId": "%SRCROOT%"}),
        ("c:odd.tf", {"uri": "c%3Aodd.tf", "uriBaseId": "%SRCROOT%"}),
        ("..hidden/main.tf", {"uri": "..hidden/main.tf", "uriBaseId": "%SRCROOT%"}),
        ("<stdin>", {"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}),
        ("/srv/plan 1.json", {"uri": "file:///srv/plan%201.json"}),
        ("C:/plans/p%.json", {"uri": "file:///C:/plans/p%25.json"}),
        ("../plan.json", {"uri": "../plan.json"}),
        ("not-utf8-\udcff.tf", {"uri": "not-utf8-%FF.tf", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_paths(path: str, expected: dict[str, str]) -> None:
    result = sarif(with_verdicts(replace(PHI, place=Place(path, 1, 1, 1, 2))))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_sarif_tells_of_notes_and_broken_inputs() -> None:
    broken = InputSummary("b.json", "unrecognised", "line 3 is no JSON")
    run = sarif(replace(REPORT, inputs=(broken,), input_error=True))
    assert run["invocations"][0]["executionSuccessful"] is False
    told = [
        (notification["level"], notification["message"]["text"])
        for notification in run["invocations"][0]["toolExecutionNotifications"]
        if "associatedRule" not in notification
    ]
    assert told == [("warning", "line 3 is no JSON"), ("note", "no input judges soc2")]
    assert sarif(REPORT)["invocations"][0]["executionSuccessful"] is True


def test_sarif_prose_is_harmless_once_it_is_decoded() -> None:
    run = sarif(hostile_report(), EVERYTHING)
    texts = [
        *(result["message"]["text"].replace("\n\nHow to fix it", "") for result in run["results"]),
        *(note["message"]["text"] for result in run["results"] for note in result["relatedLocations"]),
        *(notification["message"]["text"] for notification in run["invocations"][0]["toolExecutionNotifications"]),
    ]
    assert len(texts) > 20
    assert not re.search("[\x1b\x9b\u202e\u2028]", "".join(texts))


def test_sarif_makes_no_link_of_a_name() -> None:
    run = sarif(with_verdicts(replace(PHI, message="[see](https://evil.example)", related=())))
    assert "](" not in run["results"][0]["message"]["text"]


RULE_IDS = ("REQ001", "AST009", "XYZ123")
ANY_TEXT = st.text(max_size=12)
PLACES = st.builds(
    lambda path, line, column, lines, columns, address, pointer: Place(
        path, line, column, line + lines, column + columns, address, pointer
    ),
    st.text(min_size=1, max_size=12),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 3),
    st.integers(0, 9),
    ANY_TEXT,
    ANY_TEXT,
)
TUPLES = st.lists(ANY_TEXT, max_size=3).map(tuple)
VERDICTS = st.builds(
    Verdict,
    rule=st.sampled_from(RULE_IDS),
    name=ANY_TEXT,
    kind=st.sampled_from(VerdictKind),
    severity=st.sampled_from(Severity),
    subject=ANY_TEXT,
    subject_kind=ANY_TEXT,
    message=ANY_TEXT,
    why=ANY_TEXT,
    remedy=ANY_TEXT,
    place=PLACES,
    requirements=TUPLES,
    sources=TUPLES,
    related=st.lists(st.builds(Note, ANY_TEXT, PLACES), max_size=2).map(tuple),
    instances=TUPLES,
    fingerprint=ANY_TEXT,
)
REPORTS = st.builds(
    Report,
    verdicts=st.lists(VERDICTS, max_size=4).map(tuple),
    inputs=st.lists(
        st.builds(InputSummary, ANY_TEXT, st.sampled_from(["kubernetes", "unrecognised"]), st.none() | ANY_TEXT),
        max_size=2,
    ).map(tuple),
    subjects=st.just(()),
    rules_run=st.just(("REQ001",)),
    notes=TUPLES,
    input_error=st.booleans(),
)


@pytest.mark.slow
@given(REPORTS)
def test_any_report_is_valid_sarif_with_every_verdict_in_it(report: Report) -> None:
    assert len(sarif(report, EVERYTHING)["results"]) == len(report.verdicts)


@pytest.mark.slow
@given(REPORTS)
def test_any_report_is_valid_json_with_every_verdict_in_it(report: Report) -> None:
    written = as_json(report, EVERYTHING)
    assert [(verdict["rule"], verdict["message"]) for verdict in written["verdicts"]] == [
        (verdict.rule, verdict.message) for verdict in report.verdicts
    ]


@given(REPORTS)
def test_concise_drops_no_verdict(report: Report) -> None:
    shown = SCAN.render("concise", report, EVERYTHING).splitlines()
    assert sorted(shown[: len(report.verdicts)]) == sorted(map(concise.line, report.verdicts))


@given(REPORTS)
def test_text_drops_no_verdict(report: Report) -> None:
    shown = text(report, replace(EVERYTHING, width=10_000)).splitlines()
    fails = [line for line in shown if line.startswith(tuple(f"{severity}[" for severity in Severity))]
    listed = [rule for line in shown if line.startswith("? ") for rule in line.split(", ")]
    counted = (re.search(r"\(×(\d+)\)$", rule) for rule in listed)
    undecided = [int(count[1]) if count is not None else 1 for count in counted]
    assert len(fails) == len(report.of(VerdictKind.FAIL))
    assert sum(undecided) == len(report.of(VerdictKind.UNKNOWN))
    assert ("All clear" in shown[-1]) <= (not report.of(VerdictKind.UNKNOWN) and not report.input_error)


def test_what_was_told_as_one_is_looked_up_and_not_searched_for_each_verdict() -> None:
    places = [Place("values.yaml", line, 1) for line in range(1, 5001)]
    hidden = [replace(OPEN, place=place, message=f"in line {place.line}: a template") for place in places]
    gaps = [Unseen(f"values: {one.message}", "", one.place, (one.rule,), (), counts=True) for one in hidden]
    report = Report((*hidden, OPEN), (), (), (), unseen=tuple(gaps))
    start = time.process_time()
    assert listed_for_people(report, Display()) == (OPEN,)
    assert time.process_time() - start < 2, "25 million comparisons take longer"
    assert len(listed_for_people(report, Display(show=frozenset({"unknown"})))) == 5001
