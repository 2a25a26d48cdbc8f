"""An attestation must not have run out.

## Why

Agreements end, reviews grow old, people who answered for something leave. What was true when it was signed
proves nothing of today, and an auditor does not accept it. The one who answers for it should learn so from here.

## Fix

Renew what is attested, then record the new dates. The finding says which party must act: the customer,
Astronomer or the cloud provider.

    attestations:
      - what: baa
        owner: privacy@example.com
        signed: 2026-03-01
        until: 2027-02-28

`until` is the last day on which an attestation holds. One without it holds for 365 days from the day on which
it was signed. That number is ours, not a source's, and can be set:

    limits:
      attestation-days: 730

## Not reported

An old attestation beside a newer one of the same thing. One that no declared requirement needs is worth knowing
only.
"""

from astrovet import ATTESTED_FOR, Attestation, Context, Severity, Verdicts, fail, not_applicable, rule
from astrovet_rules.requirements.attesting import best, has_ended, who_must_act
from astrovet_rules.tables.attestations import ATTESTABLES


@rule(
    "REQ006",
    "attestation-expired",
    on=Attestation,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL},
    sources=("our rule", "S000-34"),
    controls=("45 CFR 164.308(b)(1)",),
    never_waived=True,
)
def check(attestation: Attestation, context: Context) -> Verdicts:
    what = attestation.what
    if not has_ended(attestation, context):
        return
    newest = best(what, context)
    if newest is not None and not has_ended(newest, context):
        yield not_applicable("a newer attestation of the same thing holds")
        return
    users = sorted(context.requires & ATTESTED_FOR[what])
    if attestation.until:
        ended = f"ended on {attestation.until}"
    else:
        ended = f"is of {attestation.signed}, more than {context.limits.attestation_days} days ago"
    yield fail(
        attestation.place,
        f"the attestation `{what}` {ended}: {who_must_act(what) if users else 'no declared requirement needs it'}",
        remedy=f"{ATTESTABLES[what].remedy}; then record the new `signed` and `until`"
        if users
        else "renew it or remove it",
        severity=None if users else Severity.INFO,
        is_raised=what == "baa",
        under=users,
    )
