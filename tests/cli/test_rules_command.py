"""`astrovet rules` and `astrovet explain`."""

from __future__ import annotations

import json
import re

import pytest

from astrovet.judging.packs import BUILT_IN, PackError, join_packs, load_pack, select
from support import astrovet

ALL = load_pack(BUILT_IN)


def run(*words: str) -> tuple[int, str]:
    result = astrovet(*words)
    return result.exit_code, result.output


def test_the_catalogue_has_a_line_for_every_rule() -> None:
    status, output = run("rules")
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == [rule.id for rule in ALL]
    assert "REX008  high      xcom-values-stay-in-astro" in output


def test_the_catalogue_as_json_holds_what_a_rule_is() -> None:
    status, output = run("rules", "--format", "json")
    listed = {rule["id"]: rule for rule in json.loads(output)["rules"]}
    assert status == 0
    assert listed["REX008"]["raised"] == {
        "customer-execution-plane": "critical",
        "hipaa": "critical",
        "pci": "critical",
    }
    assert listed["REQ001"]["when"] == ["hipaa"]
    assert "## Why" in listed["REX008"]["manual"]


def test_the_catalogue_as_markdown_is_a_table() -> None:
    _, output = run("rules", "--format", "markdown")
    head, rule, *rows = output.splitlines()
    assert {line.count("|") for line in (head, rule)} == {5}
    assert len(rows) == len(ALL)


@pytest.mark.parametrize("word", ["REX008", "rex008", "xcom-values-stay-in-astro"])
def test_a_rule_is_explained_by_id_or_name(word: str) -> None:
    status, output = run("explain", word)
    assert status == 0
    assert output.startswith("REX008 xcom-values-stay-in-astro\n\nXComs of a Remote Execution agent must not")
    for expected in (
        "\nWHY\n",
        "\nFIX\n",
        "\nNOT REPORTED\n",
        "critical where",
        "`hipaa`",
        "\nSOURCES\n",
        "P:common-io",
    ):
        assert expected in output


def test_a_prefix_explains_all_its_rules() -> None:
    _, output = run("explain", "AST")
    headings = re.findall(r"^([A-Z]{3}\d{3}) [a-z0-9-]+$", output, re.MULTILINE)
    assert headings == [rule.id for rule in ALL if rule.id.startswith("AST")]


def test_a_rule_that_does_not_exist_is_answered_with_the_nearest_one() -> None:
    status, output = run("explain", "xcom-value-stay-in-astro")
    assert status == 2
    assert "did you mean xcom-values-stay-in-astro?" in output


def test_rules_are_in_the_order_of_their_ids_within_a_family() -> None:
    for family in {rule.id[:3] for rule in ALL}:
        ids = [rule.id for rule in ALL if rule.id.startswith(family)]
        assert ids == sorted(ids)


def test_the_rules_of_the_first_issue_are_there() -> None:
    expected = (
        "REQ001 REX001 REX003 REX004 REX005 REX006 REX007 REX008 REX010 REX012 REX013 REX016 AST001 AST002 AST005 "
        "AST006 AST009 NET001 INP001 INP002 INP003 INP004 INP007 INP011"
    )
    assert set(expected.split()) <= {rule.id for rule in ALL}


def test_what_could_hide_an_unread_input_cannot_be_switched_off() -> None:
    chosen = {rule.id for rule in select(ALL, ["REX008"], ["INP"])}
    assert {"REX008", "INP001", "INP002"} <= chosen
    assert "INP004" not in chosen


def test_two_packs_with_one_id_are_refused() -> None:
    with pytest.raises(PackError, match="two rules are called"):
        join_packs([ALL, ALL[:1]])
