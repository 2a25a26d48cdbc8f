"""The rules for people: a line for each."""

from __future__ import annotations

from collections.abc import Sequence

from astrovet.judging.rulebook import Rule


def render(rules: Sequence[Rule]) -> str:
    """Id, severity, name and law, in columns."""
    width = max(len(rule.name) for rule in rules)
    return "".join(f"{rule.id}  {rule.severity:<8}  {rule.name:<{width}}  {rule.law}\n" for rule in rules)
