"""`astrovet report`: what an auditor gets, and that it can be made again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from html.parser import HTMLParser
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from astrovet import __version__
from astrovet.model.facts import ATTESTABLE
from astrovet.reports.formats import REPORT
from astrovet.requirements.citations import citation
from astrovet.requirements.responsibilities import DUTIES, SIGNED_BY, Party
from support import ROOT, astrovet, write

CLAIMS = ROOT / "fixtures" / "projects" / "claims-platform"
RECORDED = ROOT / "tests" / "data" / "evidence.json"
TODAY = "2026-11-22"
CANARY = "CANARY7f3a9cQz"

DEPLOYMENT = """
resource "astro_deployment" "phi" {
  name         = "%s"
  description  = "claims"
  type         = "STANDARD"
  workspace_id = "clm3hq2k8000008l4a1b2c3d4"
  environment_variables = [{ key = "DB_PASSWORD", value = "%s", is_secret = false }]
}
"""

SETTINGS = """version: 1
requires: [hipaa]
attestations:
  - {what: baa, owner: law@example.com, signed: 2026-03-01, until: 2027-03-01, evidence: contract 4711}
  - {what: sso, owner: platform@example.com, signed: 2024-03-01}
waivers:
  - {rule: REQ001, at: astro_deployment.phi, reason: moves next week, owner: me@example.com, until: 2026-12-01}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text(DEPLOYMENT % ("claims", CANARY))
    (tmp_path / ".astrovet.yaml").write_text(SETTINGS)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return astrovet("report", "--today", TODAY, *arguments)


def made(form: str, *arguments: str) -> str:
    result = run("--format", form, "--accept-unseen", *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def as_json(*arguments: str) -> Any:
    return json.loads(made("json", *arguments))


def test_each_deployment_stands_to_each_requirement(project: Path) -> None:
    report = as_json("--require", "soc2")
    assert report["schema"] == 1
    assert report["requirements"] == ["hipaa", "soc2"]
    (row,) = [row for row in report["rows"] if row["kind"] == "deployment"]
    assert (row["id"], row["name"], row["model"]) == ("astro_deployment.phi", "claims", "standard")
    assert row["standing"] == "fails"
    (hipaa, _) = row["cells"]
    assert hipaa["requirement"] == "hipaa"
    assert hipaa["count"]["fails"] > 0
    assert hipaa["count"]["waived"] == 1


def test_a_check_says_what_it_rests_on_and_what_it_supports(project: Path) -> None:
    (hipaa,) = [part for part in as_json()["parts"] if part["requirement"] == "hipaa"]
    (check,) = [check for check in hipaa["checks"] if check["rule"] == "AST002"]
    (finding,) = check["findings"]
    assert (finding["verdict"], finding["severity"]) == ("fail", "critical")
    assert (finding["place"]["path"], finding["place"]["line"]) == ("main.tf", 7)
    assert check["sources"][0]["tag"] == "S000-12"
    assert check["sources"][0]["address"].startswith("https://")
    assert any(control.startswith("PCI DSS v4 8.6.2") for control in check["supports"])


def test_the_json_is_as_recorded(project: Path) -> None:
    """Everything that schema 1 has, on a page; ASTROVET_WRITE_EXPECTED=1 records it anew."""
    write(".git/HEAD", "0123456789abcdef0123456789abcdef01234567\n")
    write(".git/config", '[remote "origin"]\n\turl = git@example.com:acme/claims.git\n')
    text = made("json", "--select", "AST002,REQ001,REQ003").replace(f'"{__version__}"', '"VERSION"')
    if os.environ.get("ASTROVET_WRITE_EXPECTED"):
        RECORDED.write_text(text, "utf-8")
    assert text == RECORDED.read_text("utf-8")


def test_what_is_not_declared_is_no_evidence_for_it(project: Path) -> None:
    (project / ".astrovet.yaml").unlink()
    report = as_json()
    assert report["requirements"] == []
    assert [part["requirement"] for part in report["parts"]] == [""]
    assert "No requirement is declared" in made("markdown")


def test_what_no_requirement_asks_for_fails_its_deployment_all_the_same(project: Path) -> None:
    (project / ".astrovet.yaml").unlink()
    report = as_json("--select", "AST002,AST004")
    row, *_ = report["rows"]
    assert (row["id"], row["standing"], row["worst"], row["cells"]) == ("astro_deployment.phi", "fails", "high", [])
    (part,) = report["parts"]
    assert (part["checks"][0]["rule"], part["checks"][0]["standing"]) == ("AST002", "fails")
    assert report["standing"] == part["standing"] == "fails"


def test_that_files_can_be_read_is_no_evidence(project: Path) -> None:
    report = as_json("--require", "soc2", "--select", "REQ001,INP")
    standing = {part["requirement"]: part["standing"] for part in report["parts"]}
    assert standing["soc2"] == "not judged"
    assert {check["rule"][:3] for part in report["parts"] if part["requirement"] for check in part["checks"]} == {"REQ"}


def test_what_is_declared_of_an_agent_shows_at_its_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CLAIMS, tmp_path / "claims")
    monkeypatch.chdir(tmp_path / "claims")
    Path(".astrovet.yaml").write_text("version: 1\n")
    values = Path("helm/values.yaml")
    values.write_text("# astrovet: requires hipaa\n" + values.read_text("utf-8"))
    row = next(row for row in as_json()["rows"] if row["name"] == "claims-intake")
    assert [(cell["requirement"], cell["standing"]) for cell in row["cells"]] == [("hipaa", "fails")]


