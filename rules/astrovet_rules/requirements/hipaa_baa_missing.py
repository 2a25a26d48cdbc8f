"""Whoever declares `hipaa` must record a business associate agreement with Astronomer.

## Why

HIPAA allows a company to hand PHI to another one only under a business associate agreement. Without one with
Astronomer no setting of a deployment makes PHI on Astro lawful.

No file shows whether it is signed, so somebody has to attest it and answer for it. The customer asks for the
agreement, and Astronomer signs it.

## Fix

Obtain the agreement from Astronomer, then record it:

    attestations:
      - what: baa
        owner: privacy@example.com
        signed: 2026-03-01
        until: 2027-02-28
        evidence: contract 4711

## Not reported

An agreement that has run out, which REQ006 reports. In a private cloud Astronomer runs nothing: there it is
worth knowing only, because the people of Astronomer's support may come to see PHI.
"""

from astrovet import Absent, Context, DeploymentModel, Known, Obligation, Severity, Unknown, Verdicts, fail, rule
from astrovet_rules.requirements.attesting import attestation, best

MESSAGE = "no business associate agreement with Astronomer is attested: one is needed only for access by its support"
REMEDY = "where Astronomer's support may see PHI, obtain the agreement and add it to `attestations` as `baa`"


@rule(
    "REQ004",
    "hipaa-baa-missing",
    on=Obligation,
    severity=Severity.CRITICAL,
    when=("hipaa",),
    sources=("S000-34", "S003-35", "C-03"),
    controls=("45 CFR 164.308(b)(1)",),
)
def check(obligation: Obligation, context: Context) -> Verdicts:
    place = obligation.at("hipaa")
    match obligation.model:
        case Known(DeploymentModel.PRIVATE_CLOUD):
            if best("baa", context) is None:
                yield fail(place, MESSAGE, remedy=REMEDY, severity=Severity.INFO)
        case Known() | Unknown() | Absent():  # in every other model Astronomer takes part
            yield from attestation("baa", place, context, ("hipaa",))
