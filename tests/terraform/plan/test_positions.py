"""From a Terraform address and a pointer to the line in the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.plan.positions import ModuleCall, Sources
from support import text_files

ROOT = """\
variable "token" {
  default = "x"
}
provider "astro" { token = "a" }
provider "astro" {
  alias = "eu"
  token = var.token
}
module "team" {
  source   = "./modules/team"
  for_each = { "mkt.sales" = {} }
  password = "x"
}
module "far" {
  source = "terraform-aws-modules/vpc/aws"
}
resource "astro_deployment" "re" {
  type = "DEDICATED"
  environment_variables = [
    { key = "A", value = "1", is_secret = true },
    { key = "DB_URI", value = var.token, is_secret = false },
    { key = "TWICE" }, { key = "TWICE" },
  ]
  remote_execution = {
    enabled = true
    allowed_ip_address_ranges = [
      "0.0.0.0/0",
    ]
    labels = { team = "x", "a.b" = null }
  }
}
resource "aws_security_group" "one" {
  ingress {
    cidr_blocks = ["0.0.0.0/0"]
  }
  timeouts {}
  dynamic "egress" {
    for_each = var.out
    content {
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
resource "aws_security_group" "many" {
  ingress {
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = []
    content {}
  }
}
resource "helm_release" "agent" {
  set {
    name  = "workers[0].replicas"
    value = "1"
  }
  set {
    name  = "agentToken"
    value = "x"
  }
}
data "aws_vpc" "main" { id = "vpc-1" }
"""

TEAM = """\
module "deployment" {
  source = "../deployment"
}
resource "astro_workspace" "this" { name = "x" }
"""

DEPLOYMENT = 'resource "astro_deployment" "this" {\n  executor = "ASTRO"\n}\n'

FILES = {
    "infra/main.tf": ROOT,
    "infra/modules/team/main.tf": TEAM,
    "infra/modules/deployment/main.tf": DEPLOYMENT,
    "infra/.terraform/modules/far/main.tf": 'resource "aws_vpc" "this" {\n  cidr = "x"\n}\n',
    "infra/unrelated/main.tf": 'resource "astro_deployment" "elsewhere" {}\n',
}

INSTALLED = """{"Modules": [
  {"Key": "", "Source": "", "Dir": "."},
  {"Key": "far", "Source": "registry.terraform.io/terraform-aws-modules/vpc/aws", "Dir": ".terraform/modules/far"}
]}"""


def underlined(files: dict[str, str], place: Place) -> str:
    assert place.line == place.end_line
    return files[place.path].split("\n")[place.line - 1][place.column - 1 : place.end_column - 1]


def sources_of(files: Mapping[str, str], folder: str, calls: Sequence[ModuleCall] = (), installed: str = "") -> Sources:
    return Sources(text_files(files), folder, calls, installed)


def place_of(sources: Sources, address: str, pointer: str = "") -> Place | None:
    located = sources.locate(Place("plan.json", address=address, pointer=pointer))
    return located[0] if located else None


@pytest.mark.parametrize(
    ("address", "pointer", "line", "text"),
    [
        ("astro_deployment.re", "", 17, 'resource "astro_deployment" "re"'),
        ("astro_deployment.re[0]", "type", 18, 'type = "DEDICATED"'),
        ('astro_deployment.re["a.b"]', "is_development_mode", 17, 'resource "astro_deployment" "re"'),
        ("astro_deployment.re", "environment_variables", 19, "environment_variables = ["),
        ("astro_deployment.re", "environment_variables.DB_URI.is_secret", 21, "false"),
        ("astro_deployment.re", 'environment_variables["DB_URI"].is_secret', 21, "false"),
        ("astro_deployment.re", "environment_variables.DB_URI.value", 21, "value = var.token"),
        (
            "astro_deployment.re",
            "environment_variables.DB_URI.updated_at",
            21,
            '{ key = "DB_URI", value = var.token, is_secret = false }',
        ),
        ("astro_deployment.re", "environment_variables.MISSING.value", 19, "environment_variables = ["),
        ("astro_deployment.re", "environment_variables.TWICE", 19, "environment_variables = ["),
        ("astro_deployment.re", "environment_variables[1].value", 19, "environment_variables = ["),
        ("astro_deployment.re", "remote_execution.enabled", 25, "true"),
        ("astro_deployment.re", "remote_execution.missing", 24, "remote_execution = {"),
        ("astro_deployment.re", "remote_execution.allowed_ip_address_ranges", 26, "allowed_ip_address_ranges = ["),
        ("astro_deployment.re", "remote_execution.allowed_ip_address_ranges[0]", 27, '"0.0.0.0/0"'),
        ("astro_deployment.re", 'remote_execution.labels["a.b"]', 29, "null"),
        ("aws_security_group.one", "ingress[0].cidr_blocks", 34, 'cidr_blocks = ["0.0.0.0/0"]'),
        ("aws_security_group.one", "ingress[0].missing", 33, "ingress"),
        ("aws_security_group.one", "ingress", 33, "ingress"),
        ("aws_security_group.one", "timeouts.create", 36, "timeouts"),
        ("aws_security_group.one", "egress[3].cidr_blocks[0]", 40, '"10.0.0.0/8"'),
        ("aws_security_group.many", "ingress[0].cidr_blocks", 44, 'resource "aws_security_group" "many"'),
        ("helm_release.agent", 'set["workers[0].replicas"].value', 56, 'value = "1"'),
        ("helm_release.agent", "set.agentToken.value", 60, 'value = "x"'),
        ("helm_release.agent", "set[1].value", 53, 'resource "helm_release" "agent"'),
        ("data.aws_vpc.main", "id", 63, 'id = "vpc-1"'),
        ("provider.astro", "token", 4, 'token = "a"'),
        ("provider.astro.eu", "token", 7, "token = var.token"),
        ("variable.token", "default", 2, 'default = "x"'),
        ('module.team["mkt.sales"]', "password", 12, 'password = "x"'),
    ],
)
def test_the_most_telling_part_is_found(address: str, pointer: str, line: int, text: str) -> None:
    place = place_of(sources_of(FILES, "infra"), address, pointer)
    assert place is not None
    assert (place.path, place.line) == ("infra/main.tf", line)
    assert underlined(FILES, place) == text
    assert (place.address, place.pointer) == (address, pointer)


@pytest.mark.parametrize(
    "address",
    [
        "astro_deployment.missing",
        "astro_deployment.elsewhere",
        "provider.astro.us",
        "module.missing.a_b.c",
        "",
        "no [ address",
    ],
)
def test_what_is_not_in_the_sources_is_none(address: str) -> None:
    sources = sources_of(FILES, "infra")
    assert place_of(sources, address) is None
    assert sources.has_dynamic(address, "ingress") is None


@pytest.mark.parametrize(
    "calls",
    [(), (ModuleCall("team", "./modules/team", (ModuleCall("deployment", "../deployment"),)),)],
    ids=["sources alone", "calls of the plan"],
)
def test_a_module_path_is_followed_and_its_calls_are_told(calls: tuple[ModuleCall, ...]) -> None:
    address = 'module.team["mkt.sales"].module.deployment[0].astro_deployment.this'
    located = sources_of(FILES, "infra", calls).locate(Place("plan.json", address=address, pointer="executor"))
    assert located is not None
    place, notes = located
    assert place == Place("infra/modules/deployment/main.tf", 2, 3, 2, 21, address, "executor")
    assert [(note.message, str(note.place), note.place.address) for note in notes] == [
        ("called from here", "infra/modules/team/main.tf:1:1", "module.team.module.deployment"),
        ("called from here", "infra/main.tf:9:1", "module.team"),
    ]


def test_the_source_of_a_call_may_stand_in_the_plan_alone() -> None:
    files = {"main.tf": 'module "m" {\n  source = var.s\n}\n', "x/a.tf": 'resource "a_b" "c" {}\n'}
    assert str(place_of(sources_of(files, "", (ModuleCall("m", "./x"),)), "module.m.a_b.c")) == "x/a.tf:1:1"
    assert str(place_of(sources_of(files, "."), "module.m.a_b.c")) == "main.tf:1:1"


def test_modules_from_elsewhere_are_found_where_they_were_installed() -> None:
    place = place_of(sources_of(FILES, "infra", installed=INSTALLED), "module.far.aws_vpc.this", "cidr")
    assert str(place) == "infra/.terraform/modules/far/main.tf:2:3"


@pytest.mark.parametrize("installed", ["", "{", "[]", '{"Modules": [{"Key": 1}]}', '{"Modules": []}'])
def test_without_its_sources_a_module_is_found_by_its_call(installed: str) -> None:
    located = sources_of(FILES, "infra", installed=installed).locate(
        Place("plan.json", address="module.far.aws_vpc.this[0]", pointer="cidr")
    )
    assert located is not None
    place, notes = located
    assert (str(place), place.address, place.pointer) == ("infra/main.tf:14:1", "module.far.aws_vpc.this[0]", "cidr")
    assert notes == ()


def test_override_files_have_the_last_word() -> None:
    files = {
        "a_override.tf": 'resource "a_b" "c" {\n  x = 1\n}\n',
        "main.tf": 'resource "a_b" "c" {\n  x = 2\n  y = 2\n}\n',
        "override.tf": 'resource "a_b" "c" {\n\n  x = 3\n}\n',
    }
    sources = sources_of(files, ".")
    assert str(place_of(sources, "a_b.c", "x")) == "override.tf:3:3"
    assert str(place_of(sources, "a_b.c", "y")) == "main.tf:3:3"
    assert str(place_of(sources, "a_b.c", "z")) == "main.tf:1:1"


def test_a_module_outside_the_root_folder_is_followed() -> None:
    files = {
        "../live/prod/main.tf": 'module "m" {\n  source = "../../shared"\n}\n',
        "../shared/a.tf": 'resource "a_b" "c" {}\n',
    }
    assert str(place_of(sources_of(files, "../live/prod/"), "module.m.a_b.c")) == "../shared/a.tf:1:1"


def test_files_are_read_when_they_are_needed_and_once() -> None:
    read: list[str] = []

    class Recording(dict[str, TextFile]):
        def __getitem__(self, path: str) -> TextFile:
            read.append(path)
            return super().__getitem__(path)

    sources = Sources(Recording(text_files(FILES)), "infra")
    assert read == []
    place_of(sources, "astro_deployment.re", "type")
    place_of(sources, "astro_deployment.re", "executor")
    place_of(sources, "provider.astro", "token")
    assert read == ["infra/main.tf"]


def test_dynamic_blocks_are_told_apart() -> None:
    sources = sources_of(FILES, "infra")
    assert sources.has_dynamic("aws_security_group.many[0]", "ingress") is True
    assert sources.has_dynamic("aws_security_group.one", "ingress") is False
    assert sources.has_dynamic("aws_security_group.one", "egress") is True


def test_sources_in_json_have_places_too() -> None:
    main = """\
{
  "resource": {
    "astro_deployment": {
      "re": {
        "name": "${var.name}",
        "environment_variables": [
          { "key": "A", "value": "1" },
          { "key": "B", "value": "2" }
        ]
      }
    }
  },
  "module": { "m": { "source": "./x" } }
}
"""
    files = {
        "main.tf.json": main,
        "x/a.tf.json": '{"resource": {"a_b": {"c": {"d": 1}}}}',
        "main_override.tf.json": '{\n  "resource": {"astro_deployment": {"re": {"type": "DEDICATED"}}}\n}\n',
    }
    sources = sources_of(files, ".")
    second = place_of(sources, "astro_deployment.re", "environment_variables.B.value")
    assert second is not None
    assert (second.path, underlined(files, second)) == ("main.tf.json", '"2"')
    assert str(place_of(sources, "astro_deployment.re", "name")) == "main.tf.json:5:9"
    assert str(place_of(sources, "astro_deployment.re", "type")) == "main_override.tf.json:2:44"
    assert str(place_of(sources, "module.m.a_b.c", "d")) == "x/a.tf.json:1:29"
