"""Values converted to the types of variables: equal to what Terraform's variables hold, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from astrovet.place import Place, inside
from astrovet.terraform.functions.filesystem import NoFiles
from astrovet.terraform.functions.json_texts import json_pieces
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.parsing import parse
from astrovet.terraform.source.types import convert
from astrovet.terraform.values.plain_data import from_plain
from astrovet.terraform.values.types import STRING
from astrovet.value import Absent, Known, List, Tree, Type, Unknown, Value, at
from support import DATA

PLACE = Place("variables.tf", 3, 13, 3, 40, address="var.agents", pointer="default")
ANSWERS = msgspec.json.decode((DATA / "terraform-types.json").read_bytes(), type=dict[str, dict[str, Any]])


class Variables(NoFiles):
    """`var.open` is not known, `var.bucket` only from its beginning, and `var.secret` is sensitive."""

    def resolve(self, _: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        match steps:
            case ["secret"]:
                return Known("hunter2", place, sensitive=True, written=False)
            case ["bucket"]:
                return Unknown("no value for var.bucket", place, prefix="s3://logs-")
            case _:
                return Unknown("no value for var.open", place)


def value_of(expression: str) -> Value[Tree]:
    return evaluate(parse(expression), Variables(), PLACE)


def shown(value: Value[Tree]) -> str:
    """A value as the JSON that `jsonencode` would make of it, with reasons for what is unknown."""
    return "".join(f"<{piece.why}>" if isinstance(piece, Unknown) else piece for piece in json_pieces(value))


def converted(value: str, constraint: str) -> Value[Tree]:
    return convert(value_of(value), parse(constraint), PLACE)


@pytest.mark.parametrize("pair", ANSWERS)
def test_a_variable_holds_what_terraform_says(pair: str) -> None:
    constraint, value = pair.split(" ;; ")
    result, answer = converted(value, constraint), ANSWERS[pair]
    if "error" in answer:
        assert isinstance(result, Unknown)
    else:
        assert shown(result) == shown(from_plain(answer["value"], PLACE))


@pytest.mark.parametrize(
    ("value", "constraint", "expected"),
    [
        ('["a", var.open]', "list(string)", '["a",<no value for var.open>]'),
        ("[1, var.open]", "list(number)", "[1,<no value for var.open>]"),
        ("{a = var.open, b = 1}", "map(string)", '{"a":<no value for var.open>,"b":"1"}'),
        (
            "{name = var.open}",
            "object({name = string, size = optional(number, 3)})",
            '{"name":<no value for var.open>,"size":3}',
        ),
        (
            "merge(var.open, {name = 1})",
            "object({name = string, size = optional(number, 3)})",
            '{"name":"1","size":<no value for var.open>}',
        ),
        ("[var.open]", "set(string)", "[<no value for var.open>]"),
        ('["b", var.open, "a", "b"]', "set(string)", '["a","b",<no value for var.open>]'),
        ("var.open", "object({a = string})", "<no value for var.open>"),
        ("null", "list(string)", "null"),
        ("[1]", "string", "<it does not fit the variable's type>"),
        ('{a = "hunter2"}', "object({a = number})", "<it does not fit the variable's type>"),
        ("1", "nonsense(string)", "<astrovet does not read the variable's type>"),
        ("{}", "object({a = optional(string, var.x)})", '{"a":<a default cannot refer to anything>}'),
    ],
)
def test_unknown_parts_stay_unknown(value: str, constraint: str, expected: str) -> None:
    assert shown(converted(value, constraint)) == expected


def test_only_a_text_keeps_its_beginning() -> None:
    for constraint, prefix in (("string", "s3://logs-"), ("any", "s3://logs-"), ("list(string)", "")):
        result = converted("var.bucket", constraint)
        assert isinstance(result, Unknown)
        assert result.prefix == prefix


def test_how_to_find_out_is_kept_with_the_reason() -> None:
    lost = Unknown("no value for var.unset", PLACE, how="pass --var-file")
    listed = Known(List((Known(List((Known("a", PLACE), lost), is_set=True, element=STRING), PLACE),)), PLACE)
    for value in (lost, listed):
        result = convert(value, parse("list(list(string))"), PLACE)
        assert isinstance(result, Unknown)
        assert (result.why, result.how) == ("no value for var.unset", "pass --var-file")


def test_marks_and_places() -> None:
    result = converted("{a = [var.secret]}", "object({a = list(string), b = optional(string)})")
    item = at(result, "a", 0)
    assert item == Known("hunter2", inside(inside(PLACE, "a"), 0), sensitive=True, written=False)
    assert at(result, "b") == Absent(inside(PLACE, "b"), explicit=True, type=Type("string"))
    whole = convert(from_plain(["x"], PLACE, sensitive=True), parse("set(string)"), PLACE)
    assert isinstance(whole, Known)
    assert whole.sensitive
