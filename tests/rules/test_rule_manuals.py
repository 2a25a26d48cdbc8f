"""Every rule has a manual that says what a reader needs, and the pages of `docs/rules/` are made of it."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from textwrap import dedent

import pytest

import make_rules
from astrovet.judging.packs import BUILT_IN, load_pack
from astrovet.judging.rulebook import Rule
from astrovet.model.blind_spot import BlindSpot
from astrovet.reports.catalogue.manual import page, plain
from astrovet.reports.home import page_name
from astrovet.requirements.citations import citation
from astrovet.requirements.citations.published import CONTRADICTIONS, STATEMENTS
from astrovet.requirements.controls import CONTROLS, named
from support import ROOT, astrovet

RULES = load_pack(BUILT_IN)
PAGES = make_rules.pages()

with (ROOT / "tests" / "data" / "catalogue.csv").open(newline="") as file:
    CATALOGUE = {row["id"]: (row["name"], row["severity"]) for row in csv.DictReader(file)}
"""The ids that are given away for ever, to rules that are yet to come too: name, and the severity to begin with."""

DEPARTURES = {
    "INP008": "every set of values that is complete is low; info is for the others, and so given by the check",
    "INP009": "most keys are low; a flag that is relevant to security is high, which the check gives",
}
"""The rules whose severity is another one than the catalogue begins with, and why."""

ONLY_ASK = {"REX039"}
"""The rules that never fail: what they ask, only people can answer."""

SECTIONS = (["Why", "Fix"], ["Why", "Fix", "Not reported"])

EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@EVERY_RULE
def test_a_rule_is_the_one_of_the_catalogue(rule: Rule) -> None:
    """A new rule is entered there; one that is entered keeps its id and its name."""
    line = f"{rule.id},{rule.name},{rule.severity}"
    before = max((known for known in CATALOGUE if known < rule.id), default="the heading")
    assert rule.id in CATALOGUE, f"add the line `{line}` to tests/data/catalogue.csv, below {before}"
    name, severity = CATALOGUE[rule.id]
    assert rule.name == name, f"{rule.id} is called {name} in tests/data/catalogue.csv, and names never change"
    assert (rule.severity == severity) is (rule.id not in DEPARTURES), (
        f"{rule.id} begins as {severity} in tests/data/catalogue.csv; enter a departure and its reason in DEPARTURES, "
        "or take out the one that is no longer so"
    )


def test_departures_are_of_rules_that_exist() -> None:
    assert set(DEPARTURES) <= {rule.id for rule in RULES}


@EVERY_RULE
def test_the_law_is_one_sentence(rule: Rule) -> None:
    assert rule.law.endswith(".")
    assert len(rule.law) <= 120
    assert rule.manual.split("\n")[1:2] == [""]


@EVERY_RULE
def test_a_manual_has_its_sections_in_order(rule: Rule) -> None:
    assert re.findall(r"(?m)^## (.+)$", rule.manual) in SECTIONS
    assert all(rule.section(title) for title in re.findall(r"(?m)^## (.+)$", rule.manual))


@EVERY_RULE
def test_the_reason_is_short_enough_to_stand_below_a_finding(rule: Rule) -> None:
    sentences = re.split(r"(?<=[.?!:]) (?=[A-Z])", rule.why)
    assert 2 <= len(sentences) <= 4
    assert len(rule.why) <= 480
    assert rule.why.endswith(".")


@EVERY_RULE
def test_a_remedy_shows_an_example(rule: Rule) -> None:
    """A block of code; where it has two sides they are introduced by Before and After."""
    fix = rule.section("Fix")
    assert re.search(r"(?m)^    \S", fix)
    sides = re.findall(r"(?m)^(Before|After)\b[^\n]*:$(?=\n\n    \S)", fix)
    assert sides in ([], ["Before", "After"])
    assert len(re.findall(r"(?m)^(?:Before|After)\b", fix)) == len(sides)


def sides(rule: Rule) -> dict[str, str]:
    """What the remedy's example shows before and after."""
    examples = re.finditer(r"(?ms)^(Before|After)\b[^\n]*:\n\n(.*?)(?=\n\n\S|\Z)", rule.section("Fix"))
    return {example[1]: dedent(example[2]) for example in examples}


OF_VALUES = [
    rule
    for rule in RULES
    if re.match(r"REX(?!022|036|038)|NET007|NET009|NET010|INP004|INP005|INP006|INP008", rule.id) and sides(rule)
]
"""The rules whose example is a part of an agent's values; not so those of REX022, REX036 and REX038."""

GOOD_VALUES = ROOT / "fixtures" / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml"


