"""The audit log must be kept for as long as is required.

## Why

Astro keeps its audit log for as many days as the plan has, and then it is gone. PCI DSS asks for twelve months;
no plan keeps more than 90 days. What was not exported in time cannot be shown to anybody after an incident.

The sources contradict each other (C-01). The overview says 7 days for the plan Developer and 90 from Team up
(S000-47, S000-48), the guide none for Developer, 7 for Team and 90 from Business up (S003-48). The stricter
reading counts unless you pin the other.

## Fix

Export the audit log to a bucket of your own, which is done in Astro and not in files, and attest it:

    attestations:
      - what: audit-export
        owner: security@example.com
        signed: 2026-04-01
        evidence: s3://acme-astro-audit

Where your contract follows one of the sources, pin it:

    sources:
      audit-retention: S000

`pci` asks for 365 days unless the configuration says how many:

    requires: [pci, {audit-retention: 400d}]

## Not reported

Private clouds, whose audit log goes to a sink of the customer's. An `audit-export` that has run out, which
REQ006 reports.
"""

from astrovet import (
    AUDIT_DAYS,
    Absent,
    Context,
    DeploymentModel,
    Known,
    Obligation,
    Requirement,
    Severity,
    Tier,
    Unknown,
    Verdicts,
    audit_days,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.requirements.attesting import attestation, best

PCI_DAYS = 365
"""PCI DSS v4, 10.5.1: an audit history of twelve months."""

REMEDY = "export the audit log to a bucket of your own (S003-49), then attest it as `audit-export`"


@rule(
    "REQ014",
    "audit-retention-short",
    on=Obligation,
    severity=Severity.MEDIUM,
    raised={"pci": Severity.HIGH, "audit-retention": Severity.HIGH},
    when=("pci", "audit-retention"),
    sources=("S000-47", "S000-48", "S003-48", "S003-49", "C-01"),
    controls=("45 CFR 164.312(b)", "PCI DSS v4 10.5.1"),
)
def check(obligation: Obligation, context: Context) -> Verdicts:
    asker = "audit-retention" if Requirement.AUDIT_RETENTION in context.requires else "pci"
    place = obligation.at(asker)
    days = context.facts.audit_days or (PCI_DAYS if Requirement.PCI in context.requires else None)
    pinned = context.sources.get("audit-retention")
    tier = context.facts.plan_tier
    most = max(audit_days(plan, pinned) for plan in Tier)
    match obligation.model:
        case Known(DeploymentModel.PRIVATE_CLOUD):
            yield not_applicable("its audit log goes to a sink of the customer's")
            return
        case Known() | Unknown() | Absent():  # what keeps the log is the plan, whatever the model
            pass
    if days is None:
        yield undecided(Unknown("for how many days the audit log has to be kept is not declared", place))
    elif not tier and days <= most:
        yield undecided(Unknown("how long the audit log is kept depends on the plan: declare `plan-tier`", place))
    elif days > (audit_days(Tier(tier), pinned) if tier else most):
        if best("audit-export", context) is not None:
            yield from attestation("audit-export", place, context, ())
        else:
            kept = _kept(Tier(tier), pinned) if tier else f"no plan keeps it for more than {most} (S000-48, S003-48)"
            asked = f"{days} days" if days > 1 else "a day"
            yield fail(place, f"the audit log has to be kept for {asked}: {kept}; the customer must act", remedy=REMEDY)


def _kept(tier: Tier, pinned: str | None) -> str:
    """Both readings of how long the plan keeps it, the one that counts first."""
    statement = {"S000": "S000-47" if tier is Tier.DEVELOPER else "S000-48", "S003": "S003-48"}
    readings = AUDIT_DAYS[tier]
    counting = pinned or min(readings, key=lambda source: readings[source])
    other = next(source for source in readings if source != counting)
    plan = f"the plan {tier} keeps it for {readings[counting]}"
    if readings[counting] == readings[other]:
        return f"{plan} ({statement['S000']}, {statement['S003']})"
    why = "as `sources` says" if pinned else "the stricter reading"
    return f"{plan} ({statement[counting]}, {why}; {readings[other]} by {statement[other]})"
