"""Agents must run a version that still gets security fixes.

## Why

Astronomer maintains a minor version of the agent for six months from its first release, and after that
closes no vulnerability in it, not even a critical one. The agent holds the token that speaks for the data
plane, and runs beside the credentials of every task.

## Fix

Use an image with a newer minor of the agent, and plan the next change before six months have passed.

Before:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-2-python-3.12-astro-agent-1.6.0

After:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1

## Not reported

Versions whose first release has no published date; a tag of your own, which tells no version: whether that
image is maintained stays undecided. `--today` judges as of another day.
"""

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_gap_only,
    rule,
    undecided,
)
from astrovet_rules.tables.images import parse
from astrovet_rules.tables.versions import END_OF_MAINTENANCE

LAYER = "another layer of the values may name another image"
ALL_LAYERS = "scan all layers together"


@rule(
    "REX031",
    "agent-out-of-maintenance",
    on=Agent,
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("D:agent-maintenance-policy", "S000-38"),
    controls=("PCI DSS v4 6.3.3",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    yield from first_gap_only(_outcomes(agent, context.today))


def _outcomes(agent: Agent, today: str) -> Verdicts:
    for image in agent.images(*TASK_COMPONENTS):
        match image:
            case Known(reference, place):
                version = parse(reference).agent
                if version is None:
                    yield undecided(Unknown("the tag of this image does not tell its versions", place))
                elif any(version[:2] <= minor and today >= end for minor, end in END_OF_MAINTENANCE.items()):
                    if agent.complete:
                        yield fail(place, "this agent gets no security fixes any more", remedy="use a newer agent")
                    else:
                        yield undecided(Unknown(LAYER, place, how=ALL_LAYERS))
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass
