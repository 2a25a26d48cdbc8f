"""Which of Terraform's outputs a text is, what is wrong with it, and where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.document import Problem, ProblemKind
from astrovet.terraform.plan.printed import binary_plan, is_binary_plan, is_printed, may_be_terraform, read_terraform

MAKE = "run: terraform plan -out=plan.out && terraform show -json plan.out > plan.json"
SHOW = "terraform show -json plan.out > plan.json"
PLAN: dict[str, Any] = {"format_version": "1.2", "resource_changes": []}


def problem(text: str) -> Problem:
    reading = read_terraform("plan.json", text)
    assert (reading.plan, reading.state) == (None, None)
    (only,) = reading.problems
    return only


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("Terraform used the selected providers", "this is what terraform prints for people", MAKE),
        ("x\nTerraform will perform the following actions", "this is what terraform prints for people", MAKE),
        ("OpenTofu will perform", "this is what terraform prints for people", MAKE),
        ("a \x1b[1m b", "this is what terraform prints for people", MAKE),
        ("╷\n│ Error", "this is what terraform prints for people", MAKE),
        ("\n│ Error", "this is what terraform prints for people", MAKE),
        ("Error: no", "this is what terraform prints for people", MAKE),
        ("No changes. Good", "this is what terraform prints for people", MAKE),
        ("nothing of terraform's", "this is not the JSON of a plan or a state, nor anything else", MAKE),
        ("[]", "this is not the JSON of a plan or a state, nor anything else", MAKE),
        ("see: Error: no", "this is not the JSON of a plan or a state, nor anything else", MAKE),
        ('{"@level":"info","@module":"terraform.ui"}', "this is the log of `terraform plan -json`", MAKE),
        ('{"provider_schemas":{}}', "this is the output of `terraform providers schema -json`", MAKE),
        (
            '{"remote_plan_format":1,"run_id":"run-1"}',
            "this is the bookmark of a plan that is kept in HCP Terraform",
            "log in (terraform login) and run: terraform show -json plan.json > plan.json",
        ),
        (
            '{"version":4,"lineage":"x"}',
            "this is a raw state file (terraform.tfstate)",
            "run: terraform show -json > state.json",
        ),
        (
            '{"data":{"type":"plans"}}',
            "this is an answer of the HCP Terraform API that wraps a plan",
            "save what /api/v2/plans/<id>/json-output returns and give that",
        ),
        (
            "{}",
            "this JSON is neither a plan nor a state: it has no format_version",
            f"for a plan {MAKE}; Helm values in JSON are given with -f",
        ),
        ('{"format_version":{}}', "the JSON is not shaped as terraform writes it", MAKE),
        ('{"format_version":"1.0","resource_changes":{}}', "the JSON is not shaped as terraform writes it", MAKE),
        ('{"format_version":"1.0","values":[]}', "the JSON is not shaped as terraform writes it", MAKE),
    ],
)
def test_what_is_no_plan(text: str, message: str, remedy: str) -> None:
    wrong = problem(text)
    assert wrong.why.startswith(message)
    assert wrong.how == remedy
    assert (wrong.kind, wrong.place.path) == (ProblemKind.WRONG_TERRAFORM_OUTPUT, "plan.json")


@pytest.mark.parametrize(
    ("text", "message", "remedy", "position"),
    [
        ("", "the file is empty", MAKE, (0, 0)),
        (" \n", "the file is empty", MAKE, (0, 0)),
        (
            'Switched\nto\n{"format_version":"1.2"}',
            "other lines stand before the JSON, which begins here",
            f"write nothing but the JSON into the file: {SHOW}",
            (3, 1),
        ),
        ('{"a": 1', "the JSON ends too early: the file is cut off after 7 bytes", f"write it again; {MAKE}", (1, 8)),
        ('{\n "a": 1,\n "b": x}', "the JSON is broken here: invalid character", f"write it again; {MAKE}", (3, 7)),
        ('{"a": "ä" x}', "the JSON is broken here: expected ',' or '}'", f"write it again; {MAKE}", (1, 11)),
        (
            '{"format_version":"1.2"}\n{"format_version":"1.2"}',
            "a second JSON document begins here (terragrunt run-all writes them one after the other)",
            "write each plan into a file of its own, and give each with its own --plan",
            (2, 1),
        ),
        (
            '{"format_version":"1.2"}\ntext',
            "other text follows the JSON",
            f"write nothing but the JSON into the file: {SHOW}",
            (2, 1),
        ),
    ],
)
def test_what_is_broken_and_where(text: str, message: str, remedy: str, position: tuple[int, int]) -> None:
    broken = problem(text)
    assert (broken.why, broken.how, broken.kind) == (message, remedy, ProblemKind.UNREADABLE)
    assert (broken.place.line, broken.place.column) == position
    if position != (0, 0):
        assert (broken.place.end_line, broken.place.end_column) == (position[0], position[1] + 1)


def test_json_that_is_nested_too_deeply() -> None:
    deep = problem('{"format_version":"1.2","resource_changes":' + "[" * 100_000)
    assert (deep.why, deep.how) == ("the JSON is nested too deeply", "check what wrote the file")


@pytest.mark.parametrize(
    ("version", "readable"),
    [("1.2", True), ("0.1", True), ("1", True), ("2.0", False), ("x", False), ("1" * 10, False)],
)
def test_versions_of_the_format(version: str, readable: bool) -> None:
    for head in ({"format_version": version}, {"plan_format_version": version, "provider_schemas": {}}):
        reading = read_terraform("plan.json", json.dumps({**PLAN, "format_version": None, **head}))
        if not readable:
            (refused,) = reading.problems
            assert refused.why == (
                "its format_version has another major number than 1, which this version of astrovet reads"
            )
            assert refused.how == "update astrovet, or make the plan with an older terraform"


@pytest.mark.parametrize(
    ("content", "is_plan"),
    [
        ({"resource_changes": []}, True),
        ({"planned_values": {}}, True),
        ({"configuration": {}}, True),
        ({}, False),
        ({"values": {}}, False),
    ],
)
def test_a_plan_is_told_from_a_state(content: dict[str, Any], is_plan: bool) -> None:
    reading = read_terraform("x.json", json.dumps({"format_version": "1.2", **content}))
    assert (reading.plan is not None, reading.state is not None, reading.problems) == (is_plan, not is_plan, ())


def test_some_parts_of_other_outputs_make_none() -> None:
    for content in ({"remote_plan_format": 1}, {"run_id": "x"}, {"lineage": "x"}, {"version": 4}):
        assert read_terraform("x.json", json.dumps({**PLAN, **content})).problems == ()


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("[command]/usr/bin/terraform show\n{}\n::debug::exit", True),
        ("\n[command]/usr/bin/terraform show\n{}\n::set-output name=x::0", True),
        ("command\n{}", False),
    ],
)
def test_lines_of_the_wrapper_of_github(text: str, is_read: bool) -> None:
    reading = read_terraform("plan.json", text.replace("{}", json.dumps(PLAN)))
    assert (reading.plan is not None) is is_read
    if is_read:
        (remark,) = reading.problems
        assert remark.why == ("the wrapper of hashicorp/setup-terraform wrote lines around the JSON; they were skipped")
        assert remark.how == "set terraform_wrapper: false in the workflow's setup-terraform step"
        assert remark.kind is ProblemKind.REMARK


@pytest.mark.parametrize(
    "rest",
    [
        *("", "no JSON", '{"a"', "{}", '{"format_version":{}}', '{"@level":"","@module":""}'),
        '{"format_version":"1.0","values":[]}',
    ],
)
def test_what_the_wrapper_wrote_is_told_beside_every_problem(rest: str) -> None:
    kinds = [problem.kind for problem in read_terraform("plan.json", f"[command]x\n{rest}").problems]
    assert kinds[0] is ProblemKind.REMARK
    assert len(kinds) == 2


@pytest.mark.parametrize(
    ("head", "may_be"),
    [
        (b'{"format_version":"1.2"', True),
        (b'\xef\xbb\xbf \r\n\t{"format_version":', True),
        (b'{"plan_format_version":', True),
        ('{"format_version":'.encode("utf-16"), True),
        (b'{"version":4', False),
        (b'["format_version"]', False),
        (b"{" + b" " * 500 + b'"format_version"', False),
        (b"", False),
    ],
)
def test_the_first_bytes_tell_what_is_worth_reading(head: bytes, may_be: bool) -> None:
    assert may_be_terraform(head) is may_be


def test_a_saved_plan() -> None:
    assert is_binary_plan(b"PK\x03\x04rest")
    assert not is_binary_plan(b'{"PK\x03\x04')
    saved = binary_plan("out/plan.out")
    assert saved.why == "this is a saved, binary plan (terraform plan -out)"
    assert saved.how == "run: terraform show -json out/plan.out > plan.json"
    assert saved.place.path == "out/plan.out"
    assert is_printed("  ╷")
    assert not is_printed("a ╷")
