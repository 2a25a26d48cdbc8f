"""What git ignores is passed over by a walk, and read where it is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet, write

VALUES = """\
resourceNamePrefix: claims
astroDeploymentAPIURL: https://clzq81v0m01ab01o2c3d4e5f6.external.astronomer.run/d7k2m9qx
agentTokenSecretName: claims-agent-token
"""
ROOT_MODULE = 'resource "astro_workspace" "w" {\n  name = var.name\n}\nvariable "name" {}\n'


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    write(".gitignore", "/build/\n*.tfvars\nlocal.yaml\n!helm/keep/local.yaml\n")
    write("main.tf", ROOT_MODULE)
    write("terraform.tfvars", 'name = "claims"\n')
    write("build/copy/main.tf", ROOT_MODULE)
    write("helm/values.yaml", VALUES)
    write("helm/local.yaml", VALUES)
    write("helm/keep/local.yaml", VALUES)
    write("nested/.gitignore", "dist/\n!local.yaml\n")
    write("nested/dist/values.yaml", VALUES)
    write("nested/local.yaml", VALUES)


def looked_at(*words: str) -> set[str]:
    result = astrovet("scan", *words, "--format", "json")
    return {file["path"] for file in json.loads(result.stdout)["inputs"]}


def test_what_git_ignores_is_passed_over() -> None:
    assert looked_at(".") == {"main.tf", "helm/values.yaml", "helm/keep/local.yaml", "nested/local.yaml"}


def test_variable_files_count_as_they_do_for_terraform() -> None:
    (workspace,) = json.loads(astrovet("scan", "main.tf", "--format", "json").stdout)["subjects"]
    assert workspace["name"] == "claims"


def test_the_switch_looks_at_everything() -> None:
    assert looked_at(".", "--no-gitignore") >= {"build/copy/main.tf", "helm/local.yaml", "nested/dist/values.yaml"}


def test_what_is_named_is_read() -> None:
    assert "build/copy/main.tf" in looked_at("build")
    assert "helm/local.yaml" in looked_at("helm/local.yaml")


def test_without_a_repository_nothing_is_ignored() -> None:
    Path(".git").rmdir()
    assert "build/copy/main.tf" in looked_at(".")


@pytest.mark.parametrize("line", ["\\", "!", "***/**/[z-a]", "[", "!!"])
def test_what_is_no_pattern_ignores_nothing_and_hides_no_other(line: str) -> None:
    before = astrovet("scan", "--format=json")
    write(".gitignore", f"{line}\n{Path('.gitignore').read_text('utf-8')}")
    after = astrovet("scan", "--format=json")
    assert (after.exit_code, after.stderr) == (before.exit_code, before.stderr)
    assert json.loads(after.stdout)["inputs"] == json.loads(before.stdout)["inputs"]


@pytest.mark.parametrize("pattern", ["*a*l*s.yaml", "**/h*/**/v*.yaml", "h*/**/*v*.yaml"])
def test_a_pattern_that_could_take_forever_ignores_nothing(pattern: str) -> None:
    write(".gitignore", f"/build/\n{pattern}\n/nested/\n")
    assert looked_at(".") == {"main.tf", "helm/values.yaml", "helm/local.yaml", "helm/keep/local.yaml"}


def test_a_pattern_that_could_take_forever_and_takes_back_leaves_none_before_it() -> None:
    write(".gitignore", "helm/\n!*k*e*p/\nnested/\nbuild/\n")
    assert looked_at(".") == {"main.tf", "helm/values.yaml", "helm/local.yaml", "helm/keep/local.yaml"}


def test_a_pattern_with_a_few_wildcards_holds() -> None:
    write(".gitignore", "build/\n**/*eep/\n/nest*\n")
    assert looked_at(".") == {"main.tf", "helm/values.yaml", "helm/local.yaml"}
