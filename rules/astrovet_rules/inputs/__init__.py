"""The inputs themselves: what cannot be read must not look clean."""

from astrovet_rules.inputs import (
    duplicate_key,
    incomplete_plan,
    not_seen,
    not_this_chart,
    nothing_to_check,
    obsolete_key,
    odd_encoding,
    placeholder_left,
    unknown_key,
    unreadable_input,
    wrong_terraform_output,
    wrong_type,
)

RULES = [
    unreadable_input.check,
    wrong_terraform_output.check,
    incomplete_plan.check,
    duplicate_key.check,
    unknown_key.check,
    wrong_type.check,
    not_this_chart.check,
    placeholder_left.check,
    obsolete_key.check,
    odd_encoding.check,
    nothing_to_check.check,
    not_seen.check,
]
"""In the order of their ids."""
