"""A deployment file and the Terraform that made it: the same verdicts, and what differs between the two."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from astrovet.model.agent import Agent
from astrovet.model.deployment import Deployment, Twin
from astrovet.model.estate import Estate
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from astrovet.value import Known, Unknown
from support import FIXTURES, TODAY, astrovet, write

WRITTEN = (FIXTURES / "rules/runs-differently/good-as-written/main.tf").read_text("utf-8")
RUNS = (FIXTURES / "rules/runs-differently/good-as-written/deployment.yaml").read_text("utf-8")

SAME = {
    "as it is": [],
    "code from everybody": [
        ("is_cicd_enforced               = true", "is_cicd_enforced               = false"),
        ("ci_cd_enforcement: true", "ci_cd_enforcement: false"),
    ],
    "for development": [
        ("is_development_mode            = false", "is_development_mode            = true"),
        ("is_development_mode: false", "is_development_mode: true"),
        ("is_high_availability           = true", "is_high_availability           = false"),
        ("is_high_availability: true", "is_high_availability: false"),
    ],
    "an old Runtime": [('"3.0-4"', '"9.1.0"'), ("runtime_version: 3.0-4", "runtime_version: 9.1.0")],
    "outside the EU": [('"eu-central-1"', '"us-east-1"'), ("region: eu-central-1", "region: us-east-1")],
    "a secret without its mark": [
        ('value = "claims", is_secret = false', 'value = "claims", is_secret = false },\n'
         '    { key = "DB_PASSWORD", value = "kX29-fLq8-77Tz", is_secret = false'),
        ("          value: claims\n",
         "          value: claims\n        - key: DB_PASSWORD\n          value: kX29-fLq8-77Tz\n"),
    ],
    "what may be tried": [
        ('"AIRFLOW__CORE__TEST_CONNECTION", value = "Disabled"', '"AIRFLOW__CORE__TEST_CONNECTION", value = "Enabled"'),
        ("value: Disabled", "value: Enabled"),
    ],
}  # fmt: skip


def verdicts(path: str, content: str, requires: str) -> set[tuple[str, ...]]:
    Path("of").mkdir(exist_ok=True)
    for file in Path("of").iterdir():
        file.unlink()
    write(f"of/{path}", content)
    write("of/.astrovet.yaml", requires)
    result = astrovet(
        "scan", "of", "--today", TODAY, "--format", "json", "--show", "pass,unknown,not-applicable"
    )  # fmt: skip
    told = json.loads(result.stdout)["verdicts"]
    return {
        (line["rule"], line["verdict"], line["severity"], line["message"] if line["verdict"] == "fail" else "")
        for line in told
        if line["subject_kind"] == "deployment"
    }


@pytest.mark.parametrize("requires", ["version: 1\n", "version: 1\nrequires: [hipaa, gdpr]\n"], ids=["", "declared"])
@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_a_file_and_the_terraform_that_made_it_give_the_same_verdicts(
    changes: list[tuple[str, str]], requires: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written, runs = WRITTEN, RUNS[: RUNS.index("    metadata:")]  # the state of Terraform would tell what runs
    for old, new in changes:
        assert old in written + runs
        written, runs = written.replace(old, new), runs.replace(old, new)
    of_terraform = verdicts("main.tf", written, requires)
    assert verdicts("deployment.yaml", runs, requires) == of_terraform
    assert of_terraform


def estate(*contents: tuple[str, str]) -> Estate:
    return build([SourceFile.of(path, content.encode(), Role.FOUND) for path, content in contents], ".").estate


@pytest.mark.parametrize(
    ("written", "runs", "expected"),
    [
        (WRITTEN, RUNS, True),
        (WRITTEN, RUNS.replace("name: claims\n", "name: claims-dev\n"), False),
        (WRITTEN, RUNS.replace("workspace_name: claims", "workspace_name: payments"), False),
        (WRITTEN, RUNS.replace("workspace_name: claims", 'workspace_name: ""'), True),
        (WRITTEN.replace('name                           = "claims"', "name = var.name"), RUNS, False),
        (WRITTEN + WRITTEN[WRITTEN.index('resource "astro_deployment"') :].replace('"claims" {', '"b" {'), RUNS, False),
    ],
)
def test_what_is_told_to_be_one_deployment(written: str, runs: str, expected: bool) -> None:
    twins = estate(("main.tf", written), ("deployment.yaml", runs)).of(Twin)
    assert [(twin.written.id, twin.running.id) for twin in twins] == (
        [("astro_deployment.claims", "deployment.yaml")] if expected else []
    )


REMOTE = FIXTURES / "rules/runs-differently/bad-remote-execution"
AGENT = "resourceNamePrefix: claims\nagentToken: x\nimage: i\nworkers:\n  - name: default\n"


def test_agents_serve_both_of_one_deployment() -> None:
    written, runs = ((REMOTE / name).read_text("utf-8") for name in ("main.tf", "deployment.json"))
    both = estate(("main.tf", written), ("deployment.json", runs), ("values.yaml", AGENT))
    (agent,) = both.of(Agent)
    assert isinstance(agent.deployment.to, Known)
    assert agent.deployment.to.value.id == "astro_deployment.claims"
    assert [both.agents_of(deployment) for deployment in both.of(Deployment)] == [(agent,), (agent,)]
    assert [both.of(Twin)[0].links()["deployment"].to.value.id] == ["astro_deployment.claims"]  # type: ignore[union-attr]


def test_an_agent_finds_the_deployment_of_a_file() -> None:
    (agent,) = estate(
        ("deployment.json", (REMOTE / "deployment.json").read_text("utf-8")), ("values.yaml", AGENT)
    ).of(Agent)  # fmt: skip
    assert not isinstance(agent.deployment.to, Unknown)


@pytest.mark.parametrize("ranges", [None, []])
def test_that_everybody_may_call_is_told(
    ranges: list[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runs = json.loads((REMOTE / "deployment.json").read_text("utf-8"))
    runs["deployment"]["configuration"]["remote_execution"]["allowed_ip_address_ranges"] = ranges
    write("main.tf", (REMOTE / "main.tf").read_text("utf-8"))
    write("deployment.json", json.dumps(runs))
    lines = astrovet("scan", ".", "--format", "concise").stdout.splitlines()
    assert [line.partition(": ")[2] for line in lines if "allowed_ip_address_ranges" in line and "LNK013" in line] == [
        "LNK013 high allowed_ip_address_ranges is written, and not set where it runs"
    ]
