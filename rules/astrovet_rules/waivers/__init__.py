"""Waivers: what somebody accepts has to stay true, dated, explained and allowed."""

from astrovet_rules.waivers import waiver_expired, waiver_not_allowed, waiver_unused, waiver_without_reason

RULES = [
    waiver_unused.check,
    waiver_expired.check,
    waiver_without_reason.check,
    waiver_not_allowed.check,
]
"""In the order of their ids."""
