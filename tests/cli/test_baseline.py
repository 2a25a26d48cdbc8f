"""Baselines: what was there is accepted, what is new fails, what is gone is said, and nothing else is hidden."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from support import FIXTURES, TODAY, astrovet, write

BAD = (FIXTURES / "rules" / "xcom-values-stay-in-astro" / "bad-no-threshold" / "values.yaml").read_text()
GOOD = (FIXTURES / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text()
DEPLOYMENT = 'resource "astro_deployment" "claims" {\n  name = "claims"\n  type = "STANDARD"\n}\n'

pytestmark = pytest.mark.usefixtures("repository")


def scan(*words: str, only: str = "REX008,REQ001,INP", baseline: str = "b.json") -> Result:
    return astrovet("scan", f"--select={only}", "--today", TODAY, "--baseline", baseline, *words)


def adopt(*words: str, only: str = "REX008,REQ001,INP", name: str = "b.json") -> Result:
    return astrovet("scan", f"--select={only}", "--today", TODAY, "--write-baseline", name, *words)


def findings(name: str = "b.json") -> list[dict[str, Any]]:
    content = json.loads(Path(name).read_text())
    assert content["baseline"] == 1
    entries: list[dict[str, Any]] = content["findings"]
    return entries


def rules(entries: Iterable[dict[str, Any]]) -> list[str]:
    return [entry["rule"] for entry in entries]


def verdicts(result: Result, kind: str) -> list[dict[str, Any]]:
    return [verdict for verdict in json.loads(result.stdout)["verdicts"] if verdict["verdict"] == kind]


def test_what_was_there_does_not_fail_and_is_counted() -> None:
    write("one/values.yaml", BAD)
    assert astrovet("scan", "--select=REX008").exit_code == 1
    result = adopt()
    assert result.exit_code == 0
    assert "b.json: 1 accepted" in result.stderr
    assert [(one["rule"], one["path"]) for one in findings()] == [("REX008", "one/values.yaml")]
    result = scan()
    assert result.exit_code == 0
    assert "No new findings; 1 in the baseline." in result.stdout
    assert "All clear" not in result.stdout
    assert "REX008" not in result.stdout
    assert "In the baseline:\n  one/values.yaml:" in scan("--show=baseline").stdout
    assert "In the baseline:" in scan("-v").stdout


def test_a_clean_run_has_an_empty_baseline() -> None:
    write("one/values.yaml", GOOD)
    assert adopt().exit_code == 0
    assert findings() == []
    assert "All clear" in scan().stdout


def test_moved_lines_and_another_layout_change_nothing() -> None:
    write("one/values.yaml", BAD)
    adopt()
    before = Path("b.json").read_bytes()
    write("one/values.yaml", "# a comment\n\n\n" + BAD.replace("\n  - ", "\n- ").replace("\n    ", "\n  "))
    assert scan().exit_code == 0
    adopt()
    assert Path("b.json").read_bytes() == before


def test_a_renamed_or_split_terraform_file_changes_nothing() -> None:
    write("main.tf", DEPLOYMENT)
    adopt("--require=hipaa")
    os.rename("main.tf", "deployments.tf")
    write("deployments.tf", "\n\n" + DEPLOYMENT.replace("  name = ", "  name      =  "))
    write("variables.tf", 'variable "x" {}\n')
    assert scan("--require=hipaa").exit_code == 0


def test_the_same_rule_in_another_file_or_on_another_object_is_new() -> None:
    write("one/values.yaml", BAD)
    write("main.tf", DEPLOYMENT)
    adopt("--require=hipaa")
    write("two/values.yaml", BAD)
    write("main.tf", DEPLOYMENT + DEPLOYMENT.replace('"claims"', '"risk"'))
    result = scan("--require=hipaa", "--format=json")
    assert result.exit_code == 1
    assert {(fail["rule"], fail["subject"]) for fail in verdicts(result, "fail")} == {
        ("REX008", "two/values.yaml"),
        ("REQ001", "astro_deployment.risk"),
    }
    assert len(verdicts(result, "baseline")) == 2


def test_another_root_module_with_the_same_address_is_new() -> None:
    write("a/main.tf", DEPLOYMENT)
    adopt("--require=hipaa")
    write("b/main.tf", DEPLOYMENT)
    result = scan("--require=hipaa", "--format=json")
    assert [fail["place"]["path"] for fail in verdicts(result, "fail")] == ["b/main.tf"]


def test_it_holds_wherever_the_run_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    write("team/values.yaml", BAD)
    adopt()
    monkeypatch.chdir("team")
    assert scan(baseline="../b.json").exit_code == 0
    assert adopt(name="../again.json").exit_code == 0
    monkeypatch.chdir("..")
    assert findings("again.json")[0]["path"] == "team/values.yaml"
    assert findings("again.json")[0]["fingerprint"] == findings()[0]["fingerprint"]


def test_what_is_fixed_is_said_and_drops_out() -> None:
    write("one/values.yaml", BAD)
    write("two/values.yaml", BAD)
    adopt()
    write("one/values.yaml", GOOD)
    os.remove("two/values.yaml")
    result = scan()
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert (
        "fixed, and no longer found though the baseline has it: REX008 one/values.yaml, REX008 two/values.yaml" in told
    )
    assert len(findings()) == 2
    assert scan("--write-baseline=b.json").exit_code == 0
    assert findings() == []


def test_writing_over_a_baseline_takes_in_nothing_new() -> None:
    write("one/values.yaml", BAD)
    adopt()
    write("two/values.yaml", BAD)
    result = scan("--write-baseline=b.json")
    assert result.exit_code == 1
    assert "1 accepted; 1 not (REX008)" in result.stderr
    assert [one["path"] for one in findings()] == ["one/values.yaml"]


@pytest.mark.parametrize(
    ("words", "only"),
    [(("one/values.yaml",), "REX008"), ((".",), "REX009"), ((".", "--exclude=two"), "REX008")],
    ids=["another file", "another rule", "left out"],
)
def test_what_a_run_cannot_tell_is_not_called_fixed(words: tuple[str, ...], only: str) -> None:
    write("one/values.yaml", GOOD)
    write("two/values.yaml", BAD)
    adopt()
    result = scan(*words, "--write-baseline=b.json", only=only)
    told = " ".join(result.stdout.split())
    assert "this run cannot tell whether it is fixed" in told
    assert "REX008 two/values.yaml" in told
    assert "no longer found" not in told
    assert rules(findings()) == ["REX008"]


def test_what_became_undecided_is_not_fixed_and_is_shown() -> None:
    write("main.tf", DEPLOYMENT)
    adopt("--require=hipaa")
    write("main.tf", 'variable "type" {}\n' + DEPLOYMENT.replace('"STANDARD"', "var.type"))
    result = scan("--require=hipaa")
    assert "this run cannot tell whether it is fixed" in " ".join(result.stdout.split())
    assert "? REQ001" in result.stdout
    assert scan("--require=hipaa", "--fail-on-unknown").exit_code == 1


def test_undecided_verdicts_are_never_accepted() -> None:
    write("main.tf", 'variable "type" {}\n' + DEPLOYMENT.replace('"STANDARD"', "var.type"))
    result = adopt("--require=hipaa")
    assert "0 accepted; 1 undecided, which no baseline accepts" in result.stderr
    assert "? REQ001" in scan("--require=hipaa").stdout


def test_problems_of_reading_are_never_accepted() -> None:
    write("one/values.yaml", BAD)
    write("two/values.yaml", BAD + "a: [\n")
    result = adopt()
    assert result.exit_code == 2
    assert "b.json is not written, for not all inputs could be used" in result.stderr
    assert not os.path.exists("b.json")
    os.remove("two/values.yaml")
    adopt()
    write("two/values.yaml", BAD + "a: [\n")
    result = scan()
    assert result.exit_code == 2
    assert "INP001" in result.stdout


def test_rules_that_nobody_may_waive_are_never_accepted() -> None:
    write("one/values.yaml", BAD)
    write(".astrovet.yaml", "rules: {never-waive: [REX008]}\n")
    result = adopt()
    assert result.exit_code == 1
    assert "0 accepted; 1 not (REX008)" in result.stderr
    write("one/values.yaml", f"# astrovet: ignore-file[REX008]\n{GOOD}")
    os.remove(".astrovet.yaml")
    assert "2 not (WVR003, WVR001)" in adopt("--fail-on=low", only="REX008,WVR").stderr


def test_what_weighs_more_than_it_did_is_new() -> None:
    write("one/values.yaml", BAD)
    adopt()
    assert findings()[0]["severity"] == "high"
    result = scan("--require=hipaa", "--write-baseline=b.json")
    assert result.exit_code == 1
    assert "accepted as high: it weighs more now" in " ".join(result.stdout.split())
    assert findings()[0]["severity"] == "high"  # it is there, and fixed it is not
    assert scan().exit_code == 0


def test_a_waiver_comes_before_the_baseline() -> None:
    write("one/values.yaml", BAD)
    adopt()
    write("one/values.yaml", f'# astrovet: ignore-file[REX008] until=2026-12-31 reason="moved in January"\n{BAD}')
    result = scan("--format=json")
    assert len(verdicts(result, "waived")) == 1
    assert "fixed" not in result.stdout


def test_json_and_sarif_tell_old_from_new() -> None:
    write("one/values.yaml", BAD)
    adopt()
    report = json.loads(scan("--format=json").stdout)
    assert (report["result"], report["summary"]["fail"], report["summary"]["baseline"]) == ("pass", 0, 1)
    write("two/values.yaml", BAD)
    results = json.loads(scan("--format=sarif").stdout)["runs"][0]["results"]
    states = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: one for one in results}
    assert states["one/values.yaml"]["baselineState"] == "unchanged"
    assert states["two/values.yaml"]["baselineState"] == "new"
    plain = json.loads(astrovet("scan", "--select=REX008", "--format=sarif").stdout)["runs"][0]["results"]
    assert all("baselineState" not in one for one in plain)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "the baseline cannot be used: there is no such file; `--write-baseline` makes one"),
        ("{", "this is no baseline; `--write-baseline` makes one"),
        ('{"baseline": 1}', "this is no baseline"),
        ('{"baseline": 1, "findings": [{"rule": "x"}]}', "this is no baseline"),
        (b"\xff\xfe", "this is no baseline"),
        ('{"baseline": 2, "findings": []}', "this baseline has version 2; this astrovet reads 1"),
    ],
)
def test_what_is_no_baseline_is_told(content: str | bytes | None, told: str) -> None:
    write("one/values.yaml", BAD)
    if content is not None:
        write("b.json", content)
    result = scan()
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_one_that_cannot_be_written_is_told_and_findings_are_shown_all_the_same() -> None:
    write("one/values.yaml", BAD)
    result = adopt(name="nowhere/b.json")
    assert result.exit_code == 2
    assert "the baseline nowhere/b.json cannot be written: No such file or directory" in result.stderr


def test_a_hook_heeds_one_and_says_nothing_of_the_rest_of_the_repository() -> None:
    write("one/values.yaml", BAD)
    write("two/values.yaml", BAD)
    adopt()
    write("two/values.yaml", GOOD)
    result = scan("--hook", "one/values.yaml")
    assert result.exit_code == 0
    assert "baseline has it" not in " ".join(result.stdout.split())
    assert (
        "needs the whole repository" in astrovet("scan", "--hook", "--write-baseline=b.json", "one/values.yaml").stderr
    )


def test_a_rule_that_broke_leaves_the_baseline_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    write("one/values.yaml", BAD)
    adopt()
    before = Path("b.json").read_bytes()

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("astrovet.judging.engine._weighed", broken)
    result = scan("--write-baseline=b.json")
    assert result.exit_code == 3
    assert Path("b.json").read_bytes() == before


def test_many_are_counted() -> None:
    for number in range(12):
        write(f"a{number:02}/values.yaml", BAD)
    adopt()
    for number in range(12):
        os.remove(f"a{number:02}/values.yaml")
    write("one/values.yaml", GOOD)
    assert "REX008 a09/values.yaml and 2 more" in " ".join(scan().stdout.split())
