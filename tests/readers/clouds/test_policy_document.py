"""Policies that sources write as the data source `aws_iam_policy_document`."""

from __future__ import annotations

import pytest

from astrovet.readers.clouds.policy_document import policy_of
from astrovet.value import Known, Tree, Unknown, Value, at
from support import plain, root_module

BUCKET = 'resource "aws_s3_bucket" "a" { bucket = "a" }\n'
POLICY = 'resource "aws_s3_bucket_policy" "a" { policy = data.aws_iam_policy_document.a.json }\n'


def document(body: str, *, rest: str = POLICY) -> object:
    """What the policy of a bucket says, where it comes from a document of this content."""
    return plain(policy(body, rest=rest))


def policy(body: str, *, rest: str = POLICY) -> Value[Tree]:
    terraform = root_module({"main.tf": f'{rest}data "aws_iam_policy_document" "a" {{\n{body}\n}}\n'}, ".")
    (holder,) = terraform.judged(("aws_s3_bucket_policy",))
    return policy_of(holder, terraform.references)


def statement(body: str) -> object:
    content = document(f"statement {{\n{body}\n}}")
    assert isinstance(content, dict)
    (only,) = content["Statement"]
    return only


def test_every_part_of_a_statement() -> None:
    body = """
    effect        = "Deny"
    actions       = ["s3:GetObject"]
    not_actions   = ["s3:PutObject"]
    resources     = ["arn:1"]
    not_resources = ["arn:2"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    principals {
      type        = "Service"
      identifiers = ["logs"]
    }
    not_principals {
      type        = "Federated"
      identifiers = ["idp"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
    condition {
      test     = "Bool"
      variable = "aws:ViaAWSService"
      values   = ["true"]
    }
    condition {
      test     = "IpAddress"
      variable = "aws:SourceIp"
      values   = ["10.0.0.0/8"]
    }
    """
    assert statement(body) == {
        "Effect": "Deny",
        "Action": ["s3:GetObject"],
        "NotAction": ["s3:PutObject"],
        "Resource": ["arn:1"],
        "NotResource": ["arn:2"],
        "Principal": {"AWS": ["*"], "Service": ["logs"]},
        "NotPrincipal": {"Federated": ["idp"]},
        "Condition": {
            "Bool": {"aws:SecureTransport": ["false"], "aws:ViaAWSService": ["true"]},
            "IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]},
        },
    }


def test_a_statement_allows_where_nothing_else_is_written_and_has_no_more_than_is_written() -> None:
    assert statement('actions = ["s3:*"]') == {"Effect": "Allow", "Action": ["s3:*"]}


def test_everybody_of_all_kinds_is_everybody_of_amazon() -> None:
    body = 'principals {\n type = "*"\n identifiers = ["*"]\n}'
    assert statement(body) == {"Effect": "Allow", "Principal": {"AWS": ["*"]}}


@pytest.mark.parametrize(
    ("body", "part", "expected"),
    [
        ("principals {\n type = var.x\n identifiers = []\n}", "Principal", "?"),
        ("principals {\n identifiers = []\n}", "Principal", None),
        ('condition {\n test = var.x\n variable = "a"\n values = []\n}', "Condition", "?"),
        ('condition {\n test = "a"\n variable = var.x\n values = []\n}', "Condition", "?"),
        ('condition {\n variable = "a"\n values = []\n}', "Condition", {}),
        ('condition {\n test = "a"\n values = []\n}', "Condition", {}),
        ("effect = var.x", "Effect", "?"),
    ],
)
def test_parts_that_are_not_known_or_not_written(body: str, part: str, expected: object) -> None:
    parts = statement(body)
    assert isinstance(parts, dict)
    assert parts[part] == expected


def test_statements_of_a_document() -> None:
    assert document("statement {}\nstatement {\n effect = var.x\n}") == {
        "Statement": [{"Effect": "Allow"}, {"Effect": "?"}]
    }
    assert document("") == "?"
    assert document('dynamic "statement" {\n for_each = var.x\n content {}\n}') == {"Statement": ["?"]}


def test_where_a_document_and_its_statements_stand() -> None:
    content = policy('statement {\n effect = "Deny"\n}\nstatement {}')
    assert isinstance(content, Known)
    places = [content.place, at(content, "Statement").place]
    places += [at(content, "Statement", 0).place, at(content, "Statement", 0, "Effect").place]
    assert [place.line for place in places] == [2, 2, 3, 4]
    unwritten = at(content, "Statement", 1, "Effect")
    assert isinstance(unwritten, Known)
    assert (unwritten.place.line, unwritten.written) == (6, False)


@pytest.mark.parametrize(
    "further",
    [
        "source_policy_documents = [var.x]",
        "override_policy_documents = [var.x]",
        'source_json = "{}"',
        'override_json = "{}"',
    ],
)
def test_what_other_documents_add_is_not_known(further: str) -> None:
    assert document(f"{further}\nstatement {{}}") == "?"


@pytest.mark.parametrize(
    "attribute",
    [
        "var.policy",
        'var.which ? data.aws_iam_policy_document.a.json : ""',
        'replace(data.aws_iam_policy_document.a.json, "x", var.policy)',
        "data.aws_iam_policy_document.none.json",
        "coalesce(var.policy, data.aws_iam_policy_document.a.json)",
        "var.which ? data.aws_iam_policy_document.a.json : data.aws_iam_policy_document.b.json",
        "aws_iam_policy.a.policy",
    ],
)
def test_a_policy_of_which_the_document_is_not_settled(attribute: str) -> None:
    rest = f'resource "aws_s3_bucket_policy" "a" {{ policy = {attribute} }}\nvariable "which" {{}}\n'
    rest += 'data "aws_iam_policy_document" "b" {}\nresource "aws_iam_policy" "a" {}\nvariable "policy" {}\n'
    assert isinstance(policy("statement {}", rest=rest), Unknown)


def test_a_policy_that_is_written_itself() -> None:
    assert document("", rest='resource "aws_s3_bucket_policy" "a" { policy = "{}" }\n') == "{}"
    assert document("", rest='resource "aws_s3_bucket_policy" "a" {}\n') is None
    encoded = 'resource "aws_s3_bucket_policy" "a" { policy = jsonencode({ a = aws_s3_bucket.a.arn }) }\n' + BUCKET
    kept = policy("", rest=encoded)
    assert isinstance(kept, Unknown)
    assert kept.document is not None
