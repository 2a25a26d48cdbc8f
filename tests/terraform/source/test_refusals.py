"""What Terraform refuses whatever is set is a problem at its place, as Terraform 1.11 was asked by hand."""

from __future__ import annotations

import pytest

from astrovet.document import Problem, ProblemKind
from astrovet.formats.text_file import TextFile
from astrovet.terraform.source.resources import read_root_module


def problems(files: dict[str, str]) -> list[Problem]:
    opened = {path: TextFile.of(path, content) for path, content in files.items()}
    said = [problem for problem in read_root_module(opened, "").problems if problem.kind is ProblemKind.WRONG_TYPE]
    assert all(problem.why.startswith("Terraform refuses this: ") for problem in said)
    return said


def places(files: dict[str, str]) -> list[str]:
    return sorted(f"{problem.place.path}:{problem.place.line}" for problem in problems(files))


def block(kind: str, *lines: str) -> str:
    return "\n".join([f"{kind} {{", *lines, "}", ""])


DATA = 'resource "terraform_data" "d"'
CALL = 'module "part"'
HERE = 'source = "./part"'


@pytest.mark.parametrize(
    "content",
    [
        block("locals", 'a = tonumber("x")'),
        block('output "o"', "value = [1][1]"),
        block(DATA, 'input = { a = 1 }["b"]'),
        block(DATA, 'input = "a-${null}"'),
        block(DATA, 'input = jsondecode("{")'),
        block('variable "v"', 'default = "x"', "type = number"),
        block(DATA, 'for_each = ["a"]'),
        block(DATA, "for_each = toset([1])"),
        block(DATA, "for_each = null"),
        block(DATA, "for_each = toset([{ a = 1 }])"),
        block(DATA, "count = -1"),
        block(DATA, "count = 1.5"),
        block(DATA, "count = null"),
        block('provider "astro"', 'organization_id = [1]["x"]'),
        block('resource "aws_s3_bucket" "b"', "versioning {", 'enabled = tobool("maybe")', "}"),
    ],
)
def test_a_refusal_is_told_at_its_place(content: str) -> None:
    (problem,) = problems({"main.tf": content})
    assert problem.place.path == "main.tf"
    assert problem.place.line in {2, 3}


@pytest.mark.parametrize(
    "content",
    [
        block("locals", 'a = try(tonumber("x"), 1)', 'b = can(tonumber("x"))'),
        block("locals", 'a = true ? 1 : tonumber("x")'),
        block(DATA, "count = 0", "input = [1][1]"),
        block(DATA, "for_each = {}", "input = [1][1]"),
        block(DATA, 'for_each = toset(["a"])'),
        block(DATA, 'count = "1"'),
        block(DATA, 'input = file("${path.module}/made-later")'),
        block('variable "v"', "default = []") + block("locals", "a = var.v[0]"),
        block('variable "v"', "default = null") + block("locals", 'a = "a-${var.v}"'),
        block('variable "v"', "default = null") + block(DATA, "for_each = var.v"),
        block('variable "v"') + block(DATA, "count = var.v", "input = [1][1]"),
        block("resource aws_vpc v", "settings {", "a = 1", "}") + block('output "o"', "value = aws_vpc.v.settings.a"),
        block("resource aws_vpc v", "zones = [1]") + block(DATA, "for_each = aws_vpc.v.zones"),
        block(DATA, 'provisioner "local-exec" {', 'command = "a-${null}"', "}"),
    ],
)
def test_what_may_be_taken_is_none(content: str) -> None:
    assert not problems({"main.tf": content})


VALIDATED = """\
variable "size" {
  type    = number
  default = 0
  validation {
    condition     = var.size > 0 && can(tonumber(var.size))
    error_message = "It is more than nothing."
  }
}
"""


def test_a_value_that_its_variable_does_not_take_is_refused_where_it_is_given() -> None:
    assert places({"main.tf": VALIDATED, "terraform.tfvars": "size = 0\n"}) == ["terraform.tfvars:1"]
    assert not places({"main.tf": VALIDATED, "terraform.tfvars": "size = 1\n"})
    assert not places({"main.tf": VALIDATED})
    called = {"main.tf": block(CALL, HERE, "size = 1 - 1"), "part/main.tf": VALIDATED}
    assert places(called) == ["main.tf:3"]
    assert places({**called, "main.tf": block(CALL, HERE)}) == ["part/main.tf:3"]
    assert not places({**called, "main.tf": block(CALL, HERE, "size = terraform_data.d.id") + block(DATA)})


def test_conditions_of_resources_hold_before_they_are_made() -> None:
    condition = 'lifecycle {\nprecondition {\ncondition = {}\nerror_message = "no"\n}\n}'.replace(
        "{}", "length(local.all) > {}"
    )
    made = block("locals", "all = [1]") + block(DATA, condition)
    assert places({"main.tf": made.replace("{}", "1")}) == ["main.tf:4"]
    assert not places({"main.tf": made.replace("{}", "0")})
    assert not places({"main.tf": made.replace("{}", "1").replace(DATA + " {", DATA + " {\ncount = 0")})


def test_what_is_refused_is_told_once_and_not_where_it_is_used() -> None:
    uses = block("locals", 'bad = tonumber("x")', "more = local.bad + 1")
    uses += block(DATA, "count = 2", "input = local.more") + block(CALL, HERE, "v = local.bad")
    part = block('variable "v"', "type = number") + block('output "o"', "value = var.v")
    assert places({"main.tf": uses, "part/main.tf": part}) == ["main.tf:2"]


def test_values_that_are_given_are_held_against_the_types() -> None:
    files = {
        "main.tf": block('variable "size"', "type = number") + block(CALL, HERE, "size = var.size", 'count = "1"'),
        "terraform.tfvars": 'size = "small"\n',
        "part/main.tf": block('variable "size"', "type = list(string)") + block('variable "open"', "default = []"),
        "part/out.tf": block('output "first"', "value = var.open[0]"),
    }
    assert places(files) == ["part/out.tf:2", "terraform.tfvars:1"]
    assert places({**files, "terraform.tfvars": "size = 1\n"}) == ["main.tf:6", "part/out.tf:2"]


def test_a_module_that_is_not_there_or_may_not_be_is_passed_over() -> None:
    part = {"part/main.tf": block("locals", "a = [1][1]")}
    for count in ("0", "var.n", "length(terraform_data.d)"):
        main = block('variable "n"', "default = 1") + block(CALL, HERE, f"count = {count}")
        main += block(DATA, "count = var.n")
        assert not problems({"main.tf": main, **part})
    assert places({"main.tf": block(CALL, HERE), **part}) == ["part/main.tf:2"]


def test_nothing_is_told_where_a_file_cannot_be_read() -> None:
    refused = {"main.tf": block("locals", "a = [1][1]")}
    assert places(refused) == ["main.tf:2"]
    assert not problems({**refused, "b.tf": 'variable "x" {\n'})


def test_no_value_stands_in_what_is_told() -> None:
    files = {"main.tf": block("locals", 'a = tonumber("hunter2")', 'b = { k = 1 }["hunter2"]')}
    assert not [problem for problem in problems(files) if "hunter2" in problem.why + problem.how]


def test_what_is_nested_without_end_is_no_error() -> None:
    nested = "a {\n" * 300 + "b = [1][1]\n" + "}\n" * 300
    assert len(problems({"main.tf": block('resource "aws_vpc" "v"', nested)})) <= 1
    chain = [f"a{number} = local.a{number + 1}" for number in range(2000)]
    assert places({"main.tf": block("locals", *chain, "a2000 = [1][1]")}) == ["main.tf:2002"]