def test_an_attestation_concerns_only_what_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "fixtures" / "projects" / "insurer-hosted")
    rows = {row["id"]: [cell["requirement"] for cell in row["cells"]] for row in as_json(".")["rows"]}
    assert rows["astro_deployment.web"] == ["soc2"]
    assert rows['astro_deployment.claims["claims"]'] == ["hipaa", "soc2", "audit-retention"]


def test_attestations_and_waivers_come_with_their_days(project: Path) -> None:
    report = as_json()
    standing = {attestation["what"]: attestation["standing"] for attestation in report["attestations"]}
    assert standing["baa"] == "valid"
    assert standing["sso"] == "expired"  # older than a year, and without an end
    baa = next(attestation for attestation in report["attestations"] if attestation["what"] == "baa")
    assert (baa["owner"], baa["signed"], baa["until"]) == ("law@example.com", "2026-03-01", "2027-03-01")
    assert baa["parties"] == ["customer", "Astronomer"]
    (waiver,) = report["waivers"]
    assert (waiver["rule"], waiver["waiver"]["reason"]) == ("REQ001", "moves next week")


def test_a_missing_attestation_says_who_must_act(project: Path) -> None:
    (project / "main.tf").write_text(
        'resource "astro_cluster" "own" {\n  name = "own"\n  type = "DEDICATED"\n}\n'
        + (DEPLOYMENT % ("claims", "x")).replace('"STANDARD"', '"DEDICATED"\n  cluster_id = astro_cluster.own.id')
    )
    missing = [attestation for attestation in as_json()["attestations"] if attestation["standing"] == "missing"]
    assert [(attestation["what"], attestation["parties"], attestation["needed_for"]) for attestation in missing] == [
        ("cloud-baa", ["customer", "cloud provider"], ["astro_deployment.phi"]),
        ("mfa", ["customer"], ["astro_deployment.phi"]),
        ("phi-handling", ["customer"], ["astro_deployment.phi"]),
    ]


def test_what_is_open_says_how_to_decide_it(project: Path) -> None:
    (project / "main.tf").write_text(
        'variable "kind" {}\n' + (DEPLOYMENT % ("claims", "x")).replace('"STANDARD"', "var.kind")
    )
    questions = as_json()["questions"]
    assert questions
    assert all(question["why"] and question["how"] and question["waiting"] for question in questions)


def test_the_inputs_have_their_hashes(project: Path) -> None:
    files = {file["path"]: file["sha256"] for file in as_json()["inputs"]}
    assert files == {
        name: hashlib.sha256((project / name).read_bytes()).hexdigest() for name in ("main.tf", ".astrovet.yaml")
    }


