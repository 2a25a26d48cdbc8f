"""What another team keeps in the same repository is not the agents', where what is theirs is known."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from support import ROOT, astrovet

GOOD = ROOT / "fixtures" / "precision"
FINDING = re.compile(r": ([A-Z]{3}\d{3}) (?!unknown)", re.MULTILINE)
OPEN = """\
resource "google_compute_network" "crm" {
  name = "crm"
}
resource "google_compute_firewall" "crm" {
  name          = "open"
  network       = google_compute_network.NETWORK.name
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "all"
  }
}
resource "google_storage_bucket" "crm" {
  name     = "crm-public"
  location = "EU"
}
resource "google_storage_bucket_iam_member" "crm" {
  bucket = google_storage_bucket.crm.name
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}
"""
CLUSTER = """\
resource "google_container_cluster" "crm" {
  name     = "crm"
  location = "europe-west3"
  network  = google_compute_network.crm.id
}
"""
SHARED = """\
resource "google_storage_bucket_iam_member" "agents_too" {
  bucket = google_storage_bucket.crm.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.agents.member
}
"""


def findings() -> set[str]:
    printed = astrovet("scan", ".", "--format", "concise", "--min-severity", "medium").stdout
    return set(FINDING.findall(printed))


def lay_out(project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(GOOD / project / "good", tmp_path / "estate"))


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (OPEN.replace("NETWORK", "crm") + CLUSTER, set()),
        (OPEN.replace("NETWORK", "crm"), set()),
        (OPEN.replace("NETWORK", "agents"), {"NET001"}),
        (OPEN.replace("NETWORK", "crm") + SHARED, {"STO001", "STO002"}),
    ],
)
def test_in_the_module_of_the_agents(
    sources: str, told: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("google-gke-agents", tmp_path, monkeypatch)
    Path("terraform/crm.tf").write_text(sources)
    assert findings() & {"NET001", "STO001", "STO002"} == told


def test_a_store_counts_while_those_of_the_agents_are_not_all_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("google-gke-agents", tmp_path, monkeypatch)
    Path("terraform/crm.tf").write_text(OPEN.replace("NETWORK", "crm") + CLUSTER)
    storage = Path("terraform/storage.tf")
    storage.write_text(storage.read_text("utf-8").replace('"aurora-sequencing-${each.key}"', '"other-${each.key}"'))
    assert "STO001" in findings()


def test_a_root_module_that_is_read_for_its_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out("azure-agents", tmp_path, monkeypatch)
    Path("crm").mkdir()
    Path("crm/main.tf").write_text(OPEN.replace("NETWORK", "crm") + CLUSTER)
    assert not findings()


RULE = """\
resource "google_compute_firewall" "ssh" {
  name          = "ssh"
  network       = NETWORK
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
  }
}
"""
LOOKED_UP = 'data "google_compute_network" "a" {\n  name = "NAME"\n}\n'
MADE = 'resource "google_compute_network" "a" {\n  name = "sequencing-agents"\n}\n'


@pytest.mark.parametrize(
    ("sources", "is_told"),
    [
        (RULE.replace("NETWORK", '"sequencing-agents"'), True),
        (RULE.replace("NETWORK", '"projects/aurora/global/networks/sequencing-agents"'), True),
        (
            RULE.replace("NETWORK", "data.google_compute_network.a.name")
            + LOOKED_UP.replace("NAME", "sequencing-agents"),
            True,
        ),
        (RULE.replace("NETWORK", '"crm"'), False),
        (RULE.replace("NETWORK", "data.google_compute_network.a.name") + LOOKED_UP.replace("NAME", "crm"), False),
        (RULE.replace("NETWORK", "google_compute_network.a.name") + MADE, False),
    ],
)
def test_rules_of_another_root_module_on_the_network_of_the_agents(
    sources: str, *, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("google-gke-agents", tmp_path, monkeypatch)
    Path("rules").mkdir()
    Path("rules/main.tf").write_text(sources)
    assert findings() == ({"NET001"} if is_told else set())


OUTPUT = 'output "network" {\n  value = google_compute_network.agents.id\n}\n'
STATE = """\
data "terraform_remote_state" "net" {
  backend = "gcs"
  config  = { bucket = "aurora-terraform", prefix = "PREFIX" }
}
"""


@pytest.mark.parametrize(
    ("prefix", "output", "is_told"),
    [("genomics-airflow", "network", True), ("crm", "network", False), ("genomics-airflow", "other", False)],
)
def test_rules_on_the_network_of_the_agents_that_a_remote_state_names(
    prefix: str, output: str, *, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("google-gke-agents", tmp_path, monkeypatch)
    made = next(path for path in Path().rglob("*.tf") if '"google_compute_network"' in path.read_text("utf-8"))
    text = made.read_text("utf-8")
    made.write_text(text + OUTPUT)
    before = findings()
    Path("rules").mkdir()
    rule = RULE.replace("NETWORK", f"data.terraform_remote_state.net.outputs.{output}")
    Path("rules/main.tf").write_text(rule + STATE.replace("PREFIX", prefix))
    assert findings() - before == ({"NET001"} if is_told else set())


@pytest.mark.parametrize(("group", "is_told"), [("imaging-nodes", True), ("crm-nodes", False)])
def test_a_rule_of_another_root_module_on_the_group_of_the_agents(
    group: str, *, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out("azure-agents", tmp_path, monkeypatch)
    Path("rules").mkdir()
    Path("rules/main.tf").write_text(
        f"""\
resource "azurerm_network_security_rule" "x" {{
  name                        = "x"
  resource_group_name         = "imaging-airflow"
  network_security_group_name = "{group}"
  priority                    = 150
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  source_address_prefix       = "*"
  destination_port_range      = "*"
  destination_address_prefix  = "*"
}}
"""
    )
    assert findings() == ({"NET001"} if is_told else set())
