"""A deployment that needs private connections to your own network must not run on a shared cluster.

## Why

Networks are connected to dedicated clusters: by peering, private links, a VPN or a transit gateway. A shared
cluster has private endpoints to some services of its cloud, and none to what is yours, so the traffic of
its tasks to your databases goes over public addresses.

## Fix

Create a new deployment on a cluster of its own, and connect that to your network. Do not just edit `type`:
Terraform then destroys the deployment with its history and makes a new one.

Before:

    resource "astro_deployment" "warehouse" {
      type           = "STANDARD"
      cloud_provider = "AWS"
      region         = "eu-central-1"
      ...
    }

After:

    resource "astro_deployment" "warehouse_private" {
      type       = "DEDICATED"
      cluster_id = astro_cluster.main.id
      ...
    }

## Not reported

Private Cloud, which runs in your own network. The tasks of Remote Execution do too, but its agents call Astro over
the Internet unless AWS PrivateLink or Azure Private Link is set up: undecided until you attest that as `private-
link`. If all that you need is the private endpoints of the cloud's own services, waive the finding and say so.
Where the declared requirements exclude each other REQ017 speaks alone.
"""

from astrovet import (
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    satisfying,
    undecided,
)
from astrovet_rules.requirements.attesting import attestation, best
from astrovet_rules.requirements.models import against, rule_on_the_model, sources

OVER_THE_INTERNET = "the agents call Astro over the Internet unless a private link is set up, which no file shows"
HOW = "set up AWS PrivateLink or Azure Private Link, and attest it as `private-link`"


def _judgement(deployment: Deployment, context: Context) -> Verdicts:
    """By the model; of Remote Execution the way of its agents to Astro is asked for."""
    model = deployment.model if satisfying(context.requires) else Absent(deployment.place)
    match model:
        case Known(DeploymentModel.REMOTE_EXECUTION, place) if best("private-link", context) is None:
            yield undecided(Unknown(OVER_THE_INTERNET, place, how=HOW), "private-link")
        case Known(DeploymentModel.REMOTE_EXECUTION, place):
            yield from attestation("private-link", place, context, (Requirement.PRIVATE_CONNECTIVITY,))
        case Known() | Unknown() | Absent():
            yield from against(Requirement.PRIVATE_CONNECTIVITY, deployment, context)


check = rule_on_the_model(
    "REQ010",
    "private-connectivity-model",
    Requirement.PRIVATE_CONNECTIVITY,
    severity=Severity.HIGH,
    module=__name__,
    said_by=(
        *sources(Requirement.PRIVATE_CONNECTIVITY),
        "D:remote-agents-aws-privatelink",
        "D:remote-agents-azure-privatelink",
    ),
    judgement=_judgement,
)
