"""What a deployment on Astro is given by environment objects: its own, its workspace's, those of an unknown owner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet

DEPLOYMENT = """\
variable "open" {}
resource "astro_workspace" "w" {
  name = "w"
}
resource "astro_deployment" "d" {
  name                  = "d"
  workspace_id          = astro_workspace.w.id
  environment_variables = %s
}
"""
OBJECT = """\
resource "astro_environment_object" "o" {
  object_key      = %s
  object_type     = %s
  scope           = %s
  scope_entity_id = %s
  value           = "False"
}
"""
NAME = '"AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS"'
VARIABLE, OF_DEPLOYMENT, OWN = '"ENVIRONMENT_VARIABLE"', '"DEPLOYMENT"', "astro_deployment.d.id"


def said(sources: str) -> list[str]:
    """What AST025 says of the deployment, which must keep masking secrets."""
    Path("main.tf").write_text(sources)
    verdicts = json.loads(astrovet("scan", "--format=json", "--select=AST025", "--show=pass,unknown").stdout)[
        "verdicts"
    ]
    return [verdict["verdict"] for verdict in verdicts if verdict["rule"] == "AST025"]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((NAME, VARIABLE, OF_DEPLOYMENT, OWN), "fail"),
        ((NAME, VARIABLE, '"WORKSPACE"', "astro_workspace.w.id"), "fail"),
        ((NAME, VARIABLE, OF_DEPLOYMENT, '"clm3hq2k8000008l4a1b2c3d4"'), "unknown"),  # it may be the id of this one
        ((NAME, '"CONNECTION"', OF_DEPLOYMENT, OWN), "pass"),
        ((NAME, VARIABLE, "var.open", OWN), "unknown"),
        ((NAME, VARIABLE, OF_DEPLOYMENT, "var.open"), "unknown"),
        ((NAME, "var.open", OF_DEPLOYMENT, OWN), "unknown"),
        (("var.open", VARIABLE, OF_DEPLOYMENT, OWN), "unknown"),
        (('"OTHER"', VARIABLE, "var.open", OWN), "pass"),
    ],
)
def test_an_object_counts_where_it_reaches_the_deployment(
    repository: Path, parts: tuple[str, str, str, str], expected: str
) -> None:
    assert said(DEPLOYMENT % "[]" + OBJECT % parts) == [expected]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (f'[{{ key = {NAME}, value = "True", is_secret = false }}]', "pass"),
        (f'[{{ key = {NAME}, value = "False", is_secret = false }}]', "fail"),
        ('[{ key = var.open, value = "False", is_secret = false }]', "unknown"),
        ("var.open", "unknown"),
    ],
)
def test_its_own_variables_win(repository: Path, variables: str, expected: str) -> None:
    owned_by_workspace = OBJECT % (NAME, VARIABLE, '"WORKSPACE"', "astro_workspace.w.id")
    assert said(DEPLOYMENT % variables) == [expected]
    if expected != "unknown":
        assert said(DEPLOYMENT % variables + owned_by_workspace) == [expected]
