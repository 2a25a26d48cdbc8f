"""What one run may cost: whatever a few lines ask for, it is counted before it is done, and the rest is evaluated."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from astrovet.budget import MAX_DEPTH, Budget, ExhaustedError, Limits, Meter
from astrovet.document import ProblemKind
from astrovet.place import Place
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.resources import read_root_module
from astrovet.value import Known, List, Tree, Unknown, Value
from support import text_files

PLACE = Place("main.tf", 1, 1)
TENTH_OF_EXPRESSION = Limits(steps=30_000, elements=10_000, characters=400_000, instances=500)
TENTH_OF_RUN = Limits(steps=300_000, elements=150_000, characters=4_000_000, instances=1_000)
SMALL = Limits(steps=200, elements=200, characters=1000, instances=20)
MEGABYTES = 60
"""What evaluating any of the expressions below may take; without its guard each takes hundreds, or never ends."""


def deployment(name: str, more: str = "") -> str:
    return f'resource "astro_deployment" "d" {{\n  name = {name}\n  type = "STANDARD"\n{more}}}\n'


def evaluated(text: str, budget: Budget | None = None, **files: str) -> Terraform:
    more = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    return read_root_module(Project(text_files({"main.tf": text, **more}), budget), "")


def name_of(terraform: Terraform) -> Value[Tree]:
    return terraform.resources[0].attribute("name")


@pytest.fixture
def _memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MEGABYTES << 20
    finally:
        tracemalloc.stop()


# --- the budget itself


def test_what_is_asked_for_is_not_counted_when_it_is_too_much() -> None:
    meter = Meter("steps", 10)
    meter.spend(8)
    with pytest.raises(ExhaustedError):
        meter.spend(3)
    meter.spend(2)
    assert meter.used == 10


def test_each_expression_has_its_own_account_within_that_of_the_run() -> None:
    budget = Budget(run=Limits(25, 25, 25, 25), expression=Limits(10, 10, 10, 10))

    def value(steps: int) -> Value[Tree]:
        def compute() -> Value[Tree]:
            budget.steps.spend(steps)
            return Known(steps, PLACE)

        return budget.evaluated(compute, PLACE)

    def nested() -> Value[Tree]:
        budget.steps.spend(3)
        inner = value(9)  # on an account of its own, so that the outer one has its seven still
        budget.steps.spend(7)
        return inner

    assert budget.evaluated(nested, PLACE) == Known(9, PLACE)
    assert isinstance(value(11), Unknown)
    assert isinstance(value(6), Known)
    lost = value(1)
    assert isinstance(lost, Unknown)
    assert lost.why == "it is too large to be evaluated here: there are too many steps"
    assert lost.how == "scan a plan: there Terraform has evaluated it"


def test_a_value_is_counted_with_all_that_is_in_it() -> None:
    budget = Budget()
    text: Value[Tree] = Known("abc", PLACE)
    budget.take(Known(List((text, Known(List((text, text)), PLACE))), PLACE))
    assert (budget.elements.used, budget.characters.used) == (4, 9)


def test_a_value_is_not_nested_without_end() -> None:
    value: Value[Tree] = Known("abc", PLACE)
    for _ in range(MAX_DEPTH + 1):
        value = Known(List((value,)), PLACE)
    with pytest.raises(ExhaustedError, match="nested too deeply"):
        Budget().take(value)


# --- expressions

LONG = '[for i in range(1000) : "xxxxxxxxxx"]'
DEAR = {
    "indent": 'indent(1000000000, "a\\nb")',
    "replace": f'replace(join("", {LONG}), "x", join("", {LONG}))',
    "join": f'join(join("", {LONG}), [for i in range(1000) : join("", {LONG})])',
    "format": f'format("{"%[1]s" * 20_000}", join("", {LONG}))',
    "formatlist": f'formatlist("{"%[1]s" * 2000}", [for i in range(1000) : "xxxxxxxxxx"])',
    "jsonencode": f'jsonencode([for i in range(1000) : [for j in range(1000) : join("", {LONG})]])',
    "template": '"' + '${join("", local.long)}' * 500 + '"',
    "setproduct": "length(setproduct(range(1000), range(1000)))",
    "for": "length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]])",
    "template loops": '"%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }x'
    '%{ endfor }%{ endfor }%{ endfor }"',
    "decoded aliases": 'length(yamldecode("a: &a [x,x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\\n'
    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\\n"
    'f: [*e,*e,*e,*e,*e,*e,*e,*e]"))',
}


@pytest.mark.slow
@pytest.mark.usefixtures("_memory")
@pytest.mark.parametrize("expression", DEAR.values(), ids=DEAR)
def test_what_is_too_large_is_unknown_where_it_stands(expression: str) -> None:
    budget = Budget(run=TENTH_OF_RUN, expression=TENTH_OF_EXPRESSION)
    terraform = evaluated(f"locals {{\n  long = {LONG}\n  z = {expression}\n}}\n" + deployment("local.z"), budget)
    value = name_of(terraform)
    assert isinstance(value, Unknown)
    assert value.place.path == "main.tf"
    assert terraform.resources[0].attribute("type") == terraform.resources[0].attribute("type")
    assert isinstance(terraform.resources[0].attribute("type"), Known)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "step", "last"),
    [
        ('"xxxxxxxxxx"', '"${{}}${{}}"', "local.a40"),
        ('["x"]', "[{}, {}]", "length(local.a40)"),
        ('{ x = "x" }', "{ a = {}, b = {} }", "length(local.a40)"),
        ('["x"]', "concat({}, {})", "length(local.a40)"),
        ('"xxxxxxxxxx"', 'format("%s%s", {}, {})', "local.a40"),
        ('"\\\\"', "jsonencode({})", "local.a40"),
        ('["x"]', "flatten([{}, {}])", "length(local.a40)"),
    ],
)
def test_what_doubles_again_and_again_is_unknown(first: str, step: str, last: str) -> None:
    lines = [f"a0 = {first}"]
    lines += [
        f"a{level + 1} = {step.replace('{{}}', f'{{local.a{level}}}').replace('{}', f'local.a{level}')}"
        for level in range(40)
    ]
    text = "locals {\n" + "\n".join(lines) + f"\n  z = {last}\n}}\n"
    terraform = evaluated(text + deployment("local.z"), Budget(run=TENTH_OF_RUN, expression=TENTH_OF_EXPRESSION))
    assert not isinstance(name_of(terraform), Known) or last.startswith("length")
    # What refers to it is told without going through each local twice.
    assert terraform.resources[0].attributes.references("name") == ()


def test_numbers_do_not_grow_without_end() -> None:
    lines = ["a0 = 9999999999"] + [f"a{level + 1} = local.a{level} * local.a{level}" for level in range(40)]
    terraform = evaluated("locals {\n" + "\n".join(lines) + "\n}\n" + deployment("local.a40"))
    assert isinstance(name_of(terraform), Unknown)


@pytest.mark.parametrize("expression", ["1e400 + 1", '"1e999" - "1e999"', "-1e999", f"{'9' * 4000} * {'9' * 4000}"])
def test_a_number_that_is_none_is_unknown(expression: str) -> None:
    assert isinstance(name_of(evaluated(f"locals {{\n  z = {expression}\n}}\n" + deployment("local.z"))), Unknown)


def test_many_steps_are_too_many() -> None:
    budget = Budget(expression=SMALL)
    assert isinstance(name_of(evaluated(deployment('"${' + "1 + " * 300 + '1}"'), budget)), Unknown)
    assert isinstance(name_of(evaluated(deployment('"${' + "1 + " * 30 + '1}"'), budget)), Known)


def test_a_chain_of_locals_without_end_is_no_error() -> None:
    lines = ["a0 = 1"] + [f"a{level + 1} = local.a{level}" for level in range(3000)]
    terraform = evaluated("locals {\n" + "\n".join(reversed(lines)) + "\n}\n" + deployment("local.a3000"))
    assert isinstance(name_of(terraform), Unknown)


# --- instances


@pytest.mark.parametrize(
    "more", ["  count = 1000000000\n", "  for_each = toset([for i in range(1000) : tostring(i)])\n"]
)
def test_of_too_many_instances_one_stands_for_all(more: str) -> None:
    budget = Budget(expression=Limits(300_000, 100_000, 4_000_000, 900), run=Limits(3_000_000, 1_500_000, 10**7, 900))
    terraform = evaluated(deployment('"d"', more), budget)
    (only,) = terraform.resources
    assert only.address == "astro_deployment.d"


def test_a_thousand_instances_are_ordinary() -> None:
    terraform = evaluated(deployment("each.key", "  for_each = toset([for i in range(1000) : tostring(i)])\n"))
    assert len(terraform.resources) == 1000


def test_blocks_in_blocks_are_counted_together() -> None:
    inner = 'dynamic "%s" {\n for_each = range(1000)\n content {\n%s\n}\n}\n'
    more = inner % ("scaling_spec", inner % ("hibernation_spec", inner % ("schedule", "a = 1")))
    terraform = evaluated(deployment('"d"', more))
    assert isinstance(terraform.resources[0].attribute("scaling_spec"), Unknown)
    assert isinstance(name_of(terraform), Known)


CALLS = "".join(f'module "m{number}" {{\n  source = "%s"\n}}\n' for number in range(10))


def test_modules_that_call_modules_are_counted_and_told() -> None:
    files = {f"l{level}__main_tf": CALLS.replace("%s", f"../l{level + 1}") for level in range(1, 8)}
    terraform = evaluated(deployment('"d"') + CALLS.replace("%s", "./l1"), None, **files, l8__main_tf=deployment('"d"'))
    assert 0 < len(terraform.resources) < 20_000
    (problem, *_) = terraform.problems
    assert problem.kind is ProblemKind.UNREADABLE
    assert problem.why.startswith("this module is not judged: it is too large")
    assert isinstance(name_of(terraform), Known)


def test_a_module_that_calls_itself_is_told() -> None:
    terraform = evaluated('module "m" {\n  source = "./m"\n}\n', m__main_tf='module "m" {\n  source = "../m"\n}\n')
    assert any("levels of modules" in problem.why for problem in terraform.problems)
