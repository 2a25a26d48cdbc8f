"""`astrovet rules`: the catalogue."""

from __future__ import annotations

import click

from astrovet.cli.app import format_option, option, subcommand
from astrovet.cli.streams import show
from astrovet.judging.packs import BUILT_IN, PackError, join_packs, load_pack
from astrovet.reports.formats import RULES


@subcommand("rules", short_help="List the rules.")
@option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run.")
@format_option(RULES.names)
def command(packs: tuple[str, ...], form: str) -> None:
    """List the rules with their severity and what they demand."""
    try:
        rules = join_packs(load_pack(pack) for pack in (BUILT_IN, *packs))
    except PackError as error:
        raise click.UsageError(str(error)) from None
    show(RULES.render(form, rules))
