"""A reader that breaks costs the file it reads, and nothing of the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from astrovet.cli.app import app

AGENT = """\
resourceNamePrefix: {name}
agentTokenSecretName: agent-token
commonEnv:
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
    value: "7"
"""
DEPLOYMENT = """\
resource "astro_deployment" "{name}" {{
  name                           = "{name}"
  executor                       = "CELERY"
  is_high_availability           = false
  original_astro_runtime_version = "12.1.0"
}}
"""
MANIFEST = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: agents}}
spec: {{type: LoadBalancer, selector: {{app: astro-agent}}}}
"""

Breaking = Callable[[str, str, str], None]


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Breaking:
    """Makes a function of a module raise wherever one of its arguments mentions a path."""

    def breaks(module: str, name: str, path: str) -> None:
        from importlib import import_module

        whole = getattr(import_module(module), name)

        def broken(*arguments: Any, **named: Any) -> Any:
            if path in repr((arguments, named)):
                raise LookupError("s3cr3t-value")
            return whole(*arguments, **named)

        monkeypatch.setattr(f"{module}.{name}", broken)

    return breaks


def scan(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["scan", "--format=concise", "--today=2026-11-22", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "values.yaml").write_text(AGENT.format(name=name))
        (tmp_path / name / "main.tf").write_text(DEPLOYMENT.format(name=name))
        (tmp_path / name / "service.yaml").write_text(MANIFEST.format(name=name))


@pytest.mark.parametrize(
    ("module", "function", "path"),
    [
        ("astrovet.formats.yaml.documents", "read_yaml", "two/values.yaml"),
        ("astrovet.formats.hcl.structure", "scan", "two/main.tf"),
        ("astrovet.readers.yaml_files", "recognise", "two/values.yaml"),
        ("astrovet.readers.agent.values_files", "read_agent", "two/values.yaml"),
        ("astrovet.readers.agent.values_files", "faults", "two/values.yaml"),
        ("astrovet.readers.terraform_files", "read_facts", "two/main.tf"),
        ("astrovet.readers.terraform_files", "read_data_plane", "two/main.tf"),
        ("astrovet.readers.kubernetes.manifests", "manifests_of_document", "two/service.yaml"),
    ],
)
def test_a_broken_reader_costs_its_file(breaking: Breaking, module: str, function: str, path: str) -> None:
    status, whole = scan(".")
    assert status == 1
    other = [line for line in whole.splitlines() if "two" not in line]
    assert any(line.startswith("one/values.yaml") for line in other)
    assert any(line.startswith("one/main.tf") for line in other)
    breaking(module, function, path)
    status, output = scan(".")
    assert status == 3
    (told,) = [line for line in output.splitlines() if " INP001 " in line]
    assert told.startswith(f"{path}:")
    assert re.search(r"\(LookupError at (readers|formats)/", told)
    assert "s3cr3t" not in output
    for line in other:
        if line.startswith("one/"):
            assert line in output


def test_a_broken_reader_of_plans_costs_the_plan(breaking: Breaking) -> None:
    plan = Path(__file__).parents[2] / "fixtures" / "plans" / "dedicated-phi" / "plan.json"
    for name, end in (("a.json", b"\n"), ("b.json", b"\n\n")):  # of equal plans one is read
        Path(name).write_bytes(plan.read_bytes() + end)
    breaking("astrovet.readers.terraform_files", "read_facts", "path='b.json'")
    status, output = scan("--plan=a.json", "--plan=b.json", "--require=hipaa")
    assert status == 3
    assert "b.json: INP001" in output
    assert "a.json:astro_deployment.claims: REQ004 critical" in output


@pytest.mark.parametrize("command", ["report", "model"])
def test_the_other_commands_end_as_an_internal_error_too(breaking: Breaking, command: str) -> None:
    breaking("astrovet.readers.agent.values_files", "read_agent", "two/values.yaml")
    done = CliRunner().invoke(app, [command, "."])
    assert done.exit_code == 3
    assert "two/values.yaml" in done.output
    assert "one/values.yaml" in done.output


@pytest.mark.parametrize("number", ["--5", "+-1", "-+1", "- 5", "+", "9" * 5000])
def test_text_that_is_nearly_a_number_is_no_error_of_ours(number: str) -> None:
    Path("two/values.yaml").write_text(
        AGENT.format(name="two") + f'workers:\n  - name: w\n    securityContext: {{runAsUser: "{number}"}}\n'
    )
    Path("two/main.tf").write_text(
        DEPLOYMENT.format(name="two")
        + f'resource "astro_api_token" "a" {{\n  expiry_period_in_days = "{number}"\n  name = "a"\n}}\n'
    )
    status, output = scan(".")
    assert status == 1
    assert "internal error" not in output
