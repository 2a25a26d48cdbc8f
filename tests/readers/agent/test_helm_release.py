"""A `helm_release` in a plan: the values that Helm will use, and the deployment that the agent serves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from astrovet.formats.text_file import TextFile
from astrovet.model.agent import Agent
from astrovet.model.component import ComponentKind
from astrovet.readers.agent import helm_release
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile, TerraformSources
from astrovet.terraform.source.resources import read_root_module
from astrovet.value import Absent, Known, Unknown, at
from support import ROOT, astrovet, known, text_files, write

PLANS = ROOT / "fixtures" / "plans"


Edit = Callable[[dict[str, Any]], None]


def agents(name: str, change: Edit | None = None) -> tuple[Agent, ...]:
    plan = json.loads((PLANS / name / "plan.json").read_text())
    if change is not None:
        change(plan)
    return build([SourceFile.of("plan.json", json.dumps(plan).encode(), Role.PLAN)], ".").estate.of(Agent)


def only(name: str, change: Edit | None = None) -> Agent:
    (agent,) = agents(name, change)
    return agent


def after(plan: dict[str, Any]) -> dict[str, Any]:
    """The planned values of the release."""
    change = next(change for change in plan["resource_changes"] if change["type"] == "helm_release")
    after: dict[str, Any] = change["change"]["after"]
    return after


def test_settings_come_over_documents() -> None:
    token = only("remote-exec-aws-open").credentials[0]
    assert token.label == "agentToken"
    assert isinstance(token.value, Known)
    assert token.value.place.pointer == "set_sensitive.agentToken.value"
    assert token.value.sensitive


def test_settings_by_index_make_variables() -> None:
    (variable,) = only("remote-exec-aws-open").all_variables()
    assert known(variable.name) == "AIRFLOW_CONN_WAREHOUSE"
    assert variable.value.place.address == "helm_release.agent"


def test_a_document_that_is_unknown_makes_unknown_what_no_later_one_settles() -> None:
    agent = only("remote-exec-aws-good")
    assert isinstance(agent.secrets_backend, Unknown)
    assert isinstance(agent.xcom_backend, Unknown)
    assert "values" in agent.secrets_backend.why
    (worker,) = (component for component in agent.components if component.kind is ComponentKind.WORKER)
    assert isinstance(worker.environment, Absent)  # the last document has the workers


def test_a_later_document_settles_what_an_earlier_one_left_open() -> None:
    def settle(plan: dict[str, Any]) -> None:
        after(plan)["values"][2] += "secretBackend: a.b.C\n"

    assert known(only("remote-exec-aws-good", settle).secrets_backend) == "a.b.C"


def test_without_any_unknown_what_is_not_set_is_absent() -> None:
    assert isinstance(only("remote-exec-aws-open").xcom_backend, Absent)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"name": "resourceNamePrefix", "value": "12", "type": "string"}, "12"),
        ({"name": "resourceNamePrefix", "value": "other", "type": None}, "other"),
        ({"name": "workers[0].name", "value": "x", "type": None}, "scoring"),
    ],
)
def test_types_of_settings(setting: dict[str, Any], expected: str) -> None:
    def add(plan: dict[str, Any]) -> None:
        after(plan)["set"].append(setting)

    assert known(only("remote-exec-aws-open", add).name) == expected


def test_a_list_of_settings_that_is_unknown_leaves_everything_open() -> None:
    def forget(plan: dict[str, Any]) -> None:
        change = next(change["change"] for change in plan["resource_changes"] if change["type"] == "helm_release")
        del change["after"]["set"]
        change["after_unknown"]["set"] = True

    agent = only("remote-exec-aws-open", forget)
    assert isinstance(agent.name, Unknown)
    assert isinstance(agent.xcom_backend, Unknown)


def test_set_list_sets_a_list() -> None:
    def add(plan: dict[str, Any]) -> None:
        after(plan)["set_list"] = [{"name": "workers[0].queues", "value": ["a", "b,c"]}]

    assert [component.kind for component in only("remote-exec-aws-open", add).components] == [ComponentKind.WORKER]


def test_another_chart_is_no_agent() -> None:
    def rename(plan: dict[str, Any]) -> None:
        after(plan)["chart"] = "airflow"

    assert not agents("remote-exec-aws-open", rename)


def test_a_release_serves_the_deployment_that_it_refers_to() -> None:
    agent = only("remote-exec-aws-open")
    assert known(agent.deployment.to).id == "astro_deployment.re"
    assert agent.deployment.how == "by reference to astro_deployment.re"


def test_a_release_serves_the_deployment_behind_its_secret_and_token() -> None:
    assert only("remote-exec-aws-good").deployment.how == "by reference to astro_deployment.payments"


def test_instances_of_a_release_are_agents_of_their_own() -> None:
    installed = agents("helm-v2-set-blocks")
    assert sorted(agent.id for agent in installed) == ['helm_release.agent["default"]', 'helm_release.agent["gpu"]']
    assert {agent.block for agent in installed} == {"helm_release.agent"}
    assert all(isinstance(agent.deployment.to, Unknown) for agent in installed)


VALUES = """\
resourceNamePrefix: scoring
astroDeploymentAPIURL: https://x.external.astronomer.run/d1234567
agentTokenSecretName: agent-token
workers: [{name: default, syncSlots: 4}]
"""


def joined(values: str, change: Edit | None = None) -> Agent:
    """The agent of a values file beside the plan of a deployment, without that plan's own release."""
    plan = json.loads((PLANS / "remote-exec-aws-open" / "plan.json").read_text())
    plan["resource_changes"] = [change for change in plan["resource_changes"] if change["type"] != "helm_release"]
    if change is not None:
        change(plan)
    files = [
        SourceFile.of("plan.json", json.dumps(plan).encode(), Role.PLAN),
        SourceFile.of("values.yaml", values.encode(), Role.VALUES),
    ]
    (agent,) = build(files, ".").estate.of(Agent)
    return agent


