"""In a repository of many teams an agent goes with the deployment in the folders around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support import astrovet, write

VALUES = "resourceNamePrefix: agents\nagentToken: not-a-real-token-1\ncommonEnv: []\n"
DEPLOYMENT = (
    'resource "astro_deployment" "this" {\n  name = "%s"\n  type = "DEDICATED"\n'
    "  remote_execution = {\n    enabled = true\n  }\n}\n"
)

Links = Mapping[str, Mapping[str, Any]]


def links() -> Links:
    """The link of each agent to its deployment."""
    subjects = json.loads(astrovet("scan", "--format=json").stdout)["subjects"]
    return {subject["id"]: subject["links"][0] for subject in subjects if subject["kind"] == "agent"}


@pytest.fixture(autouse=True)
def _two_teams(repository: Path) -> None:
    for team in ("claims", "web"):
        write(f"teams/{team}/infra/main.tf", DEPLOYMENT.replace("this", team) % team)
        write(f"teams/{team}/helm/values.yaml", VALUES)


def test_folders_pair() -> None:
    for team in ("claims", "web"):
        link = links()[f"teams/{team}/helm/values.yaml"]
        assert link["target"] == f"astro_deployment.{team}"
        assert link["how"] == f"as the only agent and the only deployment it can serve below teams/{team}"


def test_so_do_those_of_a_module_that_both_call() -> None:
    write("modules/astro/main.tf", 'variable "name" {}\n' + DEPLOYMENT.replace('"%s"', "var.name"))
    for team in ("claims", "web"):
        write(
            f"teams/{team}/infra/main.tf",
            f'module "{team}" {{\n  source = "../../../modules/astro"\n  name = "{team}"\n}}\n',
        )
    targets = {agent: link["target"] for agent, link in links().items()}
    assert targets == {
        f"teams/{team}/helm/values.yaml": f"module.{team}.astro_deployment.this" for team in ("claims", "web")
    }


def test_two_agents_as_near_are_left_open() -> None:
    write("teams/claims/more-agents/values.yaml", VALUES)
    assert links()["teams/claims/helm/values.yaml"]["target"] is None
    assert links()["teams/web/helm/values.yaml"]["target"] == "astro_deployment.web"


def test_two_deployments_as_near_are_left_open() -> None:
    write("teams/claims/infra/more.tf", DEPLOYMENT.replace("this", "more") % "more")
    assert links()["teams/claims/helm/values.yaml"]["target"] is None


def test_where_a_run_begins_is_no_folder_of_a_team() -> None:
    for team in ("claims", "web"):
        Path(f"teams/{team}/helm/values.yaml").rename(f"{team}.yaml")
    assert {link["target"] for link in links().values()} == {None}


def test_what_the_values_say_comes_first() -> None:
    url = "https://abc.external.astronomer.run/xyz"
    write("teams/claims/helm/values.yaml", VALUES + f"astroDeploymentAPIURL: {url}\n")
    write("teams/web/infra/main.tf", DEPLOYMENT.replace("this", "web") % "web")
    write(".astrovet.yaml", "agents: [{name: claims, values: [teams/claims/helm/values.yaml], deployment: web}]\n")
    assert links()["claims"]["target"] == "astro_deployment.web"
    assert links()["claims"]["how"] == "as the configuration declares"


def test_the_hint_has_the_line_to_paste() -> None:
    Path("teams/web/helm/values.yaml").rename("web agents.yaml")
    why = links()["web agents.yaml"]["why"]
    line = why.partition("`")[2].partition("`")[0]
    assert line == 'agents: [{name: claims, values: ["web agents.yaml"], deployment: claims}]'
    write(".astrovet.yaml", f"{line.replace('claims', 'web')}\n")
    assert links()["web"]["target"] == "astro_deployment.web"
