"""What a provider computes of a name, as its documentation states, is known where the name is."""

from __future__ import annotations

import pytest

from astrovet.value import Known, Unknown, text
from support import root_module

MADE = """\
variable "end" {}
resource "aws_s3_bucket" "a" { bucket = "claims" }
resource "aws_s3_bucket" "open" { bucket = "claims-${var.end}" }
resource "aws_s3_bucket" "none" {}
resource "aws_s3_bucket" "each" {
  for_each = toset(["x"])
  bucket   = "claims-${each.key}"
}
resource "aws_eks_cluster" "a" { name = "agents" }
resource "aws_iam_role" "a" { name = "agents" }
resource "google_storage_bucket" "a" { name = "claims" }
resource "azurerm_storage_account" "a" { name = "claims" }
resource "aws_security_group" "a" { name = "claims" }
resource "terraform_data" "it" { input = VALUE }
"""


def value(expression: str) -> object:
    made = root_module({"main.tf": MADE.replace("VALUE", expression)}, "")
    return text(made.by_address["terraform_data.it"].attribute("input"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_s3_bucket.a.id", "claims"),
        ('"s3://${aws_s3_bucket.a.id}/x"', "s3://claims/x"),
        ('aws_s3_bucket.each["x"].id', "claims-x"),
        ("[for bucket in aws_s3_bucket.each : bucket.id][0]", "claims-x"),
        ("aws_eks_cluster.a.id", "agents"),
        ("aws_iam_role.a.id", "agents"),
        ("google_storage_bucket.a.url", "gs://claims"),
    ],
)
def test_it_is_made_of_the_name(expression: str, expected: str) -> None:
    read = value(expression)
    assert isinstance(read, Known)
    assert read.value == expected


def test_the_beginning_of_a_name_is_that_of_the_id() -> None:
    read = value("aws_s3_bucket.open.id")
    assert isinstance(read, Unknown)
    assert (read.prefix, read.origins) == ("claims-", ("aws_s3_bucket.open",))


@pytest.mark.parametrize(
    "expression",
    ["aws_s3_bucket.none.id", "google_storage_bucket.a.id", "azurerm_storage_account.a.id", "aws_security_group.a.id"],
)
def test_what_no_documentation_states_is_known_after_apply(expression: str) -> None:
    assert isinstance(value(expression), Unknown)
