"""`astrovet rules`: the catalogue."""

from __future__ import annotations

import click

from astrovet.cli.app import completed_rules, format_option, option, subcommand, words
from astrovet.cli.streams import show
from astrovet.judging.packs import BUILT_IN, PackError, find, join_packs, load_pack, no_such_rule
from astrovet.judging.rulebook import Rule
from astrovet.reports.formats import RULES


@subcommand("rules", short_help="List the rules.")
@option(
    "--select",
    "selected",
    multiple=True,
    metavar="RULE[,RULE]",
    shell_complete=completed_rules,
    help="List only these (id, prefix, name).",
)
@option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run.")
@format_option(RULES.names)
def command(selected: tuple[str, ...], packs: tuple[str, ...], form: str) -> None:
    """List the rules with their severity and what they demand."""
    try:
        rules = join_packs(load_pack(pack) for pack in (BUILT_IN, *packs))
    except PackError as error:
        raise click.UsageError(str(error)) from None
    meant = {rule.id for selector in words(selected) for rule in _meant(rules, selector)}
    rules = tuple(rule for rule in rules if not selected or rule.id in meant)
    show(RULES.render(form, rules))


def _meant(rules: tuple[Rule, ...], selector: str) -> tuple[Rule, ...]:
    meant = find(rules, selector)
    if not meant:
        raise click.UsageError("; ".join(no_such_rule(rules, selector)))
    return meant
