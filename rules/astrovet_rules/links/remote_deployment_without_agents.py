"""A deployment with remote execution needs agents; without them, none of its tasks run.

## Why

With remote execution Astro only schedules: tasks wait until an agent in your own cluster takes them. Where
some agents are in the inputs and none serves this deployment, its values may be forgotten, or an agent may
name another deployment by mistake.

## Fix

Install the agent chart with the address and the ids of this deployment:

    astroDeploymentAPIURL: https://<cluster id>.external.astronomer.run/d<last seven characters of its id>
    commonEnv:
      - name: ASTRO_DEPLOYMENT_ID
        value: cm4x2k9q1000101mnd7f3k2a1

Where its values name no id, say in .astrovet.yaml which deployment they are for:

    agents:
      - {name: claims-prod, values: [helm/values.yaml], deployment: claims-prod}

## Not reported

Inputs without any agent: then the values are kept elsewhere. An agent that may be this deployment's.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Place,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.links.serving import served

REMEDY = "scan the values of its agents too, or install one that names this deployment"


@rule(
    "LNK002",
    "remote-deployment-without-agents",
    on=Deployment,
    severity=Severity.INFO,
    sources=("S003-20", "S003-24"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    agents = context.estate.of(Agent)
    match deployment.model:
        case Known(DeploymentModel.REMOTE_EXECUTION, place) if agents:
            yield from _judge(deployment, place, context)
        case Unknown() as unknown if agents:
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            yield not_applicable("it has no remote execution, or no agents are in the inputs")


def _judge(deployment: Deployment, place: Place, context: Context) -> Verdicts:
    doubts = served(context)
    if deployment.place in doubts:
        doubt = doubts[deployment.place]
        if doubt is not None:
            yield undecided(doubt)
    elif context.estate.is_partial(deployment.place.path):
        yield undecided(Unknown("this plan is incomplete, and its agents may be in what it lacks", place))
    else:
        yield fail(place, "none of the agents in these inputs serves this deployment", remedy=REMEDY)
