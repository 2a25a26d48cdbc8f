"""Several files and flags for one agent: what belongs together, and where a finding about it points."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import support
from support import astrovet

BASE = """\
# All environments.
resourceNamePrefix: claims
namespace: astro-claims
astroDeploymentAPIURL: https://cl1abc.external.astronomer.run/d1a2b3c4
agentTokenSecretName: agent-token
secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
dagBundleConfigList: '[{"name": "a", "classpath": "example.Bundle", "kwargs": {}}]'
commonEnv:
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH
    value: s3://aws_default@claims-xcom/x
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
    value: "0"
workers:
  - name: default
    syncSlots: 20
"""
PROD = """\
# The list is replaced whole, and so the threshold is lost.
commonEnv:
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH
    value: s3://aws_default@claims-xcom-prod/x
"""
LOST = "values-prod.yaml:2:1: REX008 high no XCom threshold is set: every XCom stays in Astro's database"

Scan = Callable[..., Result]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Runs `astrovet scan` in a folder of its own, for REX008 alone."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> Result:
        return astrovet("scan", "--select", "REX008", *arguments)

    return invoke


def write(contents: dict[str, str]) -> None:
    for path, content in contents.items():
        support.write(path, content)


def lines(result: Result) -> list[str]:
    return [line for line in result.stdout.splitlines() if " REX008 " in line]


def report(result: Result) -> Any:
    return json.loads(result.stdout)


def test_an_overlay_that_drops_the_threshold_is_found_with_both_places(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": PROD})
    assert lines(scan("--format", "concise")) == [LOST]
    (verdict,) = report(scan("--format", "json"))["verdicts"]
    assert verdict["subject"] == "values.yaml + values-prod.yaml"
    (related,) = verdict["related"]
    assert (related["place"]["path"], related["place"]["line"]) == ("values.yaml", 12)
    assert related["message"] == "an earlier layer sets it here; a later one replaces the whole list"


def test_the_base_alone_yields_nothing(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": PROD})
    assert lines(scan("-f", "values.yaml", "--format", "concise")) == []
    assert lines(scan("-f", "values.yaml", "-f", "values-prod.yaml", "--format", "concise")) == [LOST]


def test_each_environment_is_judged_once_and_the_base_under_them_not_alone(scan: Scan) -> None:
    write({"values.yaml": BASE.replace('"0"', '"5"'), "values-dev.yaml": "labels: {stage: dev}\n"})
    write({"prod/values.yaml": "image: registry.example.com/agent:7\n", "qa.values.yaml": PROD})
    result = scan("--format", "json")
    assert sorted(subject["id"] for subject in report(result)["subjects"]) == [
        "values.yaml + prod/values.yaml",
        "values.yaml + qa.values.yaml",
        "values.yaml + values-dev.yaml",
    ]
    of_base, of_qa = sorted(report(result)["verdicts"], key=lambda verdict: len(verdict["instances"]), reverse=True)
    assert sorted(of_base["instances"]) == ["values.yaml + prod/values.yaml", "values.yaml + values-dev.yaml"]  # once
    assert of_qa["subject"] == "values.yaml + qa.values.yaml"


def test_what_was_grouped_is_told(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": PROD})
    (subject,) = report(scan("--format", "json"))["subjects"]
    assert subject["layers"] == ["values.yaml", "values-prod.yaml"]
    assert subject["together"] == "by their names, for prod"
    assert "judged together, by their names, for prod: values.yaml, values-prod.yaml" in scan("-v").stderr


def test_a_neighbour_of_another_chart_is_no_layer(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-postgres.yaml": "image: {tag: '16'}\nprimary: {persistence: {size: 8Gi}}\n"})
    assert [subject["id"] for subject in report(scan("--format", "json"))["subjects"]] == ["values.yaml"]


def test_named_files_bring_the_files_that_belong_to_them(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": PROD, "values-dev.yaml": PROD.replace("prod", "dev")})
    assert lines(scan("values-prod.yaml", "--format", "concise")) == [LOST]
    assert [subject["id"] for subject in report(scan("values-prod.yaml", "--format", "json"))["subjects"]] == [
        "values.yaml + values-prod.yaml"
    ]
    assert len(lines(scan("--hook", "values.yaml", "--format", "concise"))) == 2
    assert lines(scan("--hook", "values-prod.yaml", "--format", "concise")) == [LOST]


def test_a_named_file_brings_its_base_from_two_folders_above(scan: Scan) -> None:
    write({".git/HEAD": "ref: refs/heads/main\n", "values.yaml": BASE, "envs/prod/values.yaml": PROD})
    (subject,) = report(scan("envs/prod/values.yaml", "--format", "json"))["subjects"]
    assert subject["layers"] == ["values.yaml", "envs/prod/values.yaml"]


def test_an_unrelated_file_named_beside_an_agent_judges_nothing(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": PROD, "compose.yaml": "services: {}\n"})
    assert scan("--hook", "compose.yaml").stdout == ""


def test_flags_are_layers_over_the_files_in_helms_order(scan: Scan) -> None:
    write({"values.yaml": BASE, "threshold.txt": "0"})
    name = "commonEnv[1].value"
    assert lines(scan("-f", "values.yaml", "--set", f"{name}=7", "--format", "concise")) == [
        f"--set {name}: REX008 high XComs smaller than the threshold stay in Astro's database"
    ]
    # --set-string counts after --set, and --set-file after both, wherever they stand on the line.
    assert not lines(
        scan("-f", "values.yaml", "--set-string", f"{name}=0", "--set", f"{name}=7", "--format", "concise")
    )
    assert not lines(
        scan("-f", "values.yaml", "--set-file", f"{name}=threshold.txt", "--set", f"{name}=7", "--format", "concise")
    )
    assert lines(scan("-f", "values.yaml", "--set-json", "commonEnv=[]", "--format", "concise"))
    assert not lines(scan("-f", "values.yaml", "--set-literal", f"{name}=0", "--format", "concise"))


def test_a_flag_that_helm_refuses_leaves_all_undecided(scan: Scan) -> None:
    write({"values.yaml": BASE})
    (line,) = lines(scan("-f", "values.yaml", "--set", "commonEnv.a=1", "--format", "concise"))
    assert "REX008 unknown" in line


def test_flags_need_files(scan: Scan) -> None:
    write({"values.yaml": BASE})
    result = scan(".", "--set", "image=x")
    assert result.exit_code == 2
    assert "-f" in result.stderr


def test_no_value_of_a_flag_is_shown(scan: Scan) -> None:
    write({"values.yaml": BASE})
    for shape in ("json", "text", "sarif", "concise"):
        result = astrovet(
            "scan", "-f", "values.yaml", "--set", "agentToken=canary-9876543210", "-vv", "--format", shape
        )
        assert "REX013" in result.stdout
        assert "canary-9876543210" not in result.stdout + result.stderr


AGENTS = """\
version: 1
agents:
  - name: claims-prod
    values: [helm/common.yaml, helm/production.yaml]
    set: ["labels.tier=prod"]
