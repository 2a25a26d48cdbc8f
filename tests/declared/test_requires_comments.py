"""Requirements in comments: what they hold for, and what is said of a slip in one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from astrovet.declared.annotations import RequiredWords, read_comments
from astrovet.declared.configuration import Config
from astrovet.declared.demands import with_demands
from astrovet.declared.scope import Scopes
from astrovet.document import Problem
from astrovet.formats.text_file import TextFile
from astrovet.model.deployment import Deployment
from astrovet.place import Place
from astrovet.readers.estate import build
from astrovet.readers.source_file import Role, SourceFile
from support import ROOT, astrovet, write

AGENT = (ROOT / "fixtures" / "rules" / "xcom-values-stay-in-astro" / "good-zero" / "values.yaml").read_text("utf-8")

DEPLOYMENT = """\
resource "astro_deployment" "claims" {
  name         = "claims"
  type         = "DEDICATED"
  cluster_id   = astro_cluster.claims.id
  workspace_id = astro_workspace.claims.id
}

resource "astro_deployment" "other" {
  name = "other"
  type = "STANDARD"
}

resource "astro_cluster" "claims" {
  name           = "claims"
  type           = "DEDICATED"
  cloud_provider = "AWS"
  region         = "eu-central-1"
}

resource "astro_workspace" "claims" {
  name = "claims"
}
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_WORKSPACE", raising=False)


def scan(*arguments: str) -> Result:
    return astrovet("scan", *(arguments or (".",)), "--today", "2026-11-22")


def required(*arguments: str) -> dict[str, list[str]]:
    """What is required of each subject that has requirements."""
    subjects = json.loads(scan(*(arguments or (".",)), "--format", "json").stdout)["subjects"]
    return {subject["id"]: subject["requires"] for subject in subjects if subject["requires"]}


def told(*arguments: str) -> list[str]:
    return scan(*(arguments or (".",)), "--format", "concise", "--select", "INP").stdout.splitlines()


def above(header: str, comment: str, text: str = DEPLOYMENT) -> str:
    assert header in text
    return text.replace(header, f"# astrovet: {comment}\n{header}")


# --- what they hold for


def test_above_a_deployment() -> None:
    write("main.tf", above('resource "astro_deployment" "claims"', "requires hipaa, pci"))
    assert required()["astro_deployment.claims"] == ["hipaa", "pci"]
    assert "astro_deployment.other" not in required()


@pytest.mark.parametrize("line", ['  name         = "claims"', "  workspace_id = astro_workspace.claims.id"])
def test_inside_a_deployment(line: str) -> None:
    write("main.tf", above(line, "requires dora"))
    assert required()["astro_deployment.claims"] == ["dora"]


def test_behind_the_header_of_a_deployment() -> None:
    header = 'resource "astro_deployment" "other" {'
    write("main.tf", DEPLOYMENT.replace(header, f"{header} # astrovet: requires gdpr"))
    assert required() == {"astro_deployment.other": ["gdpr"]}


@pytest.mark.parametrize("holder", ['resource "astro_cluster"', 'resource "astro_workspace"'])
def test_on_a_cluster_or_a_workspace_for_the_deployments_there(holder: str) -> None:
    write("main.tf", above(holder, "requires hipaa"))
    requirements = required()
    assert requirements["astro_deployment.claims"] == ["hipaa"]
    assert "astro_deployment.other" not in requirements


def test_on_a_module_call_for_all_below_it() -> None:
    write("modules/team/main.tf", DEPLOYMENT)
    write(
        "main.tf",
        '# astrovet: requires hipaa\nmodule "risk" {\n  source = "./modules/team"\n}\n\n'
        'module "web" {\n  source = "./modules/team"\n}\n',
    )
    requirements = required()
    assert requirements["module.risk.astro_deployment.other"] == ["hipaa"]
    assert not any(address.startswith("module.web") for address in requirements)


