"""What is declared is judged once for each scope, wherever it is declared, and costs nothing where nothing is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from astrovet.model.facts import Attestation, Facts, attested
from astrovet.place import Place
from support import ROOT, astrovet

PROVIDER = 'terraform {\n  required_providers {\n    astro = { source = "astronomer/astro" }\n  }\n}\n'
HIPAA = "plan-tier: business\nrequires: [hipaa]\n"


def deployment(label: str, kind: str = "DEDICATED", description: str = "Airflow") -> str:
    return f"""
resource "astro_deployment" "{label}" {{
  name         = "{label}-prod"
  description  = "{description}"
  type         = "{kind}"
  cluster_id   = "clv17vgft000801kkydsws63x"
  workspace_id = "clnp86ly5000401ndaga21g81"
}}
"""


def write(folder: Path, text: str, config: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(PROVIDER + text)
    if config:
        (folder / ".astrovet.yaml").write_text(config)


def scan(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.chdir(folder)
    words = [*arguments, "--format", "json", "--today", "2026-11-22"]
    return json.loads(astrovet("scan", *words).stdout)


def fails(report: Any, rule: str) -> list[Any]:
    return [verdict for verdict in report["verdicts"] if verdict["rule"] == rule and verdict["verdict"] == "fail"]


def test_ten_deployments_without_an_agreement_are_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "".join(deployment(f"claims{number}") for number in range(10)), HIPAA)
    (finding,) = fails(scan(tmp_path, monkeypatch), "REQ004")
    assert sorted(finding["instances"]) == [f"astro_deployment.claims{number}" for number in range(10)]
    assert (finding["place"]["path"], finding["place"]["line"]) == (".astrovet.yaml", 2)
    assert finding["requirements"] == ["hipaa"]


def test_each_configuration_is_a_scope_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = "attestations:\n  - {what: baa, owner: privacy@example.com, signed: 2026-03-01}\n"
    write(tmp_path / "claims", deployment("claims"), HIPAA)
    write(tmp_path / "trials", deployment("trials"), HIPAA + signed)
    write(tmp_path / "studies", deployment("studies"), HIPAA)
    failures = fails(scan(tmp_path, monkeypatch), "REQ004")
    assert {failure["place"]["path"] for failure in failures} == {"claims/.astrovet.yaml", "studies/.astrovet.yaml"}


def test_an_attestation_is_asked_for_the_sake_of_its_requirement_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, deployment("claims"), "plan-tier: business\nrequires: [hipaa, gdpr, soc2]\n")
    asked = {
        failure["message"].split("`")[1]: failure["requirements"]
        for failure in fails(scan(tmp_path, monkeypatch), "REQ005")
    }
    of_hipaa = {what: ["hipaa"] for what in ("sso", "phi-handling", "cloud-baa")}
    assert asked == of_hipaa | {"dpa": ["gdpr"], "mfa": ["hipaa", "soc2"]}


def test_the_finding_survives_moved_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, deployment("claims"), HIPAA)
    (before,) = fails(scan(tmp_path, monkeypatch), "REQ004")
    write(tmp_path, deployment("claims"), "# contract 4711\n\n" + HIPAA)
    (after,) = fails(scan(tmp_path, monkeypatch), "REQ004")
    assert before["place"] != after["place"]
    assert before["fingerprint"] == after["fingerprint"]


def test_a_settings_file_in_toml_has_no_lines_and_is_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, deployment("claims"))
    (tmp_path / "pyproject.toml").write_text('[tool.astrovet]\nrequires = ["hipaa"]\nplan-tier = "business"\n')
    (finding,) = fails(scan(tmp_path, monkeypatch), "REQ004")
    assert finding["place"]["path"] == "pyproject.toml"


@pytest.mark.parametrize(
    ("label", "description", "config", "hinted"),
    [
        pytest.param("patient_intake", "Airflow", "", True, id="in the name"),
        pytest.param("intake", "Nightly loads from the EHR", "", True, id="in the description"),
        pytest.param("graphics", "Philadelphia office", "", False, id="as a part of a word"),
        pytest.param("patient_intake", "Airflow", HIPAA, False, id="declared"),
    ],
)
def test_what_sounds_of_phi_with_nothing_declared_is_noted(
    label: str, description: str, config: str, hinted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, deployment(label, description=description), config)
    notes = [note for note in scan(tmp_path, monkeypatch)["notes"] if "may hold PHI" in note]
    assert bool(notes) is hinted


def test_it_is_noted_once_and_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "".join(deployment(f"clinical_{number}") for number in range(3)))
    report = scan(tmp_path, monkeypatch)
    (note,) = [note for note in report["notes"] if "may hold PHI" in note]
    assert note.startswith("astro_deployment.clinical_0 and 2 more ")
    assert not [
        verdict for verdict in report["verdicts"] if verdict["rule"].startswith("REQ") and verdict["verdict"] == "fail"
    ]


def test_where_nothing_is_declared_no_rule_about_declarations_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, deployment("reports"))
    code = "import atexit, sys; atexit.register(lambda: print('astrovet_rules.requirements' in sys.modules))\n"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "linter"), str(ROOT / "rules")))}
    for arguments, loaded in (((), "False"), (("--require", "soc2"), "True")):
        done = subprocess.run(
            [sys.executable, "-c", code + "from astrovet.cli import main; main()", "scan", "--exit-zero", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == loaded


def attestation(owner: str = "it@example.com", signed: str = "2026-01-01", until: str = "") -> Attestation:
    return Attestation("sso", owner, signed, until, "", Place(".astrovet.yaml"))


@pytest.mark.parametrize(
    ("attestation", "today", "ended"),
    [
        pytest.param(attestation(until="2026-11-22"), "2026-11-22", False, id="its last day"),
        pytest.param(attestation(until="2026-11-21"), "2026-11-22", True, id="the day after"),
        pytest.param(attestation(signed="2025-11-22"), "2026-11-22", False, id="365 days old"),
        pytest.param(attestation(signed="2025-11-21"), "2026-11-22", True, id="366 days old"),
        pytest.param(attestation(signed="2020-01-01", until="2030-01-01"), "2026-11-22", False, id="a far end counts"),
        pytest.param(attestation(signed=""), "2026-11-22", False, id="no day at all"),
    ],
)
def test_when_an_attestation_ends(attestation: Attestation, today: str, ended: bool) -> None:
    assert attestation.has_ended(today, 365) is ended


def test_of_several_attestations_the_one_that_holds_and_says_most_counts() -> None:
    old, bare, whole = attestation(until="2026-06-30"), attestation(owner=""), attestation(signed="2026-07-01")
    assert attested((old, bare, whole), "sso", "2026-11-22", 365) == whole
    assert attested((old, bare), "sso", "2026-11-22", 365) == bare
    assert attested((old,), "sso", "2026-11-22", 365) == old
    assert attested((old,), "baa", "2026-11-22", 365) is None


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("13.2.0", "3.1"),
        ("12.9.0", "13.0.0"),
        ("3.1-4", "3.2"),
        ("3.1-4", "3.1-12"),
        ("13.2.0-base", "3.0-1"),
        ("13", "3"),
    ],
)
def test_of_two_oldest_runtimes_the_newer_one_holds(older: str, newer: str) -> None:
    one, other = Facts(min_runtime=older), Facts(min_runtime=newer)
    assert (one | other).min_runtime == (other | one).min_runtime == newer


def test_the_newer_runtime_of_two_declarations_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = deployment("claims").replace("  type ", '  original_astro_runtime_version = "13.4.0"\n  type ')
    demands = {"*": "13.2.0", "claims-*": "3.1"}
    entries = [f'  - match: "{match}"\n    min-runtime: "{least}"\n' for match, least in demands.items()]
    config = "".join(("version: 1\ndeployments:\n", *entries))
    write(tmp_path, block, config)
    monkeypatch.chdir(tmp_path)
    output = astrovet("scan", ".", "--select", "AST021", "--format", "concise").stdout
    assert "3.1 is the oldest that is allowed" in output
