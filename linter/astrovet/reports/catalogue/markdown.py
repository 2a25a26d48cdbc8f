"""The rules as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from astrovet.judging.rulebook import Rule
from astrovet.reports.home import page_name


def render(rules: Sequence[Rule]) -> str:
    """A row for each rule."""
    return table(rules)


def table(rules: Iterable[Rule], *, linked: bool = False) -> str:
    """The same; `linked` for a file beside the pages of the rules."""
    head = "| id | name | severity | the law |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| {_id(rule, linked)} | `{rule.name}` | {rule.severity} | {rule.law} |\n" for rule in rules)


def _id(rule: Rule, linked: bool) -> str:
    return f"[{rule.id}]({page_name(rule)})" if linked else rule.id
