"""`astrovet report`: evidence for auditors."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

import click
from click.core import ParameterSource

from astrovet import __version__
from astrovet.cli.app import EXIT_FINDINGS, EXIT_INPUT, EXIT_INTERNAL, format_option, option, subcommand, tell_bugs
from astrovet.cli.bounds import displayed
from astrovet.cli.hashed_files import hashed_files
from astrovet.cli.judging import Intent, check_names, intent_options, judged
from astrovet.cli.reading import Inputs, input_options, read, stop
from astrovet.cli.revision import project_at
from astrovet.cli.streams import show, tell, write_file
from astrovet.declared.configuration import ConfigError
from astrovet.declared.scope import Scopes
from astrovet.judging.packs import BUILT_IN
from astrovet.judging.verdict import Report, VerdictKind
from astrovet.model.blind_spot import BlindSpot
from astrovet.reports.estate.drawing import draw, failures
from astrovet.reports.evidence.evidence import Origin, Pack
from astrovet.reports.evidence.gathering import gather
from astrovet.reports.formats import REPORT
from astrovet.secrecy import without_credentials, without_value


@subcommand("report", short_help="Evidence for auditors: deployments by requirements.")
@input_options
@intent_options
@format_option(REPORT.names)
@click.option("-o", "--output", "output", metavar="FILE", help="Write the report there; .md and .json tell its format.")
@option("--accept-unseen", is_flag=True, help="Exit with 0 although a requirement rests on what was not seen.")
def command(*, inputs: Inputs, intent: Intent, form: str, output: str | None, accept_unseen: bool) -> None:
    """Show for each deployment below each PATH how it stands to each requirement that is declared, and why.

    With the same files, options and --today the report is the same, byte for byte. Exit status: 0 where it
    could be made, whatever it says; 1 where a requirement that is declared rests on what was not seen; 2 where
    an input cannot be used, and the report says which.
    """
    if "-" in (*inputs.paths, *inputs.plans, *inputs.layers):
        raise click.UsageError("nobody can read standard input again: write the input to a file, and name that.")
    form = _form(form, output)
    check_names(intent)
    try:
        seen = read(inputs)
        outcome = judged(seen, intent)
    except ConfigError as error:
        stop(error)
    report = outcome.judgement.report
    origin = Origin(
        version=__version__,
        today=intent.today,
        command=_command(inputs, intent, form),
        packs=tuple(_packs(intent.packs)),
        files=tuple(hashed_files(seen, outcome, inputs, (pack for pack in intent.packs if pack.endswith(".py")))),
        project=project_at(_folder(inputs), seen.disk),
    )
    scopes = Scopes(outcome.estate, outcome.config_of, *((seen.behind.locate,) if seen.behind is not None else ()))
    evidence = gather(report, outcome.estate, outcome.rules, scopes, outcome.config_of, origin)
    redact = outcome.judgement.redact
    content = REPORT.render(form, redact.record(evidence), draw(outcome.estate, redact, failures(report)))
    unwritten = ""
    if output is None:
        show(content)
    else:
        try:
            write_file(output, content)
        except OSError as error:
            unwritten = f"Error: the report {output} cannot be written: {error.strerror}"
    is_broken = tell_bugs(outcome.judgement.faults, seen.bugs)
    if unwritten:
        tell(unwritten)
    if is_broken or report.input_error or unwritten:
        sys.exit(EXIT_INTERNAL if is_broken else EXIT_INPUT)
    sys.exit(EXIT_FINDINGS if not accept_unseen and _rests_on_the_unseen(report) else 0)


ENDINGS = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".json": "json"}
"""What the name of a file says of its format."""


def _form(form: str, output: str | None) -> str:
    """The format that was asked for; where none was, that of the file."""
    source = click.get_current_context().get_parameter_source("form")
    if output is None or source is not ParameterSource.DEFAULT:
        return form
    return ENDINGS.get(os.path.splitext(output)[1].lower(), form)


def _folder(inputs: Inputs) -> str:
    """Where the run began."""
    start = (*inputs.paths, *inputs.plans, *inputs.layers, ".")[0]
    return start if os.path.isdir(start) else os.path.dirname(start)


def _rests_on_the_unseen(report: Report) -> bool:
    """Whether something that is declared does."""
    of_gaps = (verdict for verdict in report.verdicts if verdict.subject_kind == BlindSpot.kind)
    return any(verdict.kind is VerdictKind.UNKNOWN and verdict.requirements for verdict in of_gaps)


def _command(inputs: Inputs, intent: Intent, form: str) -> str:
    """The command that makes the report again. Values of `--set` may be secret: they are left to whoever has them."""
    words = ["astrovet", "report", *map(displayed, inputs.paths)]
    for flag, values in (
        ("--plan", map(displayed, inputs.plans)),
        ("--source-dir", map(displayed, filter(None, (inputs.source_dir,)))),
        ("--values", map(displayed, inputs.layers)),
        ("--set", map(without_value, inputs.set_typed)),
        ("--set-string", map(without_value, inputs.set_text)),
        ("--set-json", map(without_value, inputs.set_json)),
        ("--set-file", map(without_credentials, inputs.set_file)),
        ("--set-literal", map(without_value, inputs.set_literal)),
        ("--var-file", map(displayed, inputs.var_files)),
        ("--include-outside", map(displayed, inputs.include_outside)),
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
    switches = {
        "--no-env-vars": inputs.no_env_vars,
        "--no-gitignore": inputs.no_gitignore,
        "--no-waivers": intent.no_waivers,
    }
    return shlex.join(words + [flag for flag, given in switches.items() if given])


def _pack_name(name: str) -> str:
    return displayed(name) if name.endswith(".py") else name


def _packs(others: Sequence[str]) -> Iterator[Pack]:
    """The rule packs with their versions; that of a file is its hash, among the files."""
    yield Pack(BUILT_IN, __version__)
    for name in others:
        version = "" if name.endswith(".py") else str(getattr(import_module(name), "__version__", ""))
        yield Pack(_pack_name(name), version)
