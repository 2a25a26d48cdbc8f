"""What must run without the Internet must not be built on Astro, which is a service in the Internet.

## Why

Astro's orchestration is reached over the Internet in all its models: agents of Remote Execution open no
port, yet they call out over HTTPS all the time. Only Private Cloud, with registries and a certificate
authority of your own, runs behind an air gap.

## Fix

Remove the objects of Astro from this scope and install Private Cloud; or, where the air gap is meant for
another deployment only, declare it there.

Before:

    requires: [air-gapped]

After:

    deployments:
      - match: "grid-control-*"
        requires: [air-gapped]

## Not reported

What the plan removes, and what only data sources read. A workspace, a cluster or an agent of a deployment that
is reported itself. Where the declared requirements exclude each other REQ017 speaks alone.
"""

from astrovet import (
    SUITABILITY,
    TITLES,
    Agent,
    Cluster,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Requirement,
    Severity,
    Verdicts,
    Workspace,
    fail,
    not_applicable,
    rule,
    satisfying,
)
from astrovet_rules.requirements import models

AIR_GAPPED = Requirement.AIR_GAPPED


@rule(
    "REQ009",
    "air-gap-model",
    on=(Deployment, Agent, Cluster, Workspace),
    severity=Severity.CRITICAL,
    when=("air-gapped",),
    sources=models.sources(AIR_GAPPED),
    controls=("DORA Art. 28",),
)
def check(subject: Deployment | Agent | Cluster | Workspace, context: Context) -> Verdicts:
    if not satisfying(context.requires):
        yield not_applicable(models.CONFLICT)
    elif isinstance(subject, Cluster) and not subject.is_managed:
        yield not_applicable("a data source only reads it")
    elif any(_may_be_air_gapped(deployment, context) for deployment in _deployments(subject, context)):
        yield not_applicable("its deployment is judged")
    else:
        answers = SUITABILITY[AIR_GAPPED]
        model = _model(subject)
        suitable = " or ".join(TITLES[target] for target in satisfying(context.requires))
        if model not in satisfying({AIR_GAPPED}):
            message = f"air-gapped is declared, and this belongs to Astro: {answers[model].why}"
            yield fail(subject.place, message, remedy=f"run it on {suitable}, or declare the air gap where it is meant")


def _model(subject: Deployment | Agent | Cluster | Workspace) -> DeploymentModel:
    """The model that it belongs to. For all that Astro runs itself the answer is the same."""
    match subject:
        case Agent():
            return DeploymentModel.REMOTE_EXECUTION
        case Deployment(model=Known(model)) if model in SUITABILITY[AIR_GAPPED]:
            return model
        case Deployment() | Cluster() | Workspace():
            return DeploymentModel.STANDARD


def _may_be_air_gapped(deployment: Deployment, context: Context) -> bool:
    scope = context.scopes.of(deployment)
    return AIR_GAPPED in scope.requires or AIR_GAPPED in scope.unsure


def _deployments(subject: Deployment | Agent | Cluster | Workspace, context: Context) -> list[Deployment]:
    """The deployments here that it is a part of, or that are a part of it."""
    deployments = context.estate.of(Deployment)
    match subject:
        case Agent():
            return [deployment for deployment in subject.deployment.candidates if deployment in deployments]
        case Cluster():
            return [deployment for deployment in deployments if subject in deployment.cluster.candidates]
        case Workspace():
            return [deployment for deployment in deployments if subject in deployment.workspace.candidates]
        case Deployment():
            return []
