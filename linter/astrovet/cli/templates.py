"""Templates of Helm's charts among the files of a run."""

from __future__ import annotations

import os
import re

from astrovet.helm.conventions import is_helmfile

_OPEN_TEMPLATE = re.compile(
    rb"^[ \t-]*(?:[\w./-]+:[ \t]+)?\{\{|\{\{-?\s*(?:if|range|with|end|else|define)\b", re.MULTILINE
)
_FLOW = re.compile(rb"^[ \t]*\{\{|\{\{-?\s*(?:if|range|with|end|else|define)\b", re.MULTILINE)
_OPEN_CHART = re.compile(rb"\bchart:[ \t]*[\"']?[\w./-]*\{\{")
_AGENT_CHART = re.compile(rb"^name: *[\"']?astro-remote-execution-agent\b", re.MULTILINE)
_INSTALLS_AGENTS = re.compile(rb"^[ \t-]+name: *[\"']?astro-remote-execution-agent\b", re.MULTILINE)
"""How an umbrella chart names the agents' chart among its dependencies."""
_KIND = re.compile(rb"^kind: *[\"']?(\w+)", re.MULTILINE)
_INSERTED = re.compile(rb"^\{\{-?[ \t]*(?:include|template|tpl)\b", re.MULTILINE)
"""Where a helper writes whole objects."""
OF_NO_PODS = frozenset(
    {
        *(b"ConfigMap", b"Secret", b"ExternalSecret", b"SecretStore", b"SealedSecret", b"Namespace", b"ServiceAccount"),
        *(b"Role", b"RoleBinding", b"ClusterRole", b"ClusterRoleBinding", b"PersistentVolumeClaim", b"PrometheusRule"),
        *(b"HorizontalPodAutoscaler", b"PodDisruptionBudget", b"ServiceMonitor", b"PodMonitor", b"ResourceQuota"),
    }
)


def is_template(path: str) -> bool:
    """Whether a file, or a folder, lies among the templates of a chart."""
    return "/templates/" in f"/{path}/" and os.path.isfile(chart_of(path))


def chart_of(path: str) -> str:
    """The path of the Chart.yaml of the chart whose template this is."""
    chart = f"/{path}/".replace(os.sep, "/").rpartition("/templates/")[0]
    return os.path.join(chart[1:], "Chart.yaml")


def needs_rendering(data: bytes) -> bool:
    """Whether a template is no YAML before Helm fills it in: more than parts of texts is left open."""
    return _OPEN_TEMPLATE.search(data) is not None


def is_flow(path: str, data: bytes) -> bool:
    """Whether it is a helmfile in which templates decide over whole lines: conditions, loops, what is inserted."""
    return is_helmfile(path) and _FLOW.search(data) is not None


def may_install_agents(helmfile: bytes) -> bool:
    """Whether a helmfile is worth telling of: it names agents, or leaves open which charts it installs."""
    return b"astro" in helmfile or _OPEN_CHART.search(helmfile) is not None


def may_make_agents(template: bytes, chart: bytes) -> bool:
    """Whether a template is worth telling of: it names agents, or may make ways to those that its chart installs.

    What the templates of the agents' own chart make is known.
    """
    if _AGENT_CHART.search(chart) is not None:
        return False
    return b"astro-" in template or (_INSTALLS_AGENTS.search(chart) is not None and not _is_beside_the_point(template))


def _is_beside_the_point(template: bytes) -> bool:
    """Whether all that it makes is written out, and of kinds that neither are nor reach Pods."""
    kinds = _KIND.findall(template)
    return bool(kinds) and OF_NO_PODS.issuperset(kinds) and _INSERTED.search(template) is None
