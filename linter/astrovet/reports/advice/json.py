"""Advice for scripts: schema 1, which only ever grows."""

from __future__ import annotations

from astrovet.reports.escape import json_text
from astrovet.requirements.advice import Advice

SCHEMA = 1


def render(advice: Advice) -> str:
    """What was asked, which models satisfy it, what excludes each other, and all models with their reasons."""
    return json_text(
        {
            "schema": SCHEMA,
            "requires": advice.requires,
            "satisfied_by": [option.model for option in advice.satisfying],
            "conflicts": advice.conflicts,
            "models": advice.options,
        }
    )
