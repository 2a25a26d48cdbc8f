"""What identities of the cloud may do there: policies of Amazon, memberships of Google, assignments of Azure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.model.identity import WideRight
from astrovet.readers.clouds.identity import cloud_identities
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.value import Known, Unknown, Value
from support import plan_text, root_module

IN_S3 = "everything in s3 on every resource"
IN_ALL = "everything on every resource"


def said(right: Value[WideRight]) -> str:
    """What is allowed; or why it is not known, behind a question mark."""
    match right:
        case Known(wide):
            return wide.what
        case Unknown(why):
            return f"? {why}"
        case _:
            raise AssertionError(right)


def rights(terraform: Terraform, address: str = "") -> list[str]:
    """Of the one identity, or of the one that is called."""
    (identity,) = (
        one for one in cloud_identities(terraform, terraform.references) if address in ("", one.id, one.address)
    )
    return [said(right) for right in identity.rights]


def of_plan(*resources: tuple[str, dict[str, Any]]) -> list[str]:
    return rights(read("plan.json", read_terraform("plan.json", plan_text(dict(resources)))))


def of_source(source: str, address: str = "") -> list[str]:
    return rights(root_module({"main.tf": source}, "."), address)


def policy(*statements: object) -> str:
    return json.dumps({"Statement": list(statements)})


def allowed(action: object = "s3:*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


TRUST = json.dumps({"Statement": []})
ROLE = {"name": "agents", "arn": "arn:aws:iam::123456789012:role/agents", "assume_role_policy": TRUST}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allowed(), [IN_S3]),
        (allowed(["s3:GetObject", "S3:*"]), [IN_S3]),
        (allowed("*"), [IN_ALL]),
        (allowed("*:*"), [IN_ALL]),
        (allowed(Resource=["arn:aws:s3:::logs", "*"]), [IN_S3]),
        (allowed(Action=None, NotAction="iam:*"), ["everything but a few actions on every resource"]),
        (allowed("s3:GetObject"), []),
        (allowed(Resource="arn:aws:s3:::logs/*"), []),
        (allowed(Effect="Deny"), []),
        (allowed(Effect=None), []),
        (
            allowed(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            [f"? a policy allows {IN_S3} under conditions, and whether these narrow it cannot be told"],
        ),
    ],
)
def test_statements_of_the_policies_of_a_role(statement: dict[str, object], expected: list[str]) -> None:
    statement = {key: value for key, value in statement.items() if value is not None}
    role = ("aws_iam_role.a", ROLE)
    inline = ("aws_iam_role.a", {**ROLE, "inline_policy": [{"name": "x", "policy": policy(statement)}]})
    attached = ("aws_iam_role_policy.a", {"role": "agents", "policy": policy(statement)})
    assert of_plan(inline) == expected
    assert of_plan(role, attached) == expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", [IN_S3]),
        ("arn:aws-us-gov:iam::aws:policy/job-function/AdministratorAccess", [IN_ALL]),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", []),
        ("arn:aws:iam::123456789012:policy/AmazonS3FullAccess", []),
    ],
)
def test_policies_that_amazon_manages(arn: str, expected: list[str]) -> None:
    listed = ("aws_iam_role.a", {**ROLE, "managed_policy_arns": [arn]})
    attached = ("aws_iam_role_policy_attachment.a", {"role": "agents", "policy_arn": arn})
    assert of_plan(listed) == expected
    assert of_plan(("aws_iam_role.a", ROLE), attached) == expected


def test_a_policy_of_ones_own_that_is_attached() -> None:
    arn = "arn:aws:iam::123456789012:policy/logs"
    made = ("aws_iam_policy.logs", {"arn": arn, "policy": policy(allowed())})
    attached = ("aws_iam_role_policy_attachment.a", {"role": "agents", "policy_arn": arn})
    assert of_plan(("aws_iam_role.a", ROLE), made, attached) == [IN_S3]


def test_a_boundary_may_take_rights_away() -> None:
    wide = ("aws_iam_role_policy.a", {"role": "agents", "policy": policy(allowed())})
    role = {**ROLE, "permissions_boundary": "arn:aws:iam::123456789012:policy/boundary"}
    assert of_plan(("aws_iam_role.a", role)) == []
    assert of_plan(("aws_iam_role.a", role), wide) == [
        "? a permissions boundary is set, and what it leaves of these rights cannot be told"
    ]


AGENTS = 'resource "aws_iam_role" "a" {\n  name = "agents"\n}\n'


def of_agents(source: str) -> list[str]:
    return of_source(AGENTS + source)


@pytest.mark.parametrize(
    ("policy_source", "expected"),
    [
        ('jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })', [IN_S3]),
        ('jsonencode({ Statement = { Effect = "Allow", Action = var.action, Resource = "*" } })', ["? action"]),
        ('jsonencode({ Statement = { Effect = "Allow", Action = "s3:*", Resource = var.action } })', ["? action"]),
        ('jsonencode({ Statement = { Effect = "Allow", Action = "s3:Get", Resource = var.action } })', []),
        ("jsonencode({ Statement = [var.action] })", ["? action"]),
        ("var.action", ["? action"]),
        ("null", []),
    ],
)
def test_what_nobody_has_said_yet_may_be_wide(policy_source: str, expected: list[str]) -> None:
    source = f"""
    variable "action" {{}}
    resource "aws_iam_role_policy" "p" {{
      role   = "agents"
      policy = {policy_source}
    }}
    """
    made = of_agents(source)
    assert len(made) == len(expected)
    for right, wanted in zip(made, expected, strict=True):
        assert right == wanted or (wanted == "? action" and right.startswith("? ") and "action" in right), right


def test_a_policy_by_reference_in_sources() -> None:
    source = """
    resource "aws_iam_policy" "logs" {
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
    }
    resource "aws_iam_role_policy_attachment" "p" {
      role       = aws_iam_role.a.name
      policy_arn = aws_iam_policy.logs.arn
    }
    """
    assert of_agents(source) == [IN_S3]


def test_a_policy_of_elsewhere_is_not_at_hand() -> None:
    source = """
    data "aws_iam_policy" "logs" { name = "logs" }
    resource "aws_iam_role_policy_attachment" "p" {
      role       = aws_iam_role.a.name
      policy_arn = data.aws_iam_policy.logs.arn
    }
    """
    assert of_agents(source) == []


def test_an_attached_policy_that_nobody_has_named_yet() -> None:
    source = """
    variable "arn" {}
    resource "aws_iam_role_policy_attachment" "p" {
      role       = aws_iam_role.a.name
      policy_arn = var.arn
    }
    """
    (right,) = of_agents(source)
    assert right.startswith("? ")
    assert "arn" in right


def test_an_attachment_to_a_role_that_nobody_has_named_yet() -> None:
    source = """
    variable "role" {}
    resource "aws_iam_role_policy_attachment" "p" {
      role       = var.role
      policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    }
    """
    (right,) = of_agents(source)
    assert right.startswith("? whether aws_iam_role_policy_attachment.p belongs to it cannot be told: ")


EMAIL = "agents@acme.iam.gserviceaccount.com"
ACCOUNT = (
    "google_service_account.a",
    {"name": "x", "email": EMAIL, "account_id": "agents"},
)
USED = (
    "google_service_account_iam_member.a",
    {"service_account_id": "x", "role": "roles/iam.workloadIdentityUser", "member": "user:x"},
)


@pytest.mark.parametrize(
    ("role", "member", "expected"),
    [
        ("roles/owner", f"serviceAccount:{EMAIL}", ["roles/owner of a whole project"]),
        ("roles/storage.admin", f"serviceAccount:{EMAIL}", ["roles/storage.admin of a whole project"]),
        ("roles/storage.objectViewer", f"serviceAccount:{EMAIL}", []),
        ("roles/owner", f"serviceAccount:other-{EMAIL}", []),
        ("roles/owner", f"serviceAccount:my{EMAIL}", []),
        ("roles/owner", "user:a@example.com", []),
    ],
)
def test_roles_of_an_account_of_google(role: str, member: str, expected: list[str]) -> None:
    common = {"project": "acme", "role": role}
    assert of_plan(ACCOUNT, USED, ("google_project_iam_member.a", {**common, "member": member})) == expected
    binding = {**common, "members": ["user:b@example.com", member]}
    assert of_plan(ACCOUNT, USED, ("google_project_iam_binding.a", binding)) == expected


GOOGLE = """
variable "role" {}
variable "member" {}
resource "google_service_account" "a" { account_id = "agents" }
resource "google_service_account" "b" { account_id = "other" }
resource "google_service_account_iam_member" "m" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "user:x"
}
"""


@pytest.mark.parametrize(
    ("role", "member", "expected"),
    [
        ('"roles/editor"', "google_service_account.a.member", ["roles/editor of a whole folder"]),
        ('"roles/editor"', '"serviceAccount:${google_service_account.a.email}"', ["roles/editor of a whole folder"]),
        ('"roles/editor"', "google_service_account.b.member", []),
        ('"roles/viewer"', "var.member", []),
        ('"roles/editor"', "var.member", ["? member"]),
        ("var.role", "google_service_account.a.member", ["? role"]),
        ("var.role", "google_service_account.b.member", []),
        ("null", "google_service_account.a.member", []),
    ],
)
def test_roles_of_an_account_of_google_in_sources(role: str, member: str, expected: list[str]) -> None:
    grant = f'resource "google_folder_iam_member" "g" {{\n  role   = {role}\n  member = {member}\n}}'
    made = of_source(GOOGLE + grant, "google_service_account.a")
    assert len(made) == len(expected)
    for right, wanted in zip(made, expected, strict=True):
        assert right == wanted or (wanted[:1] == "?" and right.startswith("? ") and wanted[2:] in right), right


IDENTITY = (
    "azurerm_user_assigned_identity.a",
    {"id": "/x", "name": "agents", "client_id": "c-1", "principal_id": "p-1"},
)
CREDENTIAL = (
    "azurerm_federated_identity_credential.a",
    {"parent_id": "/x", "subject": "system:serviceaccount:agents:worker"},
)


@pytest.mark.parametrize(
    ("role", "scope", "principal", "expected"),
    [
        ("Owner", "/subscriptions/1", "p-1", ["Owner of a whole subscription or more"]),
        ("Contributor", "/subscriptions/1/", "p-1", ["Contributor of a whole subscription or more"]),
        (
            "Owner",
            "/providers/Microsoft.Management/managementGroups/g",
            "p-1",
            ["Owner of a whole subscription or more"],
        ),
        ("Owner", "/subscriptions/1/resourceGroups/g", "p-1", []),
        ("Owner", "/subscriptions/1", "p-2", []),
        ("Owner", "/subscriptions/1", "np-1", []),
        ("Reader", "/subscriptions/1", "p-1", []),
    ],
)
def test_assignments_of_azure(role: str, scope: str, principal: str, expected: list[str]) -> None:
    grant = {"role_definition_name": role, "scope": scope, "principal_id": principal}
    assert of_plan(IDENTITY, CREDENTIAL, ("azurerm_role_assignment.a", grant)) == expected


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("data.azurerm_subscription.current.id", ["Owner of a whole subscription or more"]),
        ("azurerm_management_group.g.id", ["Owner of a whole subscription or more"]),
        ("azurerm_resource_group.g.id", []),
        ("var.scope", ["? scope"]),
    ],
)
def test_scopes_of_azure_in_sources(scope: str, expected: list[str]) -> None:
    source = f"""
    variable "scope" {{}}
    data "azurerm_subscription" "current" {{}}
    resource "azurerm_management_group" "g" {{}}
    resource "azurerm_resource_group" "g" {{}}
    resource "azurerm_user_assigned_identity" "a" {{ name = "agents" }}
    resource "azurerm_federated_identity_credential" "c" {{
      parent_id = azurerm_user_assigned_identity.a.id
      subject   = "system:serviceaccount:agents:worker"
    }}
    resource "azurerm_role_assignment" "g" {{
      role_definition_name = "Owner"
      scope                = {scope}
      principal_id         = azurerm_user_assigned_identity.a.principal_id
    }}
    """
    made = of_source(source)
    assert len(made) == len(expected)
    for right, wanted in zip(made, expected, strict=True):
        assert right == wanted or (wanted[:1] == "?" and right.startswith("? ") and wanted[2:] in right), right
