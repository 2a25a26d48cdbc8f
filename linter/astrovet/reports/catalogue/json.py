"""The rules for scripts: schema 1, which only ever grows."""

from __future__ import annotations

from collections.abc import Sequence

from astrovet.judging.rulebook import Rule
from astrovet.reports.escape import json_text

SCHEMA = 1


def render(rules: Sequence[Rule]) -> str:
    """All that a rule says of itself, its manual included."""
    return json_text({"schema": SCHEMA, "rules": [_rule(rule) for rule in rules]})


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": rule.severity,
        "raised": dict(sorted(rule.raised.items())),
        "when": sorted(rule.when),
        "law": rule.law,
        "sources": rule.sources,
        "manual": rule.manual,
    }
