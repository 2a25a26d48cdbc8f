"""A plan must not switch a cluster's disaster recovery off, nor start a failover in passing.

## Why

Without the second region an outage of the first one lasts as long as the cloud needs. On AWS and GCP
disaster recovery can only be chosen when a cluster is created: to have it again, the cluster has to be
made anew. A change of `is_failed_over` is no setting but an order: applied, it moves the cluster.

## Fix

Before:

    is_dr_enabled = false

After:

    is_dr_enabled = true
    dr_region     = "us-west-2"

Leave `is_failed_over` out of the configuration, and start a failover from a runbook.

## Not reported

Clusters that the plan creates; those that it destroys or replaces, which AST017 reports. Where the
configuration says nothing, the provider keeps what is set. A change outside Terraform that the plan puts
back is AST023's.
"""

from astrovet import (
    Absent,
    Change,
    Context,
    Effect,
    Known,
    ObjectType,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

KEEP = "leave is_dr_enabled = true"
LEAVE_OUT = "leave is_failed_over as it is; start a failover on purpose, not with other changes"


@rule(
    "AST019",
    "dr-disabled-by-plan",
    on=Change,
    severity=Severity.HIGH,
    raised={"dora": Severity.CRITICAL},
    sources=("TF", "S003-37"),
    controls=("DORA Art. 11 and 12",),
)
def check(change: Change, context: Context) -> Verdicts:
    if change.type is not ObjectType.CLUSTER or change.effect is not Effect.UPDATE:
        yield not_applicable("it is no cluster that is updated")
        return
    yield from _switched_off(change.before.disaster_recovery, change.after.disaster_recovery)
    yield from _failed_over(change.before.is_failed_over, change.after.is_failed_over)


def _switched_off(before: Value[bool], after: Value[bool]) -> Verdicts:
    match before, after:
        case Known(True), Known(False, place):
            message = "the plan switches disaster recovery off, which on AWS and GCP cannot be undone"
            yield fail(place, message, remedy=KEEP, about="is_dr_enabled")
        case (Known(True), Unknown() as unknown) | (Unknown() as unknown, Known(False)):
            yield undecided(unknown, about="is_dr_enabled")
        case (Known() | Unknown() | Absent(), _):
            pass


def _failed_over(before: Value[bool], after: Value[bool]) -> Verdicts:
    was = before.value if isinstance(before, Known) else False
    match after:
        case Known(will_be, place) if will_be is not was:
            where = "to its second region" if will_be else "back to its first region"
            yield fail(
                place, f"the plan starts a failover: it moves the cluster {where}", remedy=LEAVE_OUT, about="failover"
            )
        case Unknown() as unknown:
            yield undecided(unknown, about="failover")
        case Known() | Absent():
            pass