def test_in_the_sources_behind_a_plan() -> None:
    folder = ROOT / "fixtures" / "plans" / "standard-two-deployments"
    write("plan.json", (folder / "plan.json").read_text("utf-8"))
    text = (folder / "main.tf").read_text("utf-8")
    first = next(line for line in text.splitlines() if line.startswith('resource "astro_deployment"'))
    write("main.tf", above(first, "requires hipaa", text))
    address = ".".join(first.split('"')[1:4:2])
    requirements = required("--plan", "plan.json")
    assert [names for subject, names in requirements.items() if subject.startswith(address)] == [["hipaa"]]
    assert len(requirements) < text.count('resource "astro_deployment"') + 1


def test_anywhere_in_a_values_file_for_its_agents() -> None:
    write("helm/values.yaml", f"{AGENT}\n\n# astrovet: requires customer-execution-plane, hipaa\n")
    write("other/values.yaml", AGENT)
    assert required() == {"helm/values.yaml": ["customer-execution-plane", "hipaa"]}


def test_the_former_name_of_a_requirement_stands_for_it() -> None:
    write("helm/values.yaml", f"# astrovet: requires customer-data-plane\n{AGENT}")
    assert required() == {"helm/values.yaml": ["customer-execution-plane"]}
    write("helm/values.yaml", AGENT)
    assert required("--require", "customer-data-plane") == {"helm/values.yaml": ["customer-execution-plane"]}
    for name in ("customer-data-plane", "customer-execution-plane"):
        write(".astrovet.yaml", f"requires: [{name}]\n")
        assert required() == {"helm/values.yaml": ["customer-execution-plane"]}


def test_a_base_file_speaks_for_all_that_it_is_a_layer_of() -> None:
    write("values.yaml", f"# astrovet: requires soc2\n{AGENT}")
    write("values-prod.yaml", "# astrovet: requires hipaa\nlogLevel: INFO\n")
    assert required() == {"values.yaml + values-prod.yaml": ["hipaa", "soc2"]}


def test_values_of_private_cloud() -> None:
    write("values.yaml", "# astrovet: requires dora\nglobal:\n  baseDomain: astro.example\n  plane: {mode: control}\n")
    assert required() == {"values.yaml": ["dora"]}
    (subject,) = json.loads(scan(".", "--format", "json").stdout)["subjects"]
    assert (subject["model"], subject["name"]) == ("private-cloud", "astro.example")


def test_they_join_what_the_configuration_declares() -> None:
    write(".astrovet.yaml", "version: 1\nrequires: [soc2]\n")
    write("main.tf", above('resource "astro_deployment" "claims"', "requires hipaa"))
    assert required()["astro_deployment.claims"] == ["hipaa", "soc2"]
    assert required()["astro_deployment.other"] == ["soc2"]


def test_they_hold_where_waivers_do_not() -> None:
    write("main.tf", above('resource "astro_deployment" "other"', "requires hipaa"))
    assert "REQ001 critical" in scan(".", "--no-waivers", "--format", "concise").stdout


def test_the_days_of_audit_retention() -> None:
    text = above('resource "astro_deployment" "claims"', "requires audit-retention=400d")
    reading = build([SourceFile.of("main.tf", text.encode(), Role.FOUND)], ".")
    estate = with_demands(reading.estate, {"main.tf": read_comments(TextFile.of("main.tf", text))})
    claims, other = estate.of(Deployment)
    scopes = Scopes(estate, lambda _: Config())
    assert (scopes.of(claims).facts.audit_days, scopes.of(other).facts.audit_days) == (400, None)
    assert scopes.declared() == {"audit-retention"}


# --- slips


@pytest.mark.parametrize(
    ("comment", "line"),
    [
        ("requires hippa", "INP005 medium `hippa` is no requirement: nothing is required by it; did you mean `hipaa`?"),
        ("requires airgapped", "did you mean `air-gapped`?"),
        ("requires fedramp", "INP005 medium `fedramp` is no requirement: nothing is required by it; known are hipaa,"),
        ("requires", "INP006 high no requirement is named"),
        ("requires hipaa, (phi)", "INP006 high something else than names of requirements stands here"),
        ("requires audit-retention=1y", "INP006 high `audit-retention` takes days, as in 365d"),
        ("requires hipaa=yes", "INP006 high `hipaa` takes no value"),
        ("require hipaa", "did you mean `requires`?"),
    ],
)
def test_a_slip_is_told_at_the_comment(comment: str, line: str) -> None:
    write("main.tf", above('resource "astro_deployment" "claims"', comment))
    reason = told()[0]
    assert reason.startswith("main.tf:1:1: ")
    assert line in reason


