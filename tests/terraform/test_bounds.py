"""Numbers and shapes beyond all bounds, which strangers write: undecided, and no error of ours."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.place import Place
from astrovet.terraform.functions.filesystem import NoFiles
from astrovet.terraform.functions.table import call
from astrovet.terraform.plan.attributes import PlannedAttributes
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.operators import binary
from astrovet.terraform.source.parsing import parse
from astrovet.value import Known, Tree, Unknown, Value, text

PLACE = Place("main.tf")


class NoNames(NoFiles):
    def resolve(self, root: str, steps: object, place: Place) -> Value[Tree]:  # noqa: ARG002
        return Unknown(root, place)


@pytest.mark.parametrize("expression", ["9" * 400, "9" * 5000, "1e400", "-1e400", f"[1][{'9' * 5000}]"])
def test_a_literal_that_no_computer_holds_is_unknown(expression: str) -> None:
    assert isinstance(evaluate(parse(expression), NoNames(), PLACE), Unknown)


def test_a_step_by_a_number_without_end_leads_nowhere() -> None:
    assert not isinstance(evaluate(parse(f"[1].{'9' * 5000}"), NoNames(), PLACE), Known)


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        (10**150, "*", 10**150),
        (float("inf"), "+", 1),
        (float("nan"), "<", 1),
        (1, "/", float("-inf")),
        ("1e999", "-", "1e999"),
        ("1_0", "+", 1),
        (" 1", "+", 1),
    ],
)
def test_what_cannot_be_calculated_exactly_is_unknown(left: Tree, operator: str, right: Tree) -> None:
    assert isinstance(binary(operator, Known(left, PLACE), Known(right, PLACE), PLACE), Unknown)


def test_a_number_with_too_many_digits_is_no_text() -> None:
    assert isinstance(text(Known(10**5000, PLACE)), Unknown)
    assert text(Known(10**20, PLACE)) == Known("1" + "0" * 20, PLACE)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("format", ("%[" + "9" * 5000 + "]d", 1)),
        ("format", ("%" + "9" * 5000 + "d", 1)),
        ("format", ("%." + "9" * 5000 + "f", 1)),
        ("pow", (10, 10**10)),
        ("parseint", ("9" * 5000, 10)),
        ("jsondecode", ("9" * 5000,)),
        ("jsondecode", ("[" * 100_000,)),
        ("yamldecode", ("a: " + "9" * 5000,)),
        ("cidrsubnet", ("10.0.0.0/8", 10**30, 1)),
        ("cidrhost", ("10.0.0.0/8", 10**300)),
        ("substr", ("a", 10**300, 1)),
        ("range", (10**300,)),
        ("element", (10**300, 1)),
    ],
)  # fmt: skip
def test_a_function_that_is_given_too_much_is_undecided(function: str, arguments: tuple[Any, ...]) -> None:
    result = call(function, [Known(argument, PLACE) for argument in arguments], PLACE)
    assert isinstance(result, Unknown) or function in {"parseint", "substr"}


def test_a_function_that_breaks_over_a_value_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    from astrovet.terraform.functions import table

    def broken(_: Any) -> Any:
        raise OverflowError

    monkeypatch.setitem(table.FUNCTIONS, "abs", table.OfData(broken, 1))
    result = call("abs", [Known(1, PLACE)], PLACE)
    assert isinstance(result, Unknown)
    assert result.why == "abs: what it is given is beyond what astrovet calculates with"


def test_nested_blocks_that_are_none_refer_to_nothing() -> None:
    attributes = PlannedAttributes("b", None, expressions={"deny": [5, "x", [{}], {"ports": {"references": ["a.b"]}}]})
    assert attributes.references_below("ports") == ("a.b",)