@pytest.mark.parametrize("rule", OF_VALUES, ids=lambda rule: rule.id)
def test_an_example_is_reported_before_and_not_after(rule: Rule, tmp_path: Path) -> None:
    """As a layer over values that are in order."""
    for side, is_reported in (("Before", True), ("After", False)):
        layer = tmp_path / f"{side}.yaml"
        layer.write_text(sides(rule)[side])
        words = ["-f", str(GOOD_VALUES), "-f", str(layer), "--select", rule.id, "--today", "2026-11-22"]
        output = astrovet("scan", *words, "--format", "concise").stdout
        lines = [line for line in output.splitlines() if f" {rule.id} " in line]
        assert bool(lines) is is_reported, side
        assert not [line for line in lines if f" {rule.id} unknown " in line]
        assert " INP001 " not in output


@EVERY_RULE
def test_a_manual_stays_within_the_page(rule: Rule) -> None:
    assert [line for line in rule.manual.split("\n") if len(line) > 120 or line != line.rstrip()] == []


@EVERY_RULE
def test_a_manual_names_only_rules_that_are_planned(rule: Rule) -> None:
    assert set(re.findall(r"\b[A-Z]{3}\d{3}\b", rule.manual)) <= set(CATALOGUE)


@EVERY_RULE
def test_a_rule_cites_sources_that_are_known(rule: Rule) -> None:
    assert rule.sources
    assert [tag for tag in rule.sources if citation(tag) is None] == []
    assert len(set(rule.sources)) == len(rule.sources)


@EVERY_RULE
def test_a_rule_has_the_fixtures_it_owes(rule: Rule) -> None:
    kinds = {name.partition("-")[0] for name in make_rules.examples(rule)}
    reports = {"unknown" if BlindSpot in rule.on or rule.id in ONLY_ASK else "bad"}
    assert {*reports, "good"} <= kinds <= {"bad", "good", "unknown"}


def test_the_pages_are_those_that_the_rules_make() -> None:
    written = {path.name: path.read_text("utf-8") for path in make_rules.FOLDER.glob("*")}
    stale = sorted(name for name in PAGES.keys() | written.keys() if PAGES.get(name) != written.get(name))
    assert not stale, "docs/rules/ is not what the rules say; run `make docs`"


def test_writing_the_pages_removes_those_of_rules_that_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_rules, "FOLDER", tmp_path / "rules")
    make_rules.main()
    (tmp_path / "rules" / "REX999-gone.md").write_text("# REX999 gone\n")
    make_rules.main()
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "rules").iterdir()} == PAGES


@EVERY_RULE
def test_the_links_of_a_page_lead_somewhere(rule: Rule) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", PAGES[page_name(rule)])
    assert targets
    assert [target for target in targets if not (make_rules.FOLDER / target).is_dir()] == []


def test_the_index_lists_every_rule_by_family_severity_and_requirement() -> None:
    text = PAGES["README.md"]
    family, _, rest = text.partition("## By severity")
    severity, _, requirement = rest.partition("## By requirement")
    for rule in RULES:
        link = f"({page_name(rule)})"
        assert family.count(link) == 1
        assert severity.count(link) == 1
        assert requirement.count(link) == len(rule.when) + len(rule.raised)


@EVERY_RULE
def test_what_is_explained_is_the_page(rule: Rule) -> None:
    """The same words in the same order, without the links to the fixtures; only marks and line ends differ."""
    shown = astrovet("explain", rule.id, env={"COLUMNS": "70"}).output
    assert _words(shown) == _words(page(rule))
    code = [line for line in page(rule).splitlines() if line.startswith("    ")]
    assert [line for line in shown.splitlines() if line.startswith("    ")] == code
    too_long = [line for line in shown.splitlines() if len(line) > 70 and not line.startswith("    ")]
    assert not [line for line in too_long if " " in line.strip()]


def _words(text: str) -> list[str]:
    return re.sub(r"(?m)^#+ |\*\*|[<>]", "", text).casefold().split()


def test_a_page_says_what_a_rule_is() -> None:
    text = PAGES["REX001-secrets-backend-not-external.md"]
    for expected in (
        "# REX001 secrets-backend-not-external\n\nConnections and variables of an agent must come from",
        "- **Severity:** high; critical where `customer-execution-plane`, `hipaa` or `pci` is declared\n",
        "- **Speaks:** always\n",
        "- **Subject:** agent. The Helm values of one Remote Execution agent, merged.\n",
        "\n## Supports\n\nRequirements that can be declared: `customer-execution-plane`, `hipaa`, `pci`.\n",
        "it proves none of them:\n\n- DORA Art. 9, protection and prevention\n- SOC 2 CC6.1, logical access\n",
        "- **S003-10:** Remote Execution and Private Cloud require a secrets backend of the customer.",
        "- **P:apache-airflow-core:** The source of apache-airflow-core 3.3.2. Read November 2026.",
        "- Reported: [one worker](../../fixtures/rules/secrets-backend-not-external/bad-one-worker)",
    ):
        assert expected in text


