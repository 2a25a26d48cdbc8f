"""Templates of Helm's charts among the files of a run."""

from __future__ import annotations

import os
import re

_OPEN_TEMPLATE = re.compile(
    rb"^[ \t-]*(?:[\w./-]+:[ \t]+)?\{\{|\{\{-?\s*(?:if|range|with|end|else|define)\b", re.MULTILINE
)
_AGENT_CHART = re.compile(rb"^name: *[\"']?astro-remote-execution-agent\b", re.MULTILINE)


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


def may_make_agents(template: bytes, chart: bytes) -> bool:
    """Whether a template is worth telling of: it names agents, and is not one of their own chart's."""
    return b"astro-" in template and _AGENT_CHART.search(chart) is None
