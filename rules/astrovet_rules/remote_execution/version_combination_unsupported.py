"""The versions of an agent's images and of its chart must fit together.

## Why

Some combinations do not start: Runtime 3.3 needs an agent from 1.8.0 on, and a state-store backend, which
the chart names by itself only from 2.3.0 on; chart 2.2.0 cannot be installed without the keys that it
adds. Others start and fail later, when components of different versions meet.

## Fix

Give all components one image, and Sentinel the version of the agent.

Before:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1
    sentinel:
      image: images.astronomer.cloud/baseimages/astro-remote-execution-sentinel:1.6.0

After:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1
    sentinel:
      image: images.astronomer.cloud/baseimages/astro-remote-execution-sentinel:1.7.1

## Not reported

What rests on the chart's version where nothing names it; a tag of your own, which tells no versions.
"""

from collections.abc import Sequence
from typing import TypeAlias

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    Note,
    Place,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_gap_only,
    rule,
    undecided,
)
from astrovet_rules.tables.images import parse
from astrovet_rules.tables.state_store_backends import SINCE_RUNTIME
from astrovet_rules.tables.versions import (
    FIRST_RUNTIME,
    LINEAGE_CHART,
    STATE_STORE_AGENT,
    STATE_STORE_CHART,
    version_of,
)

ALIGN = "use images of one version for all components"
NO_STORE = "Runtime 3.3 needs a state-store backend, and charts before 2.3.0 name none"
NO_CHART = "nothing here tells the version of the chart, and those before 2.3.0 name no state-store backend"
NO_LINEAGE = "chart 2.2.0 cannot be installed without openLineage.endpoint and openLineage.facetsEnvironmentVariables"

Version: TypeAlias = tuple[int, int, int]


@rule(
    "REX030",
    "version-combination-unsupported",
    on=Agent,
    severity=Severity.HIGH,
    sources=("D:agent-release-notes", "D:agent-helm-chart-release-notes", "D:remote-execution-overview"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    images = agent.images(*TASK_COMPONENTS)
    sentinels = agent.images(ComponentKind.SENTINEL)
    yield from first_gap_only((*_images(images, sentinels), *_chart(agent, images)))


def _images(images: Sequence[Value[str]], sentinels: Sequence[Value[str]]) -> Verdicts:
    agents: list[Known[Version]] = []
    runtimes: list[Known[Version]] = []
    for image in (*images, *sentinels):
        match image:
            case Known(reference, place):
                parsed = parse(reference)
                if parsed.agent is None:
                    yield undecided(Unknown("the tag of this image does not tell its versions", place))
                else:
                    agents.append(Known(parsed.agent, place))
                if parsed.runtime is not None:
                    runtimes.append(Known(parsed.runtime, place))
                    yield from _runtime(parsed.runtime, parsed.agent, place)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():  # the chart's own, which fits it
                pass
    yield from _skew(agents, "this version of the agent is not that of the other components")
    yield from _skew(runtimes, "this Runtime is not that of the other components")


def _runtime(runtime: Version, agent: Version | None, place: Place) -> Verdicts:
    if runtime < FIRST_RUNTIME:
        yield fail(place, "Remote Execution needs Runtime 3.0 or newer", remedy="use an image of Runtime 3")
    elif runtime >= SINCE_RUNTIME and agent is not None and agent < STATE_STORE_AGENT:
        yield fail(place, "Runtime 3.3 needs agent 1.8.0 or newer", remedy="use an image with a newer agent")


def _skew(versions: Sequence[Known[Version]], message: str) -> Verdicts:
    for other in versions[1:]:
        if other.value != versions[0].value:
            related = (Note("the other version", versions[0].place),)
            yield fail(other.place, message, remedy=ALIGN, severity=Severity.MEDIUM, related=related)


def _chart(agent: Agent, images: Sequence[Value[str]]) -> Verdicts:
    chart = agent.chart_version
    version = version_of(chart.value) if isinstance(chart, Known) else None
    if version == LINEAGE_CHART:
        for key in (agent.lineage.endpoint, agent.lineage.facet_variables):
            match key:
                case Absent():
                    yield fail(chart.place, NO_LINEAGE, remedy="upgrade the chart")
                case Unknown() as unknown:
                    yield undecided(unknown)
                case Known():
                    pass
    runtimes = [parse(image.value).runtime for image in images if isinstance(image, Known)]
    if any(runtime is not None and runtime >= SINCE_RUNTIME for runtime in runtimes):
        for backend in agent.variables(airflow.WORKERS_STATE_STORE, ComponentKind.WORKER):
            match backend:
                case Known():
                    pass
                case Absent() | Unknown() if version is None:
                    if not isinstance(agent.state_store_backend, Known):  # that is a key of chart 2.3.0
                        yield undecided(Unknown(NO_CHART, chart.place))
                case Absent() if version < STATE_STORE_CHART:
                    yield fail(chart.place, NO_STORE, remedy="upgrade the chart to 2.3.0 or newer")
                case Unknown() as unknown if version < STATE_STORE_CHART:
                    yield undecided(unknown)
                case Absent() | Unknown():
                    pass
