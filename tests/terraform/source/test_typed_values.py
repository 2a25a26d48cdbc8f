"""Values with their types: what Terraform 1.11 says of conditionals, steps, `try` and `can`, asked by hand."""

from __future__ import annotations

import pytest

from astrovet.formats.text_file import TextFile
from astrovet.terraform.source.resources import read_root_module
from astrovet.terraform.values.unknowns import refused_part
from astrovet.value import Known, Tree, Value

VARIABLES = """
variable "none" {
  type    = object({ days = number })
  default = null
}
variable "text" {
  type    = string
  default = null
}
variable "rules" {
  type    = list(object({ name = string, value = any }))
  default = [{ name = "from", value = "x" }, { name = "port", value = 443 }]
}
resource "aws_kms_key" "key" {
  description = "443"
  deletion_window_in_days = 7
}
resource "terraform_data" "typed" {
  input = 7
}
"""


def value_of(expression: str, more: str = "") -> Value[Tree]:
    block = f'resource "terraform_data" "judged" {{\n  input = {expression}\n}}\n'
    files = {"main.tf": TextFile.of("main.tf", VARIABLES + more + block)}
    resources = read_root_module(files, "").resources
    (judged,) = (resource for resource in resources if resource.address == "terraform_data.judged")
    return judged.computed("input")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('jsonencode(true ? 16 : "none")', '"16"'),
        ('jsonencode(true ? { a = 1 } : { b = "x" })', '{"a":"1"}'),
        ('jsonencode(true ? { a = 1 } : { a = 2, b = "x" })', '{"a":"1"}'),
        ("jsonencode(true ? { a = 1 } : {})", '{"a":1}'),
        ('jsonencode(true ? [1, null] : ["a", "b"])', '["1",null]'),
        ('jsonencode(true ? tolist([1]) : ["a"])', '["1"]'),
        ('jsonencode(true ? [1, "x"] : [2])', '["1","x"]'),
        ("jsonencode(true ? 1 : null)", "1"),
        ('jsonencode(concat([1], ["a"]))', '[1,"a"]'),
        ('jsonencode(concat(tolist([1]), tolist(["a"])))', '["1","a"]'),
        ('jsonencode(coalesce(null, 1, "a"))', '"1"'),
        ("jsonencode(var.rules[1].value)", '"443"'),
        ('jsonencode(setproduct(["b", "a"], ["x"]))', '[["b","x"],["a","x"]]'),
        ('jsonencode(setproduct(toset(["b", "a"]), ["x"]))', '[["a","x"],["b","x"]]'),
        ('tostring(tolist(["a"]) == ["a"])', "false"),
        ('tostring(tolist(["a"]) == tolist(["a"]))', "true"),
        ('tostring(try(var.none.days, "else"))', "else"),
        ("tostring(can(var.none.days))", "false"),
        ('tostring(try(tonumber("x"), 3))', "3"),
        ('tostring(try(jsondecode("{"), 3))', "3"),
        ('tostring(try({ for s in ["a", "a"] : s => 1 }, 3))', "3"),
        ('tostring(try(["a"][1], 3))', "3"),
        ("tostring(try(toset(var.text), 3))", "3"),
        ('tostring(try("x${var.text}", 3))', "3"),
        ('["a"]["0"]', "a"),
        ('["a", "b"]["01"]', "b"),
        ('["a", "b"]["10e-1"]', "b"),
        ('["a"]["-0"]', "a"),
        ('{ "1.5" = "a" }[1.5]', "a"),
        ('{ true = "a" }[true]', "a"),
        ('tostring(-"1")', "-1"),
        ('jsonencode([--1, - -1, !!true, !!!"true", --[1, 2][1] * 3])', "[1,1,true,false,6]"),
        ("jsonencode([1 - --2, 1 - -2, 1--1, [for x in [true] : x if !!x]])", "[-1,3,2,[true]]"),
        ('"${--1}-${!!true}--"', "1-true--"),
        ("jsonencode([5 % 0, 5.5 % 0, 0 % 0, 0 * 0, 0 * 2, -1 + 1, -3 % 3])", "[5,5.5,0,0,0,0,0]"),
        ('tostring(try(0 / 0, "else"))', "else"),
        ('"${-(1 - 1)} ${0 * -1} ${-2 * 0} ${0 / -5} ${-(-(0))} ${-(0) * 1} ${1 - -(0)}"', "-0 -0 -0 -0 0 -0 1"),
        (
            'jsonencode([true ? 0 : element(1) == 1 ? "a" : 1, true ? 0 : element(1), true ? 0 : 1 + element(1)])',
            '["0",0,0]',
        ),
        ("jsonencode([-(1 - 1), -(0) == 0, [1][-(0)]])", "[-0,true,1]"),
        ("tostring(aws_kms_key.key.id == null)", "false"),
        ("tostring(terraform_data.typed.input == 7)", "true"),
        ("tostring(aws_kms_key.key.deletion_window_in_days)", "7"),
        ("tostring(aws_kms_key.key.description == 444)", "false"),
    ],
)
def test_a_value_has_the_type_that_terraform_gives_it(expression: str, expected: str) -> None:
    value = value_of(expression)
    assert isinstance(value, Known)
    assert value.value == expected


