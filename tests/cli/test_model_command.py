"""`astrovet model`: every value with its place, and no secret in any format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from support import ROOT, astrovet

MAIN = """\
resource "astro_deployment" "claims" {
  name        = "claims"
  type        = "DEDICATED"
  cluster_id  = var.cluster
  is_cicd_enforced = true
  environment_variables = [
    { key = "LETTERS_PER_DAY", value = "30", is_secret = false },
    { key = "PIN_PASSWORD", value = "481516", is_secret = false },
    { key = "PIN", value = "234215", is_secret = true },
  ]
  remote_execution = {
    enabled                   = true
    allowed_ip_address_ranges = ["198.51.100.17/32"]
  }
}

variable "cluster" {}
"""

VALUES = """\
resourceNamePrefix: claims-prod
namespace: airflow-agents
astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
agentToken: "112358"
imagePullSecretName: astro-registry
image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1
secretBackend: airflow.providers.hashicorp.secrets.vault.VaultBackend
commonEnv:
  - name: LETTERS_PER_DAY
    value: "112358"
workers:
  - name: default
    image: "{{ image }}"
"""


def model(*arguments: str) -> Result:
    return astrovet("model", *arguments)


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(MAIN)
    Path("values.yaml").write_text(VALUES)


@pytest.mark.parametrize(
    "line",
    [
        "deployment astro_deployment.claims (claims)  main.tf:1:1",
        '  type = "DEDICATED"  (main.tf:3:17)',
        '  enforces_cicd = "true"  (main.tf:5:22)',
        '  environment.LETTERS_PER_DAY = "30"  (main.tf:7:40)',
        "  environment.PIN_PASSWORD = a value that is not shown  (main.tf:8:37)",
        "  environment.PIN = a value that is not shown  (main.tf:9:28)",
        '  remote_execution.allowed_ranges[0] = "198.51.100.17/32"  (main.tf:13:34)',
        "  model = remote-execution  (main.tf:11:22)",
        "  remote_execution.task_log_url is not set  (main.tf:11:22)",
        "agent values.yaml (claims-prod)  values.yaml:1:1",
        '  secrets_backend = "airflow.providers.hashicorp.secrets.vault.VaultBackend"  (values.yaml:7:16)',
        "  xcom_backend is not set; default: Airflow's database at Astronomer  (values.yaml:1:1)",
        "  credentials.agentToken.value = a value that is not shown  (values.yaml:4:13)",
        "  components.workers[0].image is unknown: a placeholder stands here; scan the values that are really deployed"
        "  (values.yaml:13:12)",
    ],
)
def test_a_value_stands_with_its_place(line: str) -> None:
    result = model()
    assert result.exit_code == 0
    assert line in result.stdout.splitlines()


def test_an_open_value_says_why() -> None:
    (line,) = (line for line in model("main.tf").stdout.splitlines() if line.startswith("  cluster "))
    assert line.startswith("  cluster is unknown: ")
    assert line.endswith("(main.tf:4:17)")


@pytest.mark.parametrize("form", ["text", "json", "mermaid"])
def test_no_secret_is_shown_however_harmless_it_looks(form: str) -> None:
    shown = model("--format", form).stdout
    for secret in ("481516", "234215", "112358"):
        assert secret not in shown


def test_the_json_holds_objects_fields_and_the_picture() -> None:
    content: dict[str, Any] = json.loads(model("--format", "json").stdout)
    assert content["schema"] == 1
    objects = {entry["id"]: entry for entry in content["objects"]}
    fields = {field["name"]: field for field in objects["astro_deployment.claims"]["fields"]}
    assert fields["type"]["value"] == '"DEDICATED"'
    assert fields["type"]["place"]["line"] == 3
    assert fields["remote_execution.task_log_url"]["state"] == "absent"
    assert fields["cluster"]["state"] == "unknown"
    assert fields["cluster"]["why"]
    assert [plane["plane"] for plane in content["picture"]["planes"]] == ["orchestration", "execution"]
    agent = {field["name"]: field for field in objects["values.yaml"]["fields"]}
    assert agent["xcom_backend"]["default"] == "Airflow's database at Astronomer"
    keys = {box["key"] for box in content["picture"]["boxes"]}
    assert {arrow["source"] for arrow in content["picture"]["arrows"]} <= keys


def test_a_layered_set_shows_the_layer_of_each_value() -> None:
    Path("prod.yaml").write_text("secretBackend: airflow.secrets.metastore.MetastoreBackend\n")
    shown = model("-f", "values.yaml", "-f", "prod.yaml").stdout
    assert "  values of values.yaml, prod.yaml" in shown.splitlines()
    assert '  secrets_backend = "airflow.secrets.metastore.MetastoreBackend"  (prod.yaml:1:16)' in shown.splitlines()


def test_values_of_a_plan_stand_where_its_sources_have_them() -> None:
    plan = ROOT / "fixtures" / "plans" / "remote-exec-aws-good"
    shown = model("--plan", str(plan / "plan.json")).stdout
    assert "/main.tf:" in shown


def test_nothing_of_astro_is_said_so() -> None:
    Path("main.tf").write_text('resource "null_resource" "a" {}\n')
    Path("values.yaml").unlink()
    assert "deployment " not in model().stdout


def test_a_broken_input_is_2() -> None:
    Path("values.yaml").write_text("a: [")
    result = model("-f", "values.yaml")
    assert result.exit_code == 2
    assert "values.yaml: " in result.stderr


def test_a_broken_configuration_is_2() -> None:
    Path(".astrovet.yaml").write_text("nonsense: 1\n")
    result = model()
    assert result.exit_code == 2
    assert ".astrovet.yaml:1:1: " in result.stderr
