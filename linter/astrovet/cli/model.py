"""`astrovet model`: the deployment model, with the origin of each value."""

from __future__ import annotations

import sys

from msgspec.structs import replace

from astrovet import __version__
from astrovet.cli.app import EXIT_INPUT, EXIT_INTERNAL, format_option, subcommand, tell_bugs
from astrovet.cli.judging import sensitive
from astrovet.cli.reading import Inputs, Read, input_options, read, stop
from astrovet.cli.streams import show, tell
from astrovet.declared.configuration import ConfigError
from astrovet.judging.engine import all_secrets
from astrovet.model.estate import Input
from astrovet.place import Place
from astrovet.reports.estate.contents import EstateContents
from astrovet.reports.estate.drawing import draw
from astrovet.reports.estate.inventory import Described, inventory
from astrovet.reports.formats import MODEL
from astrovet.secrecy import Redactor


@subcommand("model", short_help="Show the deployment model, with the origin of each value.")
@input_options
@format_option(MODEL.names)
def command(*, inputs: Inputs, form: str) -> None:
    """Show what is understood of the inputs below each PATH: every value with its place; nothing is judged.

    A value that may be a secret is never shown. With --format mermaid, draw the architecture.
    Exit status: 0, 2 where an input cannot be used, or 3 after an error of astrovet itself.
    """
    try:
        seen = read(inputs)
    except ConfigError as error:
        stop(error)
    show(MODEL.render(form, _contents(seen)))
    failed = [file for file in seen.estate.of(Input) if file.failed]
    for file in failed:
        tell(f"{file.path}: {'; '.join(problem.why for problem in file.problems)}")
    is_broken = tell_bugs((), seen.guard.bugs)
    sys.exit(EXIT_INTERNAL if seen.bugs or is_broken else EXIT_INPUT if failed else 0)


def _contents(seen: Read) -> EstateContents:
    redact = Redactor(all_secrets(seen.estate, sensitive(seen.reading)))
    objects = tuple(map(redact.record, inventory(seen.estate)))
    return EstateContents(_located(objects, seen), draw(seen.estate, redact), __version__)


def _located(objects: tuple[Described, ...], seen: Read) -> tuple[Described, ...]:
    """With the places in the sources behind plans, where these are there."""
    behind = seen.behind
    if behind is None:
        return objects

    def source(place: Place) -> Place:
        return behind.locate(place)[0]

    return tuple(
        replace(
            described,
            place=source(described.place),
            fields=tuple(replace(field, place=source(field.place)) for field in described.fields),
        )
        for described in objects
    )
