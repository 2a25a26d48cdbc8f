"""Three-valued lookup and conversion; and that forgetting one of the three is a type error."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

from astrovet.place import Place, inside
from astrovet.value import (
    Absent,
    Entry,
    Known,
    List,
    Map,
    Tree,
    Unknown,
    Value,
    at,
    boolean,
    integer,
    items,
    mapping,
    text,
)
from support import ROOT

HERE = Place("values.yaml", 3, 1, 3, 9)


def known(tree: Tree) -> Known[Tree]:
    return Known(tree, HERE)


def map_of(*, unlisted: Unknown | None = None, **entries: Value[Tree]) -> Known[Tree]:
    listed = {key: Entry(key, inside(HERE, key), value) for key, value in entries.items()}
    return Known(Map(listed, unlisted), HERE)


def test_a_missing_key_is_absent_with_the_place_of_the_map_and_the_way_to_the_key() -> None:
    missing = at(map_of(a=known("x")), "b")
    assert missing == Absent(Place("values.yaml", 3, 1, 3, 9, pointer="b"))


def test_a_missing_key_is_unknown_where_the_input_does_not_show_all_keys() -> None:
    reason = Unknown("values[1] is known only after apply", HERE)
    assert at(map_of(unlisted=reason), "b", "c") == reason


@pytest.mark.parametrize("value", [Unknown("why", HERE), Absent(HERE)])
def test_what_is_not_known_stays_what_it_is_at_any_depth(value: Unknown | Absent) -> None:
    assert at(map_of(a=value), "a", "b", 3) == value


@pytest.mark.parametrize(
    ("value", "path", "why"),
    [
        (known("x"), ("a",), "text stands where a map is expected"),
        (known(List(())), ("a",), "a list stands where a map is expected"),
        (map_of(), (0,), "a map stands where a list is expected"),
        (known(True), (0,), "a boolean stands where a list is expected"),
    ],
)
def test_a_step_that_does_not_fit_is_unknown(value: Value[Tree], path: tuple[str | int, ...], why: str) -> None:
    assert at(value, *path) == Unknown(why, HERE)


@pytest.mark.parametrize("index", [-1, 1])
def test_an_index_outside_a_list_is_absent(index: int) -> None:
    assert isinstance(at(known(List((known("a"),))), index), Absent)


@pytest.mark.parametrize(("tree", "expected"), [(True, "true"), (False, "false"), (0, "0"), (1.5, "1.5"), ("x", "x")])
def test_scalars_become_the_text_that_terraform_and_helm_write(tree: Tree, expected: str) -> None:
    assert text(known(tree)) == Known(expected, HERE)


@pytest.mark.parametrize(("tree", "expected"), [("true", True), (False, False)])
def test_booleans(tree: Tree, expected: bool) -> None:
    assert boolean(known(tree)) == Known(expected, HERE)


@pytest.mark.parametrize("tree", ["yes", 1, Map({})])
def test_what_is_no_boolean_is_unknown(tree: Tree) -> None:
    assert isinstance(boolean(known(tree)), Unknown)


@pytest.mark.parametrize(("tree", "expected"), [(7, 7), (7.0, 7), ("90", 90), ("-1", -1)])
def test_whole_numbers(tree: Tree, expected: int) -> None:
    assert integer(known(tree)) == Known(expected, HERE)


@pytest.mark.parametrize("tree", [True, 1.5, "x", "1.5", List(())])
def test_what_is_no_whole_number_is_unknown(tree: Tree) -> None:
    assert isinstance(integer(known(tree)), Unknown)


@pytest.mark.parametrize("read", [text, boolean, integer, items, mapping])
def test_conversions_keep_unknown_and_absent(read: object) -> None:
    assert callable(read)
    for value in (Unknown("why", HERE), Absent(HERE, explicit=True)):
        assert read(value) is value


def test_conversions_keep_the_marks_of_a_value() -> None:
    marked = Known("true", HERE, sensitive=True, written=False)
    for read in (text, boolean):
        value = read(marked)
        assert isinstance(value, Known)
        assert (value.sensitive, value.written) == (True, False)


FORGETFUL = """
from astrovet import Absent, Agent, Context, Known, Severity, Unknown, Verdicts, fail, rule

@rule("ZZZ001", "forgetful", on=Agent, severity=Severity.LOW, sources=("test",))
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.secrets_backend:
        case Known():
            pass
        {cases}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cases", "error"),
    [
        ("case Absent(place): yield fail(place, 'x', remedy='y')", 'unhandled case for values of type "Unknown"'),
        ("case Unknown(): yield fail(agent.place, 'x', remedy='y')", 'unhandled case for values of type "Absent"'),
        ("case Absent() | Unknown(): yield fail(agent.place, 'x', remedy='y')", ""),
    ],
    ids=["unknown forgotten", "absent forgotten", "all three"],
)
def test_a_rule_that_forgets_one_of_the_three_is_a_type_error(
    cases: str, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)  # mypy reads its settings from pyproject.toml there
    rule = tmp_path / "forgetful.py"
    rule.write_text(FORGETFUL.replace("{cases}", cases))
    output, problems, status = api.run([str(rule), "--config-file", str(ROOT / "pyproject.toml")])
    assert not problems
    assert error in output
    assert status == (1 if error else 0), output
