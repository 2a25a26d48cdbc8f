"""Code must reach a deployment through its pipeline only.

## Why

Without enforcement everybody with an author's role can deploy from a laptop, and what runs then is in no
repository. Reviews, tests and image scans bind nobody. After an incident nobody can tell which code ran.

## Fix

Before:

    resource "astro_deployment" "claims" {
      is_cicd_enforced = false
    }

After:

    resource "astro_deployment" "claims" {
      is_cicd_enforced = true
    }

From then on only API tokens deploy: see that the pipeline has one first. In a workspace
`cicd_enforced_default = true` does the same for deployments that are yet to be made.

## Not reported

Development deployments. For Remote Execution it is only worth knowing, since its DAGs come from bundles.
"""

from operator import not_

from astrovet import (
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Severity,
    Unknown,
    Verdicts,
    Workspace,
    fail,
    fail_if,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "set is_cicd_enforced = true, once the pipeline deploys with an API token"
DEFAULT = "set cicd_enforced_default = true"


@rule(
    "AST012",
    "cicd-not-enforced",
    on=(Deployment, Workspace),
    severity=Severity.LOW,
    raised={"pci": Severity.HIGH, "dora": Severity.HIGH, "soc2": Severity.MEDIUM},
    sources=("S000-15", "TF"),
    controls=("SOC 2 CC8.1",),
)
def check(subject: Deployment | Workspace, context: Context) -> Verdicts:
    match subject:
        case Deployment():
            yield from _of_deployment(subject)
        case Workspace():
            yield from _of_workspace(subject)


def _of_deployment(deployment: Deployment) -> Verdicts:
    message = "people can deploy code past its pipeline"
    match deployment.is_development, deployment.enforces_cicd:
        case (_, Known(True)) | (_, Absent()):
            pass
        case Known(True), _:
            yield not_applicable("it is a development deployment")
        case (_, Unknown() as unknown) | (Unknown() as unknown, _):
            yield undecided(unknown)
        case _, Known(_, place):
            match deployment.model:
                case Unknown() as unknown:
                    yield undecided(unknown)
                case Known(DeploymentModel.REMOTE_EXECUTION):
                    yield fail(place, f"{message}; its DAGs come from bundles", remedy=REMEDY, severity=Severity.INFO)
                case Known() | Absent():
                    yield fail(place, message, remedy=REMEDY)


def _of_workspace(workspace: Workspace) -> Verdicts:
    message = "new deployments in it do not enforce their pipeline"
    yield from fail_if(workspace.enforces_cicd, not_, message, remedy=DEFAULT, is_raised=False)
