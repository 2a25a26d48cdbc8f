"""Which deployment an agent serves, how that was found, and when it is left open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astrovet.model.agent import Agent
from astrovet.model.identity import CloudIdentity, IdentityKind, TrustedAccounts
from astrovet.place import Place
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent, Known, Unknown
from support import ROOT, astrovet

FIXTURE = ROOT / "fixtures" / "rules" / "deployment-id-mismatch" / "good-same-ids"
STATE = (FIXTURE / "terraform" / "state.json").read_text("utf-8")
VALUES = """\
resourceNamePrefix: {prefix}
{url}agentTokenSecretName: agent-token
image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1
commonEnv: [{variables}]
workers: [{{name: default, syncSlots: 20}}]
"""
SOURCES = """
provider "astro" { organization_id = "cm1a7r3t0000001lk9p2v5w8y" }
resource "astro_deployment" "claims" {
  name             = "claims"
  type             = "DEDICATED"
  executor         = "ASTRO"
  remote_execution = { enabled = true }
}
"""


def deployment() -> dict[str, Any]:
    resources = json.loads(STATE)["values"]["root_module"]["resources"]
    (deployment,) = (resource["values"] for resource in resources if resource["type"] == "astro_deployment")
    return dict(deployment)


def values(url: str = "", prefix: str = "claims-prod", **variables: str) -> str:
    listed = ", ".join(f"{{name: {name}, value: {value}}}" for name, value in variables.items())
    line = f"astroDeploymentAPIURL: {url}\n" if url else ""
    return VALUES.format(prefix=prefix, url=line, variables=listed)


def agents(*texts: str, state: str | None = STATE, sources: str = "") -> tuple[Agent, ...]:
    """The agents of values files beside a state, or beside sources."""
    files = [
        SourceFile.of(f"agent{number}/values.yaml", text.encode(), Role.FOUND) for number, text in enumerate(texts)
    ]
    if state is not None and not sources:
        files.append(SourceFile.of("state.json", state.encode(), Role.PLAN))
    if sources:
        files.append(SourceFile.of("main.tf", sources.encode(), Role.FOUND))
    return build(files, ".").estate.of(Agent)


def how(*texts: str, **inputs: Any) -> str:
    """How the first agent's deployment was found; why not, where it was not."""
    link = agents(*texts, **inputs)[0].deployment
    match link.to:
        case Known():
            return f"{link.how}{' (guess)' if link.is_guess else ''}"
        case Unknown() as unknown:
            return unknown.in_full
        case Absent():
            return ""


def remote_api_url() -> str:
    return str(deployment()["remote_execution"]["remote_api_url"])


def test_an_agent_is_found_by_the_id_the_address_or_the_namespace_of_its_deployment() -> None:
    own, url = deployment(), remote_api_url()
    assert how(values(ASTRO_DEPLOYMENT_ID=own["id"])) == "by ASTRO_DEPLOYMENT_ID"
    assert how(values(url)) == "by astroDeploymentAPIURL"
    assert how(values(f"{url.upper().replace('HTTPS', 'https')}/")) == "by astroDeploymentAPIURL"
    assert how(values(ASTRO_DEPLOYMENT_NAMESPACE=own["namespace"])) == "by ASTRO_DEPLOYMENT_NAMESPACE"


def test_the_id_counts_for_more_than_the_address() -> None:
    own = deployment()
    link = how(values("https://cm0k8x0.external.astronomer.run/d7f3k2a1", ASTRO_DEPLOYMENT_ID=own["id"]))
    assert link == "by ASTRO_DEPLOYMENT_ID"


def test_an_address_finds_a_deployment_though_the_id_is_anothers() -> None:
    link = how(values(remote_api_url(), ASTRO_DEPLOYMENT_ID="cm4x2k9q1000101mnd7f3k2a1"))
    assert link == "by astroDeploymentAPIURL"


def test_the_only_candidates_are_a_guess() -> None:
    assert how(values()) == "as the only agent and the only deployment it can serve (guess)"


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ({"ASTRO_DEPLOYMENT_ID": "cm4x2k9q1000101mnd7f3k2a1"}, "the deployment that ASTRO_DEPLOYMENT_ID names"),
        ({"ASTRO_DEPLOYMENT_NAMESPACE": "stellar-orbit-4821"}, "the deployment that ASTRO_DEPLOYMENT_NAMESPACE names"),
        ({"ASTRO_WORKSPACE_ID": "cm2b8s4u0000002mj0q3x6z9a"}, "a deployment of its workspace"),
        (
            {"url": "https://cm0k8x0.external.astronomer.run/d7f3k2a1"},
            "the deployment that astroDeploymentAPIURL names",
        ),
    ],
)
def test_an_agent_that_names_another_deployment_is_not_the_only_candidate(names: dict[str, str], why: str) -> None:
    assert how(values(**names)) == f"{why} is not in these inputs; scan its plan or state too"


def test_two_agents_that_name_nothing_are_left_open() -> None:
    first, second = agents(values(), values(prefix="claims-eu"))
    for agent in (first, second):
        assert isinstance(agent.deployment.to, Unknown)
        assert [candidate.id for candidate in agent.deployment.candidates] == ["astro_deployment.claims"]


def test_a_deployment_that_is_only_read_is_one_too() -> None:
    state = json.loads(STATE)
    for resource in state["values"]["root_module"]["resources"]:
        if resource["type"] == "astro_deployment":
            resource.update(mode="data", address="data.astro_deployment.claims")
    (agent,) = agents(values(ASTRO_DEPLOYMENT_ID=deployment()["id"]), state=json.dumps(state))
    assert isinstance(agent.deployment.to, Known)
    assert agent.deployment.to.value.id == "data.astro_deployment.claims"


