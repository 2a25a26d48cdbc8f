"""Policies of S3 buckets: every key and operator that keeps strangers out, and what only looks like it."""

from __future__ import annotations

import json

import pytest

from astrovet.place import Place
from astrovet.readers.clouds.bucket_policy import BucketPolicy, bucket_policy, members
from astrovet.value import Absent, Known, Unknown, Value
from support import known, root_module, state

HERE = Place("policy.json", 1, 1)
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def policy(*statements: object) -> Known[str]:
    return Known(json.dumps({"Statement": list(statements)}), HERE)


def allow(**more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": "*", **more}


def deny(**more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Principal": "*", **more}


def admits(*statements: object) -> object:
    return state(bucket_policy(policy(*statements)).admits_everyone)


def denies(*statements: object) -> object:
    return state(bucket_policy(policy(*statements)).denies_cleartext)


@pytest.mark.parametrize(
    "key",
    [
        *("aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"),
        *("aws:SourceAccount", "aws:SourceArn", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceOrgPaths"),
        *("aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpce", "aws:userid", "aws:VpcSourceIp"),
        *("s3:DataAccessPointAccount", "s3:DataAccessPointArn"),
    ],
)
def test_keys_that_tell_who_calls_or_from_where(key: str) -> None:
    assert admits(allow(Condition={"StringEquals": {key: "ours"}})) is False
    assert admits(allow(), deny(Condition={"StringNotEquals": {key: "ours"}})) == "?"


@pytest.mark.parametrize("key", ["aws:SecureTransport", "s3:prefix", "aws:UserAgent", "aws:Referer", ""])
def test_keys_that_strangers_can_meet(key: str) -> None:
    assert admits(allow(Condition={"StringEquals": {key: "ours"}})) == "?"
    assert admits(allow(), deny(Condition={"StringNotEquals": {key: "ours"}})) is True


@pytest.mark.parametrize(
    ("operator", "closes"),
    [
        ("StringEquals", True),
        ("StringEqualsIgnoreCase", True),
        ("StringLike", True),
        ("ArnEquals", True),
        ("ArnLike", True),
        ("IpAddress", True),
        ("ForAnyValue:ArnLike", True),
        ("ForAllValues:ArnLike", False),
        ("StringEqualsIfExists", False),
        ("Null", False),
        ("StringNotEquals", False),
    ],
)
def test_operators_that_hold_only_where_the_key_has_the_value(operator: str, closes: bool) -> None:
    assert admits(allow(Condition={operator: {"aws:SourceArn": "ours"}})) == (False if closes else "?")


@pytest.mark.parametrize(
    "operator",
    [
        *("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"),
        *("ArnNotEquals", "ArnNotLike", "NotIpAddress", "ForAnyValue:StringNotEquals"),
    ],
)
def test_operators_that_refuse_whoever_comes_from_elsewhere(operator: str) -> None:
    condition = {operator: {"aws:SourceArn": "ours"}}
    assert admits(allow(), deny(Condition=condition)) == "?"
    assert admits(allow(), deny(Principal=ROOT, Condition=condition)) is True
    assert admits(allow(), allow(Condition=condition)) is True
    assert admits(allow(), deny(Condition={operator.replace("Not", ""): {"aws:SourceArn": "ours"}})) is True


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["10.0.0.0/8", "192.0.2.0/24"], False),
        ("10.0.0.0/8", False),
        (["10.0.0.0/8", "0.0.0.0/0"], "?"),
        ("::/0", "?"),
        (["*"], "?"),
        ("??*", "?"),
        ("?a", False),
        ([], "?"),
        ([{"a": 1}], "?"),
    ],
)
def test_values_that_fit_everybody_restrict_nobody(values: object, expected: object) -> None:
    assert admits(allow(Condition={"IpAddress": {"aws:SourceIp": values}})) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringLike": {"s3:prefix": "a"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}, False),
        ({"StringEquals": {"s3:prefix": "a", "aws:SourceVpc": "vpc-1"}}, False),
        ({"StringEquals": "no map"}, True),
        ("no map", True),
        ({}, True),
    ],
)
def test_conditions_of_a_statement(condition: object, expected: object) -> None:
    assert admits(allow(Condition=condition)) is expected


