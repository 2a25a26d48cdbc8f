"""Templates of charts that may make agents, or ways to them, are told: nobody but Helm can fill them in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import astrovet, write

UMBRELLA = """\
apiVersion: v2
name: platform
version: 0.1.0
dependencies:
  - name: astro-remote-execution-agent
    version: 1.2.0
    repository: https://helm.astronomer.io
"""
OTHER = "apiVersion: v2\nname: web\nversion: 0.1.0\n"
OWN = "apiVersion: v2\nname: astro-remote-execution-agent\nversion: 1.2.0\n"
VALUES = """\
astro-remote-execution-agent:
  resourceNamePrefix: claims
  agentTokenSecretName: claims
  astroDeploymentAPIURL: https://x.external.astronomer.run/claims
"""
HELPER = '{{- include "library.entrance" . }}\n'
SERVICE = "{{- if .Values.open }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n{{- end }}\n"
SECRET = SERVICE.replace("Service", "Secret")
RELEASE = "{{- if .Values.agents }}\nkind: HelmRelease\nspec:\n  chart: astro-remote-execution-agent\n{{- end }}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    write("chart/Chart.yaml", UMBRELLA)
    write("chart/values.yaml", VALUES)


def told(*words: str) -> list[str]:
    output = astrovet("scan", *(words or (".",)), "--format", "json").stdout
    gaps = json.loads(output)["unseen"] if output else []
    return [gap["what"] for gap in gaps if gap["what"].startswith("templates of a chart")]


@pytest.mark.parametrize("template", [HELPER, SERVICE, RELEASE])
def test_a_template_beside_agents_is_told(template: str) -> None:
    assert told() == []
    write("chart/templates/x.yaml", template)
    assert len(told()) == 1


def test_all_templates_of_a_chart_are_one_cause() -> None:
    for number in range(5):
        write(f"chart/templates/{number}.yaml", HELPER)
    assert len(told()) == 1
    assert "and 2 more" in told()[0]


@pytest.mark.parametrize(
    ("chart", "template"),
    [(UMBRELLA, SECRET), (OTHER, HELPER), (OTHER, SERVICE), (OWN, HELPER), (OWN, RELEASE)],
)
def test_a_template_that_has_nothing_to_do_with_agents_is_not_told(chart: str, template: str) -> None:
    write("other/Chart.yaml", chart)
    write("other/templates/x.yaml", template)
    assert told() == []
    assert told("--hook", "other/templates/x.yaml") == []


def test_a_secret_that_a_helper_follows_may_be_more() -> None:
    write("chart/templates/x.yaml", SECRET + HELPER)
    assert len(told()) == 1


@pytest.mark.parametrize("template", [HELPER, SERVICE])
def test_the_hook_tells_of_a_template_that_changed(template: str) -> None:
    write("chart/templates/x.yaml", template)
    assert len(told("--hook", "chart/templates/x.yaml")) == 1


def test_a_template_that_installs_agents_is_told_where_nothing_else_is() -> None:
    write("chart/Chart.yaml", OTHER)
    Path("chart/values.yaml").unlink()
    write("chart/templates/x.yaml", RELEASE)
    assert len(told()) == 1
    assert len(told("--hook", "chart/templates/x.yaml")) == 1


def test_the_hook_reads_a_template_without_gaps_as_a_manifest() -> None:
    write("chart/templates/x.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n")
    assert told("--hook", "chart/templates/x.yaml") == []
