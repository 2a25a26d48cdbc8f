"""Where the pages are kept that reports link to."""

from __future__ import annotations

from astrovet.judging.packs import BUILT_IN
from astrovet.judging.rulebook import Rule

HOME = "https://github.com/astrovet/astrovet"


def page_name(rule: Rule) -> str:
    """The name of the rule's file in `docs/rules/`."""
    return f"{rule.id}-{rule.name}.md"


def manual_url(rule: Rule) -> str:
    """The page of a rule; empty for one of another pack, of which nobody knows where its manual is kept."""
    is_ours = rule.check.__module__.startswith(f"{BUILT_IN}.")
    return f"{HOME}/blob/main/docs/rules/{page_name(rule)}" if is_ours else ""
