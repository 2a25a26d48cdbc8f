"""The cluster of a deployment under DORA must have disaster recovery.

## Why

Without it an outage of the region stops the deployment until the cloud is back, and nobody promises when. With
it Astro takes the deployment to another region within an hour, losing at most 15 minutes. The provider leaves
it off where nothing is written.

## Fix

On AWS and Google Cloud disaster recovery is chosen when a cluster is made: create a new cluster with it and
move the deployments.

Before:

    resource "astro_cluster" "payments" {
      cloud_provider = "AWS"
      region         = "eu-central-1"
      ...
    }

After:

    resource "astro_cluster" "payments_resilient" {
      cloud_provider                  = "AWS"
      region                          = "eu-central-1"
      is_dr_enabled                   = true
      dr_region                       = "eu-west-1"
      enable_replication_time_control = true
      ...
    }

## Not reported

Deployments without a cluster of their own, which REQ011 reports. A cluster that is declared elsewhere comes
out as undecided until its plan or state is scanned too.
"""

from astrovet import (
    Absent,
    Cluster,
    Context,
    Deployment,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

MESSAGE = "dora is declared, and the cluster has no disaster recovery"
REMEDY = "make a new cluster with is_dr_enabled = true and dr_region, which AWS and Google Cloud take at creation only"
REMEDY_AZURE = "set is_dr_enabled = true and dr_region"


@rule(
    "REQ012",
    "dora-recovery-off",
    on=(Cluster, Deployment),
    severity=Severity.HIGH,
    when=("dora",),
    sources=("S003-38", "S000-10", "TF", "PLAN"),
    controls=("DORA Art. 11 and 12",),
)
def check(subject: Cluster | Deployment, context: Context) -> Verdicts:
    if isinstance(subject, Cluster):
        yield from _cluster(subject)
        return
    match subject.cluster.to:
        case Absent():
            yield not_applicable("it has no cluster of its own, which REQ011 judges")
        case Unknown() as unknown if not subject.cluster.candidates:
            yield undecided(unknown)
        case Known() | Unknown():
            yield not_applicable("its cluster is judged")


def _cluster(cluster: Cluster) -> Verdicts:
    is_azure = isinstance(cluster.cloud, Known) and cluster.cloud.value == "AZURE"
    match cluster.disaster_recovery:
        case Known(True):
            pass
        case Absent(place) if not cluster.is_managed:
            yield undecided(
                Unknown("what is read of the cluster does not show whether it has disaster recovery", place)
            )
        case Known(_, place) | Absent(place):
            yield fail(place, MESSAGE, remedy=REMEDY_AZURE if is_azure else REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
