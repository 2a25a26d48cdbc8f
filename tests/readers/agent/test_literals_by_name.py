"""A secret that is a literal somewhere in the sources is reported where it stands, whatever names it comes through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet, write

RELEASE = (
    'resource "helm_release" "agent" {\n  name = "agent"\n  chart = "astro-remote-execution-agent"\n'
    '  values = [yamlencode({\n    resourceNamePrefix = "claims"\n    agentToken = %s\n  })]\n}\n'
)
TOKEN = "bXktYWdlbnQtdG9rZW4x"


def said(*arguments: str) -> list[tuple[str, str, list[str]]]:
    """What REX013 says: its verdict, its place, and the places that it names besides."""
    verdicts = json.loads(astrovet("scan", "--format=json", "--select=REX013", "--show=unknown", *arguments).stdout)[
        "verdicts"
    ]
    return [
        (
            verdict["verdict"],
            f"{verdict['place']['path']}:{verdict['place']['line']}",
            [f"{note['place']['path']}:{note['place']['line']}" for note in verdict["related"]],
        )
        for verdict in verdicts
        if verdict["rule"] == "REX013"
    ]


@pytest.mark.parametrize(
    ("sources", "expression"),
    [
        ('locals {\n  token = "%s"\n}\n', "local.token"),
        ('variable "token" {\n  default = "%s"\n}\n', "var.token"),
        ('variable "token" {\n  default = "%s"\n  type = string\n}\n', "var.token"),
        ('locals {\n  deep = { token = "%s" }\n  same = local.deep.token\n}\n', "local.same"),
        ('locals {\n  all = ["%s"]\n}\n', "local.all[0]"),
        ('locals {\n  token = "%s"\n}\n', '"${local.token}"'),
    ],
)
def test_in_one_module(repository: Path, sources: str, expression: str) -> None:
    write("token.tf", sources % TOKEN)
    write("main.tf", RELEASE % expression)
    assert said() == [("fail", "token.tf:2", ["main.tf:6"])]


def test_through_the_argument_of_a_module(repository: Path) -> None:
    write("agents/main.tf", 'variable "token" {\n  type = string\n}\n' + RELEASE % "var.token")
    write(
        "main.tf",
        f'locals {{\n  token = "{TOKEN}"\n}}\nmodule "agents" {{\n  source = "./agents"\n  token = local.token\n}}\n',
    )
    ((verdict, place, notes),) = said()
    assert (verdict, place) == ("fail", "main.tf:2")
    assert notes[0] == "agents/main.tf:9"


def test_through_the_output_of_a_module(repository: Path) -> None:
    write("secrets/main.tf", f'output "token" {{\n  value = "{TOKEN}"\n}}\n')
    write("main.tf", 'module "secrets" {\n  source = "./secrets"\n}\n' + RELEASE % "module.secrets.token")
    assert said()[0][:2] == ("fail", "secrets/main.tf:2")


def test_written_out_it_stands_where_it_is(repository: Path) -> None:
    write("main.tf", RELEASE % f'"{TOKEN}"')
    assert said() == [("fail", "main.tf:6", [])]


@pytest.mark.parametrize(
    ("file", "content"),
    [("terraform.tfvars", f'token = "{TOKEN}"\n'), ("terraform.tfvars.json", f'{{"token": "{TOKEN}"}}\n')],
)
def test_what_a_variable_file_gives_is_open(repository: Path, file: str, content: str) -> None:
    write("main.tf", 'variable "token" {\n  type = string\n}\n' + RELEASE % "var.token")
    write(file, content)
    assert [(verdict, place) for verdict, place, _ in said()] == [("unknown", "main.tf:9")]


def test_whatever_a_variable_file_is_called(repository: Path) -> None:
    write("main.tf", 'variable "token" {}\n' + RELEASE % "var.token")
    write("env/claims.vars", f'token = "{TOKEN}"\n')
    assert [(verdict, place) for verdict, place, _ in said("--var-file=env/claims.vars")] == [("unknown", "main.tf:7")]


@pytest.mark.parametrize("default", ["", "changeme", "${TOKEN}"])
def test_a_default_that_is_no_secret_is_none(repository: Path, default: str) -> None:
    write("main.tf", f'variable "token" {{\n  default = "{default.replace("${", "$${")}"\n}}\n' + RELEASE % "var.token")
    assert said() == []


def test_what_a_function_makes_of_it_is_open(repository: Path) -> None:
    write(
        "main.tf",
        f'variable "part" {{\n  default = "x"\n}}\nlocals {{\n  token = "{TOKEN}"\n}}\n'
        + RELEASE % '"${var.part}-${local.token}"',
    )
    assert [verdict for verdict, _, _ in said()] == ["unknown"]
