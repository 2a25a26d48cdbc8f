"""Disaster recovery under DORA should have replication time control.

## Why

Astro promises to lose at most 15 minutes of work in a disaster only where the cloud promises how soon the
standby has it. Without replication time control the recovery works, and the recovery point is a hope: a
regulator asks for a number.

## Fix

Before:

    is_dr_enabled = true
    dr_region     = "eu-west-1"

After:

    is_dr_enabled                   = true
    dr_region                       = "eu-west-1"
    enable_replication_time_control = true

## Not reported

Clusters without disaster recovery, which REQ012 reports. On Azure, which takes replication time
control only for two regions of one continent, and for which the documentation promises no recovery, it is worth
knowing only; nothing is said where one region is in Europe and the other is not.
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
from astrovet_rules.tables.regions import is_on_continent

MESSAGE = "disaster recovery runs without replication time control, so no recovery point is promised"
REMEDY = "set enable_replication_time_control = true"


@rule(
    "REQ013",
    "dora-rpo-not-backed",
    on=Cluster,
    severity=Severity.MEDIUM,
    when=("dora",),
    sources=("S003-38", "C-04"),
    controls=("DORA Art. 11 and 12",),
)
def check(cluster: Cluster, context: Context) -> Verdicts:
    is_azure = isinstance(cluster.cloud, Known) and cluster.cloud.value == "AZURE"
    match cluster.disaster_recovery, cluster.replication_time_control:
        case (Known(False) | Absent(), _):
            yield not_applicable("it has no disaster recovery, which REQ012 judges")
        case _, Known(True):
            pass
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown)
        case _ if is_azure and _on_two_continents(cluster):
            yield not_applicable("Azure refuses replication time control between two continents")
        case _, Absent(place) if not cluster.is_managed:
            yield undecided(Unknown("what is read of the cluster does not show its replication time control", place))
        case _, Known(_, place) | Absent(place):
            yield fail(place, MESSAGE, remedy=REMEDY, severity=Severity.INFO if is_azure else None)


def _on_two_continents(cluster: Cluster) -> bool:
    """Whether one region is surely in Europe and the other one surely not."""
    match cluster.region, cluster.dr_region:
        case Known(one), Known(other):
            return is_on_continent(one) is not is_on_continent(other)
        case (Known() | Unknown() | Absent(), _):
            return False
