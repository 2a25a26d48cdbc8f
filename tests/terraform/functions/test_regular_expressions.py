"""Regular expressions of the scanned code: RE2's answers where it is installed, plain texts and reasons elsewhere."""

from __future__ import annotations

import sys
import time

import pytest

from astrovet.budget import Budget, ExhaustedError, Limits
from astrovet.place import Place
from astrovet.terraform.functions import regular_expressions
from astrovet.terraform.functions.strings import regex, regexall, replace
from astrovet.terraform.functions.table import call
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.value import Known, Unknown

PLACE = Place("main.tf", 1, 1)

ENDLESS = ("^(a|a)*$", "(a*)*b", "(?:a+)+$", "(.*)(.*)(.*)x", "(a|aa)+$", "^(a?){40}a{40}$")


@pytest.mark.parametrize("pattern", ENDLESS)
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    pytest.importorskip("re2")
    before = time.process_time()
    regexall(Budget(), pattern, "a" * 8000 + "!")
    assert time.process_time() - before < 5


def test_matches_cost_what_they_go_through() -> None:
    pytest.importorskip("re2")
    budget = Budget(run=Limits(10, 10, 5000, 10))
    with pytest.raises(ExhaustedError):
        regexall(budget, "a.*x|a", "a" * 5000)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\pN+", "a12", "12"),
        ("(?P<year>[0-9]{4})-(?<month>[0-9]{2})", "on 2026-11-30", {"year": "2026", "month": "11"}),
        ("(?i)STRASSE", "strasse", "strasse"),
        ("a|ab", "ab", "a"),
        ("(?U)a+", "aaa", "a"),
        (r"\x{e9}", "é", "é"),
        ("(a)(b)?", "a", ["a", None]),
    ],
)
def test_a_pattern_means_what_it_does_to_terraform(pattern: str, text: str, expected: object) -> None:
    pytest.importorskip("re2")
    assert regex(Budget(), pattern, text) == expected


@pytest.mark.parametrize("pattern", ["(", "a(?=b)", r"(a)\1", "a++", "a{1001}", r"\C", "((a{1000}){1000}){1000}"])
def test_what_terraform_refuses_is_undecided_and_says_nothing_to_the_terminal(
    pattern: str, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("re2")
    with pytest.raises(UndecidedError):
        regex(Budget(), pattern, "abc")
    assert capfd.readouterr() == ("", "")


def test_without_re2_plain_texts_are_decided_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    regular_expressions._compiled.cache_clear()  # noqa: SLF001
    assert replace(Budget(), "a b c", "/ /", "-") == "a-b-c"
    assert regexall(Budget(), "b", "abab") == ["b", "b"]
    assert replace(Budget(), "ab", "//", "-") == "-a-b-"
    for pattern in ("[a-z]+", "a.c", "^a", r"\."):
        with pytest.raises(UndecidedError) as refused:
            regex(Budget(), pattern, "abc")
        assert refused.value.how == "install astrovet[re2]"
    regular_expressions._compiled.cache_clear()  # noqa: SLF001


def test_the_value_says_how_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    regular_expressions._compiled.cache_clear()  # noqa: SLF001
    value = call("regex", (Known("[a-z]+", PLACE), Known("abc", PLACE)), PLACE)
    assert isinstance(value, Unknown)
    assert value.how == "install astrovet[re2]"
    regular_expressions._compiled.cache_clear()  # noqa: SLF001
