"""Images of an agent must be pinned to one version.

## Why

A tag that moves, such as `latest` or one of Astronomer's without the version of the agent, means another
image after the next build. Pods of one agent then run different code, nobody can say which version ran on
the day of an incident, and a change reaches production without a review.

## Fix

Use Astronomer's full tag, a fixed tag of your own, or a digest.

Before:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5

After:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1

## Not reported

A digest; a full tag of Astronomer's; any other fixed tag, also one that is a date; the chart's own images;
images of components that are switched off.
"""

from astrovet import (
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
from astrovet_rules.tables.images import LATEST, parse

REMEDY = "name the full tag, or the digest"


@rule(
    "REX029",
    "image-not-pinned",
    on=Agent,
    severity=Severity.MEDIUM,
    raised={"pci": Severity.HIGH, "hipaa": Severity.HIGH},
    sources=("D:agent-maintenance-policy", "S000-16"),
    controls=("SOC 2 CC8.1",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    outcomes = _outcomes(agent)
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _outcomes(agent: Agent) -> Verdicts:
    for image in agent.images():
        match image:
            case Known(reference, place):
                parsed = parse(reference)
                if parsed.is_floating:
                    yield fail(place, _message(parsed.tag), remedy=REMEDY)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass


def _message(tag: str | None) -> str:
    if tag is None:
        return "the image has neither a tag nor a digest"
    if tag == LATEST:
        return "the image's tag is `latest`, which moves with every build"
    return "the image's tag does not name the version of the agent, and moves with the next one"
