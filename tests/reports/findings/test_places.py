"""Every finding stands somewhere that a person can open: at a line of what asks for it, and never at a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from support import FIXTURES, TODAY, astrovet, write

FOLDERS = sorted(
    str(path.relative_to(FIXTURES))
    for pattern in ("projects/*", "precision/*/good", "precision/*/bad", "plans/*")
    for path in FIXTURES.glob(pattern)
    if path.is_dir()
)
OF_RULES = sorted(
    str(case.relative_to(FIXTURES))
    for rule in (FIXTURES / "rules").iterdir()
    for case in sorted(rule.glob("bad-*"))[:1]
)[::3]
EVERYTHING = (
    "--require=hipaa,pci,dora,gdpr,soc2,no-vendor-inbound,air-gapped,customer-execution-plane,private-connectivity,audit-retention",
    "--plan-tier=team",
)
DEPLOYMENT = 'resource "astro_deployment" "%s" {\n  name = "%s"\n  type = "DEDICATED"\n}\n'
BOTH = DEPLOYMENT % ("claims", "claims") + DEPLOYMENT % ("ledger", "ledger")


def artifacts(node: Any) -> Iterator[str]:
    """The paths of all locations of a log."""
    match node:
        case {"artifactLocation": {"uri": str(uri)}}:
            yield unquote(uri)
        case dict():
            for inner in node.values():
                yield from artifacts(inner)
        case list():
            for inner in node:
                yield from artifacts(inner)
        case _:
            pass


def no_folders(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES.parent)  # the root of the repository, from which paths in SARIF count
    shown = "--show=pass,unknown,waived,not-applicable"
    log = json.loads(
        astrovet("scan", "--format=sarif", shown, "--today", TODAY, *EVERYTHING, f"fixtures/{folder}").stdout
    )
    assert {path for path in artifacts(log) if path in {"", "."} or os.path.isdir(path)} == set()


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_uri_is_a_folder(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    no_folders(folder, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("folder", OF_RULES)
def test_no_uri_is_a_folder_in_the_first_case_of_every_third_rule(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    no_folders(folder, monkeypatch)


def test_a_run_without_anything_to_judge_is_told_of_and_is_no_result(repository: Path) -> None:
    (run,) = json.loads(astrovet("scan", "--format=sarif").stdout)["runs"]
    assert run["results"] == []
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["associatedRule"] == {"id": "INP011"}
    assert run["invocations"][0]["executionSuccessful"] is False


def places(*words: str) -> dict[str, set[str]]:
    """Where the findings about declarations stand, by rule."""
    verdicts = json.loads(
        astrovet("scan", "--format=json", "--select=REQ004,REQ005,REQ014,REQ015,REQ017", *words).stdout
    )
    by_rule: dict[str, set[str]] = {}
    for verdict in verdicts["verdicts"]:
        place = verdict["place"]
        by_rule.setdefault(verdict["rule"], set()).add(f"{place['path']}:{place['line']}")
    return by_rule


def test_at_the_entry_that_asks(repository: Path) -> None:
    write("infra/main.tf", BOTH)
    write(
        ".astrovet.yaml",
        "plan-tier: developer\ndeployments:\n  - match: claims\n    requires: [hipaa]\n"
        "  - match: ledger\n    requires:\n      - soc2\n      - hipaa\n",
    )
    stands = places()
    assert stands["REQ004"] == {".astrovet.yaml:4", ".astrovet.yaml:8"}
    assert stands["REQ015"] == {".astrovet.yaml:1"}


def test_at_the_deployment_where_the_command_line_asks(repository: Path) -> None:
    write("infra/main.tf", BOTH)
    write(".astrovet.yaml", "deployments:\n  - match: nothing-else\n    requires: [hipaa]\n")
    stands = places("--require", "hipaa,audit-retention", "--plan-tier", "developer")
    assert stands == {rule: {"infra/main.tf:1"} for rule in ("REQ004", "REQ005", "REQ014", "REQ015")}
    (verdict,) = (
        verdict
        for verdict in json.loads(astrovet("scan", "--format=json", "--select=REQ004", "--require=hipaa").stdout)[
            "verdicts"
        ]
    )
    assert verdict["instances"] == ["astro_deployment.claims", "astro_deployment.ledger"]  # one cause, one finding


def test_at_the_comment_that_asks(repository: Path) -> None:
    write(
        "main.tf",
        DEPLOYMENT % ("ledger", "ledger") + "# astrovet: requires hipaa\n" + DEPLOYMENT % ("claims", "claims"),
    )
    assert places()["REQ004"] == {"main.tf:5"}


def test_at_the_workspace_and_the_environment_that_ask(repository: Path) -> None:
    write("main.tf", 'resource "astro_workspace" "w" {\n  name = "patients"\n}\n' + DEPLOYMENT.replace(
        "  type", "  workspace_id = astro_workspace.w.id\n  type"
    ) % ("claims", "claims"))  # fmt: skip
    write(".astrovet.yaml", "workspaces:\n  - match: patients\n    requires: [hipaa]\n")
    assert places()["REQ004"] == {".astrovet.yaml:3"}
    write(".astrovet.yaml", "environments:\n  - root: .\n    name: prod\n    requires: [hipaa]\n")
    assert places()["REQ004"] == {".astrovet.yaml:4"}


def test_at_the_table_of_a_pyproject(repository: Path) -> None:
    write("main.tf", BOTH)
    write("pyproject.toml", '[project]\nname = "claims"\n\n[tool.astrovet]\nrequires = ["hipaa"]\n')
    assert places()["REQ004"] == {"pyproject.toml:4"}


def test_fingerprints_are_the_same_from_a_folder_of_the_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("infra/main.tf", BOTH)

    def fingerprints(*words: str) -> set[str]:
        output = astrovet("scan", "--format=json", "--require=hipaa", "--select=REQ", *words).stdout
        return {verdict["fingerprint"] for verdict in json.loads(output)["verdicts"]}

    from_root = fingerprints("infra")
    monkeypatch.chdir("infra")
    assert fingerprints() == from_root


def test_a_comment_at_one_deployment_waives_its_own_finding_only(repository: Path) -> None:
    write("main.tf", '# astrovet: ignore[REQ004] until=2099-01-01 reason="signed last week"\n' + BOTH)
    verdicts = json.loads(
        astrovet("scan", "--format=json", "--require=hipaa", "--select=REQ004", "--show=waived").stdout
    )
    said = {verdict["subject"]: verdict["verdict"] for verdict in verdicts["verdicts"]}
    assert said == {"astro_deployment.claims": "waived", "astro_deployment.ledger": "fail"}
