"""A root module that is named on the command line is read, whatever it holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet, write

DEPLOYMENT = """\
resource "astro_deployment" "d" {
  name             = "d"
  type             = "DEDICATED"
  remote_execution = { enabled = true, allowed_ip_address_ranges = ["198.51.100.7/32"] }
}
"""
GROUP = 'resource "aws_security_group" "a" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n'
OPEN = f'{GROUP}    protocol    = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }}\n}}\n'
CALL = 'module "firewall" {\n  source = "git::https://git.example.com/firewall.git"\n}\n'
PROVIDER = 'provider "astro" {}\n' + CALL


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("astro/main.tf", DEPLOYMENT)


def rules(*paths: str) -> set[str]:
    return {verdict["rule"] for verdict in json.loads(astrovet("scan", *paths, "--format", "json").stdout)["verdicts"]}


def test_what_it_opens_is_found() -> None:
    write("net/main.tf", OPEN)
    assert "NET001" in rules("astro", "net")
    assert "NET001" not in rules(".")


def test_what_it_calls_and_is_not_at_hand_is_told() -> None:
    write("net/main.tf", CALL)
    assert "INP012" in rules("astro", "net")
    assert "INP012" not in rules(".")


def test_a_root_module_that_only_configures_the_provider_is_astros() -> None:
    write("more/main.tf", PROVIDER)
    assert "INP012" in rules(".")
