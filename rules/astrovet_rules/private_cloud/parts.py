"""What rules of the family share: values that are only a part of what Helm is given, and what people attest."""

from collections.abc import Iterable

from astrovet import Context, Outcome, Platform, Verdicts, attested, first_gap_only


def seen(platform: Platform, outcomes: Iterable[Outcome]) -> Verdicts:
    """The outcomes; of a part of the values one gap in place of many."""
    yield from outcomes if platform.complete else first_gap_only(outcomes)


def attests(context: Context, *what: str) -> bool:
    """Whether people attest one of these, and it still holds."""
    days = context.limits.attestation_days
    answers = (attested(context.attestations, name, context.today, days) for name in what)
    return any(attestation is not None and not attestation.has_ended(context.today, days) for attestation in answers)
