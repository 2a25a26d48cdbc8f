"""What Terraform takes from the environment: TF_VAR_… below all variable files, and TF_WORKSPACE."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet, write

CANARY = "canary-7qx4"

MAIN = """\
variable "value" {
  type = string
}
variable "teams" {
  type    = set(string)
  default = []
}
resource "astro_deployment" "d" {
  for_each              = setunion(var.teams, ["own"])
  name                  = "d-${var.value}"
  environment_variables = [{ key = "DB_PASSWORD", value = "not-a-real-one", is_secret = var.value }]
}
"""
WORKSPACE = """\
locals {
  marked    = { prod = true, dev = false }
  is_secret = local.marked[terraform.workspace]
}
resource "astro_deployment" "d" {
  name                  = "d"
  environment_variables = [{ key = "DB_PASSWORD", value = "not-a-real-one", is_secret = local.is_secret }]
}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TF_VAR_value", "TF_VAR_teams", "TF_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    write("main.tf", MAIN)


def verdict(*options: str) -> str:
    """What is said of the environment variable that ought to be a secret; a pass where it is marked."""
    shown = astrovet("scan", ".", "--format", "json", "--show", "pass,unknown", "--exit-zero", *options)
    said = [verdict for verdict in json.loads(shown.stdout)["verdicts"] if verdict["rule"] == "AST002"]
    return " ".join(sorted({verdict["verdict"] for verdict in said}))


def test_a_variable_has_the_value_that_the_environment_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict() == "unknown"
    monkeypatch.setenv("TF_VAR_value", "false")
    assert verdict() == "fail"
    assert verdict("--no-env-vars") == "unknown"
    monkeypatch.setenv("TF_VAR_value", "true")
    assert verdict() == "pass"


@pytest.mark.parametrize("name", ["terraform.tfvars", "a.auto.tfvars"])
def test_variable_files_count_more(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TF_VAR_value", "false")
    write(name, 'value = "true"\n')
    assert verdict() == "pass"


def test_so_do_those_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_value", "false")
    write("prod.vars", 'value = "true"\n')
    assert verdict("--var-file", "prod.vars") == "pass"


@pytest.mark.parametrize("command", ["scan", "model", "report"])
def test_no_value_of_the_environment_is_shown(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("TF_VAR_value", f"{CANARY}-value")
    monkeypatch.setenv("TF_VAR_teams", f'["{CANARY}-team", "b-{CANARY}"]')
    shown = astrovet(command, ".")
    assert CANARY not in shown.stdout + shown.stderr
    assert "astro_deployment.d" in shown.stdout


def test_what_does_not_fit_is_told_at_the_declaration_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_teams", f'{{ a = "{CANARY}" }}')
    shown = astrovet("scan", ".", "--format", "concise")
    assert "main.tf:4:1: INP006" in shown.stdout.replace("input main.tf: ", "")
    assert CANARY not in shown.stdout


def test_the_selected_workspace_is_what_the_environment_says_then_what_the_folder_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("main.tf", WORKSPACE)
    assert verdict() == "unknown"
    write(".terraform/environment", "dev")
    assert verdict() == "fail"
    monkeypatch.setenv("TF_WORKSPACE", "prod")
    assert verdict() == "pass"
    assert verdict("--no-env-vars") == "fail"
    write(".astrovet.yaml", "version: 1\nenvironments:\n  - {name: dev, root: ., workspace: dev}\n")
    assert verdict() == "fail"
