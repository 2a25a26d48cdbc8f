"""The formats for CIs: read by parsers that are none of ours, complete, and nothing in a name adds to them."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from junitparser import Failure, JUnitXml, Skipped
from msgspec.structs import replace

from astrovet.document import Note
from astrovet.judging.verdict import Acceptance, Report, SubjectSummary, Unseen, Verdict, VerdictKind
from astrovet.model.severity import Severity
from astrovet.place import Place, Root
from astrovet.reports.estate.picture import Box, BoxKind, Picture, Plane
from astrovet.reports.findings.display import Display
from astrovet.reports.formats import SCAN
from support import FIXTURES, TODAY, astrovet, text_files, write

HOSTILE = 'a,b:c%]]><script>\n::error::d\r##[warning]e\ud800"'
PHI = Verdict(
    rule="REQ001",
    name="phi-on-shared-cluster",
    kind=VerdictKind.FAIL,
    severity=Severity.CRITICAL,
    subject="astro_deployment.claims",
    subject_kind="deployment",
    message="this deployment holds PHI",
    why="Others run beside it.",
    remedy="Make a new one:\n  type = DEDICATED",
    place=Place("main.tf", 3, 10, 3, 20, "astro_deployment.claims", "type"),
    related=(Note("hipaa is declared here", Place(".astrovet.yaml", 4, 5, 4, 10)),),
    requirements=("hipaa",),
    fingerprint="f1",
)
OPEN = replace(
    PHI, kind=VerdictKind.UNKNOWN, message="`type` is a variable", how="give it", fingerprint="f2", remedy=""
)
WAIVED = replace(
    PHI,
    kind=VerdictKind.WAIVED,
    fingerprint="f3",
    waiver=Acceptance("moved in January", "data@example.com", "2027-01-31", Place("main.tf", 2, 1)),
)
OLD = replace(PHI, kind=VerdictKind.BASELINE, fingerprint="f4")
PASSED = replace(PHI, kind=VerdictKind.PASS, rule="NET001", name="firewall", fingerprint="f5", related=())
ALL = (PHI, OPEN, WAIVED, OLD, PASSED)

CODE_QUALITY = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""The table of https://docs.gitlab.com/ci/testing/code_quality/ (read 2026-11): GitLab publishes no schema of it."""


def a_report(*verdicts: Verdict, **more: Any) -> Report:
    return Report(verdicts=verdicts, inputs=(), subjects=(), rules_run=("REQ001",), **more)


def rendered(name: str, report: Report, **more: Any) -> str:
    return SCAN.render(name, report, Display(**more))