@pytest.mark.parametrize(
    ("principal", "everybody"),
    [
        ("*", True),
        (["*"], True),
        ({"AWS": "*"}, True),
        ({"AWS": ["arn:aws:iam::123456789012:root", "*"]}, True),
        ({"Federated": "*"}, False),
        ({"Service": "*"}, False),
        ("**", False),
        ([], False),
        (None, False),
    ],
)
def test_who_is_everybody(principal: object, everybody: bool) -> None:
    assert admits(allow(Principal=principal)) is everybody
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    assert denies(deny(Principal=principal, Condition=insecure)) is everybody


def test_why_it_is_undecided_and_how_to_find_out() -> None:
    undecided = bucket_policy(policy(allow(Condition={"Bool": {"aws:SecureTransport": "true"}}))).admits_everyone
    assert isinstance(undecided, Unknown)
    why = "a policy admits everybody under conditions, and whether these keep strangers out cannot be told"
    assert undecided.in_full == f"{why}; check them"


@pytest.mark.parametrize(
    ("operator", "key", "value", "refuses"),
    [
        ("Bool", "aws:SecureTransport", "false", True),
        ("BoolIfExists", "AWS:SECURETRANSPORT", ["False"], True),
        ("ForAnyValue:Bool", "aws:SecureTransport", False, True),
        ("StringEquals", "aws:SecureTransport", "false", False),
        ("Null", "aws:SecureTransport", "false", False),
        ("Bool", "aws:ViaAWSService", "false", False),
        ("Bool", "aws:SecureTransport", ["false", "true"], False),
        ("Bool", "aws:SecureTransport", ["false", "false"], False),
        ("Bool", "aws:SecureTransport", [], False),
        ("Bool", "aws:SecureTransport", "true", False),
    ],
)
def test_what_refuses_clear_text(operator: str, key: str, value: object, refuses: bool) -> None:
    statement = deny(Condition={operator: {key: value}})
    assert denies(statement) is refuses
    assert denies(allow(), statement) is refuses
    assert denies({**statement, "Effect": "Allow"}) is False
    assert denies({**statement, "Principal": ROOT}) is False
    narrower = {**statement, "Condition": {operator: {key: value, "s3:prefix": "a"}}}
    assert denies(narrower) is False


@pytest.mark.parametrize("effect", ["allow", "deny", "", None])
def test_an_effect_in_other_letters_is_none(effect: object) -> None:
    statement = {"Effect": effect, "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert (admits({**statement, "Condition": {}}), denies(statement)) == (False, False)


@pytest.mark.parametrize(
    ("statements", "admitting", "refusing"),
    [
        ([{"Effect": {"a": 1}, "Principal": "*"}], "?", "?"),
        ([{"Effect": {"a": 1}, "Principal": "*"}, allow()], True, "?"),
        (["no statement"], "?", "?"),
    ],
)
def test_what_cannot_be_read_stays_open(statements: list[object], admitting: object, refusing: object) -> None:
    assert (admits(*statements), denies(*statements)) == (admitting, refusing)


@pytest.mark.parametrize("statement", [{}, {"Statement": None}, {"Version": "2012-10-17"}])
def test_a_policy_without_statements(statement: object) -> None:
    meaning = bucket_policy(Known(json.dumps(statement), HERE))
    assert (state(meaning.admits_everyone), state(meaning.denies_cleartext)) == (False, False)
    assert meaning.admits_everyone.place == HERE


def test_a_policy_that_is_no_text_any_more() -> None:
    """Sources keep what `jsonencode` encodes."""
    source = 'resource "aws_s3_bucket_policy" "a" { policy = jsonencode({ Statement = [{ Effect = "Allow", '
    source += 'Principal = "*" }] }) }'
    (resource,) = root_module({"main.tf": source}, ".").resources
    content = resource.attribute("policy")
    assert isinstance(content, Known)
    for raw in (content, content.document or content):
        assert state(bucket_policy(raw).admits_everyone) is True


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"bindings": [{"members": ["allUsers", "user:a"]}, {"members": ["x"]}]}, ["allUsers", "user:a", "x"]),
        ({"bindings": [{"role": "roles/viewer"}]}, []),
        ({"bindings": []}, []),
        ({}, []),
    ],
)
def test_whom_a_policy_of_google_names(data: object, expected: list[str]) -> None:
    raw: Value[str] = Known(json.dumps(data), HERE)
    assert [known(member) for member in members(raw)] == expected


@pytest.mark.parametrize("raw", [Unknown("known only after apply", HERE), Absent(HERE)])
def test_a_policy_that_is_not_there_means_nothing(raw: Unknown | Absent) -> None:
    assert bucket_policy(raw) == BucketPolicy(raw, raw)