def test_an_address_that_will_come_from_a_deployment_names_it() -> None:
    release = f"""
resource "helm_release" "claims" {{
  name   = "claims"
  chart  = "astro-remote-execution-agent"
  values = [yamlencode({{
    resourceNamePrefix    = "claims"
    astroDeploymentAPIURL = astro_deployment.claims.remote_execution.remote_api_url
  }})]
}}
{SOURCES.replace("claims", "billing").replace('provider "astro" { organization_id = "cm1a7r3t0000001lk9p2v5w8y" }', "")}
"""
    (agent,) = agents(sources=SOURCES + release)
    assert isinstance(agent.deployment.to, Known)
    assert agent.deployment.to.value.id == "astro_deployment.claims"


def test_json_tells_how_a_deployment_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state.json").write_text(STATE)
    (tmp_path / "values.yaml").write_text(values(remote_api_url()))
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    (agent,) = (subject for subject in report["subjects"] if subject["kind"] == "agent")
    (link,) = agent["links"]
    assert (link["target"], link["how"]) == ("astro_deployment.claims", "by astroDeploymentAPIURL")


def test_a_finding_names_both_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state.json").write_text(STATE)
    (tmp_path / "values.yaml").write_text(values(remote_api_url(), ASTRO_WORKSPACE_ID="cm2b8s4u0000002mj0q3x6z9a"))
    report = json.loads(astrovet("scan", ".", "--format", "json", "--select", "LNK001").stdout)
    (verdict,) = (verdict for verdict in report["verdicts"] if verdict["verdict"] == "fail")
    assert verdict["place"]["path"] == "values.yaml"
    assert [(note["message"], note["place"]["path"]) for note in verdict["related"]] == [
        ("the deployment that it serves, found by astroDeploymentAPIURL", "state.json")
    ]


# --- identities of the cloud

ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/8C1D0A6B3E"


def trusted(condition: object, **statement: object) -> list[tuple[str, str] | str]:
    """Who may act as a role with this condition: namespaces and names, or why that is open."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"},
                "Condition": condition,
                **statement,
            }
        ],
    }
    role = {
        "address": "aws_iam_role.agents", "mode": "managed", "type": "aws_iam_role", "name": "agents",
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
        "values": {"name": "agents", "arn": "arn:aws:iam::123456789012:role/agents",
                   "assume_role_policy": json.dumps(policy)},
    }  # fmt: skip
    state = json.loads(STATE)
    state["values"]["root_module"]["resources"].append(role)
    (identity,) = build([SourceFile.of("state.json", json.dumps(state).encode(), Role.PLAN)], ".").estate.of(
        CloudIdentity
    )
    assert isinstance(identity.trusted, Known)
    return [
        (account.value.namespace, account.value.name) if isinstance(account, Known) else type(account).__name__
        for account in identity.trusted.value
    ]


SUBJECT = f"{ISSUER}:sub"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {SUBJECT: "system:serviceaccount:agents:worker"}}, [("agents", "worker")]),
        ({"StringEquals": {SUBJECT: ["system:serviceaccount:a:b", "system:serviceaccount:c:d"]}},
         [("a", "b"), ("c", "d")]),
        ({"ForAnyValue:StringLike": {SUBJECT: ["system:serviceaccount:agents:*"]}}, [("agents", "*")]),
        ({"StringLike": {SUBJECT: "system:serviceaccount:*"}}, [("*", "*")]),
        ({"StringLike": {SUBJECT: "*"}}, [("*", "*")]),
        ({"StringLike": {SUBJECT: "system:*"}}, [("*", "*")]),
        ({"StringLike": {SUBJECT: "system:serviceaccount:team-*"}}, [("team-*", "*")]),
        ({"StringLike": {SUBJECT: "repo:acme/claims:*"}}, []),
        ({"StringEquals": {SUBJECT: "system:serviceaccount:*:*"}}, []),
        ({"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}}, [("*", "*")]),
        ({"StringNotLike": {SUBJECT: "system:serviceaccount:kube-system:*"}}, ["Unknown"]),
    ],
)  # fmt: skip
def test_a_trust_policy_admits_service_accounts(condition: object, expected: list[object]) -> None:
    assert trusted(condition) == expected


def test_what_is_no_web_identity_of_a_cluster_admits_no_service_account() -> None:
    assert trusted({}, Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"}) == []
    assert trusted({}, Effect="Deny") == []
    github = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    assert trusted({}, Principal={"Federated": github}) == []


def test_an_identity_is_known_by_its_name_until_it_is_made() -> None:
    place = Place("main.tf")
    unknown = Unknown("known only after apply", place)

    def role(what: IdentityKind, short: str) -> CloudIdentity:
        return CloudIdentity("a", "a", place, Absent(place), what, "a", unknown, Known(short, place), Known((), place),
                             Absent(place))  # fmt: skip

    assert role(IdentityKind.AMAZON, "agents").is_called("arn:aws:iam::123456789012:role/data/agents")
    assert role(IdentityKind.AMAZON, "agents").is_called("arn:aws:iam::123456789012:role/billing") is False
    assert role(IdentityKind.GOOGLE, "agents").is_called("agents@acme.iam.gserviceaccount.com")
    assert role(IdentityKind.AZURE, "agents").is_called("6d1f4c6e-0000-4000-8000-2b9c81f0a001") is None


def test_a_pattern_of_service_accounts_covers_names() -> None:
    accounts = TrustedAccounts(Place("main.tf"), "agents", "claims-*")
    assert accounts.covers("agents", "claims-prod-triggerer")
    assert not accounts.covers("agents", "billing")
    assert not accounts.covers("default", "claims-prod")
