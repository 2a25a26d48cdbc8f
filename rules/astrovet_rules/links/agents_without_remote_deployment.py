"""Agents must serve a deployment that has remote execution.

## Why

Agents get work only from a deployment with remote execution. Where their deployment has none, its tasks run
in Astro's cluster and not in yours: the data, the secrets and the logs that the agents were to keep at home
are not there.

## Fix

Give the deployment remote execution, which needs `type = "DEDICATED"` and the Astro executor, or correct
which deployment the agents name.

Before:

    resource "astro_deployment" "claims" {
      type     = "DEDICATED"
      executor = "CELERY"
    }

After:

    resource "astro_deployment" "claims" {
      type             = "DEDICATED"
      executor         = "ASTRO"
      remote_execution = { enabled = true }
    }

## Not reported

Agents that name a deployment which is not in the inputs: it belongs to another repository.
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
    airflow,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.links.serving import is_remote, note

NAMES = (airflow.DEPLOYMENT_ID, airflow.DEPLOYMENT_NAMESPACE)
REMEDY = "give the deployment remote execution, or correct which deployment the agents name"
REMEDY_NAME = f"set {airflow.DEPLOYMENT_ID} and astroDeploymentAPIURL to those of a deployment with remote execution"
OTHER = (DeploymentModel.STANDARD, DeploymentModel.DEDICATED, DeploymentModel.HYBRID)


@rule(
    "LNK003",
    "agents-without-remote-deployment",
    on=Agent,
    severity=Severity.HIGH,
    sources=("S003-04", "TF"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match agent.deployment.to:
        case Known(deployment, place):
            yield from _served(agent, deployment, place)
        case Unknown() as unknown if agent.deployment.candidates:
            if not all(is_remote(deployment) for deployment in agent.deployment.candidates):
                yield undecided(unknown)
        case Unknown() | Absent() if context.estate.of(Deployment):
            yield from _alone(agent, context)
        case Unknown() | Absent():
            yield not_applicable("no deployment is in the inputs")


def _served(agent: Agent, deployment: Deployment, place: Place) -> Verdicts:
    match deployment.model:
        case Known(model) if model in OTHER:
            message = "the deployment that these agents serve has no remote execution"
            yield fail(place, message, remedy=REMEDY, related=(note(agent, deployment),))
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _alone(agent: Agent, context: Context) -> Verdicts:
    """No deployment of the inputs can be theirs: it is of another repository, if they name one."""
    names = [agent.api_url, *(value for name in NAMES for value in agent.variables(name))]
    partial = [
        deployment for deployment in context.estate.of(Deployment) if context.estate.is_partial(deployment.place.path)
    ]
    unknown = first_unknown(names)
    if known_values(names):
        yield not_applicable("the deployment that they name is not in the inputs")
    elif unknown is not None:
        yield undecided(unknown)
    elif partial:
        yield undecided(
            Unknown("this plan is incomplete, and their deployment may be in what it lacks", partial[0].place)
        )
    else:
        message = "no deployment of these inputs has remote execution, and these agents name no other"
        yield fail(agent.place, message, remedy=REMEDY_NAME, severity=Severity.MEDIUM)