def test_the_only_agent_serves_the_only_deployment_that_it_can_and_the_link_says_so() -> None:
    link = joined(VALUES).deployment
    assert known(link.to).id == "astro_deployment.re"
    assert link.how == "as the only agent and the only deployment it can serve"


def test_an_agent_serves_no_deployment_that_runs_its_tasks_at_astronomer() -> None:
    def make_hosted(plan: dict[str, Any]) -> None:
        deployment = next(change for change in plan["resource_changes"] if change["type"] == "astro_deployment")
        deployment["change"]["after"]["remote_execution"] = None

    link = joined(VALUES, make_hosted).deployment
    assert isinstance(link.to, Unknown)
    assert "no deployment with remote execution is in these inputs" in link.to.why


def with_id(identity: str) -> Edit:
    def settle(plan: dict[str, Any]) -> None:
        deployment = next(change for change in plan["resource_changes"] if change["type"] == "astro_deployment")
        deployment["change"]["after"]["id"] = identity
        del deployment["change"]["after_unknown"]["id"]

    return settle


NAMED = VALUES + "commonEnv: [{name: ASTRO_DEPLOYMENT_ID, value: cm0k8x0}]\n"


def test_an_agent_serves_the_deployment_whose_id_it_names() -> None:
    link = joined(NAMED, with_id("cm0k8x0")).deployment
    assert link.how == "by ASTRO_DEPLOYMENT_ID"


def test_an_agent_that_names_another_deployment_does_not_serve_this_one() -> None:
    link = joined(NAMED, with_id("another")).deployment
    assert isinstance(link.to, Unknown)
    assert "the deployment that ASTRO_DEPLOYMENT_ID names is not in these inputs" in link.to.why


RELEASE = """\
resource "helm_release" "agent" {
  name       = "claims-agent"
  repository = "https://helm.astronomer.io"
  chart      = "astro-remote-execution-agent"
  values = [<<-EOT
    resourceNamePrefix: claims-prod
    agentToken: not-a-real-token
    dagBundleConfigList: '[{"name": "dags", "kwargs": {}}]'
    EOT
  ]
}
"""


def test_values_in_a_text_of_the_sources_have_their_own_places() -> None:
    (agent,) = build([SourceFile.of("main.tf", RELEASE.encode(), Role.FOUND)], ".").estate.of(Agent)
    token = agent.credentials[0].value.place
    assert (token.line, token.column, token.address, token.pointer) == (
        7, 17, "helm_release.agent", "values[0].agentToken",
    )  # fmt: skip
    kwargs = at(agent.dag_bundles.content, 0, "kwargs").place
    assert (kwargs.line, kwargs.column, kwargs.end_column) == (8, 55, 57)


def test_a_template_that_is_called_like_a_values_file_is_no_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    release = """
resource "helm_release" "agents" {
  name       = "agents"
  repository = "https://helm.astronomer.io"
  chart      = "astro-remote-execution-agent"
  values     = [templatefile("${path.module}/chart/values.yaml", { names = ["ONE"] })]
}
"""
    values = "resourceNamePrefix: a\\ncommonEnv:\\n%{ for name in names ~}\\n  - name: ${name}\\n%{ endfor ~}\\n"
    write("main.tf", release)
    write("chart/values.yaml", values.replace("\\n", "\n"))
    inputs = [file["path"] for file in json.loads(astrovet("scan", ".", "--format", "json").output)["inputs"]]
    assert inputs == ["main.tf"]
    write("main.tf", release.replace("templatefile", "file").replace(', { names = ["ONE"] }', ""))
    inputs = [file["path"] for file in json.loads(astrovet("scan", ".", "--format", "json").output)["inputs"]]
    assert sorted(inputs) == ["chart/values.yaml", "main.tf"]


