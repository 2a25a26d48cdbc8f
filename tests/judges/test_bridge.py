"""The bridge keeps its contract, by which judges outside the project ask what astrovet makes of Terraform's sources."""

from __future__ import annotations

import pytest

from judges.bridge import REST, evaluate, resources

VARIABLES = {
    "variables.tf": 'variable "text" { default = "abc" }\nvariable "open" {}\nvariable "empty" { default = null }\n'
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("upper(var.text)", "ABC"),
        ("1 + 1.5", 2.5),
        ("1 < 2", True),
        ("var.empty", None),
        ('[var.text, { a = 1, b = ["x"] }]', ["abc", {"a": 1, "b": ["x"]}]),
        ('toset(["b", "a"])', ["a", "b"]),
        ("[]", []),
        ("<<-EOT\n  text\n  EOT", "text\n"),
        ("1 # one", 1),
        ('try({}.a, "none")', "none"),
    ],
)
def test_a_value_is_as_json_would_hold_it(expression: str, value: object) -> None:
    assert evaluate(expression, VARIABLES) == ("value", value)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("var.open", "no value for var.open"),
        ("{}.a", "what is asked for is not in this map"),
        ('rsadecrypt("x", "y")', "astrovet does not evaluate the function rsadecrypt"),
    ],
)
def test_what_is_open_says_why(expression: str, why: str) -> None:
    kind, value = evaluate(expression, VARIABLES)
    assert kind == "value"
    assert value.why.startswith(why)


def test_parts_of_a_value_can_be_open() -> None:
    kind, value = evaluate("[1, { a = var.open }]", VARIABLES)
    assert kind == "value"
    assert value[0] == 1
    assert value[1]["a"].why.startswith("no value for var.open")


def test_a_map_that_may_hold_more_keys_says_so() -> None:
    kind, value = evaluate("merge({ a = 1 }, var.open, { b = 2 })", VARIABLES)
    assert kind == "value"
    assert value.keys() == {"a", "b", REST}
    assert value["b"] == 2
    assert value[REST].why.startswith("no value for var.open")
    assert REST == "\0rest"


@pytest.mark.parametrize("expression", ['"', "[1", "}"])
def test_what_cannot_be_read_is_refused_with_a_message(expression: str) -> None:
    kind, why = evaluate(expression, VARIABLES)
    assert kind == "refused"
    assert isinstance(why, str)
    assert why


def test_a_mistake_of_ours_is_a_crash_with_its_traceback() -> None:
    kind, report = evaluate("1", {"judged_too.tf": 1})  # type: ignore[dict-item]
    assert kind == "crash"
    assert report.startswith("Traceback")


def test_the_managed_instances_and_what_they_hold() -> None:
    main = (
        'resource "terraform_data" "each" {\n  for_each = toset(["a", "b"])\n  input = "${each.key}-x"\n}\n'
        'module "part" {\n  source = "./part"\n  count  = 1\n}\n'
        'data "external" "read" {}\n'
    )
    part = 'resource "terraform_data" "inside" {\n  input = { v = 1 }\n}\n'
    read = resources({"main.tf": main, "part/main.tf": part})
    assert read.keys() == {
        'terraform_data.each["a"]',
        'terraform_data.each["b"]',
        "module.part[0].terraform_data.inside",
    }
    assert read['terraform_data.each["b"]']("input") == "b-x"
    assert read["module.part[0].terraform_data.inside"]("input") == {"v": 1}
    assert "known only after apply" in read['terraform_data.each["a"]']("id").why
