"""The audit log and the logs of tasks must be kept long enough.

## Why

Houston deletes its audit records after 90 days, and the Elasticsearch of the chart the logs of tasks after ten. Who did
what last year is then no longer to be found out, however long you have promised to know it.

## Fix

Keep the records as long as you must.

    astronomer:
      houston:
        cleanupClusterAudits:
          olderThan: 365

## Not reported

Records that are kept for ever (`cleanupClusterAudits.enabled: false`); logs that are kept elsewhere; installations for
which `audit-export` is attested; data planes.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    Platform,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.private_cloud.parts import attests, seen

LEAST = 90
"""What the chart keeps, and Astro on its better plans (S003-48)."""
PCI_DAYS = 365
"""PCI DSS v4, 10.5.1."""


@rule(
    "APC007",
    "retention-short",
    on=Platform,
    severity=Severity.MEDIUM,
    raised={"pci": Severity.HIGH, "audit-retention": Severity.HIGH},
    sources=("CH",),
    controls=("45 CFR 164.312(b)", "PCI DSS v4 10.5.1"),
)
def check(platform: Platform, context: Context) -> Verdicts:
    yield from seen(platform, _judged(platform, context))


def _judged(platform: Platform, context: Context) -> Verdicts:
    if platform.is_data_plane or attests(context, "audit-export"):
        yield not_applicable("the records are kept elsewhere")
        return
    declared = context.facts.audit_days or (PCI_DAYS if Requirement.PCI in context.requires else 0)
    audit = platform.audit
    match audit.is_cleaned, audit.days:
        case Known(False), _:
            pass
        case _, Known(days, place) as known if days < max(LEAST, declared):
            message = f"audit records are deleted after {days} days{platform.origin(known)}"
            yield fail(place, message, remedy=f"keep them for {max(LEAST, declared)} days", about="audit")
        case _, Unknown() as unknown:
            yield undecided(unknown, "audit")
        case Known() | Unknown() | Absent(), Known() | Absent():
            pass
    if not declared:
        return
    match audit.logs_elsewhere, audit.log_days:
        case Known(False) | Absent(), Known(days, place) as known if days < declared:
            message = f"logs of tasks are deleted after {days} days{platform.origin(known)}"
            yield fail(place, message, remedy=f"keep them for {declared} days", about="logs")
        case (Unknown() as unknown, _) | (Known(False), Unknown() as unknown):
            yield undecided(unknown, "logs")
        case Known() | Absent(), Known() | Unknown() | Absent():
            pass
