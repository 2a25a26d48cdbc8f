"""Which tokens of Astro's Terraform puts into Secrets and settings of agents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.model.agent import Agent
from astrovet.model.kubernetes import KubernetesSecret
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile

TOKENS = """
resource "astro_agent_token" "one" {
  deployment_id = "d"
  name          = "one"
}
resource "astro_api_token" "two" {
  name = "two"
}
resource "random_password" "p" {
  length = 9
}
"""


def sources(text: str, tokens: str = TOKENS) -> Any:
    return build([SourceFile.of("main.tf", (tokens + text).encode(), Role.FOUND)], ".").estate


def kind_and_name(address: str) -> tuple[str, str]:
    kind, _, name = address.partition(".")
    return kind, name


def plan(resources: dict[str, dict[str, Any]], expressions: dict[str, dict[str, Any]] | None = None) -> Any:
    """A plan, or a state where there are no expressions: values known unless they are None."""
    parts = [(address, *kind_and_name(address), values) for address, values in resources.items()]
    if expressions is None:
        listed = [
            {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}
            for address, kind, name, values in parts
        ]
        content: dict[str, Any] = {"format_version": "1.0", "values": {"root_module": {"resources": listed}}}
    else:
        changes = [
            {
                "address": address, "mode": "managed", "type": kind, "name": name,
                "change": {
                    "actions": ["create"], "before": None,
                    "after": values.get("known", {}), "after_unknown": values.get("unknown", {}),
                },
            }
            for address, kind, name, values in parts
        ]  # fmt: skip
        blocks = [
            {
                "address": address,
                "mode": "managed",
                "type": kind,
                "name": name,
                "expressions": expressions.get(address, {}),
            }
            for address, kind, name, _ in parts
        ]
        root = {"root_module": {"resources": blocks}}
        content = {"format_version": "1.2", "resource_changes": changes, "configuration": root}
    return build([SourceFile.of("plan.json", json.dumps(content).encode(), Role.PLAN)], ".").estate


def in_secrets(estate: Any) -> list[dict[str, str]]:
    return [dict(secret.tokens) for secret in estate.of(KubernetesSecret)]


def in_agents(estate: Any) -> list[tuple[str, str]]:
    return [(credential.label, credential.token) for agent in estate.of(Agent) for credential in agent.credentials]


def secret(data: str, kind: str = "kubernetes_secret") -> str:
    return f'resource "{kind}" "s" {{\n  metadata {{\n    name = "s"\n  }}\n  data = {data}\n}}\n'


ONE, TWO = "astro_agent_token.one", "astro_api_token.two"


@pytest.mark.parametrize("kind", ["kubernetes_secret", "kubernetes_secret_v1"])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (f"{{ token = {ONE}.token }}", {"token": ONE}),
        (f"{{ token = {TWO}.token, other = {ONE}.token }}", {"token": TWO, "other": ONE}),
        (f'{{ token = "${{{ONE}.token}}\\n", user = "u" }}', {"token": ONE}),
        (f'{{ token = "${{{ONE}.token}}${{{TWO}.token}}" }}', {}),
        ('{ token = "literal" }', {}),
        (f'{{ token = "${{{ONE}.token}}${{random_password.p.result}}" }}', {"token": ONE}),
        ("{ token = random_password.p.result }", {}),
        ("{ token = var.token, number = 5 }", {}),
        ("null", {}),
        ("{}", {}),
        ("var.all", {}),
    ],
)
def test_the_tokens_that_sources_put_into_secrets(data: str, expected: dict[str, str], kind: str) -> None:
    assert in_secrets(sources(secret(data, kind))) == [expected]


def test_where_no_token_is_made_none_is_in_a_secret() -> None:
    assert in_secrets(sources(secret(f"{{ token = {ONE}.token }}"), tokens="")) == [{}]


def test_secrets_of_other_resource_types_are_passed_over() -> None:
    manifest = """