# --- github


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What a runner makes of the lines, after its own source (`ActionCommand.TryParseV2`)."""
    lines = [re.fullmatch(r"::(\S+) ?(.*?)::(.*)", line) for line in text.splitlines() if line.startswith("::")]
    made = []
    for line in lines:
        assert line is not None
        properties = dict(pair.split("=", 1) for pair in line[2].split(",") if pair)
        unescaped = {name: _unescaped(value) for name, value in properties.items()}
        made.append((line[1], unescaped, _unescaped(line[3])))
    return made


def _unescaped(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_annotations_name_the_place_and_the_remedy() -> None:
    (error, notice) = commands(rendered("github", a_report(*ALL)))
    assert error == (
        "error",
        {
            "title": "REQ001 phi-on-shared-cluster (critical)",
            "file": "main.tf",
            "line": "3",
            "endLine": "3",
            "col": "10",
            "endColumn": "20",
        },
        "this deployment holds PHI\nfix: Make a new one:\n  type = DEDICATED",
    )
    assert (notice[0], notice[1]["title"]) == ("notice", "REQ001 phi-on-shared-cluster (undecided)")
    assert notice[2] == "`type` is a variable; give it"


def test_columns_are_told_of_one_line_only_and_no_line_where_there_is_none() -> None:
    block = replace(PHI, place=Place("main.tf", 3, 1, 9, 2))
    plan = replace(PHI, place=Place("plan.json", address="astro_deployment.claims"))
    of_block, of_plan = (commands(rendered("github", a_report(one)))[0][1] for one in (block, plan))
    assert {**of_block, "title": ""} == {"title": "", "file": "main.tf", "line": "3", "endLine": "9"}
    assert {**of_plan, "title": ""} == {"title": "", "file": "plan.json"}


def test_ten_of_each_kind_and_the_rest_is_counted() -> None:
    fails = [
        replace(PHI, severity=severity, rule=f"AAA{number:03}")
        for severity in Severity
        for number in range(7)
    ]  # fmt: skip
    text = rendered("github", a_report(*fails))
    assert Counter(kind for kind, _, _ in commands(text)) == {"error": 10, "warning": 7, "notice": 10}
    assert "\n4 errors more without an annotation: AAA003, AAA004, AAA005, AAA006\n" in text
    assert "\n4 notices more without an annotation: " in text
    assert "warnings more" not in text
    assert text.splitlines()[-1].startswith("Found 7 critical, 7 high, ")


def test_paths_count_from_the_root() -> None:
    (command,) = commands(rendered("github", a_report(PHI), root=Root("infra/live")))
    assert command[1]["file"] == "infra/live/main.tf"


def test_no_name_adds_a_command() -> None:
    place = Place(HOSTILE, 1, 1, 1, 2, HOSTILE, HOSTILE)
    verdict = replace(PHI, place=place, message=HOSTILE, subject=HOSTILE, remedy=HOSTILE, name=HOSTILE)
    text = rendered("github", a_report(verdict, notes=(HOSTILE,)))
    (command,) = commands(text)
    assert command[1]["file"] == r'a,b:c%]]><script>\n::error::d\r##[warning]e\ud800"'
    assert not any("##[" in line for line in text.splitlines() if not line.startswith("::"))


def test_the_command_lets_its_own_commands_through(repository: Path) -> None:
    write("##[x]/values.yaml", (FIXTURES / "rules/xcom-values-stay-in-astro/bad-no-threshold/values.yaml").read_text())
    result = astrovet("scan", "--format=github", "--output=github=annotations", "--select=REX008")
    assert result.stdout == Path("annotations").read_text()
    assert result.stdout.startswith("::error title=REX008 ")
    assert "##[" not in result.stdout


# --- gitlab


def issues(report: Report, **more: Any) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = json.loads(rendered("gitlab", report, **more))
    Draft202012Validator(CODE_QUALITY).validate(content)
    return content


def test_code_quality_has_findings_and_what_is_undecided() -> None:
    fail, unknown = issues(a_report(*ALL), root=Root("infra"))
    assert fail == {
        "description": "REQ001 phi-on-shared-cluster: this deployment holds PHI",
        "check_name": "REQ001",
        "fingerprint": "f1",
        "severity": "blocker",
        "location": {"path": "infra/main.tf", "lines": {"begin": 3}},
    }
    assert (unknown["severity"], unknown["fingerprint"]) == ("info", "f2-undecided")
    assert unknown["description"].endswith(": undecided: `type` is a variable; give it")


def test_no_two_have_one_fingerprint_and_each_has_a_line() -> None:
    plan = replace(PHI, place=Place("plan.json", address="a.b"))
    made = issues(a_report(PHI, PHI, plan, replace(OPEN, fingerprint="f1")))
    assert [one["fingerprint"] for one in made] == ["f1", "f1-2", "f1-3", "f1-undecided"]
    assert made[2]["location"]["lines"]["begin"] == 1


def test_a_clean_run_is_an_empty_list() -> None:
    assert issues(a_report(PASSED)) == []


def test_all_severities_are_gitlabs() -> None:
    made = issues(a_report(*(replace(PHI, severity=severity) for severity in Severity)))
    assert [one["severity"] for one in made] == ["blocker", "critical", "major", "minor", "info"]


# --- junit


def suites(report: Report, **more: Any) -> dict[str, Any]:
    whole = JUnitXml.fromstring(rendered("junit", report, **more).encode())
    by_name = {suite.name: suite for suite in whole}
    for suite in by_name.values():
        cases = list(suite)
        assert (suite.tests, suite.failures, suite.errors) == (len(cases), sum(_fails(case) for case in cases), 0)
        assert suite.skipped == sum(bool(case.result) and not _fails(case) for case in cases)
        assert len({case.name for case in cases}) == len(cases)
    assert whole.tests == sum(suite.tests for suite in by_name.values())
    assert whole.failures == sum(suite.failures for suite in by_name.values())
    return by_name


def _fails(case: Any) -> bool:
    return any(isinstance(result, Failure) for result in case.result)


def test_a_suite_for_each_rule_and_a_test_for_each_object() -> None:
    made = suites(a_report(*ALL))
    assert list(made) == ["NET001 firewall", "REQ001 phi-on-shared-cluster", "astrovet"]
    fail, unknown, waived, old = made["REQ001 phi-on-shared-cluster"]
    assert (fail.classname, fail.name) == ("astrovet.REQ001", "astro_deployment.claims type")
    (failure,) = fail.result
    assert (failure.type, failure.message) == ("critical", "this deployment holds PHI")
    assert failure.text.splitlines() == [
        "this deployment holds PHI",
        "why: Others run beside it.",
        "fix: Make a new one:",
        "  type = DEDICATED",
    ]
    assert all(isinstance(one.result[0], Skipped) for one in (unknown, waived, old))
    assert unknown.result[0].message == "undecided: `type` is a variable; give it"
    assert "moved in January, data@example.com, until 2027-01-31" in waived.result[0].message
    assert old.result[0].message == "in the baseline: this deployment holds PHI"
    (passed,) = made["NET001 firewall"]
    assert passed.result == []
    said = ElementTree.fromstring(rendered("junit", a_report(*ALL)).encode()).findtext("testsuite/system-out")
    assert said is not None
    assert "Found 1 critical; 1 verdict undecided" in said


def test_what_does_not_apply_is_there_where_it_is_asked_for() -> None:
    report = a_report(replace(PHI, kind=VerdictKind.NOT_APPLICABLE, message="no phi"))
    assert list(suites(report)) == ["astrovet"]
    ((case,), _) = suites(report, show=frozenset({"not-applicable"})).values()
    assert case.result[0].message == "not applicable: no phi"


def test_moved_lines_leave_the_name_of_a_test_alone() -> None:
    moved = replace(PHI, place=replace(PHI.place, line=30, end_line=30))
    names = [[case.name for suite in suites(a_report(one)).values() for case in suite] for one in (PHI, moved)]
    assert names[0] == names[1]


def test_junit_is_xml_whatever_a_name_holds() -> None:
    place = Place(HOSTILE, 1, 1, 1, 2, HOSTILE, HOSTILE)
    verdict = replace(PHI, place=place, message=HOSTILE, subject=HOSTILE, remedy=HOSTILE, name=HOSTILE, why=HOSTILE)
    text = rendered("junit", a_report(verdict, replace(verdict, kind=VerdictKind.WAIVED), notes=(HOSTILE,)))
    tree = ElementTree.fromstring(text.encode())
    assert {element.tag for element in tree.iter()} == {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"
    }  # fmt: skip


# --- markdown and html

PICTURE = Picture((Box("a", BoxKind.AGENT, HOSTILE, Plane.EXECUTION),), ())


def test_markdown_has_the_picture() -> None:
    text = rendered("markdown", a_report(PHI), picture=PICTURE)
    assert "### Picture\n\n```mermaid\nflowchart TB\n" in text
    assert "<script>" not in text.partition("### Picture")[2]
    assert "### Picture" not in rendered("markdown", a_report(PHI))


def test_markdown_has_an_end() -> None:
    text = rendered("markdown", a_report(*[PHI] * 1500))
    assert "    … 501 lines more\n    Found 1500 critical." in text


class Page(HTMLParser):
    """The elements of a page, its headings and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_all_that_was_found_and_what_was_accepted() -> None:
    gap = Unseen("the agents", "scan them", Place("main.tf", 1, 1), ("REX001",), ("a",), counts=True)
    told = replace(gap, counts=False)
    text = rendered(
        "html",
        a_report(*ALL, unseen=(gap, told), notes=("a note",)),
        contents=text_files({"main.tf": 'resource "a" "b" {\n\n  type = "STANDARD"\n}\n'}),
        picture=PICTURE,
    )
    page = Page(text)
    assert "script" not in page.elements
    assert page.links == ["#main"]
    for part in (
        "Findings (1)",
        "Undecided (1)",
        "Waived (1)",
        "In the baseline (1)",
        "Not seen",
        "Picture",
        "Remarks",
    ):
        assert f">{part}</h2>" in text
    assert "Passed" not in text
    assert "Make a new one:<br>  type = DEDICATED" in text
    assert "nothing that is declared" in text
    assert "hipaa is declared here (.astrovet.yaml:4:5)" in text
    assert "moved in January, data@example.com, until 2027-01-31 (main.tf:2:1)" in text


