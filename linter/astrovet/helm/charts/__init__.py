"""The charts whose values are judged. `CHARTS` is the table of them, a line a chart.

To add one: its kind in `chart.py`, a module with its signals, a line here, and, where something can be wrong
with its keys, a module for them. What its values mean is read in `readers/`.
"""

from __future__ import annotations

from astrovet.document import Problem
from astrovet.helm.charts import agent, platform
from astrovet.helm.charts.chart import Chart, ChartKind
from astrovet.value import Tree, Value

CHARTS = (
    Chart(ChartKind.AGENT, agent.SIGNALS, agent.ACCEPTED, agent.MARKS, keys="agent_keys"),
    Chart(
        ChartKind.PLATFORM,
        platform.SIGNALS,
        platform.ACCEPTED,
        platform.MARKS,
        platform.GLOBALS,
        platform.GLOBALS_MOST,
        keys="platform_keys",
    ),
)


def faults(kind: ChartKind, values: Value[Tree], version: str = "") -> tuple[Problem, ...]:
    """What is wrong with the keys of values for a chart; `version` is the chart's where it is known."""
    from importlib import import_module  # who recognises no values needs no keys

    keys = next(chart.keys for chart in CHARTS if chart.kind is kind)
    if not keys:
        return ()
    problems: tuple[Problem, ...] = import_module(f"astrovet.helm.charts.{keys}").faults(values, version)
    return problems
