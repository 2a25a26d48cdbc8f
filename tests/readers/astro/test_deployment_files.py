"""Deployment files of the Astro CLI become deployments, setting by setting."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from astrovet.document import InputKind
from astrovet.model.deployment import Deployment
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.estate import Input
from astrovet.readers.astro import deployment_files
from astrovet.readers.estate import Reading, build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Absent, Unknown
from support import astrovet, known, state, write

CONFIGURATION = {
    "name": "claims",
    "runtime_version": "3.0-4",
    "executor": "CeleryExecutor",
    "workspace_name": "claims",
    "deployment_type": "STANDARD",
    "region": "eu-central-1",
}


def reading(contents: dict[str, str], role: Role = Role.FOUND) -> Reading:
    return build([SourceFile.of(path, content.encode(), role) for path, content in contents.items()], ".")


def deployment(configuration: dict[str, Any] | None = None, /, **sections: Any) -> Deployment:
    content = {"configuration": {**CONFIGURATION, **(configuration or {})}, **sections}
    return reading({"deployment.json": json.dumps({"deployment": content})}).estate.of(Deployment)[0]


def test_yaml_and_json_are_read_alike() -> None:
    files = {
        "a.yaml": "deployment:\n  configuration:\n    name: claims\n    executor: CeleryExecutor\n",
        "b.json": '{"deployment": {"configuration": {"name": "claims", "executor": "CeleryExecutor"}}}',
        "stdin": "deployment:\n  configuration:\n    name: claims\n    executor: CeleryExecutor\n",
    }
    for path, content in files.items():
        estate = reading({path: content}, Role.NAMED).estate
        assert [state(made.name) for made in estate.of(Deployment)] == ["claims"]
        assert [file.input_kind for file in estate.of(Input)] == [InputKind.DEPLOYMENT_FILE]


@pytest.mark.parametrize(
    ("word", "remote", "expected"),
    [
        ("STANDARD", None, DeploymentModel.STANDARD),
        ("hosted_shared", None, DeploymentModel.STANDARD),
        ("HOSTED_STANDARD", None, DeploymentModel.STANDARD),
        ("HOSTED_DEDICATED", None, DeploymentModel.DEDICATED),
        ("DEDICATED", {"enabled": False}, DeploymentModel.DEDICATED),
        ("DEDICATED", {"task_log_bucket": "s3://logs"}, DeploymentModel.DEDICATED),
        ("DEDICATED", {"enabled": True}, DeploymentModel.REMOTE_EXECUTION),
        ("HYBRID", None, DeploymentModel.HYBRID),
    ],
)
def test_the_type_and_the_block_tell_the_model(
    word: str, remote: dict[str, Any] | None, expected: DeploymentModel
) -> None:
    assert known(deployment({"deployment_type": word, "remote_execution": remote}).model) is expected


def test_a_type_that_is_missing_or_strange_is_open() -> None:
    for word in ("", None, "OTHER", ["a"]):
        assert isinstance(deployment({"deployment_type": word}).model, Unknown)
    assert isinstance(
        deployment({"deployment_type": "DEDICATED", "remote_execution": {"enabled": "maybe"}}).remote_execution, Unknown
    )


def test_remote_execution() -> None:
    block = {"enabled": True, "allowed_ip_address_ranges": ["10.0.0.0/8"], "task_log_bucket": "", "x": 1}
    made = deployment({"deployment_type": "DEDICATED", "remote_execution": block})
    remote = known(made.remote_execution)
    assert [state(text) for text in known(remote.allowed_ranges)] == ["10.0.0.0/8"]
    assert isinstance(remote.task_log_bucket, Absent)
    assert isinstance(remote.task_log_url, Absent)
    assert isinstance(remote.api_url, Unknown)


def test_what_is_left_out_is_what_the_cli_sends() -> None:
    made = deployment()
    for switch in (made.enforces_cicd, made.is_development, made.is_highly_available, made.hibernates):
        assert state(switch) is False
    assert known(made.environment) == ()
    assert isinstance(made.description, Absent)
    assert isinstance(made.cluster.to, Absent)
    assert state(deployment({"ci_cd_enforcement": True}).enforces_cicd) is True


def test_what_only_astro_knows_is_open_until_it_runs() -> None:
    made = deployment()
    assert isinstance(made.identity, Unknown)
    assert isinstance(made.namespace, Unknown)
    assert isinstance(made.runtime, Unknown)
    assert state(made.first_runtime) == "3.0-4"
    runs = deployment(metadata={"deployment_id": "cmk1", "release_name": "N/A"})
    assert state(runs.identity) == "cmk1"
    assert isinstance(runs.namespace, Unknown)
    assert state(runs.runtime) == "3.0-4"
    assert isinstance(runs.first_runtime, Unknown)
    assert state(deployment(metadata={"release_name": "bright-star-1"}).namespace) == "bright-star-1"
    assert isinstance(deployment(metadata={"deployment_id": ["x"]}).identity, Unknown)


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"hibernation_schedules": [{"hibernate_at": "0 0 * * *"}]}, False),
        ({"hibernation_schedules": [{"enabled": True}]}, True),
        ({"metadata": {"hibernation_override": {"is_hibernating": True}}}, True),
        ({"hibernation_schedules": [], "metadata": {"hibernation_override": {}}}, False),
    ],
)
def test_it_hibernates_by_a_schedule_or_now(sections: dict[str, Any], expected: bool) -> None:
    assert state(deployment(**sections).hibernates) is expected


def test_variables() -> None:
    made = deployment(
        environment_variables=[
            {"is_secret": False, "key": "A", "value": "plain"},
            {"key": "B", "value": None},
            {"is_secret": True, "key": "C", "value": ""},
            {"is_secret": True, "key": "D", "value": "written"},
            {"is_secret": "perhaps", "key": "E", "value": "open"},
        ]
    )
    values = {known(variable.name): variable.value for variable in known(made.environment)}
    assert state(values["A"]) == "plain"
    assert isinstance(values["B"], Absent)
    assert isinstance(values["C"], Unknown)
    assert state(values["D"]) == "written"
    assert [(secret.name, state(secret.is_written)) for secret in made.secrets] == [
        ("C", False), ("D", True), ("E", True),
    ]  # fmt: skip


def test_variables_that_are_no_list_are_open() -> None:
    made = deployment(environment_variables={"A": "b"})
    assert isinstance(made.environment, Unknown)
    assert made.secrets == ()


def test_a_template_leaves_its_secrets_open() -> None:
    made = deployment({"name": ""}, environment_variables=[{"key": "A", "value": "plain"}])
    assert state(made.variable("A")) == "plain"
    assert isinstance(made.variable("OTHER"), Unknown)
    assert isinstance(deployment().variable("OTHER"), Absent)
    assert made.secrets[0].name == ""


def test_cluster_and_workspace_are_joined_by_their_names() -> None:
    terraform = """
    resource "astro_workspace" "a" {
      name = "claims"
    }
    resource "astro_cluster" "a" {
      name   = "eu"
      region = "eu-central-1"
    }
    """
    content = {**CONFIGURATION, "deployment_type": "DEDICATED", "cluster_name": "eu"}
    both = reading(
        {"main.tf": terraform, "deployment.json": json.dumps({"deployment": {"configuration": content}})}
    ).estate.of(Deployment)[0]
    assert known(both.cluster.to).id == "astro_cluster.a"
    assert known(both.workspace.to).id == "astro_workspace.a"
    alone = deployment(content, metadata={"cluster_id": "cl1"})
    assert isinstance(alone.cluster.to, Unknown)
    assert alone.cluster.id == "cl1"
    assert deployment(content).cluster.id == ""
    assert state(known(alone.workspace.to).name) == "claims"
    assert isinstance(known(alone.workspace.to).enforces_cicd, Unknown)
    assert isinstance(deployment({"workspace_name": ""}).workspace.to, Unknown)
    assert isinstance(deployment({"workspace_name": ["x"]}).workspace.to, Unknown)


def test_several_documents_are_several_deployments() -> None:
    start = "deployment:\n  configuration:\n    executor: CeleryExecutor\n    name: "
    made = reading({"all.yaml": f"{start}a\n---\n{start}b\n---\nother: 1\n"}).estate.of(Deployment)
    assert [(one.id, state(one.name)) for one in made] == [("all.yaml", "a"), ("all.yaml[2]", "b")]


def test_a_broken_file_is_told_and_a_foreign_one_is_not() -> None:
    broken = "deployment:\n  configuration:\n    name: x\n   executor: y\n"
    (told,) = reading({"deployment.yaml": broken}).estate.of(Input)
    assert told.failed
    foreign = {"a.yaml": "deployment:\n  executor: x\n", "b.yaml": "deployment:\n  metadata: {\n"}
    assert reading(foreign).estate.of(Input) == ()


def test_a_file_beside_a_named_one_is_not_judged() -> None:
    files = [SourceFile.of("a.yaml", b"deployment: {configuration: {executor: x}}", Role.BESIDE)]
    assert build(files, ".").estate.of(Deployment) == ()


def test_a_reader_that_breaks_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bool:
        raise ValueError

    monkeypatch.setattr(deployment_files, "environment", broken)
    (told,) = reading({"a.yaml": "deployment: {configuration: {executor: x}}"}).estate.of(Input)
    assert [problem.is_bug for problem in told.problems] == [True]


def test_the_command_takes_it_in_every_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.dumps(
        {"deployment": {"environment_variables": [{"key": "DB_PASSWORD", "value": "CANARY-Tr0ub4dor-3"}],
                        "configuration": CONFIGURATION}}
    )  # fmt: skip
    monkeypatch.chdir(tmp_path)
    write("deployment.json", content)
    for words, stdin in (
        (["."], None),
        (["deployment.json"], None),
        (["-f", "deployment.json"], None),
        (["-"], content),
    ):
        result = astrovet("scan", *words, "--format", "concise", stdin=stdin)
        assert "AST002" in result.stdout
        assert "CANARY" not in result.output
    os.rename("deployment.json", "other.yaml")
    write("values.yaml", "agentToken: x\n")
    assert "AST002" in astrovet("scan", "-f", "values.yaml", "-f", "other.yaml", "--format", "concise").stdout


def test_a_comment_in_it_accepts_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        "deployment.yaml",
        "deployment:\n  environment_variables:\n"
        '    # astrovet: ignore[AST002] reason="a test of ours"\n'
        "    - {key: DB_PASSWORD, value: kX29-fLq8-77Tz}\n"
        "  configuration: {name: claims, executor: CeleryExecutor}\n",
    )
    result = astrovet("scan", ".", "--format", "json", "--show", "waived")
    rules = {line["rule"]: line["verdict"] for line in json.loads(result.stdout)["verdicts"]}
    assert rules["AST002"] == "waived"


def test_in_the_hook_a_changed_file_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        "deployment.yaml",
        "deployment:\n  environment_variables:\n    - {key: DB_PASSWORD, value: kX29-fLq8-77Tz}\n"
        "  configuration: {name: claims, executor: CeleryExecutor}\n",
    )
    assert "AST002" in astrovet("scan", "--hook", "deployment.yaml", "--format", "concise").stdout
