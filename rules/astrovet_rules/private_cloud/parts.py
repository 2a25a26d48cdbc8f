"""How rules speak of values that are only a part of what Helm is given."""

from collections.abc import Iterable

from astrovet import Outcome, Platform, Verdicts, first_gap_only


def seen(platform: Platform, outcomes: Iterable[Outcome]) -> Verdicts:
    """The outcomes; of a part of the values one gap in place of many."""
    yield from outcomes if platform.complete else first_gap_only(outcomes)
