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

A minor whose first release has no published date, and a tag of your own, which tells no version: whether that
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
from astrovet_rules.tables.versions import END_OF_MAINTENANCE, end_of_maintenance

LAYER = "another layer of the values may name another image"
ALL_LAYERS = "scan all layers together"
LIFECYCLE = "look its first release up in Astronomer's release notes: a minor is maintained for six months"


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
                    continue
                end = end_of_maintenance(version[:2])
                minor = f"{version[0]}.{version[1]}"
                if end is None:
                    why = f"for how long agent {minor} is maintained is not known here"
                    yield undecided(Unknown(why, place, how=LIFECYCLE))
                elif today >= end and agent.complete:
                    message = f"agent {minor} gets no security fixes any more since {end}"
                    yield fail(place, message, remedy=_newer(today))
                elif today >= end:
                    yield undecided(Unknown(LAYER, place, how=ALL_LAYERS))
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass


def _newer(today: str) -> str:
    """What to take instead: a minor that is maintained on that day, where one is known."""
    newest = max(END_OF_MAINTENANCE)
    if today >= END_OF_MAINTENANCE[newest]:
        return "use a newer agent"
    return f"use agent {newest[0]}.{newest[1]} or newer"
