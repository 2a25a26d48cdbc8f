"""`astrovet advise`: what it answers, in each of its forms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result

from support import astrovet


def advise(*arguments: str) -> Result:
    return astrovet("advise", *arguments)


def as_json(*arguments: str) -> Any:
    return json.loads(advise(*arguments, "--format", "json").stdout)


def paragraph(result: Result, title: str) -> str:
    """What the text says of one model."""
    parts = result.stdout.split("\n\n")[1:]
    return next(part for part in parts if title in part.splitlines()[0])


def test_the_models_that_satisfy_come_first_and_the_cheapest_of_them_before_the_others() -> None:
    result = advise("--require", "hipaa")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "hipaa: Dedicated, Remote Execution, Private Cloud"
    assert [line for line in lines if line.startswith(("yes", "no"))] == [
        "yes  Dedicated (plan: business or above [S003-14])",
        "yes  Remote Execution (plan: enterprise or above [S003-14, C-07])",
        "yes  Private Cloud (plan: enterprise or above [S003-14])",
        "no   Standard",
    ]


def test_a_model_that_satisfies_says_what_is_still_to_do_and_to_attest() -> None:
    remote = paragraph(advise("--require", "hipaa"), "Remote Execution")
    assert "to do: an external secrets backend and XCom backend (S003-25, S003-26)" in remote
    assert "to attest: baa, sso, phi-handling, cloud-baa, mfa" in remote


def test_a_model_that_does_not_satisfy_says_why_with_the_statement() -> None:
    standard = paragraph(advise("--require", "hipaa"), "Standard")
    assert "not hipaa: no business associate agreement for shared clusters [S003-12, S000-35, C-03, C-06]" in standard
    assert "to do" not in standard
    assert "to attest" not in standard


def test_several_requirements_are_satisfied_together() -> None:
    result = advise("--require", "hipaa,no-vendor-inbound", "--require", "soc2")
    assert result.stdout.splitlines()[0] == "hipaa, no-vendor-inbound, soc2: Remote Execution, Private Cloud"
    dedicated = paragraph(result, "Dedicated")
    assert "not no-vendor-inbound" in dedicated
    assert "hipaa" not in dedicated


def test_a_doubt_is_said_and_does_not_exclude() -> None:
    remote = paragraph(advise("--require", "dora"), "Remote Execution")
    assert remote.startswith("yes")
    assert "? dora: not in the list of models for DORA" in remote
    assert "[S003-37, S003-54, C-04]" in remote


def test_what_excludes_each_other_is_named_and_is_a_failure() -> None:
    result = advise("--require", "air-gapped,private-connectivity,soc2")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == (
        "air-gapped, private-connectivity, soc2: no model satisfies this: "
        "air-gapped and private-connectivity exclude each other"
    )
    assert "soc2" not in result.stdout.partition("\n")[2]


def test_a_plan_excludes_the_models_that_it_does_not_have() -> None:
    result = advise("--require", "hipaa", "--plan-tier", "business")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "hipaa: Dedicated"
    assert "not plan-tier: it needs the plan enterprise [S003-14, C-07]" in paragraph(result, "Remote Execution")


def test_no_model_of_the_plan_is_a_failure() -> None:
    result = advise("--require", "hipaa", "--plan-tier", "team")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "hipaa: no model satisfies this"


def test_a_cloud_excludes_the_models_that_do_not_run_there() -> None:
    result = advise("--require", "pci", "--cloud", "on-premises")
    assert result.stdout.splitlines()[0] == "pci: Private Cloud"
    assert "not cloud: it does not run on premises [S003-06]" in paragraph(result, "Dedicated")
    assert advise("--require", "pci", "--cloud", "azure").stdout.splitlines()[0] == (
        "pci: Dedicated, Remote Execution, Private Cloud"
    )


def test_json_is_for_machines() -> None:
    content = as_json("--require", "hipaa", "--plan-tier", "enterprise")
    assert content["schema"] == 1
    assert content["requires"] == ["hipaa"]
    assert content["satisfied_by"] == ["dedicated", "remote-execution", "private-cloud"]
    assert content["conflicts"] == []
    models = {model["model"]: model for model in content["models"]}
    assert models["standard"]["satisfies"] is False
    assert models["standard"]["reasons"][0]["fit"] == "no"
    assert "S003-12" in models["standard"]["reasons"][0]["sources"]
    assert models["remote-execution"]["tier"] == "enterprise"
    assert models["remote-execution"]["attestations"] == ["baa", "sso", "phi-handling", "cloud-baa", "mfa"]


def test_json_names_the_conflicts() -> None:
    content = as_json("--require", "private-connectivity", "--require", "air-gapped")
    assert content["satisfied_by"] == []
    assert content["conflicts"] == [["air-gapped", "private-connectivity"]]


def test_markdown_is_one_table_with_a_row_for_each_model() -> None:
    lines = advise("--require", "dora", "--format", "markdown").stdout.splitlines()
    assert lines[0] == "**dora: Dedicated, Remote Execution, Private Cloud**"
    assert lines[1] == ""
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[4:]]
    assert lines[3] == "|---|---|---|---|---|"
    assert [row[:3] for row in rows] == [
        ["Dedicated", "yes", "enterprise-business-critical"],
        ["Remote Execution", "with doubts", "enterprise-business-critical"],
        ["Private Cloud", "yes", "enterprise"],
        ["Standard", "no", ""],
    ]
    assert {len(row) for row in rows} == {5}


@pytest.mark.parametrize(
    "arguments",
    [(), ("--require", "hippa"), ("--require", "hipaa", "--plan-tier", "gold")],
    ids=["none", "slip", "plan"],
)
def test_a_slip_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert advise(*arguments).exit_code == 2