def test_the_other_names_of_a_comment_with_a_slip_hold() -> None:
    write("main.tf", above('resource "astro_deployment" "claims"', "requires hippa, pci"))
    assert required()["astro_deployment.claims"] == ["pci"]


@pytest.mark.parametrize("text", ["# astrovet: requires hipaa\n\n", "# astrovet: requires hipaa\nlocals { a = 1 }\n"])
def test_a_comment_on_nothing_that_can_satisfy_it_is_told(text: str) -> None:
    write("main.tf", f"{DEPLOYMENT}\n{text}")
    assert "this comment is on no resource, data source or module call: nothing is required by it" in told()[0]


def test_a_requirement_of_nothing_that_is_judged_is_told() -> None:
    text = f'{DEPLOYMENT}\nresource "random_id" "suffix" {{\n  byte_length = 4\n}}\n'
    write("main.tf", above('resource "random_id" "suffix"', "requires hipaa", text))
    (line, *_) = told()
    assert line.startswith("main.tf:24:1: INP006 ")
    assert line.endswith("nothing that is judged stands at this comment: nothing is required by it")
    write("main.tf", above('resource "astro_cluster" "claims"', "requires hipaa", text))
    assert not any("INP006" in line for line in told())


def test_what_a_comment_asks_people_to_attest_is_told_at_the_comment() -> None:
    write("main.tf", above('resource "astro_workspace" "claims"', "requires hipaa"))
    number = DEPLOYMENT.splitlines().index('resource "astro_workspace" "claims" {') + 1
    assert f"main.tf:{number}:1: REQ004 critical" in scan(".", "--format", "concise").stdout


def test_a_comment_on_one_of_several_possible_workspaces_is_undecided() -> None:
    text = DEPLOYMENT.replace("astro_workspace.claims.id", "var.workspace")
    text = text.replace('type         = "DEDICATED"', 'type         = "STANDARD"')
    write("main.tf", above('resource "astro_workspace" "claims"', "requires pci", text))
    write(
        "variables.tf",
        'variable "workspace" {\n  type = string\n}\n\nresource "astro_workspace" "web" {\n  name = "web"\n}\n',
    )
    assert "astro_deployment.claims" not in required()
    (line,) = (line for line in scan(".", "--format", "concise").stdout.splitlines() if "REQ003" in line)
    assert "REQ003 unknown a comment may require it" in line


def read_required(path: str, text: str) -> tuple[tuple[RequiredWords, ...], tuple[Problem, ...]]:
    """What comments of a text require, and what is wrong with them."""
    comments = read_comments(TextFile.of(path, text))
    return comments.required, comments.not_required


@pytest.mark.parametrize("text", ["a: 1 # astrovet: ignore[REX008]\n", "# we like astrovet: requires hipaa\n", "a: 1"])
def test_other_comments_require_nothing(text: str) -> None:
    assert read_required("values.yaml", text) == ((), ())


def test_json_has_no_comments() -> None:
    assert read_required("main.tf.json", '{"//": "# astrovet: requires hipaa"}') == ((), ())


def test_brackets_and_spaces_are_allowed() -> None:
    (words,), problems = read_required("values.yaml", "#astrovet:requires [HIPAA pci]\na: 1\n")
    assert (list(words.words), problems) == (["hipaa", "pci"], ())
    assert words.place == Place("values.yaml", 1, 1, 1, 31)


def test_a_run_without_such_comments_loads_nothing_for_them() -> None:
    write("values.yaml", AGENT)
    code = (
        "import sys; from astrovet.cli.scan import command\n"
        "try: command(['values.yaml'])\n"
        "except SystemExit: pass\n"
        "sys.exit('astrovet.declared.demands' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
