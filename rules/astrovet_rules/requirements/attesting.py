"""What the rules about attestations share."""

from collections.abc import Iterable

from astrovet import SIGNED_BY, Attestation, Context, Party, Place, Severity, Verdicts, attested, fail, not_applicable
from astrovet_rules.tables.attestations import ATTESTABLES

WORDS = {"owner": "owner", "signed": "day of signature"}


def who_must_act(what: str) -> str:
    """The parties of the shared responsibility (S000-02) whose turn it is."""
    parties = [str(each) if each is Party.ASTRONOMER else f"the {each}" for each in SIGNED_BY[what]]
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
    found = best(what, context)
    if found is None:
        message = f"{ATTESTABLES[what].gap} (`{what}`): {who_must_act(what)}"
        remedy = f"{ATTESTABLES[what].remedy}; then add it to `attestations`, with `owner` and `signed`"
        yield fail(asked_at, message, remedy=remedy, severity=severity, about=what, under=under)
    elif has_ended(found, context):
        yield not_applicable(f"the attestation `{what}` has run out, which REQ006 reports")
    elif found.lacks:
        message = f"the attestation `{what}` has no {' and no '.join(WORDS[key] for key in found.lacks)}"
        remedy = f"add {' and '.join(f'`{key}`' for key in found.lacks)}: the customer answers for what is recorded"
        yield fail(found.place, message, remedy=remedy, severity=severity, about=what, under=under)
