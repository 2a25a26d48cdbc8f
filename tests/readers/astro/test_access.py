"""Who may do what: organizations, holders of roles, address lists, and where the state of a root module is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet import Context, Deployment, Severity, Verdicts, Workspace, fail, rule
from astrovet.declared.configuration import Config, ConfigError
from astrovet.declared.configuration_file import read_config
from astrovet.formats.text_file import TextFile
from astrovet.judging.engine import judge
from astrovet.model.access import AddressList, Organization, RootModule, StateBackend
from astrovet.model.estate import Estate
from astrovet.model.requirement import Requirement
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent, Known, Unknown, Value

PROVIDER = 'provider "astro" {\n  organization_id = "cljzz64cc001n01mln1p12345"\n}\n'
TOKEN = """
resource "astro_api_token" "ci" {
  name  = "ci"
  type  = "WORKSPACE"
  roles = []
}
"""


def estate(**files: str) -> Estate:
    """The estate of sources, given as `live__main` for `live/main.tf`."""
    named = {f"{name.replace('__', '/')}.tf": text for name, text in files.items()}
    return build([SourceFile.of(path, text.encode(), Role.FOUND) for path, text in named.items()], ".").estate


def backend(settings: str, **files: str) -> Value[StateBackend]:
    (root,) = estate(main=f"terraform {{\n{settings}\n}}\n{PROVIDER}{TOKEN}", **files).of(RootModule)
    return root.backend


# --- organizations


def grant(label: str, kind: str, **arguments: str) -> str:
    lines = "".join(f"  {name} = {value}\n" for name, value in arguments.items())
    return f'resource "astro_{kind}" "{label}" {{\n{lines}}}\n'


OWNER = '"ORGANIZATION_OWNER"'


def holders(text: str) -> list[str | None]:
    (organization,) = estate(main=PROVIDER + text).of(Organization)
    return [grant.holder.value if isinstance(grant.holder, Known) else None for grant in organization.grants]


def test_a_team_is_one_holder_wherever_its_role_is_given() -> None:
    team = grant("a", "team", name='"a"', organization_role=OWNER)
    role = grant("a", "team_roles", team_id="astro_team.a.id", organization_role=OWNER)
    assert holders(team + role) == ["astro_team.a"] * 2


def test_an_invited_person_is_known_by_the_address_in_any_case() -> None:
    first = grant("a", "user_invite", email='"Jo@Example.com"', role=OWNER)
    second = grant("b", "user_invite", email='"jo@example.COM"', role=OWNER)
    user = grant("jo", "user_roles", user_id="astro_user_invite.a.user_id", organization_role=OWNER)
    assert holders(first + second + user) == ["jo@example.com"] * 3


def test_people_of_different_data_sources_are_different() -> None:
    data = "".join(f'data "astro_user" "{name}" {{\n  id = "{name}"\n}}\n' for name in "ab")
    users = [grant(name, "user_roles", user_id=f"data.astro_user.{name}.id", organization_role=OWNER) for name in "ab"]
    assert holders(data + "".join(users)) == ["data.astro_user.a", "data.astro_user.b"]


def test_a_person_behind_a_variable_is_nobody_that_is_known() -> None:
    user = grant("a", "user_roles", user_id="var.owner", organization_role=OWNER)
    assert holders('variable "owner" {}\n' + user) == [None]


def test_each_provider_has_an_organization_unless_they_share_its_id() -> None:
    other = 'provider "astro" {\n  alias = "eu"\n  organization_id = "%s"\n}\n'
    lists = 'resource "astro_team" "a" {\n  name = "a"\n}\nresource "astro_team" "b" {\n  provider = %s\n}\n'
    organizations = estate(main=PROVIDER + other % "cljzz64cc001n01mln1peu345" + lists % "astro.eu").of(Organization)
    assert [organization.id for organization in organizations] == ["organization (astro)", "organization (astro.eu)"]
    same = estate(main=PROVIDER + other % "cljzz64cc001n01mln1p12345" + lists % '"astro.eu"').of(Organization)
    assert [(organization.id, len(organization.grants)) for organization in same] == [("organization", 2)]


def test_a_module_uses_the_provider_that_is_passed_to_it() -> None:
    """Also under another name, and through a module between."""
    list_ = (
        'resource "astro_allowed_ip_address_ranges" "this" {\n  provider = astro.here\n  ip_address_ranges = []\n}\n'
    )
    between = 'module "inner" {\n  source = "../inner"\n  providers = { astro.here = astro }\n}\n'
    calls = "".join(
        f'module "{name}" {{\n  source = "./between"\n  providers = {{ astro = {key} }}\n}}\n'
        for name, key in (("one", "astro"), ("two", "astro.eu"))
    )
    eu = 'provider "astro" {\n  alias = "eu"\n  organization_id = "cljzz64cc001n01mln1peu345"\n}\n'
    address_lists = estate(main=PROVIDER + eu + calls, between__main=between, inner__main=list_).of(AddressList)
    assert [
        address_list.organization.value
        for address_list in address_lists
        if isinstance(address_list.organization, Known)
    ] == [
        "cljzz64cc001n01mln1p12345",
        "cljzz64cc001n01mln1peu345",
    ]
    assert [address_list.rivals for address_list in address_lists] == [(), ()]


def test_a_module_that_is_passed_nothing_uses_its_callers_provider() -> None:
    call = 'module "a" {\n  source = "./inner"\n}\n'
    list_ = 'resource "astro_allowed_ip_address_ranges" "this" {\n  ip_address_ranges = []\n}\n'
    address_lists = estate(main=PROVIDER + call + list_, inner__main=list_).of(AddressList)
    assert [len(address_list.rivals) for address_list in address_lists] == [0, 1]


# --- where the state is


def kind(value: Value[StateBackend]) -> str | type:
    return value.value.type if isinstance(value, Known) else type(value)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", Absent),
        ('  required_version = ">= 1.9"', Absent),
        ('  backend "gcs" {\n    bucket = "state"\n  }', "gcs"),
        ("  cloud {}", "cloud"),
    ],
)
def test_the_backend_is_in_the_terraform_block(settings: str, expected: str | type) -> None:
    assert kind(backend(settings)) == expected


def test_an_override_replaces_the_backend() -> None:
    assert kind(backend("  cloud {}", a_override='terraform {\n  backend "local" {}\n}\n')) == "local"


def test_the_backend_of_a_called_module_does_not_count() -> None:
    call = 'module "a" {\n  source = "./inner"\n}\n'
    (root,) = estate(main=PROVIDER + call, inner__main='terraform {\n  backend "s3" {}\n}\n' + TOKEN).of(RootModule)
    assert kind(root.backend) is Absent
    assert [note.place.path for note in root.secrets] == ["inner/main.tf"]


def test_a_backend_in_json_syntax_is_read() -> None:
    content = {
        "terraform": {"backend": {"s3": {"bucket": "state", "key": "a", "encrypt": False}}},
        "provider": {"astro": {"organization_id": "cljzz64cc001n01mln1p12345"}},
        "resource": {"astro_agent_token": {"a": {"name": "a", "deployment_id": "clx41k2vn000108l4fb2q6q0c"}}},
    }
    file = SourceFile.of("main.tf.json", json.dumps(content).encode(), Role.FOUND)
    (root,) = build([file], ".").estate.of(RootModule)
    assert isinstance(root.backend, Known)
    assert isinstance(root.backend.value.encrypts, Known)
    assert not root.backend.value.encrypts.value


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", Unknown),
        ('bucket = "state"', Unknown),
        ('bucket = "state"\n key = "a"', Absent),
        ("encrypt = true", Known),
    ],
)
def test_an_argument_that_may_come_at_init_is_unknown(arguments: str, expected: type) -> None:
    stored = backend(f'  backend "s3" {{\n {arguments}\n }}')
    assert isinstance(stored, Known)
    assert type(stored.value.encrypts) is expected


# --- what the rules measure against


def test_limits_and_domains_are_read() -> None:
    text = 'limits: {organization-owners: 5}\nowner-domains: [Example.com, "@b.org"]\n'
    config = read_config(TextFile.of(".astrovet.yaml", text))
    assert config.organization_owners == 5
    assert config.owner_domains == {"example.com", "b.org"}


@pytest.mark.parametrize(
    "text", ["limits: {organization-owners: 0}", "owner-domains: example.com", 'owner-domains: [""]']
)
def test_other_settings_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read_config(TextFile.of(".astrovet.yaml", text))


# --- rules of several kinds, and clauses that nothing raises


@rule(
    "TST001",
    "judges-two-kinds",
    on=(Deployment, Workspace),
    severity=Severity.LOW,
    raised={"pci": Severity.HIGH},
    sources=("t",),
)
def judges_two_kinds(subject: Deployment | Workspace, context: Context) -> Verdicts:
    yield fail(subject.place, f"it is a {subject.kind}", remedy="none", is_raised=isinstance(subject, Deployment))


def test_a_rule_judges_several_kinds_and_may_leave_a_clause_as_it_is() -> None:
    text = 'resource "astro_workspace" "a" {\n}\nresource "astro_deployment" "b" {\n}\n'
    config = Config(requires=frozenset({Requirement.PCI}))
    judgement: Any = judge(estate(main=text), [judges_two_kinds], lambda _: config, (), lambda place: (place, ()), "")
    severities = {verdict.subject: verdict.severity for verdict in judgement.report.verdicts}
    assert severities == {"astro_workspace.a": Severity.LOW, "astro_deployment.b": Severity.HIGH}


TOKEN_KEPT = "its token lies in the state in clear text"
OBJECT_KEPT = "what it keeps secret lies in the state in clear text"


@pytest.mark.parametrize(
    ("kind", "body", "note"),
    [
        ("astro_api_token", "", TOKEN_KEPT),
        ("astro_agent_token", "", TOKEN_KEPT),
        (
            "astro_deployment",
            'environment_variables = [{ key = "A", is_secret = false }, { key = "B", is_secret = true }]',
            "its secret variables lie in the state in clear text",
        ),
        ("astro_deployment", 'environment_variables = [{ key = "A", is_secret = false }, { key = "B" }]', ""),
        ("astro_deployment", "", ""),
        ("astro_environment_object", "is_secret = true", OBJECT_KEPT),
        ("astro_environment_object", 'object_type = "CONNECTION"', OBJECT_KEPT),
        ("astro_environment_object", 'object_type = "METRICS_EXPORT"\n is_secret = false', ""),
        ("astro_environment_object", "", ""),
        ("astro_workspace", "is_secret = true", ""),
    ],
)
def test_what_of_a_resource_lies_in_the_state(kind: str, body: str, note: str) -> None:
    source = f'resource "{kind}" "a" {{\n  {body}\n}}\n'
    (root,) = estate(main=f"terraform {{}}\n{PROVIDER}{source}").of(RootModule)
    assert [kept.message for kept in root.secrets] == ([note] if note else [])
    assert [kept.place.address for kept in root.secrets] == ([f"{kind}.a"] if note else [])
    assert [place.address for place in root.deployments] == ([f"{kind}.a"] if kind == "astro_deployment" else [])


@pytest.mark.parametrize(
    ("main", "line", "configures"),
    [
        ('terraform {\n  backend "s3" {}\n}\n' + PROVIDER, 2, True),
        (f"{TOKEN}terraform {{}}\n{PROVIDER}", 7, True),
        (TOKEN + PROVIDER, 7, True),
        (TOKEN, 2, False),
    ],
)
def test_where_a_backend_stands_or_would(main: str, line: int, configures: bool) -> None:
    (root,) = estate(main=main).of(RootModule)
    assert (root.place.path, root.place.line, root.configures_providers) == ("main.tf", line, configures)
    assert (root.backend.place.line, root.id, root.block) == (line, ".", ".")
