"""What an input holds that could not be used is not seen: no requirement that could rest on it has a tick."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import FIXTURES, astrovet

GOOD = FIXTURES / "precision" / "google-gke-agents" / "good"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: agents, namespace: agents}
spec:
  type: LoadBalancer
  selector: {app: astro-agent}
"""


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(GOOD, tmp_path / "estate"))
    Path(".git").mkdir(exist_ok=True)


def cells() -> dict[str, str]:
    """How the deployment stands to each requirement."""
    result = astrovet("report", "--format", "json", "--accept-unseen", "--require", "soc2,pci")
    rows = [row for row in json.loads(result.stdout)["rows"] if row["kind"] == "deployment"]
    return {cell["requirement"]: cell["standing"] for row in rows for cell in row["cells"]}


def told(*arguments: str) -> set[tuple[str, str]]:
    verdicts: list[Any] = json.loads(astrovet("scan", *arguments, "--format=json").stdout)["verdicts"]
    return {(verdict["rule"], verdict["place"]["path"]) for verdict in verdicts}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("terraform/more.tf", 'resource "aws" {{\n'),
        ("k8s/service.yaml", f"{SERVICE}  - x\n"),
        ("k8s/service.yaml", SERVICE.replace("agents", "{{ name }}", 1)),
        ("k8s/service.yaml", f"{{% if open %}}\n{SERVICE}{{% endif %}}\n"),
        ("k8s/service.json", '{"apiVersion": "v1", "kind": "Service", "spec": {"selector": {"app": "astro-agent"}'),
    ],
)
def test_a_broken_file_that_may_concern_agents_is_told_and_leaves_requirements_open(name: str, content: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(content)
    assert ("INP001", name) in told(".")
    assert ("INP001", name) in told(str(Path(name).parent), "terraform")
    requirement = "pci" if name.endswith(".yaml") else "soc2"
    assert ("INP012", name) in told(".", "--require", requirement)
    assert cells()[requirement] != "passes"


def test_a_broken_file_of_others_is_not_told() -> None:
    Path("k8s").mkdir(exist_ok=True)
    Path("k8s/service.yaml").write_text(SERVICE.replace("astro-agent", "shop").replace("agents", "shop") + "  - x\n")
    assert "k8s/service.yaml" not in {path for _, path in told(".")}
    assert cells()["soc2"] == "passes"


def test_a_link_to_a_folder_outside_and_one_to_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    Path("more").symlink_to(tmp_path / "other")
    Path("terraform/lost.tf").symlink_to(tmp_path / "nothing.tf")
    Path("k8s").mkdir(exist_ok=True)
    Path("k8s/lost.yaml").symlink_to(tmp_path / "nothing.yaml")
    assert {
        path for rule, path in told(".") if rule == "INP001" and path.startswith(("more", "terraform/l", "k8s/l"))
    } == {
        "more",
        "terraform/lost.tf",
    }


def test_a_link_to_a_folder_within_is_no_gap() -> None:
    Path("more").symlink_to(Path("terraform").resolve())
    assert "more" not in {path for _, path in told(".")}


def test_a_plan_of_a_part_leaves_the_requirements_of_its_deployments_open() -> None:
    plan = json.loads((FIXTURES / "plans" / "dedicated-phi" / "plan.json").read_text())
    Path("part.json").write_text(json.dumps({**plan, "complete": False, "errored": True}))
    result = astrovet("report", "--format", "json", "--plan", "part.json", "--require", "soc2")
    assert result.exit_code == 1
    standings = {
        cell["standing"]
        for row in json.loads(result.stdout)["rows"]
        if row["kind"] == "deployment"
        for cell in row["cells"]
        if cell["requirement"] == "soc2"
    }
    assert "passes" not in standings