"""


def test_declared_layers_are_one_agent_and_complete(scan: Scan) -> None:
    write({".astrovet.yaml": AGENTS, "helm/common.yaml": BASE, "helm/production.yaml": PROD})
    (verdict,) = report(scan("--format", "json"))["verdicts"]
    assert verdict["subject"] == "claims-prod"
    assert verdict["place"]["path"] == "helm/production.yaml"
    (subject,) = report(scan("--format", "json"))["subjects"]
    assert subject["layers"] == ["helm/common.yaml", "helm/production.yaml", ".astrovet.yaml:5:11"]
    assert lines(scan("--hook", "helm/production.yaml", "--format", "concise")) == [
        f"helm/{LOST}".replace("values-prod", "production")
    ]


def test_a_declared_set_is_all_that_helm_is_given(scan: Scan) -> None:
    little = "xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend\nsecretBackend: a.B\n"
    write({".astrovet.yaml": "agents: [{name: a, values: [v.yaml]}]\n", "v.yaml": little})
    (line,) = lines(scan("--format", "concise"))
    assert "REX008 high no XCom threshold is set" in line


def test_a_declared_file_that_is_missing_is_an_error_at_its_place(scan: Scan) -> None:
    write({".astrovet.yaml": AGENTS, "helm/common.yaml": BASE})
    result = scan("--format", "concise")
    assert result.exit_code == 2
    assert "helm/production.yaml: INP001" in result.stdout
    assert ".astrovet.yaml:4:32" in result.stdout


@pytest.mark.parametrize(
    ("agents", "message"),
    [
        ("agents: [{name: a}]", "the key 'values' is missing"),
        ("agents: [{name: a, values: []}]", ""),
        ("agents: [{name: a, value: [x]}]", "did you mean 'values'?"),
        ("agents: [{name: a, values: [b.yaml]}, {name: a, values: [c.yaml]}]", "there is an agent 'a' already"),
    ],
)
def test_a_wrong_declaration_is_told_with_its_place(scan: Scan, agents: str, message: str) -> None:
    write({".astrovet.yaml": agents + "\n", "values.yaml": BASE})
    result = scan(".")
    assert result.exit_code == 2
    assert ".astrovet.yaml:1:" in result.stderr
    assert message in result.stderr


def test_a_broken_layer_is_told_and_what_a_later_one_settles_is_judged(scan: Scan) -> None:
    write({"base.yaml": "a: [\n", "values.yaml": BASE.replace('"0"', '"5"')})
    result = scan("-f", "base.yaml", "-f", "values.yaml", "--format", "concise")
    assert result.exit_code == 2
    assert "base.yaml:2:1: INP001" in result.stdout
    assert lines(result) == [
        "base.yaml: REX008 unknown base.yaml cannot be used; mend it first",  # it may have more components
        "values.yaml:13:12: REX008 high XComs smaller than the threshold stay in Astro's database (of the worker)",
    ]


def test_several_documents_in_one_layer_are_remarked_on(scan: Scan) -> None:
    write({"values.yaml": BASE, "more.yaml": "labels: {a: b}\n---\nxcomBackend: ''\n"})
    result = scan("-f", "values.yaml", "-f", "more.yaml", "--format", "concise")
    assert "note: more.yaml: it holds 2 documents; Helm 3 takes the first one" in result.stdout
    (line,) = lines(result)
    assert line.startswith("more.yaml:3:14: REX008 unknown it stands in a further document of its file")


def test_layers_that_are_no_agents_are_told_at_the_last_one_alone(scan: Scan) -> None:
    write({"airflow.yaml": "executor: CeleryExecutor\ndags: {}\n", "image.yaml": "image: {tag: '3'}\n"})
    for first, last in (("airflow.yaml", "image.yaml"), ("image.yaml", "airflow.yaml")):
        inputs = report(scan("--format", "json", "-f", first, "-f", last))["inputs"]
        assert [(file["path"], bool(file["problem"])) for file in inputs] == [(first, False), (last, True)]


def test_layers_of_a_platform_are_one_and_named_for_the_last(scan: Scan) -> None:
    base = "global: {baseDomain: astro.example.com, tlsSecret: tls, plane: {mode: control}}\nastronomer: {}\n"
    write({"base.yaml": base, "prod.yaml": "global: {baseDomain: prod.example.com}\n"})
    result = astrovet("model", "-f", "base.yaml", "-f", "prod.yaml", "--format", "json")
    (platform,) = [platform for platform in json.loads(result.stdout)["objects"] if platform["kind"] == "platform"]
    assert platform["id"] == "prod.yaml"
    assert platform["place"]["path"] == "prod.yaml"


@pytest.mark.parametrize("overlay", ["prod.yaml", "eu-prod.yaml", "envs/prod.yaml", "values/prod.yaml"])
def test_a_file_that_bears_an_environments_name_alone_is_its_layer(scan: Scan, overlay: str) -> None:
    write({"values.yaml": BASE, overlay: PROD})
    assert lines(scan(".", "--format", "concise")) == [LOST.replace("values-prod.yaml", overlay)]


def test_a_file_of_any_other_name_is_no_layer(scan: Scan) -> None:
    write({"values.yaml": BASE, "claims.yaml": PROD})
    assert not lines(scan(".", "--format", "concise"))


def test_a_layer_of_an_umbrella_has_the_key_of_the_subchart(scan: Scan) -> None:
    inner = BASE.replace("\n", "\n  ").rstrip()
    write({"values.yaml": f"agents:\n  {inner}\n", "values-prod.yaml": "agents: {commonEnv: []}\n"})
    (line,) = lines(scan(".", "--format", "concise"))
    assert line.startswith("values-prod.yaml:1:10: REX008 high")
    write({"values-prod.yaml": "portal: {commonEnv: []}\n"})
    assert not lines(scan(".", "--format", "concise"))


@pytest.mark.parametrize(
    ("dependency", "values", "is_installed"),
    [
        ("condition: agents.enabled", "enabled: false", False),
        ("condition: agents.enabled", "enabled: true", True),
        ("condition: other.enabled", "enabled: false", True),
        ("condition: 'other.enabled,agents.enabled'", "enabled: false", False),
        ("tags: [remote]", "enabled: false\ntags: {remote: false}", False),
        ("tags: [remote, more]", "enabled: false\ntags: {remote: false, more: true}", True),
    ],
)
def test_a_dependency_that_is_left_out_is_no_agent(
    scan: Scan, dependency: str, values: str, is_installed: bool
) -> None:
    inner = BASE.replace('"0"', '"9"').replace("\n", "\n  ").rstrip()
    own, _, tags = values.partition("\n")
    chart = f"dependencies:\n  - {{name: astro-remote-execution-agent, alias: agents, {dependency}}}\n"
    write({"Chart.yaml": chart, "values.yaml": f"agents:\n  {own}\n  {inner}\n{tags}\n"})
    assert bool(lines(scan(".", "--format", "concise"))) is is_installed


def test_one_flag_may_name_two_files(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": PROD})
    assert lines(scan("-f", "values.yaml,values-prod.yaml", "--format", "concise")) == [LOST]


def test_a_layer_by_its_name_that_cannot_be_read_is_told(scan: Scan) -> None:
    write({"values.yaml": BASE, "values-prod.yaml": 'logLevel: "DEBUG\n'})
    result = scan(".", "--format", "json")
    assert result.exit_code == 2
    told = {(verdict["rule"], verdict["place"]["path"], verdict["verdict"]) for verdict in report(result)["verdicts"]}
    assert ("INP001", "values-prod.yaml", "fail") in told


def test_a_base_by_its_name_that_cannot_be_read_is_told(scan: Scan) -> None:
    write({"values.yaml": 'logLevel: "DEBUG\n', "values-prod.yaml": BASE})
    result = scan(".", "--format", "json")
    assert result.exit_code == 2
    told = {(verdict["rule"], verdict["place"]["path"], verdict["verdict"]) for verdict in report(result)["verdicts"]}
    assert ("INP001", "values.yaml", "fail") in told
