"""`astrovet model`: the deployment model, with the origin of each value."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from msgspec.structs import replace

from astrovet import __version__
from astrovet.cli.app import EXIT_INPUT, EXIT_INTERNAL, option
from astrovet.cli.judging import sensitive
from astrovet.cli.reading import Inputs, Read, input_options, read, stop
from astrovet.declared.configuration import ConfigError
from astrovet.judging.engine import all_secrets
from astrovet.place import Place
from astrovet.reports.estate.inventory import Described, inventory
from astrovet.reports.estate.picture import picture
from astrovet.secrecy import Redactor


@click.command(name="model", short_help="Show the deployment model, with the origin of each value.")
@input_options
@option("--format", "form", type=click.Choice(["text", "json", "mermaid"]), default="text", show_default=True)
def command(*, inputs: Inputs, form: str) -> None:
    """Show what is understood of the inputs below each PATH: every value with its place; nothing is judged.

    A value that may be a secret is never shown. With --format mermaid, draw the architecture.
    Exit status: 0, 2 where an input cannot be used, or 3 after an error of astrovet itself.
    """
    try:
        found = read(inputs)
    except ConfigError as error:
        stop(error)
    click.echo(_rendered(found, form), nl=False)
    failed = [each for each in found.estate.inputs if each.failed]
    for each in failed:
        click.echo(f"{each.path}: {'; '.join(problem.why for problem in each.problems)}", err=True)
    sys.exit(EXIT_INTERNAL if found.bugs else EXIT_INPUT if failed else 0)


def _rendered(found: Read, form: str) -> str:
    if form == "mermaid":
        from astrovet.reports.estate.mermaid import mermaid

        return mermaid(picture(found.estate))
    redact = Redactor(all_secrets(found.estate, sensitive(found.reading)))
    objects = _located(inventory(found.estate, redact), found)
    if form == "json":
        from astrovet.reports.estate import json_report

        return json_report.render(objects, picture(found.estate), __version__)

    from astrovet.reports.estate import text

    return text.render(objects)


def _located(objects: Sequence[Described], found: Read) -> Sequence[Described]:
    """With the places in the sources behind plans, where these are there."""
    behind = found.behind
    if behind is None:
        return objects

    def source(place: Place) -> Place:
        return behind.locate(place)[0]

    return [
        replace(
            each,
            place=source(each.place),
            fields=tuple(replace(field, place=source(field.place)) for field in each.fields),
        )
        for each in objects
    ]
