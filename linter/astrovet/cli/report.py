"""`astrovet report`: evidence for auditors."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import cast

import click

from astrovet import __version__
from astrovet.cli.app import EXIT_INPUT, EXIT_INTERNAL, option
from astrovet.cli.files import displayed, read_named
from astrovet.cli.judging import Intent, Judged, check_names, intent_options, judged
from astrovet.cli.reading import Inputs, input_options, read, stop
from astrovet.cli.waivers import configs_of
from astrovet.declared.configuration import ConfigError
from astrovet.declared.scope import Scopes
from astrovet.judging.packs import BUILT_IN
from astrovet.judging.verdict import Report
from astrovet.model.estate import Estate
from astrovet.readers.source_file import Role
from astrovet.reports.evidence.gathering import Evidence, Fingerprint, Origin, Pack, evidence

FORMATS = {
    "html": "astrovet.reports.evidence.html",
    "markdown": "astrovet.reports.evidence.markdown",
    "json": "astrovet.reports.evidence.json_report",
}
"""Each format and the module whose `render` writes it."""


@click.command(name="report", short_help="Evidence for auditors: deployments by requirements.")
@input_options
@intent_options
@option("--format", "form", type=click.Choice(list(FORMATS)), default="html", show_default=True)
@click.option("-o", "--output", "output", metavar="FILE", help="Write the report there instead of standard output.")
def command(*, inputs: Inputs, intent: Intent, form: str, output: str | None) -> None:
    """Show for each deployment below each PATH how it stands to each requirement that is declared, and why.

    With the same files, options and --today the report is the same, byte for byte. Exit status: 0 where it
    could be made, whatever it says; 2 where an input cannot be used, and the report says which.
    """
    if "-" in (*inputs.paths, *inputs.plans, *inputs.layers):
        raise click.UsageError("nobody can read standard input again: write the input to a file, and name that.")
    check_names(intent)
    try:
        seen = read(inputs)
        found = judged(seen, intent)
    except ConfigError as error:
        stop(error)
    report = found.judgement.report
    origin = Origin(
        version=__version__,
        today=intent.today,
        command=_command(inputs, intent, form),
        packs=tuple(_packs(intent.packs)),
        files=tuple(_files(found, inputs, intent)),
    )
    scopes = Scopes(found.estate, found.config_of, *((seen.behind.locate,) if seen.behind is not None else ()))
    shown = evidence(report, found.estate, found.rules, scopes, found.config_of, origin)
    content = cast("Callable[[Evidence, str], str]", import_module(FORMATS[form]).render)(
        shown, _drawing(found.estate, report, form)
    )
    if output is None:
        click.echo(content, nl=False)
    else:
        _write(output, content)
    for fault in found.judgement.faults:
        click.echo(f"astrovet {__version__}: internal error in the rule {fault}. Please report it.", err=True)
    sys.exit(EXIT_INTERNAL if found.judgement.faults else EXIT_INPUT if report.input_error else 0)


def _write(path: str, content: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
    except OSError as error:
        click.echo(f"Error: the report {path} cannot be written: {error.strerror}", err=True)
        sys.exit(EXIT_INPUT)


def _drawing(estate: Estate, report: Report, form: str) -> str:
    """The architecture as a picture of the format's kind."""
    from astrovet.reports.estate.picture import failures, picture

    match form:
        case "html":
            from astrovet.reports.estate.svg import svg

            return svg(picture(estate, failures(report)))
        case "markdown":
            from astrovet.reports.estate.mermaid import mermaid

            return mermaid(picture(estate, failures(report)))
        case _:
            return ""


def _command(inputs: Inputs, intent: Intent, form: str) -> str:
    """The command that makes the report again. Values of `--set` may be secret: they are left to whoever has them."""
    words = ["astrovet", "report", *map(displayed, inputs.paths)]
    for flag, values in (
        ("--plan", map(displayed, inputs.plans)),
        ("--source-dir", map(displayed, filter(None, (inputs.source_dir,)))),
        ("--values", map(displayed, inputs.layers)),
        ("--set", (f"{each.partition('=')[0]}=…" for each in inputs.set_typed)),
        ("--set-string", (f"{each.partition('=')[0]}=…" for each in inputs.set_text)),
        ("--set-json", (f"{each.partition('=')[0]}=…" for each in inputs.set_json)),
        ("--set-file", inputs.set_file),
        ("--set-literal", (f"{each.partition('=')[0]}=…" for each in inputs.set_literal)),
        ("--var-file", map(displayed, inputs.var_files)),
        ("--exclude", inputs.exclude),
        ("--config", map(displayed, filter(None, (inputs.config_file,)))),
        ("--require", intent.required),
        ("--plan-tier", filter(None, (intent.plan_tier,))),
        ("--select", intent.selected),
        ("--ignore", intent.ignored),
        ("--rules", map(_pack_name, intent.packs)),
        ("--today", (intent.today,)),
        ("--format", (form,)),
    ):
        words += [word for value in values for word in (flag, value)]
    return shlex.join(words + (["--no-waivers"] if intent.no_waivers else []))


def _pack_name(name: str) -> str:
    return displayed(name) if name.endswith(".py") else name


def _packs(others: Sequence[str]) -> Iterator[Pack]:
    """The rule packs with their versions; that of a file is its hash, among the files."""
    yield Pack(BUILT_IN, __version__)
    for name in others:
        version = "" if name.endswith(".py") else str(getattr(import_module(name), "__version__", ""))
        yield Pack(_pack_name(name), version)


def _files(found: Judged, inputs: Inputs, intent: Intent) -> Iterator[Fingerprint]:
    """All files that the report rests on, by name."""
    report = found.judgement.report
    kinds = {each.path: (each.kind, each.problem or "") for each in report.inputs}
    settings = [config.path for config in configs_of(found.estate, found.config_of) if config.path]
    kinds.update((path, ("configuration", "")) for path in settings)
    kinds.update((displayed(each), ("terraform-variables", "")) for each in inputs.var_files)
    kinds.update((displayed(each), ("rule-pack", "")) for each in intent.packs if each.endswith(".py"))
    for verdict in report.verdicts:
        kinds.setdefault(verdict.place.path, ("terraform-source", ""))
    for path, (kind, problem) in sorted(kinds.items()):
        digest, fault = _digest(path)
        if digest or path in {each.path for each in report.inputs}:
            yield Fingerprint(path, kind, digest, problem or fault)


def _digest(path: str) -> tuple[str, str]:
    """The hash of a file's content, or why there is none."""
    from hashlib import sha256  # slow to load

    file = read_named(path, Role.NAMED, "")
    return ("", file.fault) if file.fault else (sha256(file.data).hexdigest(), "")