def test_a_clean_page_says_so() -> None:
    report = replace(a_report(PASSED), subjects=(SubjectSummary("deployment", "a", "a", None, ()),))
    text = rendered("html", report)
    Page(text)
    assert "<h1>astrovet: no findings</h1>" in text
    assert "All clear: no findings." in text
    assert "<h2" not in text


def test_nothing_of_a_name_becomes_html() -> None:
    place = Place(HOSTILE, 1, 1, 1, 2, HOSTILE, HOSTILE)
    verdict = replace(
        PHI,
        place=place,
        message=HOSTILE,
        subject=HOSTILE,
        remedy=HOSTILE,
        name=HOSTILE,
        why=HOSTILE,
        instances=(HOSTILE, "b"),
        related=(Note(HOSTILE, place),),
    )
    gap = Unseen(HOSTILE, HOSTILE, place, (HOSTILE,), (), counts=True)
    page = Page(rendered("html", a_report(verdict, unseen=(gap,), notes=(HOSTILE,)), picture=PICTURE))
    assert "script" not in page.elements


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES / "projects" / "claims-platform")


@pytest.mark.usefixtures("claims")
def test_a_whole_project_in_every_format_from_one_run(tmp_path: Path) -> None:
    files = {name: tmp_path / f"out.{name}" for name in SCAN.names}
    result = astrovet("scan", "--today", TODAY, *(f"--output={name}={path}" for name, path in files.items()))
    assert result.exit_code == 1
    texts = {name: path.read_text() for name, path in files.items()}
    fails = [one for one in json.loads(texts["json"])["verdicts"] if one["verdict"] == "fail"]
    Draft202012Validator(CODE_QUALITY).validate(json.loads(texts["gitlab"]))
    junit = JUnitXml.fromstring(texts["junit"].encode())
    page = Page(texts["html"])
    assert junit.failures == len(fails)
    assert sum(one["severity"] != "info" for one in json.loads(texts["gitlab"])) == len(fails)
    told = [one for one in commands(texts["github"]) if one[0] != "notice"]
    assert len(told) == len([one for one in fails if one["severity"] not in {"low", "info"}])
    assert "```mermaid" in texts["markdown"]
    assert "svg" in page.elements
    rules = {one["rule"] for one in fails}
    assert {f"docs/rules/{rule}-" for rule in rules} <= {
        f"docs/rules/{link.rpartition('/')[2][:7]}" for link in page.links
    }
    assert texts["text"] == result.stdout
