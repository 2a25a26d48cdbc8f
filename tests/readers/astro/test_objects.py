"""Objects of Astro, attribute by attribute, as Terraform's sources and plans have them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.model.address_range import AddressRange, CustomerNetwork
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    ProviderConfiguration,
    Workspace,
)
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.estate import Estate
from astrovet.model.link import Link
from astrovet.readers.astro.address_ranges import customer_networks
from astrovet.readers.astro.resources import read_facts
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import Terraform, read
from astrovet.value import Known, Unknown, Value
from support import known, plan_text, root_module, state


def sources(content: str) -> Estate:
    return read_facts(root_module({"main.tf": content}, ".")).estate


def planned(resources: dict[str, dict[str, Any]], **more: Any) -> Terraform:
    text = plan_text(resources, **more).replace("hashicorp/any", "astronomer/astro")
    return read("plan.json", read_terraform("plan.json", text))


def source(kind: str, body: str, rest: str = "") -> Estate:
    return sources(f'resource "{kind}" "a" {{\n{body}\n}}\n{rest}')


def deployment(body: str, rest: str = "") -> Deployment:
    return next(made for made in source("astro_deployment", body, rest).of(Deployment) if made.id.endswith(".a"))


def states(value: Value[tuple[Value[str], ...]]) -> object:
    return [state(text) for text in value.value] if isinstance(value, Known) else state(value)


def leads_to(link: Link[Any]) -> object:
    return link.to.value.id if isinstance(link.to, Known) else state(link.to)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('type = "STANDARD"', "STANDARD"),
        ('type = "HYBRID"', "HYBRID"),
        ('type = "DEDICATED"', "DEDICATED"),
        ('type = "DEDICATED"\n remote_execution = {}', "REMOTE_EXECUTION"),
        ('type = "DEDICATED"\n remote_execution = null', "DEDICATED"),
        ('type = "STANDARD"\n remote_execution = {}', "STANDARD"),
        ('type = "DEDICATED"\n remote_execution = var.remote', "no value for var.remote"),
        ("type = var.remote", "no value for var.remote"),
        ("", "the deployment has no type"),
        ('type = "OTHER"', "the deployment's type is none that astrovet knows (STANDARD, DEDICATED, HYBRID)"),
    ],
)
def test_the_model_of_a_deployment(body: str, expected: str) -> None:
    model = deployment(body, 'variable "remote" {}').model
    assert (model.value.name if isinstance(model, Known) else getattr(model, "why", "")) == expected


def test_what_a_deployment_says() -> None:
    made = deployment("""
    name                 = "claims"
    description          = "of claims"
    region               = "eu-west-1"
    is_cicd_enforced     = true
    is_development_mode  = false
    is_high_availability = true
    original_astro_runtime_version = "3.1-4"
    environment_variables = [{ key = "A", value = "1", is_secret = false }, { key = "B", is_secret = true }]
    """)
    assert [state(value) for value in (made.name, made.description, made.region)] == [
        "claims",
        "of claims",
        "eu-west-1",
    ]
    flags = (made.enforces_cicd, made.is_development, made.is_highly_available)
    assert [state(flag) for flag in flags] == [True, False, True]
    assert (state(made.runtime), state(made.first_runtime)) == ("?", "3.1-4")
    variables = known(made.environment)
    assert [(state(variable.name), state(variable.value), state(variable.is_secret)) for variable in variables] == [
        ("A", "1", False),
        ("B", "-", True),
    ]
    assert {variable.place.line for variable in variables} == {10}


def test_remote_execution() -> None:
    made = deployment("""
    type             = "DEDICATED"
    remote_execution = {
      allowed_ip_address_ranges = ["10.0.0.0/8", var.open]
      task_log_bucket           = "s3://logs"
      task_log_url_pattern      = "https://logs/{{ x }}"
    }
    """, 'variable "open" {}')  # fmt: skip
    remote = known(made.remote_execution)
    assert states(remote.allowed_ranges) == ["10.0.0.0/8", "?"]
    assert (state(remote.task_log_bucket), state(remote.task_log_url)) == ("s3://logs", "https://logs/{{ x }}")
    assert isinstance(remote.api_url, Unknown)
    assert remote.api_url.in_full == "the address of the agents' API is known only after apply; scan the state then"
    closed = {"type": "DEDICATED", "remote_execution": {"remote_api_url": "https://x"}}
    (planned_one,) = read_facts(planned({"astro_deployment.a": closed})).estate.of(Deployment)
    assert state(known(planned_one.remote_execution).api_url) == "https://x"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{ schedules = [{ is_enabled = true }] }", True),
        ("{ schedules = [{ is_enabled = false }, { is_enabled = true }] }", True),
        ("{ schedules = [{ is_enabled = false }] }", False),
        ("{ schedules = [] }", False),
        ("{ override = { is_hibernating = true } }", True),
        ("{ override = { is_hibernating = false } }", False),
        ("{ schedules = [{ is_enabled = var.x }] }", "?"),
        ("var.x", "?"),
        ("null", "-"),
    ],
)
def test_whether_it_sleeps(spec: str, expected: object) -> None:
    body = f"scaling_spec = {{ hibernation_spec = {spec} }}"
    assert state(deployment(body, 'variable "x" {}').hibernates) == expected


@pytest.mark.parametrize(
    ("actions", "after", "before", "expected"),
    [
        (["create"], {"original_astro_runtime_version": "3.1-1"}, None, "3.1-1"),
        (["create"], {"astro_runtime_version": "3.1-2", "original_astro_runtime_version": "3.1-1"}, None, "3.1-2"),
        (
            ["delete", "create"],
            {"original_astro_runtime_version": "3.1-1"},
            {"astro_runtime_version": "3.0-1"},
            "3.1-1",
        ),
        (["update"], {"original_astro_runtime_version": "3.1-1"}, {"astro_runtime_version": "3.0-1"}, "3.0-1"),
        (["no-op"], {"original_astro_runtime_version": "3.1-1"}, None, "-"),
    ],
)
def test_the_runtime_that_it_has(actions: list[str], after: object, before: object, expected: str) -> None:
    change = {"actions": actions, "before": before, "after": after, "after_unknown": {}}
    instance = {
        "address": "astro_deployment.a", "mode": "managed", "type": "astro_deployment", "name": "a",
        "provider_name": "registry.terraform.io/astronomer/astro", "change": change,
    }  # fmt: skip
    text = json.dumps({"format_version": "1.2", "resource_changes": [instance]})
    terraform = read("plan.json", read_terraform("plan.json", text))
    (made,) = read_facts(terraform).estate.of(Deployment)
    assert state(made.runtime) == expected


def test_workspaces_and_tokens() -> None:
    estate = sources("""
    resource "astro_workspace" "w" {
      name                  = "claims"
      cicd_enforced_default = true
    }
    resource "astro_deployment" "d" { workspace_id = astro_workspace.w.id }
    resource "astro_agent_token" "t" {
      name                  = "agents"
      deployment_id         = astro_deployment.d.id
      expiry_period_in_days = 30
    }
    resource "astro_api_token" "p" {
      name                  = "ci"
      description           = "for CI"
      type                  = "WORKSPACE"
      expiry_period_in_days = "90"
      roles                 = [{ role = "WORKSPACE_OWNER" }, { role = "DEPLOYMENT_ADMIN" }]
    }
    """)
    (workspace,) = estate.of(Workspace)
    assert (state(workspace.name), state(workspace.enforces_cicd)) == ("claims", True)
    (token,) = estate.of(AgentToken)
    assert (state(token.name), state(token.expiry_days), leads_to(token.deployment)) == (
        "agents",
        30,
        "astro_deployment.d",
    )
    (made,) = estate.of(Deployment)
    assert (leads_to(made.workspace), made.workspace.how) == ("astro_workspace.w", "by reference to astro_workspace.w")
    (api,) = estate.of(ApiToken)
    assert [state(value) for value in (api.name, api.description, api.type, api.expiry_days)] == [
        *("ci", "for CI", "WORKSPACE", 90)
    ]
    assert [state(role.role) for role in known(api.roles)] == ["WORKSPACE_OWNER", "DEPLOYMENT_ADMIN"]


def test_what_a_cluster_says() -> None:
    (made,) = source(
        "astro_cluster",
        """
        name                            = "eu"
        cloud_provider                  = "AWS"
        region                          = "eu-west-1"
        is_dr_enabled                   = true
        dr_region                       = "eu-central-1"
        enable_replication_time_control = false
        workspace_ids                   = [astro_workspace.w.id]
        vpc_subnet_range                = "10.0.0.0/20"
        secondary_vpc_cidr              = "10.1.0.0/20"
        pod_subnet_range                = "10.2.0.0/20"
        service_subnet_range            = "10.3.0.0/20"
        service_peering_range           = "10.4.0.0/20"
        dr_vpc_subnet_range             = "10.5.0.0/20"
        dr_service_peering_range        = "10.6.0.0/20"
        """,
        'resource "astro_workspace" "w" {}',
    ).of(Cluster)
    words = (made.name, made.cloud, made.region, made.dr_region)
    assert [state(word) for word in words] == ["eu", "AWS", "eu-west-1", "eu-central-1"]
    assert (state(made.disaster_recovery), state(made.replication_time_control), made.is_managed) == (True, False, True)
    assert [leads_to(link) for link in known(made.workspaces)] == ["astro_workspace.w"]

    def of(given: tuple[AddressRange, ...]) -> dict[str, object]:
        return {address_range.name: state(address_range.value) for address_range in given}

    names = (
        "vpc_subnet_range",
        "secondary_vpc_cidr",
        "pod_subnet_range",
        "service_subnet_range",
        "service_peering_range",
    )
    assert of(made.ranges) == {name: f"10.{number}.0.0/20" for number, name in enumerate(names)}
    assert of(made.standby_ranges) == {
        "dr_vpc_subnet_range": "10.5.0.0/20",
        "dr_secondary_vpc_cidr": "-",
        "dr_pod_subnet_range": "-",
        "dr_service_subnet_range": "-",
        "dr_service_peering_range": "10.6.0.0/20",
    }
    read_only = sources('data "astro_cluster" "c" { id = "x" }').of(Cluster)
    assert [(cluster.is_managed, cluster.standby_ranges) for cluster in read_only] == [(False, ())]


def test_networks_of_the_customer() -> None:
    terraform = root_module(
        {
            "main.tf": """
            resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
            resource "google_compute_subnetwork" "b" { ip_cidr_range = "10.1.0.0/16" }
            resource "azurerm_virtual_network" "c" { address_space = ["10.2.0.0/16", "10.3.0.0/16"] }
            resource "aws_vpc" "d" {}
            resource "aws_subnet" "e" { cidr_block = "10.4.0.0/16" }
            """
        },
        ".",
    )
    networks: list[CustomerNetwork] = list(customer_networks(terraform))
    assert {network.place.address: states(network.ranges) for network in networks} == {
        "aws_vpc.a": ["10.0.0.0/16"],
        "google_compute_subnetwork.b": ["10.1.0.0/16"],
        "azurerm_virtual_network.c": ["10.2.0.0/16", "10.3.0.0/16"],
        "aws_vpc.d": "-",
    }


OWNERS = 'resource "astro_deployment" "d" {}\nresource "astro_workspace" "w" {}\nvariable "x" {}\n'


@pytest.mark.parametrize(
    ("scope", "identity", "deployed", "workspace"),
    [
        ('"DEPLOYMENT"', "astro_deployment.d.id", "astro_deployment.d", "-"),
        ('"WORKSPACE"', "astro_workspace.w.id", "-", "astro_workspace.w"),
        ('"ORGANIZATION"', "astro_workspace.w.id", "-", "-"),
        ("null", "astro_workspace.w.id", "-", "-"),
        ("var.x", "astro_workspace.w.id", "?", "?"),
        ('"DEPLOYMENT"', "var.x", "?", "-"),
        ('"DEPLOYMENT"', '"elsewhere"', "?", "-"),
        ('"WORKSPACE"', "null", "-", "-"),
    ],
)
def test_what_an_object_belongs_to(scope: str, identity: str, deployed: object, workspace: object) -> None:
    body = f"scope = {scope}\n scope_entity_id = {identity}"
    (kept,) = source("astro_environment_object", body, OWNERS).of(EnvironmentObject)
    assert (leads_to(kept.deployment), leads_to(kept.workspace)) == (deployed, workspace)
    body = f'entity_type = {scope}\n entity_id = {identity}\n name = "alerts"'
    (channel,) = source("astro_notification_channel", body, OWNERS).of(NotificationChannel)
    assert (leads_to(channel.deployment), leads_to(channel.workspace)) == (deployed, workspace)
    assert state(channel.name) == "alerts"


def test_what_an_environment_object_says() -> None:
    body = """
    object_key            = "warehouse"
    object_type           = "CONNECTION"
    is_secret             = true
    value                 = "v"
    password              = "p"
    basic_token           = "b"
    type                  = "postgres"
    schema                = "public"
    endpoint              = "https://e"
    host                  = "h"
    login                 = "l"
    extra                 = "{\\"a\\": 1}"
    headers               = { x = "y" }
    auto_link_deployments = true
    exclude_links         = [{ scope_entity_id = astro_deployment.d.id }]
    links = [{
      scope_entity_id = astro_deployment.d.id
      overrides       = { host = "other", value = "ov", password = "op", basic_token = "ob" }
    }]
    """
    (made,) = source("astro_environment_object", body, OWNERS).of(EnvironmentObject)
    assert [state(value) for value in (made.name, made.type, made.value)] == ["warehouse", "CONNECTION", "v"]
    assert (state(made.is_secret), state(made.links_itself)) == (True, True)
    assert [leads_to(link) for link in (*made.linked, *made.excluded)] == ["astro_deployment.d"] * 2
    own, linked = made.settings
    words = (own.type, own.schema, own.endpoint, own.host, own.login)
    assert [state(word) for word in words] == ["postgres", "public", "https://e", "h", "l"]
    assert isinstance(own.headers, Known)
    assert (state(linked.host), state(linked.type)) == ("other", "-")
    secrets = [
        (secret.name, state(secret.value), state(secret.is_marked), state(secret.is_written)) for secret in made.secrets
    ]
    assert secrets == [
        ("value", "v", True, True),
        ("password", "p", True, True),
        ("basic_token", "b", True, True),
        ("overrides.value", "ov", True, True),
        ("overrides.password", "op", True, True),
        ("overrides.basic_token", "ob", True, True),
    ]


@pytest.mark.parametrize("name", ["api_key", "integration_key", "webhook_url", "deployment_api_token"])
def test_secrets_of_a_channel(name: str) -> None:
    (made,) = source("astro_notification_channel", f'definition = {{ {name} = "s", other = "t" }}').of(
        NotificationChannel
    )
    assert [(secret.name, state(secret.is_written), state(secret.is_marked)) for secret in made.secrets] == [
        (name, True, True)
    ]


@pytest.mark.parametrize(("mark", "listed"), [("true", True), ("false", False), ("null", False), ("var.x", True)])
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('"s"', True),
        ("var.x", False),
        ("var.given", True),
        ("local.written", True),
    ],
)
def test_secret_variables_of_a_deployment(mark: str, listed: bool, value: str, written: bool) -> None:
    body = f'environment_variables = [{{ key = "K", value = {value}, is_secret = {mark} }}]'
    rest = 'variable "x" {}\nlocals { written = "l" }\nvariable "given" { default = "d" }\n'
    secrets = deployment(body, rest).secrets
    assert [secret.name for secret in secrets] == (["K"] if listed else [])
    if value != "var.given":
        assert [state(secret.is_written) for secret in secrets] == ([written] if listed else [])


@pytest.mark.parametrize(
    ("changed", "is_written"),
    [
        ({"constant_value": "s"}, True),
        ({"references": ["var.secret"]}, False),
        ({"references": ["local.secret"]}, "`value` comes from a local value, which no plan holds"),
        ({"references": ["astro_x.a"]}, False),
    ],
)
def test_what_a_plan_tells_of_where_a_secret_stands(changed: dict[str, Any], is_written: object) -> None:
    block = {
        "mode": "managed",
        "type": "astro_environment_object",
        "name": "a",
        "address": "astro_environment_object.a",
    }
    configuration = {"root_module": {"resources": [{**block, "expressions": {"value": changed}}]}}
    values = {"astro_environment_object.a": {"value": "s", "is_secret": True}}
    (made,) = read_facts(planned(values, configuration=configuration)).estate.of(EnvironmentObject)
    (secret,) = made.secrets
    told = secret.is_written
    assert (told.why if isinstance(told, Unknown) else state(told)) == is_written
    if isinstance(told, Unknown):
        assert told.how == "scan the Terraform sources with it"
    (without,) = read_facts(planned(values)).estate.of(EnvironmentObject)
    lost = without.secrets[0].is_written
    assert isinstance(lost, Unknown)
    assert lost.in_full == (
        "this plan does not hold the configuration, so nothing shows whether a secret is written there; "
        "scan the Terraform sources"
    )


@pytest.mark.parametrize(
    ("given", "is_written"),
    [
        ({"calls": {"secret": {"constant_value": "s"}}}, True),
        ({"calls": {"secret": {"constant_value": {"a": ["s"]}}}}, True),
        ({"calls": {"secret": {"references": ["var.x"], "constant_value": "s"}}}, False),
        ({"calls": {"secret": {"constant_value": "t"}}}, False),
        ({"calls": {"secret": {"constant_value": "s"}}, "variables": {"a": {"value": {"b": ["s"]}}}}, False),
        ({"inner": {"secret": {"constant_value": "s"}}}, True),
        ({}, False),
    ],
)
def test_a_secret_that_is_an_argument_of_a_module_is_written_there(given: dict[str, Any], is_written: bool) -> None:
    block = {
        "mode": "managed",
        "type": "astro_environment_object",
        "name": "a",
        "address": "astro_environment_object.a",
    }
    deep = {"module_calls": {"n": {"expressions": given.get("inner", {}), "module": {}}}}
    root = {
        "resources": [{**block, "expressions": {"value": {"references": ["module.m.secret"]}}}],
        "module_calls": {"m": {"expressions": given.get("calls", {}), "module": deep}},
    }
    values = {"astro_environment_object.a": {"value": "s", "is_secret": True}}
    terraform = planned(values, configuration={"root_module": root}, variables=given.get("variables", {}))
    (made,) = read_facts(terraform).estate.of(EnvironmentObject)
    assert [state(secret.is_written) for secret in made.secrets] == [is_written]


@pytest.mark.parametrize(
    ("kind", "values", "attribute"),
    [
        (
            "astro_deployment",
            {"environment_variables": [{"key": "K", "value": "s", "is_secret": True}]},
            "environment_variables",
        ),
        ("astro_environment_object", {"links": [{"overrides": {"password": "s"}}]}, "links"),
        ("astro_environment_object", {"is_secret": True, "links": [{"overrides": {"value": "s"}}]}, "links"),
        ("astro_notification_channel", {"definition": {"api_key": "s"}}, "definition"),
    ],
)
def test_parts_of_an_attribute_of_which_a_plan_lists_references_alone(
    kind: str, values: dict[str, Any], attribute: str
) -> None:
    block = {"mode": "managed", "type": kind, "name": "a", "address": f"{kind}.a"}
    root = {"resources": [{**block, "expressions": {attribute: {"references": ["var.x"]}}}]}

    def told(**more: Any) -> Value[bool]:
        terraform = planned({f"{kind}.a": values}, configuration={"root_module": root}, **more)
        for made in read_facts(terraform).estate.objects:
            if isinstance(made, Deployment | EnvironmentObject | NotificationChannel):
                (secret,) = made.secrets
                assert isinstance(secret.is_marked, Known)
                assert not secret.is_marked.written
                return secret.is_written
        raise AssertionError

    lost = told()
    assert isinstance(lost, Unknown)
    words = f"a part of `{attribute}` refers to something, and then a plan does not show which part is written out"
    assert lost.why == words
    assert state(told(variables={"x": {"value": "s"}})) is False


def provider(expressions: dict[str, Any], module: str = "", **module_calls: Any) -> ProviderConfiguration:
    configured = {
        "name": "astro", "full_name": "registry.terraform.io/astronomer/astro", "expressions": expressions,
        **({"module_address": module, "alias": "eu"} if module else {}),
    }  # fmt: skip
    root = {
        "variables": {"token": {"default": "root-default"}, "empty": {"default": ""}, "none": {}},
        "module_calls": module_calls,
    }
    configuration = {"provider_config": {"x": configured, "aws": {"full_name": "hashicorp/aws"}}, "root_module": root}
    (made,) = read_facts(planned({}, configuration=configuration)).estate.of(ProviderConfiguration)
    return made


@pytest.mark.parametrize(
    ("token", "expected", "written", "place"),
    [
        ({"constant_value": "literal"}, "literal", True, "provider.astro token"),
        ({"constant_value": None}, "-", None, "provider.astro token"),
        (None, "-", None, "provider.astro token"),
        ({"references": ["var.token"]}, "root-default", True, "variable.token default"),
        ({"references": ["var.empty"]}, "", False, "provider.astro token"),
        ({"references": ["var.none"]}, "", False, "provider.astro token"),
        ({"references": ["var.other"]}, "", False, "provider.astro token"),
        ({"references": ["data.vault.x", "var.token"]}, "root-default", True, "variable.token default"),
        ({"references": ["data.vault.x"]}, "", False, "provider.astro token"),
        ({"references": ["local.x.y"]}, "?", None, "provider.astro token"),
        ({}, "", False, "provider.astro token"),
    ],
)
def test_the_token_of_a_provider(token: object, expected: object, written: bool | None, place: str) -> None:
    made = provider({} if token is None else {"token": token})
    assert state(made.token) == expected
    assert f"{made.token.place.address} {made.token.place.pointer}" == place
    if isinstance(made.token, Known):
        assert (made.token.written, made.token.sensitive) == (written, written)
    elif isinstance(made.token, Unknown):
        assert made.token.in_full == (
            "the token comes from local.x.y, which no plan holds; see that none is written there"
        )
    else:
        assert made.token.explicit is (token is not None)
    assert made.id == "provider.astro"


@pytest.mark.parametrize(
    ("call", "expected", "place"),
    [
        ({"expressions": {"token": {"constant_value": "passed"}}}, "passed", "module.m token"),
        ({"expressions": {"token": {"references": ["var.token"]}}}, "root-default", "variable.token default"),
        ({"expressions": {}}, "own-default", "module.m.variable.token default"),
    ],
)
def test_the_token_that_a_module_is_passed(call: dict[str, Any], expected: str, place: str) -> None:
    inner = {"module": {"variables": {"token": {"default": "own-default"}}}}
    made = provider({"token": {"references": ["var.token"]}}, "module.m", m={**call, **inner})
    assert (state(made.token), f"{made.token.place.address} {made.token.place.pointer}") == (expected, place)
    assert made.id == "module.m.provider.astro.eu"


def test_a_plan_without_its_configuration_does_not_show_the_provider() -> None:
    (made,) = read_facts(planned({"astro_workspace.a": {}})).estate.of(ProviderConfiguration)
    assert isinstance(made.token, Unknown)
    assert made.token.in_full == "this plan does not hold the provider's configuration; scan a full plan"
    assert (made.id, made.token.place.pointer) == ("provider.astro", "token")
    assert read_facts(planned({})).estate.of(ProviderConfiguration) == ()


def test_objects_that_are_not_judged_are_counted() -> None:
    counted = sources('resource "astro_team" "a" {}\nresource "astro_custom_role" "b" {}\nresource "aws_vpc" "c" {}')
    assert counted.other_objects == 1
    kinds = (
        *("workspace", "cluster", "deployment", "agent_token", "api_token", "environment_object"),
        *("notification_channel", "user_roles", "team", "team_roles", "user_invite", "allowed_ip_address_ranges"),
    )
    assert sources("\n".join(f'resource "astro_{kind}" "a" {{}}' for kind in kinds)).other_objects == 0
    foreign = sources('resource "aws_vpc" "a" { provider = astro }\nresource "aws_vpc" "b" {}')
    assert foreign.other_objects == 0


@pytest.mark.parametrize(
    ("attribute", "what"),
    [("deployment_id", "deployment"), ("cluster_id", "cluster"), ("workspace_id", "workspace")],
)
def test_what_an_id_of_something_elsewhere_leads_to(attribute: str, what: str) -> None:
    kind = "astro_agent_token" if what == "deployment" else "astro_deployment"
    (made,) = source(kind, f'{attribute} = "x"').of(AgentToken if what == "deployment" else Deployment)
    link = getattr(made, what)
    assert link.id == "x"
    assert link.to.in_full == f"the {what} is not in these inputs; scan the plan or state that holds it too"


@pytest.mark.parametrize("value", ["null", "var.x"])
def test_lists_that_are_not_known(value: str) -> None:
    expected = "-" if value == "null" else "?"
    variable = 'variable "x" {}'
    (cluster,) = source("astro_cluster", f"workspace_ids = {value}", variable).of(Cluster)
    assert state(cluster.workspaces) == expected
    (token,) = source("astro_api_token", f"roles = {value}", variable).of(ApiToken)
    assert state(token.roles) == expected
    assert state(deployment(f"environment_variables = {value}", variable).environment) == expected
    assert state(deployment(f"remote_execution = {value}", variable).remote_execution) == expected


def test_ids_that_come_from_one_of_several() -> None:
    more = 'variable "x" {}\nresource "astro_workspace" "v" {}\nresource "astro_workspace" "w" {}'
    link = deployment("workspace_id = var.x ? astro_workspace.v.id : astro_workspace.w.id", more).workspace
    assert isinstance(link.to, Unknown)
    words = "which workspace it is shows only after apply: one of astro_workspace.v, astro_workspace.w"
    assert link.to.why == words
    assert [candidate.id for candidate in link.candidates] == ["astro_workspace.v", "astro_workspace.w"]
    lost = deployment("workspace_id = var.x", more).workspace
    assert isinstance(lost.to, Unknown)
    assert (lost.to.in_full, lost.candidates) == ("no value for var.x; pass --var-file", ())


CLUSTERS = ("astro_cluster.c", "astro_cluster.d")


def of_plan(references: list[str], unknown: object, ids: object, *further: str) -> tuple[Cluster, Deployment]:
    """A deployment and a cluster of a plan, which hold ids of other objects; what is unknown shows after apply."""
    kinds = {"astro_deployment.a": "cluster_id", "astro_cluster.a": "workspace_ids"}
    after: dict[str, Any] = {"astro_deployment.a": {"cluster_id": ids}, "astro_cluster.a": {"workspace_ids": ids}}
    after.update({address: {} for address in (*further, *CLUSTERS, "astro_workspace.v", "astro_workspace.w")})
    content = json.loads(plan_text(after).replace("hashicorp/any", "astronomer/astro"))
    blocks = []
    for change in content["resource_changes"]:
        attribute = kinds.get(change["address"], "none")
        change["change"]["after_unknown"] = {attribute: unknown, "id": True}
        kept = {key: change[key] for key in ("address", "mode", "type", "name")}
        blocks.append({**kept, "expressions": {attribute: {"references": references}}})
    content["configuration"] = {"root_module": {"resources": blocks}}
    estate = read_facts(read("plan.json", read_terraform("plan.json", json.dumps(content)))).estate
    cluster = next(made for made in estate.of(Cluster) if made.id == "astro_cluster.a")
    return cluster, next(iter(estate.of(Deployment)))


@pytest.mark.parametrize(
    ("references", "expected", "words"),
    [
        (["astro_cluster.c.id"], "astro_cluster.c", "by reference to astro_cluster.c"),
        (
            ["astro_cluster.c.id", "astro_cluster.d.id"],
            "?",
            "which cluster it is shows only after apply: one of astro_cluster.c, astro_cluster.d",
        ),
        (
            ["local.x", "aws_x.b"],
            "?",
            "which cluster it is cannot be told: it comes from local.x, which no plan holds; aws_x.b; "
            "scan the state after apply",
        ),
        ([], "?", "astro_deployment.a.cluster_id is known only after apply; scan the state then"),
    ],
)
def test_an_id_that_shows_only_after_apply(references: list[str], expected: str, words: str) -> None:
    _, made = of_plan(references, unknown=True, ids=None)
    assert leads_to(made.cluster) == expected
    assert (made.cluster.to.in_full if isinstance(made.cluster.to, Unknown) else made.cluster.how) == words


@pytest.mark.parametrize(
    ("references", "unknown", "ids", "expected"),
    [
        (["astro_workspace.v.id"], [True], [None], ["astro_workspace.v"]),
        (
            ["astro_workspace.v.id", "astro_workspace.w.id"],
            [True, True],
            [None, None],
            ["astro_workspace.v", "astro_workspace.w"],
        ),
        (["astro_workspace.v.id"], [True, False], [None, "elsewhere"], ["?", "astro_workspace.v"]),
        (["astro_workspace.v.id", "astro_workspace.w.id"], [True], [None], ["?"]),
        (["astro_workspace.v.id", "local.x"], [True], [None], ["?"]),
        ([], [False], ["elsewhere"], ["?"]),
    ],
)
def test_ids_of_which_some_show_only_after_apply(
    references: list[str], unknown: object, ids: object, expected: list[str]
) -> None:
    made, _ = of_plan(references, unknown, ids)
    links = known(made.workspaces)
    assert [leads_to(link) for link in links] == expected
    assert all(link.how == f"by reference to {leads_to(link)}" for link in links if leads_to(link) != "?")


def test_an_id_that_is_known() -> None:
    resources = {"astro_deployment.a": {"cluster_id": "c-1"}, "astro_cluster.c": {"id": "c-1"}, "astro_cluster.d": {}}
    (made,) = read_facts(planned(resources)).estate.of(Deployment)
    assert (leads_to(made.cluster), made.cluster.how, made.cluster.id) == ("astro_cluster.c", "by its id", "c-1")
    assert [candidate.id for candidate in made.cluster.candidates] == ["astro_cluster.c"]