def test_a_rule_that_needs_a_requirement_says_so() -> None:
    text = PAGES["REQ001-phi-on-shared-cluster.md"]
    assert "- **Speaks:** only where `hipaa` is declared\n" in text


def test_a_terminal_gets_code_and_tables_as_they_are() -> None:
    code = "    a long line of code\n\n    another:  1\n\n| a table | with columns |\n| - | - |"
    markdown = f"# A title\n\n## Why\nsome `code` and **more**\n\n{code}\n\n- one two three\n- x <https://a.example>\n"
    assert plain(markdown, 12) == (
        f"A title\n\nWHY\n\nsome `code`\nand more\n\n{code}\n\n- one two\n  three\n- x\n  https://a.example\n"
    )


def test_a_rule_of_somebody_else_is_explained_as_far_as_it_says(tmp_path: Path) -> None:
    pack = tmp_path / "ours.py"
    pack.write_text(
        '"""Deployments must be ours."""\n'
        "from astrovet import Deployment, Severity, rule\n"
        '@rule("ACM001", "be-ours", on=Deployment, severity=Severity.LOW, sources=["handbook 7.2"])\n'
        "def check(deployment, context):\n"
        "    yield from ()\n"
        "RULES = [check]\n"
    )
    output = astrovet("explain", "ACM001", "--rules", str(pack)).output
    assert output == (
        "ACM001 be-ours\n\nDeployments must be ours.\n\n- Severity: low\n- Speaks: always\n"
        "- Subject: deployment. An Airflow deployment on Astro.\n\nSOURCES\n\n- handbook 7.2\n"
    )


@pytest.mark.parametrize(
    "tag", ["S000-00", "S003-59", "S001-01", "C-15", "S003", "D:", "D", "P:unheard-of", "X:page", "TF schema", ""]
)
def test_an_unknown_source_is_not_made_up(tag: str) -> None:
    assert citation(tag) is None


@pytest.mark.parametrize(
    ("tag", "what", "address"),
    [
        ("S000-12", "tokens, connections and environment variables", "astro-security-compliance-overview"),
        ("S003-23", "communicates outbound only", "astro-deployment-model-security-guide"),
        ("C-02", "1.2 passes, unless 1.3 is declared", ""),
        ("T1", "chart 1.0.2", ""),
        ("TF", "1.5.2 of 12 August 2026", "terraform-provider-astro"),
        ("D:remote-execution-overview", "Read November 2026", "/docs/astro/remote-execution-overview"),
        ("DG:hipaa-compliance", "August 2024", "/astro/hipaa-compliance.md"),
        ("P:git", "apache-airflow-providers-git 1.0.1", "pypi.org/project/apache-airflow-providers-git/"),
        ("PLAN:errored-plan", "called errored-plan", ""),
        ("PSS restricted", "The level restricted", "kubernetes.io"),
    ],
)
def test_a_source_is_named_with_its_date_and_address(tag: str, what: str, address: str) -> None:
    source = citation(tag)
    assert source is not None
    assert what in source.what
    assert address in source.address
    assert bool(address) is bool(source.address)


def test_the_statements_are_counted_without_a_gap() -> None:
    for prefix, count in (("S000", 49), ("S003", 58)):
        assert [tag for tag in STATEMENTS if tag.startswith(prefix)] == [
            f"{prefix}-{number:02}" for number in range(1, count + 1)
        ]
    assert list(CONTRADICTIONS) == [f"C-{number:02}" for number in range(1, 15)]
    assert {text[-1] == "." for text in (*STATEMENTS.values(), *CONTRADICTIONS.values())} == {True}


def test_a_contradiction_names_statements_that_exist() -> None:
    named = {tag for text in CONTRADICTIONS.values() for tag in re.findall(r"S\d{3}-\d{2}", text)}
    assert named
    assert named <= set(STATEMENTS)


def test_rules_name_controls_that_the_table_explains() -> None:
    references = [control.reference for control in CONTROLS]
    assert len(set(references)) == len(references)
    for rule in RULES:
        assert set(rule.controls) <= set(references), rule.id
        assert len(set(rule.controls)) == len(rule.controls), rule.id


def test_a_control_says_which_attestation_it_rests_on() -> None:
    (rule,) = (rule for rule in RULES if rule.id == "REQ005")
    references = {control.reference: control.attestation for control in named(rule.controls)}
    assert references["45 CFR 164.312(d)"] == "sso"
    assert references["GDPR Art. 28"] == "dpa"
    assert references["45 CFR 164.308(b)(1)"] == ""