@pytest.mark.parametrize("form", REPORT.names)
def test_it_is_reproducible_byte_for_byte_wherever_it_is_made(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    for name in ("one", "a much longer name"):
        shutil.copytree(CLAIMS, tmp_path / name)
        (tmp_path / name / ".astrovet.yaml").write_text(SETTINGS)
        monkeypatch.chdir(tmp_path / name)
        monkeypatch.setattr(time, "time", lambda: float(len(texts)))
        texts.append(made(form))
        assert str(tmp_path) not in texts[-1]
    assert texts[0] == texts[1]
    assert f"astrovet report --today {TODAY} --format {form}" in texts[0]


def test_the_command_in_it_keeps_the_values_of_settings_to_itself(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "values.yaml").write_text("resourceNamePrefix: x\n")
    text = run("--format", "json", "-f", "values.yaml", "--set", f"agentToken={CANARY}").output
    assert CANARY not in text
    assert "agentToken=…" in json.loads(text)["command"]


@pytest.mark.parametrize("form", REPORT.names)
def test_no_report_holds_a_secret(form: str, project: Path) -> None:
    settings = SETTINGS.replace("contract 4711", f"password={CANARY}").replace("moves next week", f"token={CANARY}")
    (project / ".astrovet.yaml").write_text(settings)
    text = made(form)
    assert "AST002" in text
    assert CANARY not in text


class Page(HTMLParser):
    """What a browser makes of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


HOSTILE = "<script>alert(1)</script>]]>\\u202e|`*_[x](javascript:y) --> @team"


def test_hostile_names_are_shown_and_do_nothing(project: Path) -> None:
    (project / "main.tf").write_text(DEPLOYMENT % (HOSTILE, "x"))
    page = Page(text := made("html"))
    assert len([tag for tag, _ in page.tags if tag == "script"]) == 1
    assert "<script>alert(1)</script>]]>\\u202e|`*_[x]" in page.said
    assert "\u202e" not in text
    markdown = made("markdown")
    assert "\u202e" not in markdown
    outside = re.sub(r"```mermaid\n.*?\n```", "", markdown, flags=re.DOTALL)
    assert "<script" not in outside
    assert not re.search(r"(?<!\\)\]\(javascript", outside)
    assert not re.search(r"@team", outside)


def test_the_page_needs_nothing_else(project: Path) -> None:
    page = Page(made("html"))
    (policy,) = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert not [attrs for tag, attrs in page.tags if attrs.get("src") or tag == "link"]
    anchors = {attrs["id"] for _, attrs in page.tags if attrs.get("id")}
    links = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a"]
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert all(link.startswith(("#", "https://")) for link in links)
    assert len(anchors) == len([attrs for _, attrs in page.tags if attrs.get("id")])  # none stands twice


def test_headings_are_in_order(project: Path) -> None:
    levels = [int(tag[1]) for tag, _ in Page(made("html")).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_standard_input_cannot_be_read_again() -> None:
    result = run("-")
    assert result.exit_code == 2
    assert "standard input" in result.output


def test_an_input_that_cannot_be_used_is_in_the_report_and_in_the_status(project: Path) -> None:
    (project / "plan.json").write_text('{"format_version": "1.2", "terraform_version"')
    result = run("--format", "json", ".", "--plan", "plan.json")
    assert result.exit_code == 2
    (problem,) = [file["problem"] for file in json.loads(result.output)["inputs"] if file["path"] == "plan.json"]
    assert problem


def test_it_can_be_written_to_a_file(project: Path) -> None:
    result = run("-o", "evidence.html")
    assert (result.exit_code, result.output) == (0, "")
    assert (project / "evidence.html").read_text("utf-8") == made("html")
    assert run("-o", "no/such/folder.html").exit_code == 2


@pytest.mark.slow
def test_200_deployments_take_seconds_and_few_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "bench")
    judging = import_module("judging")
    (tmp_path / "agents").mkdir()
    for file in judging.files():
        (tmp_path / file.path).write_bytes(file.data)
    monkeypatch.chdir(tmp_path)
    begin = time.process_time()
    page = made("html", "--require", "hipaa")
    assert time.process_time() - begin < 60  # some five seconds; the rest is room for busy machines
    assert len(page) < 8_000_000
    assert len(re.findall(r'<th scope="row">team-\d+<', page)) == 200
    rows = [line for line in made("markdown", "--require", "hipaa").splitlines() if line.startswith("| **")]
    assert len(rows) == 60


def test_every_duty_has_its_statement() -> None:
    for duty in DUTIES:
        assert citation(duty.source) is not None
        assert duty.what.endswith(".")
    assert {duty.source for duty in DUTIES} == {f"S000-{number:02}" for number in range(3, 21)} | {"S003-07"}
    assert {duty.party for duty in DUTIES} == set(Party)
    assert set(SIGNED_BY) == set(ATTESTABLE)


def test_a_requirement_that_rests_on_what_was_not_seen_is_told_by_the_status(project: Path) -> None:
    (project / "main.tf").write_text(
        'resource "astro_deployment" "d" {\n  name = "d"\n  type = "DEDICATED"\n'
        "  remote_execution = { enabled = true }\n}\n"
    )
    (project / ".astrovet.yaml").write_text("deployments: [{match: d, requires: [customer-execution-plane]}]\n")
    for path in project.glob("*.json"):
        path.unlink()
    assert run("main.tf").exit_code == 1
    assert run("main.tf", "--accept-unseen").exit_code == 0
    (project / ".astrovet.yaml").write_text("version: 1\n")
    assert run("main.tf").exit_code == 0
