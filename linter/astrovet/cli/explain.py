"""`astrovet explain`: a rule's manual."""

from __future__ import annotations

from shutil import get_terminal_size

import click

from astrovet.cli.app import completed_rules, option, subcommand
from astrovet.cli.streams import show
from astrovet.judging.packs import BUILT_IN, PackError, find, join_packs, load_pack, no_such_rule
from astrovet.reports.catalogue.manual import page, plain


@subcommand("explain", short_help="Show a rule's manual.")
@click.argument("rule", shell_complete=completed_rules)
@option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run.")
def command(rule: str, packs: tuple[str, ...]) -> None:
    """Show the manual of RULE: an id, a name, or a prefix of ids."""
    try:
        rules = join_packs(load_pack(pack) for pack in (BUILT_IN, *packs))
    except PackError as error:
        raise click.UsageError(str(error)) from None
    meant = find(rules, rule)
    if not meant:
        raise click.UsageError("; ".join(no_such_rule(rules, rule)))
    width = min(100, get_terminal_size().columns)
    show("\n\n".join(plain(page(chosen), width) for chosen in meant))
