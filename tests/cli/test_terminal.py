"""What the command line does for people: hints, completion, links, counts, help in groups, formats by a file's name."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from msgspec.structs import replace

from astrovet.cli import scan
from astrovet.cli.app import COMMANDS, app
from astrovet.cli.option_groups import FEW, GROUPS, OTHERS
from astrovet.harmless import harmless
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.place import Place
from astrovet.reports.findings.display import Display
from astrovet.reports.formats import SCAN
from astrovet.reports.home import manual_url
from support import FIXTURES, TODAY, astrovet, write

RULES = FIXTURES / "rules" / "xcom-values-stay-in-astro"
BAD = (RULES / "bad-no-threshold" / "values.yaml").read_text()
CATALOGUE = load_pack(BUILT_IN)


# --- hints


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["scna"], "no command is called 'scna'; did you mean scan?"),
        (["Report"], "no command is called 'Report'; did you mean report?"),
        (["infra"], "no command is called 'infra'; did you mean `astrovet scan infra`?"),
        (["zzzzzz"], f"no command is called 'zzzzzz'; there are: {', '.join(COMMANDS)}."),
        (["scan", "--require=hippa"], "did you mean hipaa?"),
        (["advise", "--require=hippa"], "did you mean hipaa?"),
        (["scan", "--select=REX08"], "did you mean REX0"),
        (["compare", "a", "b", "--ignore=xcom-values-stay-in-astr"], "did you mean xcom-values-stay-in-astro?"),
        (["rules", "--select=REX08"], "did you mean REX0"),
        (["explain", "REX08"], "did you mean REX0"),
        (["scan", "--select=REX008", "--ignore=REX"], "no rule is left to run"),
        (["--scan"], "No such option"),
    ],
)
def test_slips_are_met_with_a_hint(words: list[str], hint: str, repository: Path) -> None:
    write("infra/main.tf", "")
    result = astrovet(*words)
    assert result.exit_code == 2
    assert hint in " ".join(result.stderr.split())


# --- completion


def completed(words: list[str], incomplete: str) -> list[str]:
    return [item.value for item in ShellComplete(app, {}, "astrovet", "_X").get_completions(words, incomplete)]


@pytest.mark.parametrize(
    ("words", "incomplete", "expected"),
    [
        (["scan", "--select"], "REX00", [rule.id for rule in CATALOGUE if rule.id.startswith("REX00")]),
        (["scan", "--ignore"], "AST001,rex00", [f"AST001,{one.id}" for one in CATALOGUE if one.id.startswith("REX00")]),
        (["report", "--select"], "xcom-val", ["xcom-values-stay-in-astro"]),
        (["compare", "--select"], "zzz", []),
        (["rules", "--select"], "REX008", ["REX008"]),
        (["explain"], "REX008", ["REX008"]),
        (["scan", "--require"], "", list(Requirement)),
        (["advise", "--require"], "hipaa,pc", ["hipaa,pci"]),
    ],
)
def test_a_shell_completes_rules_and_requirements(words: list[str], incomplete: str, expected: list[str]) -> None:
    assert completed(words, incomplete) == expected


# --- links


FAIL = Verdict(
    "REX008", "xcom-values-stay-in-astro", VerdictKind.FAIL, Severity.HIGH, "a", "agent", "m", "w", "r", Place("a.yaml")
)
REPORT = Report(verdicts=(FAIL,), inputs=(), subjects=(), rules_run=("REX008",))


def test_a_rule_leads_to_its_manual_where_the_terminal_can() -> None:
    (rule,) = (rule for rule in CATALOGUE if rule.id == "REX008")
    shown = SCAN.render("text", REPORT, Display(color=True, links=True, rules=CATALOGUE))
    assert f"\x1b]8;;{manual_url(rule)}\x1b\\\x1b[31mhigh[REX008]\x1b[0m\x1b]8;;\x1b\\" in shown
    assert harmless(shown, colored=True) == shown
    assert "\x1b" not in harmless(shown)
    plain = SCAN.render("text", REPORT, Display(color=True, rules=CATALOGUE))
    assert plain == re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\", "", shown)


def test_a_rule_of_another_pack_leads_nowhere() -> None:
    other = replace(FAIL, rule="AAA001")
    shown = SCAN.render("text", replace(REPORT, verdicts=(other,)), Display(links=True, rules=CATALOGUE))
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "text", ["\x1b]8;;https://evil.example\x1b\\x", "\x1b]0;title\x07", "\x1b]8;id=1;https://github.com/astrovet\x1b\\"]
)
def test_no_other_link_is_let_through(text: str) -> None:
    assert "\x1b]" not in harmless(text, colored=True)


@pytest.mark.parametrize(
    ("given", "shows"),
    [
        ({}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "4900"}, False),
        ({"VTE_VERSION": "x"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"WT_SESSION": "1", "CI": "true"}, False),
        ({"WT_SESSION": "1", "NO_COLOR": "1"}, False),
    ],
)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_terminals_that_show_links(
    given: dict[str, str], shows: bool, is_terminal: bool, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "CI", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(scan, "_is_terminal", lambda: is_terminal)
    monkeypatch.setattr(scan, "_width", lambda: 100)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    write("values.yaml", BAD)
    shown = astrovet("scan", "--select=REX008").stdout
    assert ("\x1b]8;;https://github.com/astrovet/astrovet/blob/main/docs/rules/REX008-" in shown) is (
        shows and is_terminal
    )


# --- width


@pytest.mark.parametrize("width", [10, 40, 60, 100, 400])
def test_headlines_are_wrapped_and_lose_nothing(width: int) -> None:
    message = "the whole world is let in on tcp 39091, and on a-very-long-name-that-nobody-would-break-in-two too"
    shown = SCAN.render("text", replace(REPORT, verdicts=(replace(FAIL, message=message),)), Display(width=width))
    headline = shown.partition("\n    --> ")[0].split("\n")
    assert " ".join(" ".join(headline).split()) == f"high[REX008] xcom-values-stay-in-astro: {message}"
    assert all(line.startswith("    ") for line in headline[1:])
    assert all(len(line) <= max(width, 40) or len(line.split()) < 4 for line in headline)
    assert len(headline) == 1 or width < 400


# --- counts


def test_statistics_count_each_rule(repository: Path) -> None:
    write("a/values.yaml", BAD)
    write("b/values.yaml", BAD)
    for form in ("text", "concise"):
        shown = astrovet("scan", "--select=REX007,REX008", "--statistics", f"--format={form}").stdout
        assert "    2  REX008  xcom-values-stay-in-astro\n" in shown
        assert "  REX008  " not in astrovet("scan", "--select=REX007,REX008", f"--format={form}").stdout


def test_statistics_name_what_is_undecided() -> None:
    unknown = replace(FAIL, kind=VerdictKind.UNKNOWN, rule="AAA001", name="other")
    others = (unknown, replace(FAIL, rule="AAA002"), replace(FAIL, kind=VerdictKind.UNKNOWN))
    report = replace(REPORT, verdicts=(FAIL, FAIL, *others))
    shown = SCAN.render("concise", report, Display(statistics=True))
    assert re.findall(r"^ +\d+  .*$", shown, flags=re.MULTILINE) == [
        "    2  REX008  xcom-values-stay-in-astro, 1 undecided",
        "    1  AAA002  xcom-values-stay-in-astro",
        "    0  AAA001  other, 1 undecided",
    ]


# --- the catalogue


def test_rules_can_be_selected() -> None:
    listed = [line.split()[0] for line in astrovet("rules", "--select=rex00,AST001").stdout.splitlines()]
    assert listed == [rule.id for rule in CATALOGUE if rule.id.startswith("REX00") or rule.id == "AST001"]
    (one,) = json.loads(astrovet("rules", "--select=xcom-values-stay-in-astro", "--format=json").stdout)["rules"]
    assert one["id"] == "REX008"


def test_a_prefix_explains_every_rule_that_it_means() -> None:
    shown = astrovet("explain", "REX00").stdout
    ids = [rule.id for rule in CATALOGUE if rule.id.startswith("REX00")]
    assert len(ids) > 3
    assert all(re.search(rf"^{rule} ", shown, flags=re.MULTILINE) for rule in ids)


# --- help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_every_option_once(name: str) -> None:
    command: click.Command = import_module(f"astrovet.cli.{name}").command
    shown = astrovet(name, "--help").stdout
    headings = re.findall(r"^(\S.*):$", shown, flags=re.MULTILINE)
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    for option in options:
        assert len(re.findall(rf"^  (?:-\w, )?{option.opts[-1]}\b(?!-)", shown, flags=re.MULTILINE)) == 1, option.opts
    assert set(headings) <= {*GROUPS, OTHERS}
    assert (len(headings) > 1) == (len(options) + 1 > FEW)


def test_no_option_of_a_long_command_is_left_without_a_group() -> None:
    for name in ("scan", "report", "compare"):
        rest = astrovet(name, "--help").stdout.partition(f"\n{OTHERS}:\n")[2]
        assert re.findall(r"--[\w-]+", rest) == ["--help"]


# --- formats by name


@pytest.mark.parametrize(
    ("name", "options", "beginning"),
    [
        ("a.md", (), "# "),
        ("a.MARKDOWN", (), "# "),
        ("a.json", (), "{"),
        ("a.html", (), "<!doctype html>"),
        ("a", (), "<!doctype html>"),
        ("a.md", ("--format=json",), "{"),
    ],
)
def test_a_report_has_the_format_of_its_file(
    name: str, options: tuple[str, ...], beginning: str, repository: Path
) -> None:
    write("values.yaml", BAD)
    astrovet("report", "--today", TODAY, "-o", name, *options)
    assert Path(name).read_text().startswith(beginning)


def test_a_named_format_in_the_environment_counts(repository: Path) -> None:
    write("values.yaml", BAD)
    astrovet("report", "--today", TODAY, "-o", "a.md", env={"ASTROVET_FORMAT": "json"})
    assert Path("a.md").read_text().startswith("{")
