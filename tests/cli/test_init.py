"""`astrovet init` writes what the repository holds, overwrites nothing unasked, and changes no verdict by a guess."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from astrovet import __version__
from support import FIXTURES, TODAY, astrovet, write

VALUES = (FIXTURES / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text()
ROOT_MODULE = (
    'variable "type" {}\nterraform {\n  backend "local" {}\n}\nprovider "astro" {}\n'
    'resource "astro_deployment" "claims" {\n  name = "claims"\n  type = var.type\n}\n'
)
WORKFLOW = ".github/workflows/astrovet.yml"

pytestmark = pytest.mark.usefixtures("repository")


def yaml(path: str) -> Any:
    return YAML(typ="safe").load(Path(path))


def settings() -> Any:
    """What it wrote, which `astrovet config` can use."""
    assert astrovet("config").exit_code == 0
    return yaml(".astrovet.yaml")


def uncommented(text: str) -> str:
    """The configuration with its suggestions taken; what explains stays a comment."""
    return re.sub(r"^# (plan-tier:|requires:|deployments:|agents:|waivers:|  )", r"\1", text, flags=re.MULTILINE)


def test_an_empty_repository_gets_all_three() -> None:
    result = astrovet("init")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "wrote .astrovet.yaml",
        "wrote .pre-commit-config.yaml",
        f"wrote {WORKFLOW}",
    ]
    assert settings() == {"version": 1}
    assert yaml(".pre-commit-config.yaml")["repos"] == [
        {"repo": "https://github.com/astrovet/astrovet", "rev": f"v{__version__}", "hooks": [{"id": "astrovet"}]}
    ]
    steps = yaml(WORKFLOW)["jobs"]["astrovet"]["steps"]
    assert [step["uses"].partition("@")[0] for step in steps] == [
        "actions/checkout",
        "astrovet/astrovet",
        "github/codeql-action/upload-sarif",
    ]
    assert yaml(WORKFLOW)["permissions"] == {}


def test_it_writes_the_agents_and_environments_that_it_found() -> None:
    write("infra/main.tf", ROOT_MODULE)
    write("infra/env/prod.tfvars", 'type = "DEDICATED"\n')
    write("infra/env/dev.tfvars", 'type = "STANDARD"\n')
    write("infra/terraform.tfvars", "")
    write("infra/x.auto.tfvars", "")
    write("infra/other.tfvars", "")
    write("helm/values.yaml", VALUES)
    write("helm/values-prod.yaml", "logLevel: INFO\n")
    assert astrovet("init").exit_code == 0
    written = settings()
    assert written["environments"] == [
        {"name": "dev", "root": "infra", "var-files": ["infra/env/dev.tfvars"]},
        {"name": "prod", "root": "infra", "var-files": ["infra/env/prod.tfvars"]},
    ]
    assert written["agents"] == [{"name": "claims-prod", "values": ["helm/values.yaml", "helm/values-prod.yaml"]}]
    text = Path(".astrovet.yaml").read_text()
    assert "    # deployment: claims # as the only agent" in text
    assert "#   - {match: claims, requires: [hipaa], environment: production}" in text
    assert "Found: 1 deployment." in text
    report = json.loads(astrovet("scan", "--format=json", "--exit-zero").stdout)
    environments = {subject["id"] for subject in report["subjects"] if subject["kind"] == "deployment"}
    assert len(environments) == 2


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("prod.tfvars", "prod"),
        ("env/prod.tfvars.json", "prod"),
        ("env/prod/any.tfvars", "prod"),
        ("vars/eu-prod.tfvars", "eu-prod"),
        ("env/eu/any.tfvars", None),
        ("modules/x/prod.tfvars", None),
        ("shared.tfvars", None),
    ],
)
def test_a_variable_file_is_of_an_environment_by_its_name(path: str, name: str | None) -> None:
    write("main.tf", ROOT_MODULE)
    write(path, "{}" if path.endswith(".json") else "")
    astrovet("init")
    expected = [{"name": name, "root": ".", "var-files": [path]}] if name else None
    assert settings().get("environments") == expected


def test_an_agent_that_a_file_shows_to_serve_a_deployment_is_declared_so() -> None:
    write(
        "state.json",
        json.dumps(
            {
                "format_version": "1.0",
                "terraform_version": "1.11.4",
                "values": {
                    "root_module": {
                        "resources": [
                            {
                                "address": "astro_deployment.claims",
                                "mode": "managed",
                                "type": "astro_deployment",
                                "name": "claims",
                                "provider_name": "registry.terraform.io/astronomer/astro",
                                "schema_version": 0,
                                "values": {"name": "claims", "id": "d7f3k2a1", "type": "DEDICATED"},
                            }
                        ]
                    }
                },
            }
        ),
    )
    write(
        "values.yaml", VALUES.replace("commonEnv:\n", "commonEnv:\n  - {name: ASTRO_DEPLOYMENT_ID, value: d7f3k2a1}\n")
    )
    astrovet("init")
    agents = settings()["agents"]
    assert agents == [{"name": "claims-prod", "values": ["values.yaml"], "deployment": "claims"}]


def test_what_another_tool_names_is_not_declared_again() -> None:
    write("chart/values.yaml", VALUES)
    write(
        "app.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: agents}\nspec:\n  sources:\n"
        "  - repoURL: https://helm.astronomer.io\n    chart: astro-remote-execution-agent\n    targetRevision: 1.0.0\n"
        "    helm:\n      valueFiles: [$here/chart/values.yaml]\n"
        "  - {repoURL: https://example.com/here.git, targetRevision: main, ref: here}\n",
    )
    astrovet("init")
    text = Path(".astrovet.yaml").read_text()
    if "agents" in settings():
        assert [agent["values"] for agent in settings()["agents"]] == [["chart/values.yaml"]]
    else:
        assert "# 1 agent more: another tool names its values" in text


def test_agents_of_one_name_are_told_apart_and_odd_names_are_quoted() -> None:
    write("one #1/values.yaml", VALUES)
    write("two/values.yaml", VALUES)
    astrovet("init")
    agents = settings()["agents"]
    assert [agent["name"] for agent in agents] == ["claims-prod", "claims-prod-2"]
    assert [agent["values"] for agent in agents] == [["one #1/values.yaml"], ["two/values.yaml"]]


@pytest.mark.parametrize("project", ["claims-platform", "bank-remote-execution", "insurer-hosted"])
def test_no_verdict_changes_by_the_configuration_that_it_writes(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are its suggestions wrong ones: the file is in order with all of them taken."""
    for file in (FIXTURES / "projects" / project).rglob("*"):
        if file.is_file() and file.name != ".astrovet.yaml":
            write(file.relative_to(FIXTURES / "projects" / project), file.read_bytes())

    def verdicts() -> list[tuple[str, ...]]:
        report = json.loads(astrovet("scan", "--format=json", "--exit-zero", "--today", TODAY).stdout)
        told = ((one["rule"], one["verdict"], one["place"]) for one in report["verdicts"])
        return sorted((rule, kind, place["path"], str(place["line"])) for rule, kind, place in told)

    before = verdicts()
    assert astrovet("init").exit_code == 0
    assert "environments" not in settings()
    assert verdicts() == before
    text = Path(".astrovet.yaml").read_text()
    write(".astrovet.yaml", uncommented(text))
    assert len(settings()) > 2
    assert astrovet("scan", "--today", TODAY, "--exit-zero").exit_code == 0


