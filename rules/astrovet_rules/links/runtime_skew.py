"""A deployment and its agents should run the same minor version of Astro Runtime.

## Why

Astro schedules with the Runtime of the deployment, and the agents run tasks with the one in their image.
Astronomer asks for versions that fit together and does not publish which do: a difference is the first thing
to look at where tasks fail to start after an upgrade.

## Fix

Upgrade the side that is older. For a deployment on Runtime 3.2, in the agents' values:

    image: images.astronomer.cloud/baseimages/astro-remote-execution-agent:3.2-5-python-3.12-astro-agent-1.7.1

## Not reported

An image whose tag is your own: it does not tell its Runtime. Differences in the patch, after the hyphen.
"""

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    Context,
    Deployment,
    Known,
    Note,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_gap_only,
    rule,
    undecided,
)
from astrovet_rules.links.serving import note, without_deployment
from astrovet_rules.tables.images import runtime_of
from astrovet_rules.tables.versions import minor_of

REMEDY = "upgrade the side that is older, unless you know that these versions fit together"


@rule(
    "LNK010",
    "runtime-skew",
    on=Agent,
    severity=Severity.INFO,
    sources=("D:agent-images",),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.deployment.to:
        case Known(deployment):
            outcomes = (
                outcome for image in agent.images(*TASK_COMPONENTS) for outcome in _judge(agent, image, deployment)
            )
            yield from first_gap_only(outcomes)
        case Unknown() | Absent():
            yield from without_deployment(agent)


def _judge(agent: Agent, image: Value[str], deployment: Deployment) -> Verdicts:
    match image, deployment.runtime:
        case Known(reference, place), Known(runtime, there):
            own, other = runtime_of(reference), minor_of(runtime)
            if own is not None and other is not None and own[:2] != other:
                age = "an older" if own[:2] < other else "a newer"
                message = f"the agents run {age} Astro Runtime than their deployment"
                yield fail(place, message, remedy=REMEDY, related=(Note("its Runtime", there), note(agent, deployment)))
        case Known(reference), Unknown() as unknown if runtime_of(reference) is not None:
            yield undecided(unknown)
        case Unknown() as unknown, Known() | Unknown():
            yield undecided(unknown)
        case (Known() | Unknown() | Absent(), _):
            pass
