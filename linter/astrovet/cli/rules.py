"""`astrovet rules`: the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

import click

from astrovet.cli.app import option
from astrovet.judging.manual import table
from astrovet.judging.packs import BUILT_IN, PackError, join_packs, load_pack
from astrovet.judging.rulebook import Rule


@click.command(name="rules", short_help="List the rules.")
@option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run.")
@option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
def command(packs: tuple[str, ...], form: str) -> None:
    """List the rules with their severity and what they demand."""
    try:
        rules = join_packs(load_pack(each) for each in (BUILT_IN, *packs))
    except PackError as error:
        raise click.UsageError(str(error)) from None
    click.echo({"text": _text, "json": _json, "markdown": table}[form](rules), nl=False)


def _text(rules: Sequence[Rule]) -> str:
    width = max(len(rule.name) for rule in rules)
    return "".join(f"{rule.id}  {rule.severity:<8}  {rule.name:<{width}}  {rule.law}\n" for rule in rules)


def _json(rules: Sequence[Rule]) -> str:
    import msgspec

    listed = [
        {
            "id": rule.id,
            "name": rule.name,
            "severity": rule.severity,
            "raised": dict(sorted(rule.raised.items())),
            "when": sorted(rule.when),
            "law": rule.law,
            "sources": rule.sources,
            "manual": rule.manual,
        }
        for rule in rules
    ]
    return msgspec.json.format(msgspec.json.encode({"schema": 1, "rules": listed}), indent=2).decode() + "\n"
