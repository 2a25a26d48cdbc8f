"""Templates in a helmfile: what is one whole value is undecided, what decides over lines leaves the file unread.

Helmfile executes `{{ … }}` in `helmfile.yaml.gotmpl`, and before 1.0 in `helmfile.yaml` too (helmfile/helmfile,
docs/proposals/towards-1.0.md, November 2026).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support import astrovet, write

VALUES = """\
resourceNamePrefix: claims
astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
secretBackend: airflow.secrets.local_filesystem.LocalFilesystemBackend
workers: [{name: default}]
"""
RELEASE = """\
- name: agents
  chart: astronomer/astro-remote-execution-agent
  namespace: {{ .Values.namespace | default 'agents' }}
  version: {{ .Values.version | quote }}
  values:
  - values.yaml
"""
NAMES = ["helmfile.yaml", "helmfile.yaml.gotmpl", "helmfile.d/agents.yaml"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(*words: str) -> list[str]:
    options = ("--select", "INP001,INP012,REX001", "--format", "concise", "--show", "unknown")
    lines = astrovet("scan", *(words or (".",)), *options).stdout.splitlines()
    return [line for line in lines if " INP0" in line or " REX001 " in line]


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_is_a_template_leaves_the_rest_judged(name: str) -> None:
    write(f"{Path(name).parent}/values.yaml", VALUES)
    write(name, f"releases:\n{RELEASE}")
    (line,) = told()
    assert "values.yaml:3:16: REX001 high " in line
    write(name, f"releases:\n{RELEASE}  - {{{{ .Environment.Name }}}}.yaml\n")
    assert any(" REX001 unknown a template fills this in before Helm runs" in line for line in told())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "opened",
    [
        "releases:\n{{ range .Values.teams }}\n" + RELEASE + "{{ end }}\n",
        "releases:\n{{- if .Values.on }}\n" + RELEASE + "{{- end }}\n",
        "releases:\n" + RELEASE + "  - {{ if .Values.on }}a{{ else }}b{{ end }}.yaml\n",
        '{{ readFile "astro-remote-execution-agent.yaml" }}\n',
    ],
)
def test_a_helmfile_with_conditions_is_told_and_not_called_broken(name: str, opened: str) -> None:
    write(name, opened)
    for words in ((), (name,)):
        lines = told(*words)
        assert not [line for line in lines if " INP001 " in line]
        assert [line for line in lines if f"{name}:1:1: INP012 unknown conditions and loops decide what " in line]


def test_a_helmfile_that_has_nothing_to_do_with_agents_is_passed_over() -> None:
    write("values.yaml", "a: 1\n")
    write("helmfile.yaml", "releases:\n{{ range .Values.teams }}\n- name: web\n  chart: acme/web\n{{ end }}\n")
    assert not [line for line in told() if "helmfile" in line]
