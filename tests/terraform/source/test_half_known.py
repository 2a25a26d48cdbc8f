"""One unknown part of a text leaves the other lines of its YAML known, where it can only be a scalar."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.place import Place
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.parsing import parse
from astrovet.value import Known, Unknown, at
from fuzz_targets import _NoNames


def document_of(lines: str) -> Known[Any] | None:
    value = evaluate(parse(f"<<-E\n{lines}\nE"), _NoNames(), Place("main.tf", 3, 1, 9, 1))
    assert isinstance(value, Unknown)
    return value.document


@pytest.mark.parametrize(
    "line",
    [
        "open: ${var.a}",
        'open: "${var.a}"',
        "open: s3://${var.a}/logs",
        'open: \'{"a": "${var.a}"}\'',
        'open: ${var.a ? "x" : "y"}',
        "open:\n  - ${var.a}",
        'open: |\n  {\n    "a": "${var.a}"\n  }',
        "# ${var.a}\nopen: x",
        '"open": ${lower(var.a)}',
    ],
)
def test_the_other_lines_stay_known(line: str) -> None:
    document = document_of(f"token: secret\n{line}\nlast: 1")
    assert document is not None
    for key, expected in (("token", "secret"), ("last", 1)):
        value = at(document, key)
        assert isinstance(value, Known)
        assert (value.value, value.place.line) == (expected, 3)
    if not line.startswith("#"):
        inner = at(document, "open", 0) if "- " in line else at(document, "open")
        assert isinstance(inner, Unknown)


def test_a_scalar_keeps_its_beginning() -> None:
    document = document_of("token: secret\nopen: s3://${var.a}/logs")
    assert document is not None
    value = at(document, "open")
    assert isinstance(value, Unknown)
    assert value.prefix == "s3://"


@pytest.mark.parametrize(
    "line",
    [
        "${var.a}",
        "${var.a}: 1",
        "open: {x: ${var.a}}",
        "open: [${var.a}]",
        "open:\n  ${indent(2, var.a)}",
        "open: ${yamlencode(var.a)}",
        "open: x%{ if var.a }\nmore: y%{ endif }",
        "%{ for x in var.a }\n${x}: 1\n%{ endfor }",
        "broken: [",
    ],
)
def test_what_may_change_the_structure_leaves_nothing_known(line: str) -> None:
    assert document_of(f"token: secret\n{line}\nlast: ${{var.b}}") is None
