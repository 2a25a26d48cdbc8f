"""Waivers: how they are written, what they cover, when they count, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from astrovet.declared.annotations import Annotation, read_comments
from astrovet.document import Problem
from astrovet.formats.text_file import TextFile
from astrovet.secrecy import REDACTED, without_secrets
from support import ROOT, astrovet, write

pytestmark = pytest.mark.usefixtures("repository")

RULES = ROOT / "fixtures" / "rules"
GOOD = (RULES / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text()
BAD = GOOD.replace('value: "0"', 'value: "4096"')
WHY = 'until=2027-01-31 reason="the bucket is approved"'

# --- how they are written


def read_annotations(path: str, text: str) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    """The waivers in comments of a text, and what is wrong with what was to be one."""
    comments = read_comments(TextFile.of(path, text))
    return comments.waivers, comments.not_waivers


def covered(path: str, text: str) -> list[tuple[tuple[str, ...], tuple[int, int]]]:
    annotations, problems = read_annotations(path, text)
    assert not problems
    return [(annotation.rules, annotation.lines) for annotation in annotations]


YAML = """\
# astrovet: ignore[A]
commonEnv:
- name: ONE # astrovet: ignore[B]
  value: "1"

# astrovet: ignore[C]
# why it is so
workers:
  # astrovet: ignore[D]
  - name: default
    env: # astrovet: ignore[E]
      - name: TWO
        value: |
          # astrovet: ignore[NO]
          text
  - name: heavy