SOURCES = """\
resource "astro_deployment" "a" {}
resource "helm_release" "agent" {
  name      = "claims"
  chart     = "astro-remote-execution-agent"
  values    = [file("${path.module}/values.yaml")]
  MORE
}
"""
WRITTEN = "resourceNamePrefix: claims\nxcomBackend: one\ncommonEnv: [{name: A, value: b}]\nagentTokenSecretName: t\n"


def declared(more: str) -> Agent:
    files = {"main.tf": SOURCES.replace("MORE", more), "values.yaml": WRITTEN}
    read = [SourceFile.of(path, content.encode(), Role.FOUND) for path, content in files.items()]
    texts = {path: TextFile.of(path, content) for path, content in files.items()}
    sources = TerraformSources(tuple(file for file in read if file.path.endswith(".tf")), others=texts)
    (agent,) = build(read, ".", sources).estate.of(Agent)
    return agent


def test_what_a_file_gives_stands_in_that_file() -> None:
    assert str(declared("").xcom_backend.place) == "values.yaml:2:14"


@pytest.mark.parametrize("argument", ["reuse_values", "reset_then_reuse_values"])
def test_values_of_the_installed_release_leave_open_what_is_not_set(argument: str) -> None:
    agent = declared(f"{argument} = true")
    assert isinstance(agent.secrets_backend, Unknown)
    assert "helm get values" in agent.secrets_backend.how
    assert known(agent.xcom_backend) == "one"
    assert isinstance(declared(f"{argument} = false").secrets_backend, Absent)


def test_write_only_settings_set_values() -> None:
    agent = declared('set_wo = [{ name = "secretBackend", value = "two" }]\n  set_wo_revision = 1')
    assert known(agent.secrets_backend) == "two"
    assert known(agent.xcom_backend) == "one"


def test_a_literal_is_yaml_under_its_key() -> None:
    agent = declared('set = [{ name = "commonEnv", type = "literal", value = "[{name: C, value: d}]" }]')
    assert [known(variable.name) for variable in agent.all_variables()] == ["C"]


def test_a_program_that_changes_what_is_rendered_leaves_everything_open() -> None:
    agent = declared('postrender {\n    binary_path = "./patch.sh"\n  }')
    assert isinstance(agent.xcom_backend, Unknown)
    assert "postrender" in agent.xcom_backend.why


def test_an_application_in_a_manifest_is_an_agent() -> None:
    source = """\
resource "astro_deployment" "a" {}
resource "kubernetes_manifest" "agent" {
  manifest = {
    apiVersion = "argoproj.io/v1alpha1"
    kind       = "Application"
    metadata   = { name = "claims", namespace = "argocd" }
    spec = {
      destination = { namespace = "claims-agents" }
      source = {
        chart   = "astro-remote-execution-agent"
        repoURL = "https://helm.astronomer.io"
        helm    = { valuesObject = { secretBackend = "two" } }
      }
    }
  }
}
"""
    (agent,) = build([SourceFile.of("main.tf", source.encode(), Role.FOUND)], ".").estate.of(Agent)
    assert agent.id == "kubernetes_manifest.agent"
    assert known(agent.secrets_backend) == "two"
    assert known(agent.namespace) == "claims-agents"
    other = source.replace("astro-remote-execution-agent", "portal")
    assert not build([SourceFile.of("main.tf", other.encode(), Role.FOUND)], ".").estate.of(Agent)


def test_a_template_is_no_input_where_a_plan_is_judged_in_place_of_the_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("plan.json", (PLANS / "dedicated-phi" / "plan.json").read_text())
    for source in (PLANS / "dedicated-phi").glob("*.tf"):
        write(source.name, source.read_text())
    write(
        "more.tf", 'output "filled" {\n  value = templatefile("${path.module}/chart/values.yaml", { names = [] })\n}\n'
    )
    lines = ("resourceNamePrefix: a", "commonEnv:", "%{ for name in names ~}", "  - name: ${name}", "%{ endfor ~}", "")
    write("chart/values.yaml", "\n".join(lines))
    inputs = [file["path"] for file in json.loads(astrovet("scan", ".", "--format", "json").output)["inputs"]]
    assert "plan.json" in inputs
    assert "chart/values.yaml" not in inputs


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            'yamlencode({ resourceNamePrefix = "a", agentTokenSecretName = "t", secretBackend = "x.Y" })',
            ["helm_release.r"],
        ),
        ("yamlencode({ replicas = 2 })", []),
        ("var.values", []),
    ],
)
def test_a_release_of_an_unknown_chart_is_an_agent_where_it_is_given_an_agents_values(
    values: str, expected: list[str]
) -> None:
    sources = (
        f'variable "chart" {{}}\nresource "helm_release" "r" {{\n  chart  = var.chart\n  values = [{values}]\n}}\n'
    )
    terraform = read_root_module(text_files({"main.tf": sources}), ".")
    assert [release.address for release in helm_release.agent_releases(terraform)] == expected
