"""The files that a report for auditors rests on are listed with their hashes: all that decided, and no others."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from support import astrovet, write

DEPLOYMENT = 'resource "astro_deployment" "a" {\n  name = "a"\n  workspace_id = "w"\n%s}\n'
VALUES = "resourceNamePrefix: claims\nagentToken: not-a-real-token-1\ncommonEnv: []\n"


def listed(*words: str) -> dict[str, str]:
    """The files of a report, with their kinds; each hash is that of the file."""
    files = json.loads(astrovet("report", "--format", "json", *words).stdout)["inputs"]
    for file in files:
        assert file["sha256"] == hashlib.sha256(Path(file["path"]).read_bytes()).hexdigest()
    return {file["path"]: file["kind"] for file in files}


def test_what_terraform_reads(repository: Path) -> None:
    write("infra/main.tf", 'variable "kind" {}\nvariable "size" {}\n' + DEPLOYMENT % (
        '  type = var.kind\n  scheduler_size = var.size\n  description = file("${path.module}/../texts/a.txt")\n'
        '  executor = yamldecode(templatefile("${path.module}/settings.yaml", {})).executor\n'
    ))  # fmt: skip
    write("infra/terraform.tfvars", 'kind = "STANDARD"\n')
    write("infra/unused.tfvars", 'kind = "DEDICATED"\n')
    write("env/prod.tfvars", 'size = "SMALL"\n')
    write("infra/settings.yaml", "executor: CELERY\n")
    write("texts/a.txt", "claims\n")
    write("texts/b.txt", "nobody reads it\n")
    write("docs/terraform.tfvars", 'kind = "DEDICATED"\n')
    write("docker-compose.yml", "services: {}\n")
    write("pyproject.toml", "[project]\n")
    assert listed("--var-file", "env/prod.tfvars") == {
        "infra/main.tf": "terraform-source",
        "infra/terraform.tfvars": "terraform-variables",
        "env/prod.tfvars": "terraform-variables",
        "infra/settings.yaml": "read-by-an-input",
        "texts/a.txt": "read-by-an-input",
    }


def test_variable_files_that_the_configuration_names(repository: Path) -> None:
    write("main.tf", 'variable "kind" {}\n' + DEPLOYMENT % "  type = var.kind\n")
    write("prod.tfvars", 'kind = "STANDARD"\n')
    write("pyproject.toml", '[[tool.astrovet.environments]]\nroot = "."\nname = "prod"\nvar-files = ["prod.tfvars"]\n')
    assert listed() == {
        "main.tf": "terraform-source",
        "prod.tfvars": "terraform-variables",
        "pyproject.toml": "configuration",
    }


def test_modules_local_and_fetched(repository: Path) -> None:
    write("main.tf", 'module "near" {\n  source = "./near"\n}\nmodule "far" {\n  source = "acme/far/astro"\n}\n')
    write("near/main.tf", DEPLOYMENT % "")
    write(".terraform/modules/far/main.tf", DEPLOYMENT % "")
    write(".terraform/modules/far/README.md", "no source\n")
    modules = [{"Key": "far", "Source": "registry.terraform.io/acme/far/astro", "Dir": ".terraform/modules/far"}]
    write(".terraform/modules/modules.json", json.dumps({"Modules": modules}))
    assert listed() == {
        "main.tf": "terraform-source",
        "near/main.tf": "terraform-source",
        ".terraform/modules/far/main.tf": "terraform-source",
        ".terraform/modules/modules.json": "terraform-modules",
    }


def test_layers_of_values_and_what_installs_them(repository: Path) -> None:
    release = (
        "releases:\n  - name: claims\n    chart: astronomer/astro-remote-execution-agent\n    values: [values/a.yaml]\n"
    )
    write("helmfile.yaml", release)
    write("values/a.yaml", VALUES)
    write("values/b.yaml", "replicaCount: 2\n")
    assert listed() == {"helmfile.yaml": "agent-values", "values/a.yaml": "agent-values"}


def test_what_an_overlay_is_built_from(repository: Path) -> None:
    write("base/kustomization.yaml", "resources: [release.yaml]\n")
    write("base/release.yaml", (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: claims}\nspec:\n"
        "  chart: {spec: {chart: astro-remote-execution-agent}}\n  values: {resourceNamePrefix: claims}\n"
    ))  # fmt: skip
    write("prod/kustomization.yaml", "resources: [../base]\npatches: [{path: patch.yaml}]\n")
    write("prod/patch.yaml", (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: claims}\n"
        "spec: {values: {commonEnv: null}}\n"
    ))  # fmt: skip
    write("prod/other.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n")
    assert set(listed()) == {
        "base/kustomization.yaml",
        "base/release.yaml",
        "prod/kustomization.yaml",
        "prod/patch.yaml",
    }


def test_a_plan_with_the_sources_behind_it(repository: Path) -> None:
    write("plan.json", json.dumps({"format_version": "1.2", "configuration": {"root_module": {}}}))
    write("main.tf", DEPLOYMENT % "")
    assert listed("--plan", "plan.json") == {"plan.json": "terraform-plan", "main.tf": "terraform-source"}


def test_what_git_ignores_decides_too(repository: Path) -> None:
    write("values.yaml", VALUES)
    write("old/values.yaml", VALUES)
    write(".gitignore", "old/\n")
    assert listed() == {".gitignore": "git-ignore", "values.yaml": "agent-values"}
    assert listed("--no-gitignore") == {"values.yaml": "agent-values", "old/values.yaml": "agent-values"}


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_people_see_them_too(form: str, repository: Path) -> None:
    write("main.tf", DEPLOYMENT % '  description = file("text.txt")\n')
    write("text.txt", "claims\n")
    text = astrovet("report", "--format", form).stdout.replace("\\", "")
    assert re.search(rf"text\.txt.*{hashlib.sha256(b'claims' + os.linesep.encode()).hexdigest()}", text, re.DOTALL)


def test_a_dash_where_nothing_is_declared(repository: Path) -> None:
    write("main.tf", 'resource "astro_workspace" "a" {\n  name = "a"\n}\n')
    report = json.loads(astrovet("report", "--format", "json", "--select", "AST005").stdout)
    assert report["standing"] == "nothing declared"
    assert [row["standing"] for row in report["rows"]] == ["nothing declared"]
    assert "# – Evidence" in astrovet("report", "--format", "markdown", "--select", "AST005").stdout
    declared = astrovet("report", "--format", "markdown", "--require", "hipaa").stdout
    assert "nothing declared" not in declared
