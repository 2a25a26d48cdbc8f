"""Every rule says of its fixtures what their `runs.txt` says.

A fixture is a case in `fixtures/rules/<rule-name>/<bad|good|unknown>-<what>/`; fixtures/README.md tells how it is made.
A run lists the concise line of every finding and undecided verdict of the rule. All else that the rule says there is in
`tests/data/verdicts/<rule-name>.txt`: what passes and what it does not speak about, remedies, related places, and what
belongs to what. Run `make expected` after a deliberate change, and read the difference.
"""

from __future__ import annotations

import ast
import inspect
import json
import shlex
import textwrap
from collections.abc import Callable, Iterator
from inspect import isfunction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cases
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import Undecided
from astrovet.model.blind_spot import BlindSpot
from support import DATA, FIXTURES, expect_of_case, expect_of_section, printed, sections

RULES = {rule.name: rule for rule in load_pack(BUILT_IN)}
HIDDEN = ("pass", "waived", "not-applicable")
"""Kinds of verdicts that are listed only where one asks for them."""
VERDICTS = Undecided.__module__
NOTHING = (
    "the rule says nothing here: `astrovet scan -v` says which files were read, `astrovet model` what stands there"
)
FOLDERS = sorted(folder for folder in FIXTURES.glob("rules/*/*") if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_fixture_gives_what_it_expects(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder.parent.name in RULES, "no family lists a rule of this name in its RULES"
    rule = RULES[folder.parent.name]
    here = tmp_path / folder.name
    cases.lay_out(cases.read(folder), here)
    monkeypatch.chdir(here)

    words: list[str] = []

    def lines_of(run: cases.Run) -> list[str]:
        # What is not seen is so for the other rules; what is ignored cannot be selected.
        only = () if BlindSpot in rule.on or "--ignore" in run.arguments else ("--select", rule.id)
        output = printed(run, "--format", "concise", "--output", "json=.said", "--show", ",".join(HIDDEN), *only)
        words.extend(
            [f"$ astrovet {shlex.join(run.arguments)}", *words_of(json.loads(Path(".said").read_text()), rule)]
        )
        lines = [line for line in output.splitlines() if f" {rule.id} " in line]
        return [line for line in lines if not any(f" {rule.id} {kind} " in line for kind in HIDDEN)]

    expect_of_case(folder, lines_of)
    expect_of_section(folder.name, "\n".join(words), DATA / "verdicts" / f"{rule.name}.txt")
    kind = folder.name.partition("-")[0]
    for _, lines in cases.read(folder).runs:
        undecided = tuple(line for line in lines if f" {rule.id} unknown " in line)
        if kind == "good":
            assert not lines, "a good case is silent"
        elif kind == "unknown":
            assert undecided, NOTHING
            assert undecided == lines, "an unknown case reports nothing else"
        else:
            assert kind == "bad"
            assert len(undecided) < len(lines), NOTHING


def words_of(report: Any, rule: Rule) -> Iterator[str]:
    """Everything that a rule says in a run, and how its subjects belong together."""
    for subject in report["subjects"]:
        for link in subject["links"]:
            if link["candidates"]:
                reached = link["target"] or f"perhaps {', '.join(link['candidates'])}"
                yield f"{subject['kind']} {subject['id']} -> {reached}: {link['how'] or link['why']}"
    for verdict in report["verdicts"]:
        if verdict["rule"] == rule.id:
            kind = verdict["severity"] if verdict["verdict"] == "fail" else verdict["verdict"]
            says = "" if kind == "pass" else f": {verdict['message']}"
            yield f"{at(verdict['place'])} {kind} {verdict['subject_kind']} {verdict['subject']}{says}"
            yield from (f"    {at(note['place'])} {note['message']}" for note in verdict["related"])
            yield from (f"    in {instance}" for instance in verdict["instances"])
            if verdict["verdict"] in {"fail", "waived"}:
                yield f"    remedy: {verdict['fix']}"
                if verdict["requirements"]:
                    yield f"    for {', '.join(verdict['requirements'])}"


def at(place: Any) -> str:
    """The whole stretch that a place names."""
    pointer = ":".join(filter(None, (place["address"], place["pointer"])))
    stretch = f":{place['line']}:{place['column']}-{place['end_line']}:{place['end_column']}" if place["line"] else ""
    return f"{place['path']}{stretch}" + (f" ({pointer})" if pointer else "")


def test_nothing_is_expected_of_fixtures_that_are_gone() -> None:
    expected = {
        f"{path.stem}/{name}"
        for path in (DATA / "verdicts").glob("*.txt")
        for name in sections(path.read_text("utf-8"))
    }
    assert expected == {f"{folder.parent.name}/{folder.name}" for folder in FOLDERS}


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {folder.parent.name for folder in FOLDERS} <= set(RULES)


ONLY_ASK = {"REX039"}
"""The rules that never fail: what they ask, only people can answer."""


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_shows_what_it_reports_and_what_not_and_what_nobody_can_decide(rule: Rule) -> None:
    kinds = {folder.name.partition("-")[0] for folder in FOLDERS if folder.parent.name == rule.name}
    reports = set() if BlindSpot in rule.on or rule.id in ONLY_ASK else {"bad"}
    assert {*reports, "good", *({"unknown"} if can_be_undecided(rule.check) else ())} <= kinds


def can_be_undecided(check: Callable[..., object]) -> bool:
    """Whether a check makes something Undecided, itself or by a function that it names: the pack's or the engine's."""
    seen: set[object] = set()
    waiting: list[Callable[..., object]] = [check]
    while waiting:
        for thing in _used(waiting.pop()):
            if thing is Undecided:
                return True
            if isfunction(thing) and thing.__module__.startswith(("astrovet_rules", VERDICTS)) and thing not in seen:
                seen.add(thing)
                waiting.append(thing)
    return False


def _used(function: Callable[..., object]) -> Iterator[object]:
    """What the names in a function's source stand for; of classes only those that it calls."""
    assert isfunction(function)
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(name):
                thing = known.get(name)
            case ast.Attribute(ast.Name(module), name) if isinstance(known.get(module), ModuleType):
                thing = getattr(known[module], name, None)
            case _:
                continue
        if not isinstance(thing, type) or id(node) in called:
            yield thing
