"""Whether somebody answers for what no file shows."""

from astrovet import Context, attested


def is_attested(what: str, context: Context) -> bool:
    """Whether an attestation of it holds and says who answers for it, and since when."""
    days = context.limits.attestation_days
    newest = attested(context.attestations, what, context.today, days)
    return newest is not None and not newest.lacks and not newest.has_ended(context.today, days)
