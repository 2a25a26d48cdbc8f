"""What `terraform init` fetched is evaluated with the sources that call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import astrovet, write

MAIN = """\
resource "astro_deployment" "claims" {
  name = "claims"
  type = "DEDICATED"
  remote_execution = { enabled = true, allowed_ip_address_ranges = ["198.51.100.7/32"] }
}

module "network" {
  source  = "platform/network/aws"
  version = "3.0.0"
  ingress = ["0.0.0.0/0"]
}
"""
GROUP = """\
variable "ingress" {}
resource "aws_security_group" "agents" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.ingress
  }
}
"""
CALL = 'variable "ingress" {}\nmodule "inner" {\n  source  = "./group"\n  ingress = var.ingress\n}\n'
FOLDER = ".terraform/modules/network"


def installed(source: str) -> str:
    modules = [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "network", "Source": source, "Version": "3.0.0", "Dir": FOLDER},
        {"Key": "network.inner", "Source": "./group", "Dir": f"{FOLDER}/group"},
    ]
    return json.dumps({"Modules": modules})


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("main.tf", MAIN)
    write(f"{FOLDER}/main.tf", CALL)
    write(f"{FOLDER}/group/main.tf", GROUP)
    write(".terraform/modules/modules.json", installed("registry.terraform.io/platform/network/aws"))


def said(rule: str) -> list[Any]:
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [verdict for verdict in report["verdicts"] if verdict["rule"] == rule]


def test_it_is_judged_and_not_missing() -> None:
    (opening,) = said("NET001")
    assert opening["place"]["path"] == f"{FOLDER}/group/main.tf"
    assert opening["subject"] == "module.network.module.inner.aws_security_group.agents"
    assert not [verdict for verdict in said("INP012") if verdict["subject"].startswith("module.")]


@pytest.mark.parametrize("source", ["registry.terraform.io/elsewhere/network/aws", "git::https://git.example.com/n"])
def test_what_was_fetched_for_other_sources_is_not_it(source: str) -> None:
    write(".terraform/modules/modules.json", installed(source))
    assert not said("NET001")
    assert [verdict["subject"] for verdict in said("INP012") if verdict["subject"].startswith("module.")] == [
        "module.network"
    ]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"Modules": 1}', '{"Modules": [1, {"Key": 2}]}'])
def test_a_list_that_is_none_is_as_if_there_were_none(content: str) -> None:
    write(".terraform/modules/modules.json", content)
    assert [verdict["subject"] for verdict in said("INP012") if verdict["subject"].startswith("module.")] == [
        "module.network"
    ]


def test_it_is_no_root_module_of_its_own() -> None:
    write(f"{FOLDER}/group/astro.tf", 'resource "astro_workspace" "w" {\n  name = "w"\n}\n')
    subjects = json.loads(astrovet("scan", ".", "--format", "json").stdout)["subjects"]
    assert [subject["id"] for subject in subjects if subject["kind"] == "workspace"] == [
        "module.network.module.inner.astro_workspace.w"
    ]


@pytest.mark.parametrize(
    ("version", "is_missing"), [("3.0.0", False), ("= 3.0.0", False), ("4.0.0", True), ("~> 3", False)]
)
def test_a_version_that_is_asked_for_is_another_one(version: str, is_missing: bool) -> None:
    write("main.tf", MAIN.replace('"3.0.0"', f'"{version}"'))
    assert any(verdict["subject"].startswith("module.") for verdict in said("INP012")) is is_missing
