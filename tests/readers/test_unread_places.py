"""What lies beside the inputs and is not read: units of Terragrunt, empty submodules, empty plans."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import FIXTURES, astrovet, write

WHOLE = FIXTURES / "rules" / "not-seen" / "good-whole-estate"
UNIT = 'terraform {\n  source = "%s"\n}\n'
INPUTS = 'inputs = {\n  cidr = "0.0.0.0/0"\n}\n'
SUBMODULE = '[submodule "infra"]\n\tpath = %s\n\turl = https://git.example.com/infra.git\n'


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    estate = shutil.copytree(WHOLE, tmp_path / "estate")
    (estate / ".git").mkdir()
    (estate / "modules").mkdir()
    (estate / "main.tf").rename(estate / "modules" / "main.tf")
    monkeypatch.chdir(estate)


def report(*words: str) -> Any:
    return json.loads(astrovet("scan", *(words or (".",)), "--format", "json").stdout)


def gaps(*words: str) -> list[str]:
    return [gap["what"] for gap in report(*words)["unseen"] if gap["counts"]]


def is_open() -> bool:
    result = astrovet("report", "--accept-unseen", "--format", "json")
    rows = json.loads(result.stdout)["rows"]
    return any(
        cell["requirement"] == "no-vendor-inbound" and cell["standing"] == "undecided"
        for row in rows
        for cell in row["cells"]
        if row["kind"] == "deployment"
    )


def test_a_whole_estate_has_none() -> None:
    assert gaps() == []
    assert not is_open()


# --- Terragrunt


@pytest.mark.parametrize("source", ["../../modules", "../..//modules"])
def test_values_that_terragrunt_gives_to_a_module_are_told(source: str) -> None:
    write("live/prod/terragrunt.hcl", UNIT % source + INPUTS)
    write("live/dev/terragrunt.hcl", UNIT % source + INPUTS)
    assert gaps() == [
        "the values are not read that Terragrunt gives to the module in modules"
        " (live/dev/terragrunt.hcl, live/prod/terragrunt.hcl)"
    ]
    assert is_open()


def test_values_beside_the_sources_are_told() -> None:
    write("modules/terragrunt.hcl", INPUTS)
    assert len(gaps()) == 1


@pytest.mark.parametrize(
    "text", [UNIT % "../../modules", UNIT % "../../other" + INPUTS, 'include "root" {}\n', "remote_state {\n}\n"]
)
def test_a_unit_that_gives_nothing_to_it_is_none(text: str) -> None:
    write("live/prod/terragrunt.hcl", text)
    write("other/main.tf", 'resource "random_id" "x" {}\n')
    assert gaps() == []


@pytest.mark.parametrize("source", ["git::https://git.example.com/m.git//astro?ref=v1", "${local.base}/astro"])
def test_a_module_that_terragrunt_fetches_is_told(source: str) -> None:
    write("live/prod/terragrunt.hcl", UNIT % source)
    assert gaps() == ["modules of Terragrunt units are not at hand (live/prod/terragrunt.hcl)"]
    assert is_open()


def test_without_anything_of_astro_nothing_is_told() -> None:
    shutil.rmtree("modules")
    Path(".astrovet.yaml").unlink()
    write("live/prod/terragrunt.hcl", UNIT % "git::https://git.example.com/m.git" + INPUTS)
    write("plan.json", "")
    write(".gitmodules", SUBMODULE % "infra")
    assert report()["unseen"] == []


# --- submodules


def test_a_submodule_that_is_not_checked_out_is_told() -> None:
    write(".gitmodules", SUBMODULE % "infra")
    assert gaps() == ["nothing of the submodule infra is here"]
    Path("infra").mkdir()
    assert gaps() == ["nothing of the submodule infra is here"]
    assert is_open()


def test_a_submodule_that_is_there_or_left_out_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    write(".gitmodules", SUBMODULE % "infra")
    assert gaps(".", "--exclude", "infra") == []
    assert gaps("modules") == []
    monkeypatch.chdir("modules")
    assert gaps("..") == ["nothing of the submodule ../infra is here"]
    write("../infra/README.md", "")
    assert gaps("..") == []


# --- empty plans


@pytest.mark.parametrize("name", ["plan.json", "tfplan.json", "prod-plan.json", "plan.prod.json", "state.json"])
@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_plan_is_told(name: str, text: str) -> None:
    write(f"plans/{name}", text)
    assert gaps() == [f"plans/{name} is empty"]
    assert is_open()


@pytest.mark.parametrize(
    ("name", "text"), [("plan.json", "{}"), ("data.json", ""), ("explanation.json", ""), ("plan.yaml", "")]
)
def test_another_file_is_none(name: str, text: str) -> None:
    write(name, text)
    assert gaps() == []
