"""Sentinel, which reports the health of an agent, should not be switched off.

## Why

Sentinel watches the Pods of the agent and tells Astro when workers or integrations fail. Astronomer's
security guide counts it to every agent; the documentation of the chart calls it optional and recommends it.
Without it, a broken agent shows first in tasks that do not start.

## Fix

Switch it on.

Before:

    sentinel:
      enabled: false

After:

    sentinel:
      enabled: true

## Not reported

Values that leave the choice to the chart; charts before 1.2.0, which have no Sentinel.
"""

from astrovet import Absent, Agent, Context, Known, Severity, Unknown, Verdicts, fail, not_applicable, rule, undecided
from astrovet_rules.tables.versions import SENTINEL_CHART, version_of


@rule(
    "REX032",
    "sentinel-disabled",
    on=Agent,
    severity=Severity.INFO,
    sources=("S003-21", "C-11", "D:remote-agents-sentinel"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.sentinel.enabled:
        case Known(False, place):
            pass
        case Unknown() as unknown if agent.complete:
            yield undecided(unknown)
            return
        case Known() | Unknown() | Absent():
            return
    chart = agent.chart_version
    version = version_of(chart.value) if isinstance(chart, Known) else None
    if version is not None and version < SENTINEL_CHART:
        yield not_applicable("this version of the chart has no Sentinel")
    elif version is not None or agent.has_chart_2_key:
        yield fail(place, "Sentinel is switched off", remedy="set sentinel.enabled to true")
    else:
        yield undecided(Unknown("the version of the chart is not known, and the first ones have no Sentinel", place))
