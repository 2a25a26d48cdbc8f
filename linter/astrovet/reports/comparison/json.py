"""A comparison for scripts; schema 1, which only ever grows."""

from __future__ import annotations

from astrovet.judging.comparison import Comparison
from astrovet.reports.escape import json_text
from astrovet.reports.findings.json import SCHEMA, json_verdict


def render(comparison: Comparison, version: str) -> str:
    """The verdicts are those of `astrovet scan`; what is closed, accepted or decided is as it was before the change."""
    lists = {name: getattr(comparison, name) for name in ("opened", "unknowable", "closed", "accepted", "decided")}
    return json_text(
        {
            "schema": SCHEMA,
            "tool": {"name": "astrovet", "version": version},
            "base": comparison.base,
            "head": comparison.head,
            **{name: list(map(json_verdict, verdicts)) for name, verdicts in lists.items()},
            "heavier": [{**json_verdict(pair.after), "was": pair.before.severity} for pair in comparison.heavier],
            "stayed": comparison.stayed,
            "notes": comparison.notes,
        }
    )