resource "kubernetes_manifest" "s" {
  manifest = {
    apiVersion = "v1"
    kind       = "Secret"
    metadata   = { name = "s" }
    stringData = { token = astro_agent_token.one.token }
  }
}
"""
    assert in_secrets(sources(manifest)) == [{}]


STATE_TOKENS = {ONE: {"token": "first-token"}, TWO: {"token": "second-token"}, "astro_api_token.none": {"token": ""}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"token": "first-token"}, {"token": ONE}),
        ({"token": "Bearer second-token;", "other": "first"}, {"token": TWO}),
        ({"token": "third-token"}, {}),
        ({}, {}),
    ],
)
def test_the_tokens_that_a_state_shows_in_secrets(data: dict[str, str], expected: dict[str, str]) -> None:
    resources: dict[str, dict[str, Any]] = {
        **STATE_TOKENS,
        "kubernetes_secret.s": {"metadata": [{"name": "s"}], "data": data},
    }
    assert in_secrets(plan(resources)) == [expected]


NEW: dict[str, dict[str, Any]] = {
    ONE: {"known": {"name": "one"}, "unknown": {"token": True}},
    TWO: {"known": {"name": "two"}, "unknown": {"token": True}},
}


@pytest.mark.parametrize(
    ("unknown", "references", "expected"),
    [
        ({"token": True}, [f"{ONE}.token", ONE], {"token": ONE}),
        ({"token": True}, [f"{TWO}.token", TWO], {"token": TWO}),
        ({"token": True, "other": True}, [f"{ONE}.token", ONE], {}),
        ({"token": True}, [f"{ONE}.token", ONE, f"{TWO}.token", TWO], {}),
        ({"token": True}, [], {}),
        ({}, [f"{ONE}.token", ONE], {}),
        (True, [f"{ONE}.token", ONE], {}),
    ],
)
def test_the_tokens_that_a_plan_puts_into_secrets(unknown: Any, references: list[str], expected: object) -> None:
    made: dict[str, Any] = {"known": {"metadata": [{"name": "s"}]}, "unknown": {"data": unknown}}
    if unknown is not True:
        made["known"]["data"] = {}
    resources: dict[str, dict[str, Any]] = {**NEW, "kubernetes_secret.s": made}
    expressions = {"kubernetes_secret.s": {"data": {"references": references}}}
    assert in_secrets(plan(resources, expressions)) == [expected]


def release(*settings: str, name: str = "set_sensitive") -> str:
    blocks = "".join(
        f'  {name} {{\n    name  = "{key}"\n    value = {value}\n  }}\n'
        for key, _, value in (setting.partition("=") for setting in settings)
    )
    return f"""
resource "helm_release" "agent" {{
  name   = "agent"
  chart  = "astro-remote-execution-agent"
  values = ["resourceNamePrefix: claims\\nworkers: [{{name: default}}]\\nimagePullSecretName: pull"]
{blocks}}}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (release(f"agentToken={ONE}.token"), ONE),
        (release(f"agentToken={TWO}.token", name="set"), TWO),
        (release(f"agentToken={ONE}.token", f"openLineage.apiKey={TWO}.token"), ONE),
        (release('agentToken="literal"'), ""),
        (release("agentToken=var.token"), ""),
    ],
)
def test_the_tokens_that_sources_give_to_agents(text: str, expected: str) -> None:
    assert dict(in_agents(sources(text)))["agentToken"] == expected
    assert set(dict(in_agents(sources(text, tokens=""))).values()) == {""}


@pytest.mark.parametrize(
    ("settings", "name", "expected"),
    [
        (["agentToken"], "set_sensitive", ONE),
        (["agentToken"], "set", ""),
        (["agentToken", "more"], "set_sensitive", ""),
    ],
)
def test_the_token_that_a_plan_gives_to_an_agent(settings: list[str], name: str, expected: str) -> None:
    known = [{"name": key} for key in settings]
    values = ["resourceNamePrefix: claims\nworkers: [{name: default}]"]
    made = {
        "known": {"name": "agent", "chart": "astro-remote-execution-agent", "values": values, name: known},
        "unknown": {name: [{"value": True} for _ in settings]},
    }
    expressions = {"helm_release.agent": {name: [{"value": {"references": [f"{ONE}.token", ONE]}} for _ in settings]}}
    estate = plan({**NEW, "helm_release.agent": made}, expressions)
    assert dict(in_agents(estate))["agentToken"] == expected
