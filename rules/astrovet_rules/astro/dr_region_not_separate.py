"""A cluster's disaster recovery must be in another region than the cluster itself.

## Why

An outage of the region then takes the cluster and its spare at once. The provider does not compare the
two, so a copied line is enough to pay for a disaster recovery that cannot help.

## Fix

Before:

    region        = "us-east-1"
    is_dr_enabled = true
    dr_region     = "us-east-1"

After:

    region        = "us-east-1"
    is_dr_enabled = true
    dr_region     = "us-west-2"

## Not reported

Clusters without disaster recovery, and those that a data source only reads. Two regions of one country
are separate here; where data may be kept is another question.
"""

from astrovet import (
    Absent,
    Cluster,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "set dr_region to another region of the same cloud"


@rule(
    "AST020",
    "dr-region-not-separate",
    on=Cluster,
    severity=Severity.HIGH,
    sources=("TF", "S003-38"),
    controls=("DORA Art. 11 and 12",),
)
def check(cluster: Cluster, context: Context) -> Verdicts:
    if not cluster.is_managed:
        yield not_applicable("a data source only reads it")
        return
    match cluster.disaster_recovery, cluster.region, cluster.dr_region:
        case (Known(False) | Absent(), _, _):
            yield not_applicable("it has no disaster recovery")
        case _, Known(region), Known(other) if region.lower() != other.lower():
            pass
        case (Unknown() as unknown, _, Known() | Unknown()):
            yield undecided(unknown)
        case (_, Unknown() as unknown, _) | (_, _, Unknown() as unknown):
            yield undecided(unknown)
        case Known(True), Known(), Known(_, place):
            yield fail(place, "disaster recovery is in the region of the cluster itself", remedy=REMEDY)
        case (_, Known() | Absent(), _):
            pass  # the provider refuses a cluster that lacks one of the two