def test_what_is_there_stays_unless_one_is_told() -> None:
    for name in (".astrovet.yaml", WORKFLOW):
        write(name, "version: 1\n")
    write(".pre-commit-config.yaml", "repos: []\n")
    result = astrovet("init")
    assert result.exit_code == 0
    assert f"kept {WORKFLOW}: it is there; --force writes it anew" in result.stdout
    assert "kept .pre-commit-config.yaml: add this to its `repos:`" in result.stdout
    assert f"    rev: v{__version__}" in result.stdout
    assert Path(".astrovet.yaml").read_text() == Path(WORKFLOW).read_text() == "version: 1\n"
    result = astrovet("init", "--force")
    assert "wrote .astrovet.yaml" in result.stdout
    assert Path(".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert "jobs" in yaml(WORKFLOW)
    write(".pre-commit-config.yaml", "repos: [{repo: https://github.com/astrovet/astrovet}]\n")
    assert "kept .pre-commit-config.yaml, which has astrovet\n" in astrovet("init").stdout


def test_settings_in_pyproject_are_settings() -> None:
    write("pyproject.toml", "[tool.astrovet]\nversion = 1\n")
    assert "kept .astrovet.yaml" in astrovet("init").stdout
    assert not os.path.exists(".astrovet.yaml")
    os.remove("pyproject.toml")
    write("pyproject.toml", "[tool.other]\n")
    assert "wrote .astrovet.yaml" in astrovet("init").stdout


def test_another_ci_gets_no_workflow() -> None:
    write(".gitlab-ci.yml", "a: {script: b}\n")
    assert "seems to use GitLab CI" in astrovet("init").stdout
    assert not os.path.exists(".github")
    write(".github/CODEOWNERS", "* @a\n")
    assert f"wrote {WORKFLOW}" in astrovet("init").stdout


@pytest.mark.parametrize(("branch", "meant"), [("trunk", "trunk"), ("feature/x", "main")])
def test_the_workflow_runs_on_the_main_branch(branch: str, meant: str) -> None:
    write(".git/HEAD", f"ref: refs/heads/{branch}\n")
    write(f".git/refs/heads/{branch}", "0123456789abcdef0123456789abcdef01234567\n")
    astrovet("init")
    assert f"branches: [{meant}]" in Path(WORKFLOW).read_text()


def test_it_works_on_the_whole_repository_from_a_folder_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write("team/helm/values.yaml", VALUES)
    monkeypatch.chdir("team")
    assert astrovet("init").exit_code == 0
    monkeypatch.chdir("..")
    assert settings()["agents"][0]["values"] == ["team/helm/values.yaml"]
    assert not os.path.exists("team/.astrovet.yaml")


def test_a_link_does_not_lead_it_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    os.symlink(elsewhere, ".github")
    os.symlink(elsewhere / "x.yaml", ".astrovet.yaml")
    result = astrovet("init")
    assert result.exit_code == 2
    assert "its folder is a link that leads out of the repository" in result.stderr
    assert "kept .astrovet.yaml" in result.stdout
    assert list(elsewhere.iterdir()) == []


def test_a_broken_configuration_is_told() -> None:
    write(".astrovet.yaml", "versio: 1\n")
    write("values.yaml", VALUES)
    result = astrovet("init")
    assert result.exit_code == 2
    assert "versio" in result.stderr
    assert not os.path.exists(WORKFLOW)


def test_names_write_no_yaml() -> None:
    odd = "a\\n- b: {#x}"
    write("main.tf", ROOT_MODULE.replace('name = "claims"', f'name = "{odd}"'))
    write("values.yaml", VALUES.replace("claims-prod", '"x: y #"'))
    astrovet("init")
    assert settings()["agents"][0]["name"] == "x: y #"
    assert r'#   - {match: "a\n- b: {#x}", requires' in Path(".astrovet.yaml").read_text()
