"""What a shell may complete: rules and requirements. Loaded when a shell asks."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem


def rules(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the built-in rules, with their laws; names where no id begins so."""
    from astrovet.judging.packs import BUILT_IN, load_pack

    catalogue = load_pack(BUILT_IN)
    ids = _completed(incomplete, ((rule.id, rule.law) for rule in catalogue))
    return ids or _completed(incomplete, ((rule.name, rule.law) for rule in catalogue))


def requirements(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of requirements."""
    from astrovet.model.requirement import Requirement

    return _completed(incomplete, ((name, "") for name in Requirement))


def _completed(incomplete: str, known: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    """The last of several words with commas between them, completed."""
    before, comma, word = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{name}", help=what)
        for name, what in known
        if name.lower().startswith(word.lower())
    ]
