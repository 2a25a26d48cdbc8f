"""Who may act as an identity of the cloud: trust policies of Amazon, memberships of Google, credentials of Azure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.model.identity import CloudIdentity, IdentityKind
from astrovet.readers.clouds.identity import cloud_identities
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known, Unknown
from support import plan_text, root_module, state

ACCOUNT = "system:serviceaccount:agents:worker"
OIDC = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"
SUB = "oidc.eks.eu-west-1.amazonaws.com/id/A:sub"


def identities(*resources: tuple[str, dict[str, Any]]) -> tuple[CloudIdentity, ...]:
    terraform = read("plan.json", read_terraform("plan.json", plan_text(dict(resources))))
    return tuple(cloud_identities(terraform, terraform.references))


def of_source(source: str) -> dict[str, CloudIdentity]:
    terraform = root_module({"main.tf": source}, ".")
    return {identity.id: identity for identity in cloud_identities(terraform, terraform.references)}


def trusted(identity: CloudIdentity) -> object:
    """Each trusted account as its namespace and name."""
    if not isinstance(identity.trusted, Known):
        return state(identity.trusted)
    accounts = [account.value if isinstance(account, Known) else None for account in identity.trusted.value]
    return [f"{account.namespace}/{account.name}" if account else "?" for account in accounts]


def statement(condition: object = None, **more: object) -> dict[str, object]:
    given = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": OIDC}, **more}
    return given if condition is None else {**given, "Condition": condition}


def role(*statements: object) -> CloudIdentity:
    policy = json.dumps({"Statement": list(statements)})
    (identity,) = identities(("aws_iam_role.a", {"name": "agents", "arn": "arn:1", "assume_role_policy": policy}))
    return identity


def test_what_a_role_is() -> None:
    identity = role(statement({"StringEquals": {SUB: ACCOUNT}}))
    assert (identity.id, identity.block, identity.address) == ("aws_iam_role.a",) * 3
    assert (state(identity.name), state(identity.short_name), state(identity.identifier)) == (
        "agents",
        "agents",
        "arn:1",
    )
    assert (identity.what, state(identity.used_by_agents)) == (IdentityKind.AMAZON, "-")
    assert trusted(identity) == ["agents/worker"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        *(
            ({operator: {SUB: ACCOUNT}}, ["agents/worker"])
            for operator in ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ForAnyValue:StringEquals")
        ),
        ({"ForAllValues:StringLike": {SUB: ACCOUNT}}, ["agents/worker"]),
        ({"StringEquals": {SUB.upper(): ACCOUNT}}, ["agents/worker"]),
        ({"StringEquals": {SUB: [ACCOUNT, "system:serviceaccount:b:c"]}}, ["agents/worker", "b/c"]),
        ({"StringEquals": {SUB: ACCOUNT}, "StringLike": {SUB: "system:serviceaccount:b:*"}}, ["agents/worker", "b/*"]),
        ({"StringLike": {SUB: "system:serviceaccount:a*:w?"}}, ["a*/w?"]),
        ({"StringLike": {SUB: "system:serviceaccount:a*"}}, ["a*/*"]),
        ({"StringLike": {SUB: "system:serviceaccount:*"}}, ["*/*"]),
        ({"StringLike": {SUB: "system:serviceaccount*"}}, ["*/*"]),
        ({"StringLike": {SUB: "sys*"}}, ["*/*"]),
        ({"StringLike": {SUB: "*"}}, ["*/*"]),
        ({"StringLike": {SUB: "system:node:*"}}, []),
        ({"StringLike": {SUB: "system:serviceaccount:a"}}, []),
        ({"StringLike": {SUB: "system:serviceaccount:a:b:c"}}, []),
        ({"StringLike": {SUB: "repo:acme/dags:x"}}, []),
        # Where nothing is a pattern, a star is a star.
        ({"StringEquals": {SUB: "system:serviceaccount:agents:*"}}, []),
        ({"StringEquals": {SUB: "system:serviceaccount:agents:worke?"}}, []),
        ({"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A:aud": "sts.amazonaws.com"}}, ["*/*"]),
        (None, ["*/*"]),
        ({}, ["*/*"]),
        ({"StringNotEquals": {SUB: ACCOUNT}}, ["?"]),
        ({"Null": {SUB: "true"}}, ["?"]),
        ({"StringEquals": {SUB: ACCOUNT}, "StringNotLike": {SUB: "a"}}, ["?"]),
        ({"StringEquals": {SUB: [{"a": 1}]}}, ["?"]),
        ({"StringEquals": "no map"}, ["*/*"]),
    ],
)
def test_whom_the_conditions_of_a_role_admit(condition: object, expected: list[str]) -> None:
    assert trusted(role(statement(condition))) == expected
    assert trusted(role(statement(condition), statement({"StringEquals": {SUB: ACCOUNT}}))) == [
        *expected,
        "agents/worker",
    ]


def test_why_a_trust_is_not_read() -> None:
    identity = role(statement({"StringNotEquals": {SUB: ACCOUNT}}))
    assert isinstance(identity.trusted, Known)
    (lost,) = identity.trusted.value
    assert isinstance(lost, Unknown)
    assert lost.why == "the trust policy limits the subject in a way that astrovet does not read"


@pytest.mark.parametrize(
    ("changed", "admits"),
    [
        ({}, True),
        ({"Action": ["sts:TagSession", "STS:ASSUMEROLEWITHWEBIDENTITY"]}, True),
        ({"Action": "sts:AssumeRole"}, False),
        ({"Action": []}, False),
        ({"Action": None}, False),
        ({"Effect": "Deny"}, False),
        ({"Effect": None}, False),
        ({"Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}}, False),
        ({"Principal": {"Federated": "accounts.google.com"}}, False),
        ({"Principal": {"AWS": "*"}}, False),
    ],
)
def test_which_statements_admit_accounts_of_a_cluster(changed: dict[str, Any], admits: bool) -> None:
    assert trusted(role(statement(**changed))) == (["*/*"] if admits else [])


@pytest.mark.parametrize(
    ("policy", "expected"), [("no JSON", "?"), (None, "-"), ("{}", []), ('{"Statement": {"Effect": "Allow"}}', [])]
)
def test_policies_of_all_shapes(policy: object, expected: object) -> None:
    (identity,) = identities(("aws_iam_role.a", {"name": "agents", "assume_role_policy": policy}))
    assert trusted(identity) == expected


POOL = "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p"
USER = "roles/iam.workloadIdentityUser"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("serviceAccount:acme.svc.id.goog[agents/worker]", ["agents/worker"]),
        ("serviceAccount:acme.svc.id.goog[agents]", []),
        ("serviceAccount:acme.example[agents/worker]", []),
        (f"principal://{POOL}/subject/ns/agents/sa/worker", ["agents/worker"]),
        (f"principalSet://{POOL}/namespace/agents", ["agents/*"]),
        (f"principalSet://{POOL}/*", ["*/*"]),
        (f"principalSet://{POOL}/kubernetes.cluster/https://x", ["*/*"]),
        (f"principalSet://{POOL}/attribute.repository/acme", []),
        ("user:a@example.com", []),
    ],
)
def test_members_of_an_account_of_google(member: str, expected: list[str]) -> None:
    account = ("google_service_account.a", {"name": "projects/p/serviceAccounts/x", "email": "x@p", "account_id": "x"})
    common = {"service_account_id": "projects/p/serviceAccounts/x", "role": USER}
    for kind, named in (("member", {"member": member}), ("binding", {"members": [member]})):
        (identity,) = identities(account, (f"google_service_account_iam_{kind}.a", {**common, **named}))
        assert trusted(identity) == expected
        assert (state(identity.name), state(identity.short_name), state(identity.identifier)) == ("x", "x", "x@p")
        assert (identity.what, identity.address) == (IdentityKind.GOOGLE, "google_service_account.a")


def test_an_account_of_google_that_is_elsewhere() -> None:
    values = {"service_account_id": "projects/p/serviceAccounts/x@p", "role": USER, "members": ["x", "y"]}
    (identity,) = identities(("google_service_account_iam_binding.a", values))
    assert (state(identity.name), state(identity.short_name), identity.address) == ("-", "-", "")
    assert (state(identity.identifier), trusted(identity)) == ("x@p", [])


@pytest.mark.parametrize(
    ("given", "expected"),
    [("roles/viewer", None), (USER, []), (["a"], "?"), (None, "?")],
)
def test_roles_of_google(given: object, expected: object) -> None:
    made = identities(("google_service_account_iam_member.a", {"role": given, "member": "x"}))
    assert [trusted(identity) for identity in made] == ([] if expected is None else [expected])
    if given is None:
        lost = made[0].trusted
        assert isinstance(lost, Unknown)
        assert lost.why == "the role of this membership is not set"


def test_members_that_are_not_known() -> None:
    for values in ({"member": ["a"]}, {"members": [["a"]]}):
        (identity,) = identities(("google_service_account_iam_member.a", {"role": USER, **values}))
        assert trusted(identity) == ["?"]
    (identity,) = identities(("google_service_account_iam_binding.a", {"role": USER, "members": "a"}))
    assert trusted(identity) == "?"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (ACCOUNT, ["agents/worker"]),
        ("repo:acme/dags:ref", []),
        ("system:serviceaccount:agents", []),
        (["a"], ["?"]),
        (None, []),
    ],
)
def test_credentials_of_azure(subject: object, expected: list[str]) -> None:
    owner = ("azurerm_user_assigned_identity.a", {"id": "/x", "name": "agents", "client_id": "c-1"})
    credential = {"name": "fed", "parent_id": "/x", "subject": subject}
    (identity,) = identities(owner, ("azurerm_federated_identity_credential.a", credential))
    assert trusted(identity) == expected
    assert (state(identity.name), state(identity.identifier), state(identity.short_name)) == ("fed", "c-1", "-")
    assert (identity.what, identity.address) == (IdentityKind.AZURE, "azurerm_user_assigned_identity.a")
    (alone,) = identities(("azurerm_federated_identity_credential.a", credential))
    assert isinstance(alone.identifier, Unknown)
    assert alone.identifier.why == "the managed identity of this credential is not in these inputs"
    assert alone.address == ""


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("google_service_account.a.name", "google_service_account.a"),
        ("google_service_account.b.name", "google_service_account.b"),
        ("google_service_account.a.id", "google_service_account.a"),
        ("var.which ? google_service_account.a.name : google_service_account.b.name", ""),
        ("google_project.a.name", ""),
        ("var.which", ""),
        ('"projects/p/x"', ""),
    ],
)
def test_whose_membership_it_is_in_sources(reference: str, address: str) -> None:
    source = f"""
    variable "which" {{}}
    resource "google_project" "a" {{}}
    resource "google_service_account" "a" {{ account_id = "a" }}
    resource "google_service_account" "b" {{ account_id = "b" }}
    resource "google_service_account_iam_member" "m" {{
      service_account_id = {reference}
      role               = "{USER}"
      member             = "x"
    }}
    """
    assert of_source(source)["google_service_account_iam_member.m"].address == address


def test_the_first_of_two_of_a_name_counts() -> None:
    owners = [(f"azurerm_user_assigned_identity.{name}", {"name": "x", "client_id": name}) for name in "ab"]
    (identity,) = identities(*owners, ("azurerm_federated_identity_credential.a", {"parent_id": "x", "subject": "y"}))
    assert state(identity.identifier) == "a"