text: "no comment: # astrovet: ignore[NO]"
# astrovet: ignore-file[G]
"""


def test_a_comment_of_yaml_covers_a_key_with_its_value_or_an_item() -> None:
    assert covered("values.yaml", YAML) == [
        (("A",), (2, 4)),
        (("B",), (3, 4)),
        (("C",), (8, 16)),
        (("D",), (10, 15)),
        (("E",), (11, 15)),
        (("G",), (1, 19)),
    ]


def test_carriage_returns_and_a_byte_order_mark_change_nothing() -> None:
    assert covered("values.yaml", "\ufeff" + YAML.replace("\n", "\r\n")) == covered("values.yaml", YAML)


HCL = """\
# astrovet: ignore[A]
resource "astro_deployment" "claims" { // astrovet: ignore[B]
  # astrovet: ignore[C]
  environment_variables = [
    { key = "ONE", value = "1" }, # astrovet: ignore[D]
  ]
  /* astrovet: ignore[E] */ type = "STANDARD"
  /*
   * astrovet: ignore[F]
   */
  values = <<-EOT
    # astrovet: ignore[NO]
    commonEnv:
      - name: ONE
    other: "# astrovet: ignore[NO]"
  EOT
  name = "# astrovet: ignore[NO]"
}
"""


def test_a_comment_of_hcl_covers_an_argument_or_a_block() -> None:
    assert covered("main.tf", HCL) == [
        (("A",), (2, 18)),
        (("B",), (2, 18)),
        (("C",), (4, 6)),
        (("D",), (5, 5)),
        (("E",), (7, 7)),
        (("F",), (11, 16)),
    ]


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("ignore[A]", {}),
        ("ignore[A] reason=short", {"reason": "short"}),
        ("IGNORE [A] Reason='two words'", {"reason": "two words"}),
        (
            r'ignore[A] reason="a \"quoted\" word", owner=a@b.example',
            {"reason": 'a "quoted" word', "owner": "a@b.example"},
        ),
        ("ignore[A] until=2028-02-29", {"until": "2028-02-29"}),
        ('ignore[A] reason=""', {"reason": ""}),
    ],
)
def test_options_are_bare_or_quoted(said: str, options: Mapping[str, str]) -> None:
    (annotation,), problems = read_annotations("values.yaml", f"a: b # astrovet: {said}\n")
    assert (annotation.options, problems) == (options, ())


def test_several_rules_stand_in_one_bracket() -> None:
    assert covered("a.tf", "# astrovet:ignore[REX008, AST  xcom-values-stay-in-astro,AST]\na = 1\n") == [
        (("REX008", "AST", "xcom-values-stay-in-astro"), (2, 2))
    ]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("astrovet: ingore[A]", "`ingore` is no word that astrovet knows; did you mean `ignore`?"),
        ("astrovet: whatever", "no word that astrovet knows stands here; known are ignore, ignore-file, requires"),
        ("astrovet:", "no word that astrovet knows stands here; known are ignore, ignore-file, requires"),
        ("astrovet ignore[A]", "a colon is missing behind `astrovet`"),
        ("astrovet: ignore", "the rules are not named in brackets"),
        ("astrovet: ignore A", "the rules are not named in brackets"),
        ("astrovet: ignore[A", "the bracket around the rules is never closed"),
        ("astrovet: ignore[ ]", "no rule is named in the brackets"),
        ("astrovet: ignore[*]", "the brackets hold something else than ids, names and prefixes of rules"),
        ("astrovet: ignore[A] because it is so", "what follows the rules is not understood"),
        ("astrovet: ignore[A] reason=two words", "what follows the rules is not understood"),
        ('astrovet: ignore[A] reason="never closed', "what follows the rules is not understood"),
        ("astrovet: ignore[A] untill=2027-01-31", "`untill` is no part of a waiver; did you mean `until`?"),
        ("astrovet: ignore[A] ticket=7", "no part of a waiver stands here; known are reason, owner, until"),
        ("astrovet: ignore[A] owner=a owner=b", "`owner` stands here twice"),
        ("astrovet: ignore[A] until=2027-02-29", "`until` is no day of the calendar"),
        ("astrovet: ignore[A] until=20270228", "`until` is no day of the calendar"),
    ],
)
@pytest.mark.parametrize(("path", "line"), [("values.yaml", "a: b"), ("main.tf", "a = 1")])
def test_what_is_not_understood_is_told(said: str, message: str, path: str, line: str) -> None:
    annotations, (problem,) = read_annotations(path, f"x{line}\n{line} # {said}\n")
    assert (annotations, problem.why) == ((), message)
    assert str(problem.place) == f"{path}:2:{len(line) + 2}"


@pytest.mark.parametrize("below", ["\n\na: b\n", "\n", "", "\n# more\n\na: b\n"])
def test_a_comment_above_nothing_is_told(below: str) -> None:
    _, (problem,) = read_annotations("values.yaml", f"a: b\n# astrovet: ignore[A]{below}")
    assert problem.why == "nothing begins on the line below this comment: it covers nothing"
    assert "ignore-file[…]" in problem.how


@pytest.mark.parametrize(
    "text", ["# astrovet: requires hipaa\na: b\n", "# we like astrovet: much\na: b\n", "a: astrovet\n"]
)
def test_what_is_no_waiver_is_left_alone(text: str) -> None:
    assert read_annotations("values.yaml", text) == ((), ())


@pytest.mark.parametrize(("path", "line"), [("values.yaml", "a: b"), ("main.tf", "a = 1")])
def test_another_tool_may_speak_before_it(path: str, line: str) -> None:
    assert covered(path, f"{line} # tool:skip=X # astrovet: ignore[A]\n") == [(("A",), (1, 1))]


def test_json_has_no_comments() -> None:
    assert read_annotations("main.tf.json", '{"//": "# astrovet: ignore[A"}\n') == ((), ())


@given(
    st.text(alphabet="astrovet: ignore[]REX=\"'\\\n#/*-{}\t\r$%<EOT", max_size=80), st.sampled_from(["a.yaml", "a.tf"])
)
def test_reading_never_fails_and_stays_inside_the_file(noise: str, path: str) -> None:
    text = f"{noise}\n# astrovet: ignore[REX008]{noise}"
    annotations, problems = read_annotations(path, text)
    count = text.count("\n") + 1
    assert all(1 <= annotation.lines[0] <= annotation.lines[1] <= count for annotation in annotations)
    places = [*(annotation.place for annotation in annotations), *(problem.place for problem in problems)]
    assert all(1 <= place.line <= count for place in places)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40))
def test_a_comment_that_begins_with_the_name_is_never_passed_over(said: str) -> None:
    annotations, problems = read_annotations("values.yaml", f"a: b # astrovet: {said}\n")
    assert len(annotations) + len(problems) == 1 or said.strip().lower().startswith("requires")


# --- what they cover, and when they count

Scan = Callable[..., Result]
Write = Callable[[str, str], None]


def scan(*words: str, select: str = "REX008,WVR,INP", today: str = "2026-11-22") -> Result:
    result = astrovet("scan", *words, "--select", select, "--today", today)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def lines(*words: str, select: str = "REX008,WVR,INP", today: str = "2026-11-22") -> list[str]:
    """The concise lines of findings, waived ones included, without their messages."""
    shown = scan(*(words or (".",)), "--format=concise", "--show=waived", select=select, today=today).stdout
    said = [" ".join(line.split()[:3]) for line in shown.splitlines()[:-1] if not line.startswith("note: ")]
    return [line for line in said if " " in line]


def with_comment(comment: str, values: str = BAD, above: str = '    value: "4096"') -> str:
    return values.replace(above, f"    {comment}\n{above}")


def test_a_waived_finding_is_counted_and_fails_nothing() -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX008] {WHY}"))
    result = scan(".")
    assert result.exit_code == 0
    assert result.stdout.endswith("No findings; 1 waived.\n")
    assert "the bucket is approved" not in result.stdout


@pytest.mark.parametrize("words", [["--show", "waived"], ["-v"]])
def test_waived_findings_are_listed_with_their_reasons(words: list[str]) -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX008] {WHY} owner=data@example.com"))
    shown = " ".join(scan(".", *words).stdout.split())
    assert "Waived: values.yaml:16:12: REX008 waived " in shown
    assert "; accepted: the bucket is approved, data@example.com, until 2027-01-31 (values.yaml:15:5)" in shown


@pytest.mark.parametrize("selector", ["REX008", "rex008", "REX", "xcom-values-stay-in-astro", "AST, REX00"])
def test_rules_are_named_by_id_prefix_or_name(selector: str) -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[{selector}] {WHY}"))
    assert "values.yaml:16:12: REX008 waived" in lines(select="REX008,INP")


def test_no_waivers_shows_everything() -> None:
    write("values.yaml", with_comment("# astrovet: ignore[REX008, NO] and so on"))
    assert lines("--no-waivers") == ["values.yaml:16:12: REX008 high"]


def test_json_says_who_accepts_it() -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX008] {WHY}"))
    report = json.loads(scan(".", "--format=json").stdout)
    (verdict,) = report["verdicts"]
    assert (report["result"], report["summary"]["waived"], verdict["verdict"]) == ("pass", 1, "waived")
    assert verdict["waiver"]["reason"] == "the bucket is approved"
    assert (verdict["waiver"]["until"], verdict["waiver"]["is_comment"]) == ("2027-01-31", True)
    assert verdict["waiver"]["place"]["line"] == 15


def sarif(*words: str) -> Any:
    (run,) = json.loads(scan(*words, "--format=sarif").stdout)["runs"]
    (result,) = [result for result in run["results"] if result["ruleId"] == "REX008"]
    (suppression,) = result["suppressions"]
    return suppression


def test_sarif_has_a_suppression_in_the_source() -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX008] {WHY}"))
    suppression = sarif(".")
    assert (suppression["kind"], suppression["justification"]) == ("inSource", "the bucket is approved")
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 15


def configured(at: str, more: str = "until: 2027-01-31", rule: str = "REX008") -> None:
    entry = f"waivers:\n  - rule: {rule}\n    at: {at}\n    reason: the bucket is approved\n    {more}\n"
    write(".astrovet.yaml", f"version: 1\n{entry}")


def test_sarif_has_an_external_suppression_for_the_configuration() -> None:
    write("values.yaml", BAD)
    configured("values.yaml")
    assert sarif(".")["kind"] == "external"


@pytest.mark.parametrize("at", ["helm/claims.yaml", "helm", "helm/", '"*.yaml"', '["x", "helm/*"]', '"*"'])
def test_an_entry_of_the_configuration_means_paths(at: str) -> None:
    write("helm/claims.yaml", BAD)
    configured(at)
    assert "helm/claims.yaml:15:12: REX008 waived" in lines()


@pytest.mark.parametrize("at", ["values.yaml", "claims", "helm/claims", "claims.yaml"])
def test_other_paths_are_not_meant(at: str) -> None:
    write("helm/claims.yaml", BAD)
    configured(at)
    assert "helm/claims.yaml:15:12: REX008 high" in lines()


def test_paths_count_from_the_configuration_wherever_the_scan_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    write("helm/claims.yaml", BAD)
    configured("helm/claims.yaml")
    monkeypatch.chdir("helm")
    assert lines() == ["claims.yaml:15:12: REX008 waived"]
    Path("../other").mkdir()
    monkeypatch.chdir("../other")
    assert lines("../helm/claims.yaml") == ["../helm/claims.yaml:15:12: REX008 waived"]


def test_an_entry_means_nothing_below_another_configuration() -> None:
    write("other/values.yaml", BAD)
    write("other/.astrovet.yaml", "version: 1\n")
    configured('"*"')
    assert "other/values.yaml:15:12: REX008 high" in lines()


MAIN = """\
terraform {
  required_providers {
    astro = { source = "astronomer/astro" }
  }
}
module "risk" {
  source   = "./team"
  for_each = toset(["eu", "us"])
  name     = each.key
}
module "finance" {
  source = "./team"
  name   = "finance"
}
"""
TEAM = """\
terraform {
  required_providers {
    astro = { source = "astronomer/astro" }
  }
}
variable "name" {}
resource "astro_workspace" "this" {
  name                  = var.name
  description           = "team"
  cicd_enforced_default = true
}
resource "astro_api_token" "ci" {
  name  = var.name
  type  = "WORKSPACE"
  roles = [{ entity_id = astro_workspace.this.id, entity_type = "WORKSPACE", role = "WORKSPACE_AUTHOR" }]
}
"""
TOKENS = "AST006"


def team(main: str = MAIN, module: str = TEAM) -> None:
    write("main.tf", main)
    write("team/main.tf", module)


def verdicts(select: str = TOKENS, *words: str) -> dict[str, str]:
    """What is said of each instance."""
    report = json.loads(scan(*(words or (".",)), "--format=json", select=select).stdout)
    return {
        instance: verdict["verdict"]
        for verdict in report["verdicts"]
        for instance in verdict["instances"] or [verdict["subject"]]
        if verdict["rule"] == select
    }


EU, US = (f'module.risk["{key}"].astro_api_token.ci' for key in ("eu", "us"))
FINANCE = "module.finance.astro_api_token.ci"


def test_a_comment_above_a_module_call_covers_what_is_called() -> None:
    team(MAIN.replace('module "risk"', f'# astrovet: ignore[AST006] {WHY}\nmodule "risk"'))
    assert verdicts() == {EU: "waived", US: "waived", FINANCE: "fail"}


def test_a_comment_in_a_module_covers_every_call() -> None:
    team(
        module=TEAM.replace(
            'resource "astro_api_token"', f'# astrovet: ignore[AST006] {WHY}\nresource "astro_api_token"'
        )
    )
    assert verdicts() == {EU: "waived", US: "waived", FINANCE: "waived"}


@pytest.mark.parametrize(
    ("at", "waived"),
    [
        ("'module.risk[\"eu\"].astro_api_token.ci'", {EU}),
        ("'module.risk[\"eu\"]'", {EU}),
        ("'module.risk[*].astro_api_token.ci'", {EU, US}),
        ("module.risk", {EU, US}),
        ("module.*", {EU, US, FINANCE}),
        ("module.fin", set()),
        ("module.risk.astro_api_token.ci", {EU, US}),
        ("team/main.tf", {EU, US, FINANCE}),
        ("main.tf", {EU, US, FINANCE}),  # the calls are there
    ],
)
def test_an_entry_means_addresses_and_splits_a_block_by_instances(at: str, waived: set[str]) -> None:
    team()
    configured(at, rule="AST006")
    assert {address for address, verdict in verdicts().items() if verdict == "waived"} == waived


CALL = 'module "eu_team"'


def plan(name: str, change: Callable[[str], str] = lambda text: text) -> None:
    """A plan beside its sources, which Terraform made."""
    folder = ROOT / "fixtures" / "plans" / name
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            text = file.read_text()
            write(str(file.relative_to(folder)), change(text) if file.suffix == ".tf" else text)


def test_a_plan_finds_the_waivers_of_its_sources() -> None:
    plan("modules-nested", lambda text: text.replace(CALL, f"# astrovet: ignore[AST006] {WHY}\n{CALL}"))
    by_address = verdicts(TOKENS, "--plan", "plan.json")
    assert {address for address, verdict in by_address.items() if verdict == "waived"} == {
        "module.eu_team[0].astro_api_token.ci"
    }
    assert set(by_address.values()) == {"waived", "fail"}


def test_a_slip_in_the_sources_behind_a_plan_is_told() -> None:
    plan(
        "modules-nested", lambda text: text.replace('module "eu_team"', '# astrovet: ingore[AST006]\nmodule "eu_team"')
    )
    assert "main.tf:43:1: INP005 medium" in lines("--plan", "plan.json")


def test_a_clean_plan_tells_of_an_idle_waiver_in_its_sources() -> None:
    plan(
        "modules-nested", lambda text: text.replace('module "eu_team"', '# astrovet: ignore[AST001]\nmodule "eu_team"')
    )
    assert "main.tf:43:1: WVR001 low" in lines("--plan", "plan.json", select="AST001,WVR")


def test_modules_of_others_waive_nothing() -> None:
    """What `terraform init` fetched was written by somebody else."""
    plan("modules-nested")
    fetched = ".terraform/modules/team"
    write(".terraform/modules/modules.json", json.dumps({"Modules": [{"Key": "team", "Dir": fetched}]}))
    write(f"{fetched}/main.tf", f"# astrovet: ignore-file[AST006] {WHY}\n{Path('modules/team/main.tf').read_text()}")
    text = Path("plan.json").read_text().replace('"source":"./modules/team"', '"source":"example/team/astro"')
    write("plan.json", text)
    answers = json.loads(scan("--plan", "plan.json", "--format=json", select=TOKENS).stdout)["verdicts"]
    assert any(answer["place"]["path"] == f"{fetched}/main.tf" for answer in answers)
    assert {answer["verdict"] for answer in answers} == {"fail"}


def test_sources_name_the_calls_as_a_plan_does() -> None:
    plan("modules-nested")
    sources = json.loads(scan(".", "--exclude", "plan.json", "--format=json", select=TOKENS).stdout)["verdicts"]
    planned = json.loads(scan("--plan", "plan.json", "--format=json", select=TOKENS).stdout)["verdicts"]
    assert [verdict["related"] for verdict in sources] == [verdict["related"] for verdict in planned]
    assert [verdict["fingerprint"] for verdict in sources] == [verdict["fingerprint"] for verdict in planned]


def test_a_call_of_one_root_module_accepts_nothing_for_another_one() -> None:
    """Both call one module by one name: a comment on the call of one of them is no word of the other."""
    waived = MAIN.replace("./team", "../team").replace("module", f"# astrovet: ignore[AST006] {WHY}\nmodule")
    write("dev/main.tf", waived)
    write("prod/main.tf", MAIN.replace("./team", "../team"))
    write("team/main.tf", TEAM)
    report = json.loads(scan(".", "--format=json", select=TOKENS).stdout)
    said = {
        (verdict["verdict"], note["place"]["path"])
        for verdict in report["verdicts"]
        for note in verdict["related"]
        if verdict["rule"] == TOKENS and note["message"] == "called from here"
    }
    assert said == {("fail", "prod/main.tf"), ("waived", "dev/main.tf")}


DEPLOYMENT = """\
resource "astro_deployment" "claims" {
  name             = "claims-prod"
  type             = "DEDICATED"
  remote_execution = { enabled = true }
}
"""


@pytest.mark.parametrize("at", ["claims-prod", "claims-*", "astro_deployment.claims"])
def test_an_entry_for_a_deployment_covers_the_agent_that_serves_it(at: str) -> None:
    write("terraform/main.tf", DEPLOYMENT)
    write("helm/values.yaml", BAD)
    configured(at)
    assert "helm/values.yaml:15:12: REX008 waived" in lines()


def test_an_entry_for_an_agent_covers_it_by_its_name() -> None:
    write("helm/values.yaml", BAD)
    configured("claims-agent", "until: 2027-01-31\nagents: [{name: claims-agent, values: [helm/values.yaml]}]")
    assert "helm/values.yaml:15:12: REX008 waived" in lines()


@pytest.mark.parametrize(("selector", "verdict"), [("REQ002", "waived"), ("REQ", "fail")])
def test_a_related_place_carries_a_waiver_that_names_the_rule(selector: str, verdict: str) -> None:
    """A prefix means what stands there, not what only mentions it."""
    write("main.tf", SHARED.replace("# here", f"# astrovet: ignore[{selector}] {WHY}"))
    write(".astrovet.yaml", "version: 1\ndeployments: [{match: claims, requires: [hipaa]}]\n")
    answers = json.loads(scan(".", "--format=json", select="REQ002").stdout)["verdicts"]
    (shared,) = [answer for answer in answers if answer["related"]]
    assert shared["verdict"] == verdict


SHARED = """\
resource "astro_workspace" "claims" {
  name = "claims"
}
resource "astro_workspace" "web" {
  name = "web"
}
resource "astro_cluster" "shared" {
  name           = "shared"
  cloud_provider = "AWS"
  region         = "eu-central-1"
  workspace_ids  = [astro_workspace.claims.id, astro_workspace.web.id]
}
resource "astro_deployment" "claims" {
  name         = "claims"
  type         = "DEDICATED"
  cluster_id   = astro_cluster.shared.id
  workspace_id = astro_workspace.claims.id
}
# here
resource "astro_deployment" "web" {
  name         = "web"
  type         = "DEDICATED"
  cluster_id   = astro_cluster.shared.id
  workspace_id = astro_workspace.web.id
}
"""


def notes(*words: str, select: str = "REX008,WVR,INP") -> list[str]:
    report = json.loads(scan(*(words or (".",)), "--format=json", select=select).stdout)
    return [note["message"] for verdict in report["verdicts"] for note in verdict["related"]]


def test_an_ended_waiver_does_not_count_and_its_finding_says_so() -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX008] {WHY}"))
    assert lines(today="2027-01-31") == ["values.yaml:16:12: REX008 waived"]
    assert lines(today="2027-02-01") == ["values.yaml:15:5: WVR002 medium", "values.yaml:16:12: REX008 high"]
    shown = scan(".", today="2027-02-01").stdout
    assert shown.count("also: values.yaml:15:5 a waiver for it stands here, and does not count: it") == 1


def test_without_a_reason_it_counts_only_where_nothing_is_required() -> None:
    write("values.yaml", with_comment("# astrovet: ignore[REX008] until=2027-01-31"))
    assert lines() == ["values.yaml:15:5: WVR003 medium", "values.yaml:16:12: REX008 waived"]
    assert lines(".", "--require=soc2") == ["values.yaml:15:5: WVR003 high", "values.yaml:16:12: REX008 high"]
    assert "a waiver for it stands here, and does not count: it has no reason, and soc2 is declared" in notes(
        ".", "--require=soc2"
    )


def test_what_is_never_waived_is_reported_whatever_is_said() -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX008] {WHY}"))
    write(".astrovet.yaml", "version: 1\nrules: {never-waive: [xcom-values-stay-in-astro]}\n")
    assert lines() == ["values.yaml:15:5: WVR004 high", "values.yaml:16:12: REX008 high"]
    assert "a waiver for it stands here, and does not count: REX008 is never waived" in notes()


def test_a_prefix_covers_all_but_what_is_never_waived() -> None:
    write("values.yaml", f"# astrovet: ignore-file[INP] {WHY}\n{GOOD}agentToken: x: y\n")
    assert [line.split()[1] for line in lines("values.yaml", select="INP,WVR")] == ["INP001"]


def test_the_narrowest_comment_comes_before_the_configuration() -> None:
    text = with_comment('# astrovet: ignore[REX008] until=2027-01-31 reason="the line"')
    write("values.yaml", f'# astrovet: ignore-file[REX008] until=2027-01-31 reason="the file"\n{text}')
    configured("values.yaml")
    (verdict,) = json.loads(scan(".", "--format=json").stdout)["verdicts"]
    assert verdict["waiver"]["reason"] == "the line"


def test_an_unknown_rule_in_a_comment_is_told_and_the_others_count() -> None:
    write("values.yaml", with_comment(f"# astrovet: ignore[REX08, REX008] {WHY}"))
    result = scan(".", "--format=concise", "--show=waived")
    assert "values.yaml:15:5: INP005 medium no rule is called 'REX08': nothing is waived by it" in result.stdout
    assert "values.yaml:16:12: REX008 waived" in result.stdout


def test_undecided_verdicts_are_not_waived() -> None:
    text = GOOD.replace('value: "0"', "valueFrom: {configMapKeyRef: {name: xcom, key: threshold}}")
    write("values.yaml", f"# astrovet: ignore-file[REX008] {WHY}\n{text}")
    assert [line.split()[1:] for line in lines()] == [["REX008", "unknown"]]


def test_a_variable_file_is_read_too() -> None:
    team()
    write("terraform.tfvars", '# astrovet: ingore[AST006]\nname = "x"\n')
    assert "terraform.tfvars:1:1: INP005 medium" in lines(select="AST006,INP005")


# --- the configuration


def refused(text: str) -> list[str]:
    write("values.yaml", BAD)
    write(".astrovet.yaml", text)
    result = scan(".")
    assert result.exit_code == 2
    assert not result.stdout
    return result.stderr.splitlines()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("waivers: [{rule: REX-008, at: x}]", ".astrovet.yaml:1:11: no rule is called 'REX-008'; did you mean REX008?"),
        ("rules: {ignore: [REXX]}", ".astrovet.yaml:1:18: no rule is called 'REXX'; "),
        ("rules: {never-waive: [nothing]}", ".astrovet.yaml:1:23: no rule is called 'nothing'"),
        ("rules: {severity: {REX-008: low}}", ".astrovet.yaml:1:20: no rule is called 'REX-008'; did you mean REX008?"),
        ("rules: {severity: {REX008: hihg}}", ".astrovet.yaml:1:28: unknown severity 'hihg'; did you mean 'high'?"),
        ("rules: {severity: {REX008: never}}", ".astrovet.yaml:1:28: unknown severity 'never'"),
        ("rules: {sevreity: {}}", ".astrovet.yaml:1:9: unknown key 'sevreity'; did you mean 'severity'?"),
        ("waivers: [{rule: REX008}]", ".astrovet.yaml:1:11: the key 'at' is missing"),
        ("waivers: [{at: x}]", ".astrovet.yaml:1:11: the key 'rule' is missing"),
        ("waivers: [{rule: [], at: x}]", ".astrovet.yaml:1:18: this must not be empty"),
        ("waivers: [{rule: 7, at: x}]", ".astrovet.yaml:1:18: a text or a list is expected here"),
        (
            "waivers: [{rule: REX008, at: x, untill: y}]",
            ".astrovet.yaml:1:33: unknown key 'untill'; did you mean 'until'?",
        ),
        (
            "waivers: [{rule: REX008, at: x, until: 2027-02-29}]",
            ".astrovet.yaml:1:40: this is no day of the calendar; write it as 2027-01-31",
        ),
        ("waiver-policy: {until: sometimes}", ".astrovet.yaml:1:24: unknown severity 'sometimes'"),
    ],
)
def test_a_slip_in_the_configuration_ends_the_run(text: str, message: str) -> None:
    (line,) = refused(f"{text}\n")
    assert line.startswith(message)


def test_pyproject_has_waivers_with_days_of_toml() -> None:
    write("values.yaml", BAD)
    write(
        "pyproject.toml",
        '[[tool.astrovet.waivers]]\nrule = "REX008"\nat = "values.yaml"\nreason = "approved"\nuntil = 2027-01-31\n',
    )
    assert lines(today="2027-01-31") == ["values.yaml:15:12: REX008 waived"]
    assert "values.yaml:15:12: REX008 high" in lines(today="2027-02-01")


def test_rules_that_the_configuration_ignores_do_not_run_unless_selected() -> None:
    write("values.yaml", BAD)
    write(".astrovet.yaml", "version: 1\nrules: {ignore: [REX, INP001]}\n")
    result = astrovet("scan", ".", "--format=concise")
    assert " REX" not in result.stdout
    assert "values.yaml:15:12: REX008 high" in lines(select="REX008")
    write("values.yaml", "a: [")
    assert " INP001 " in astrovet("scan", "values.yaml", "--format=concise").stdout


def test_rules_are_ignored_only_below_their_configuration() -> None:
    write("one/values.yaml", BAD)
    write("one/.astrovet.yaml", "version: 1\nrules: {ignore: [REX008]}\n")
    write("two/values.yaml", BAD)
    shown = astrovet("scan", ".", "--format=concise").stdout
    assert "two/values.yaml:15:12: REX008 high" in shown
    assert "one/values.yaml:15:12" not in shown


def test_the_user_has_the_last_word_on_a_severity() -> None:
    write("values.yaml", BAD)
    write(".astrovet.yaml", "version: 1\nrequires: [hipaa]\nrules: {severity: {REX: info, REX008: low}}\n")
    assert lines(select="REX008") == ["values.yaml:15:12: REX008 low"]


# --- what may be shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the node pool enforces it: see OPS-12", "the node pool enforces it: see OPS-12"),
        ("password=hunter2 is old", f"password={REDACTED} is old"),
        ("the token: hunter2", f"the token: {REDACTED}"),
        ("see https://svc:hunter2@git.example.com/x for it", f"see {REDACTED} for it"),
        ('{"client_secret": "hunter2hunter2"}', REDACTED),
        ("-----BEGIN RSA PRIVATE KEY----- hunter2", REDACTED),
    ],
)
def test_a_reason_is_shown_without_secrets(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
