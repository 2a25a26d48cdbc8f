"""Texts with templates as Terraform 1.11 fills them: directives, strip markers, the indent of `<<-`."""

from __future__ import annotations

import pytest

from astrovet.place import Place
from astrovet.terraform.source.evaluation import evaluate
from astrovet.terraform.source.parsing import parse
from astrovet.value import Known
from fuzz_targets import _NoNames


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"%{ if true }a%{ else }b%{ endif }"', "a"),
        ('"a\\n${~ 1 ~}\\n b"', "a1b"),
        ('"%{ for x in [1, 2] }${x},%{ endfor }"', "1,2,"),
        ('"a${"%{if true}b%{endif}"}c \\t%{~ if true }q%{ endif }"', "abcq"),
        ('"$${a} %%{ b } \\"%{ if true }é\\u00e9%{ endif }"', '${a} %{ b } "éé'),
        (
            "<<-E\n    a\n    %{ if true }\n      b\n    %{ endif }\n\n    c ${1}\n      ${2}\n  E",
            "a\n\n  b\n\n\nc 1\n  2\n",
        ),
        ("<<-E\n    a\n    %{~ if true ~}\n      b\n    %{~ endif ~}\n    c\n  E", "    a\n      b\n    c\n"),
        ("<<-E\n    %{ for x in [1,2] ~}\n    - ${x}\n    %{ endfor ~}\n  E", "    - 1\n    - 2\n"),
        ("<<-E\n  x\n\ty\n   E", " x\ny\n"),
        ("<<-E\n    a ${ {\n  k = 1\n} .k }\n    b\n  E", "a 1\nb\n"),
        ("<<E\n x\n%{ if false ~}\n y\n%{ else ~}\n z\n%{ endif ~}\nE", " x\n z\n"),
    ],
)
def test_a_template_is_filled_as_terraform_does(expression: str, expected: str) -> None:
    value = evaluate(parse(expression), _NoNames(), Place("main.tf"))
    assert isinstance(value, Known)
    assert value.value == expected