@pytest.mark.parametrize(
    "expression",
    [
        "aws_kms_key.key.description == 443",
        'aws_kms_key.key.deletion_window_in_days == "7"',
        "jsonencode(aws_kms_key.key.deletion_window_in_days)",
        "can(aws_kms_key.key.arn)",
        "try(aws_kms_key.key.arn, 1)",
        "aws_kms_key.key.arn == null",
    ],
)
def test_what_depends_on_the_providers_types_or_values_is_open(expression: str) -> None:
    value = value_of(expression)
    assert not isinstance(value, Known)
    assert refused_part(value) is None


@pytest.mark.parametrize(
    "expression",
    [
        "var.none.days",
        "true ? 1 : [2]",
        "true ? 1 : true",
        "tolist([1, true])",
        '{ for s in ["a", "a"] : s => 1 }',
        "[for s in null : s]",
        '!"x"',
        "!-1",
        "0 / 0",
        '["a", "b"]["-+1"]',
        '["a"][true]',
        '{ 1 = "a" }["1.0"]',
        '1 + "a"',
        '"x${[1]}"',
        "null ? 1 : 2",
        'lookup({ a = 1 }, "b")',
    ],
)
def test_what_terraform_refuses_has_no_value(expression: str) -> None:
    assert refused_part(value_of(expression)) is not None


ASTRO = """
resource "astro_deployment" "open" {
  name                = "tides"
  is_development_mode = "false"
  contact_emails      = ["b@x.example", "a@x.example", "b@x.example"]
  remote_execution = {
    enabled = true
  }
}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tostring(astro_deployment.open.is_development_mode == false)", "true"),
        ("jsonencode(astro_deployment.open.contact_emails)", '["a@x.example","b@x.example"]'),
        ("jsonencode(astro_deployment.open.remote_execution.allowed_ip_address_ranges)", "[]"),
        ("tostring(astro_deployment.open.remote_execution.task_log_bucket == null)", "true"),
        ("tostring(astro_deployment.open.scheduler_size == null)", "true"),
        ('tostring(try(astro_deployment.open.scaling_spec.hibernation_spec, "none"))', "none"),
        ("tostring(astro_deployment.open.id == null)", "false"),
    ],
)
def test_attributes_of_the_astro_provider_have_its_types_and_defaults(expression: str, expected: str) -> None:
    value = value_of(expression, ASTRO)
    assert isinstance(value, Known)
    assert value.value == expected


@pytest.mark.parametrize(
    "expression",
    ["astro_deployment.open.region", "astro_deployment.open.remote_execution.remote_api_url", "astro_deployment.open"],
)
def test_what_the_astro_provider_computes_is_open(expression: str) -> None:
    value = value_of(f"jsonencode({expression})", ASTRO)
    assert not isinstance(value, Known)
    assert refused_part(value) is None
