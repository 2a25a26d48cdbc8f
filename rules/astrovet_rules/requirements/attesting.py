"""What the rules about attestations share."""

from collections.abc import Iterable

from astrovet import SIGNED_BY, Attestation, Context, Party, Place, Severity, Verdicts, attested, fail, not_applicable
from astrovet_rules.tables.attestations import ATTESTABLES

WORDS = {"owner": "owner", "signed": "day of signature"}


def who_must_act(what: str) -> str:
    """The parties of the shared responsibility (S000-02) whose turn it is."""
    parties = [str(party) if party is Party.ASTRONOMER else f"the {party}" for party in SIGNED_BY[what]]
    return f"{' and '.join(parties)} must act"


def best(what: str, context: Context) -> Attestation | None:
    """The attestation that says most, where there is one."""
    return attested(context.attestations, what, context.today, context.limits.attestation_days)


def has_ended(attestation: Attestation, context: Context) -> bool:
    return attestation.has_ended(context.today, context.limits.attestation_days)


def attestation(
    what: str, asked_at: Place, context: Context, under: Iterable[str], severity: Severity | None = None
) -> Verdicts:
    """Whether something is attested, by somebody and since a day."""
    newest = best(what, context)
    if newest is None:
        message = f"{ATTESTABLES[what].gap} (`{what}`): {who_must_act(what)}"
        remedy = f"{ATTESTABLES[what].remedy}; then add it to `attestations`, with `owner` and `signed`"
        yield fail(asked_at, message, remedy=remedy, severity=severity, about=what, under=under)
    elif has_ended(newest, context):
        yield not_applicable(f"the attestation `{what}` has run out, which REQ006 reports")
    elif newest.lacks:
        message = f"the attestation `{what}` has no {' and no '.join(WORDS[key] for key in newest.lacks)}"
        remedy = f"add {' and '.join(f'`{key}`' for key in newest.lacks)}: the customer answers for what is recorded"
        yield fail(newest.place, message, remedy=remedy, severity=severity, about=what, under=under)
