"""Whichever function of ours breaks while something is read or judged: the run says so, and keeps all else it knows."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from astrovet.cli.app import app
from support import PLANS, ROOT

pytestmark = pytest.mark.slow

VALUES = """\
resourceNamePrefix: {name}
agentTokenSecretName: agent-token
commonEnv:
  - name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD
    value: "7"
"""
SOURCES = """\
variable "stage" {{ default = "prod" }}
locals {{ upper = [for word in ["a"] : upper(word)] }}
resource "astro_deployment" "{name}" {{
  name                  = "${{var.stage}}-{name}-${{local.upper[0]}}"
  is_high_availability  = false
  environment_variables = [{{ key = "DB_PASSWORD", value = "not-a-real-one", is_secret = false }}]
}}
resource "aws_s3_bucket" "{name}" {{ bucket = "logs-{name}-bucket" }}
"""
MANIFEST = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: agents}}
spec: {{type: LoadBalancer, selector: {{app: astro-agent}}}}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: agents, namespace: argocd}
spec:
  source:
    repoURL: https://helm.astronomer.io
    chart: astro-remote-execution-agent
    targetRevision: 1.3.0
    helm: {values: "resourceNamePrefix: argo\\nagentTokenSecretName: t\\n"}
  destination: {namespace: agents, server: https://kubernetes.default.svc}
"""
ARGUMENTS = ("scan", "one", "two", "three", "overlay", "--plan=plan.json", "--format=json", "--require=hipaa")
TRIED = tuple(
    str(ROOT / folder)
    for folder in (
        "linter/astrovet/formats/hcl", "linter/astrovet/terraform/source", "linter/astrovet/terraform/values",
        "linter/astrovet/helm", "linter/astrovet/readers/agent", "linter/astrovet/readers/astro",
        "linter/astrovet/readers/clouds", "linter/astrovet/readers/kubernetes", "rules/astrovet_rules",
    )
)  # fmt: skip
FRAME = {"read_values_files", "__init__", "guarded", "read", "_starts", "sensitive_texts", "_sensitive"}
"""What all reading of values hangs on; and what tells secrets, without which nothing may be shown."""


def run() -> Result:
    return CliRunner().invoke(app, ARGUMENTS)


def said(result: Result) -> list[Any]:
    verdicts: list[Any] = json.loads(result.stdout)["verdicts"]
    return verdicts


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[CodeType]]:
    """A folder of files, and the functions that a run over them comes to."""
    folder = tmp_path_factory.mktemp("estate")
    (folder / ".git").mkdir()
    for name in ("one", "two", "three"):
        (folder / name).mkdir()
        (folder / name / "values.yaml").write_text(VALUES.format(name=name))
        (folder / name / "main.tf").write_text(SOURCES.format(name=name))
        (folder / name / "service.yaml").write_text(MANIFEST.format(name=name))
    (folder / "overlay").mkdir()
    (folder / "overlay" / "kustomization.yaml").write_text("resources: [app.yaml]\n")
    (folder / "overlay" / "app.yaml").write_text(APPLICATION)
    (folder / "plan.json").write_bytes((PLANS / "dedicated-phi" / "plan.json").read_bytes())
    codes: dict[CodeType, None] = {}

    def seen(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(TRIED) and "<" not in code.co_name:
            codes[code] = None

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run()
        sys.setprofile(seen)
        run()
        sys.setprofile(None)
    return folder, [code for code in codes if code.co_name not in FRAME]


def breaking(broken: CodeType) -> Callable[[FrameType, str, Any], Any]:
    """A tracer that makes a function raise when it is called for the first time."""
    calls = 0

    def trace(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        if event == "call" and frame.f_code is broken:
            calls += 1
            if calls == 1:
                sys.settrace(trace)
                raise LookupError("s3cr3t-value")

    return trace


SEED = 0 if os.environ.get("CI") else random.SystemRandom().randrange(10_000)


@pytest.mark.parametrize("turn", range(20))
def test_what_breaks_is_told_and_hides_no_more_than_its_own(estate: tuple[Path, list[CodeType]], turn: int) -> None:
    folder, reached = estate
    broken = random.Random(SEED + turn).choice(reached)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        whole = run()
        sys.settrace(breaking(broken))
        try:
            done = run()
        finally:
            sys.settrace(None)
    where = f"{broken.co_filename}:{broken.co_firstlineno} {broken.co_name}"
    assert isinstance(done.exception, SystemExit), f"{where}: {done.exception!r}"
    assert "s3cr3t" not in done.output, where
    if done.exit_code == 3:
        assert "Please report it." in done.stderr, where
        assert len(said(done)) > len(said(whole)) / 2, where
    else:  # it broke where nothing rests on it
        assert said(done) == said(whole), where


def test_enough_is_tried(estate: tuple[Path, list[CodeType]]) -> None:
    _, reached = estate
    assert len(reached) > 400
    assert {Path(code.co_filename).parent.name for code in reached} >= {"clouds", "astro", "agent", "kustomize", "hcl"}
