"""What rules of the family share: values that are only a part of what Helm is given, and what people attest."""

from collections.abc import Iterable

from astrovet import Context, Outcome, Platform, Verdicts, first_gap_only
from astrovet_rules.settings.attested import is_attested


def seen(platform: Platform, outcomes: Iterable[Outcome]) -> Verdicts:
    """The outcomes; of a part of the values one gap in place of many."""
    yield from outcomes if platform.complete else first_gap_only(outcomes)


def attests(context: Context, *what: str) -> bool:
    """Whether people attest one of these, and it still holds."""
    return any(is_attested(name, context) for name in what)
