"""`astrovet compare`: what a change opens, closes or makes unknowable."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click
from msgspec import Struct
from msgspec.structs import replace

from astrovet import __version__
from astrovet.cli.app import EXIT_FINDINGS, EXIT_INPUT, EXIT_INTERNAL, format_option, option, subcommand, tell_bugs
from astrovet.cli.bounds import displayed, repository_of, root_of
from astrovet.cli.configs import config_finder
from astrovet.cli.files import Disk
from astrovet.cli.judging import Intent, check_names, intent_options, judged
from astrovet.cli.reading import Inputs, read, stop
from astrovet.cli.revisions import RevisionError, checked_out
from astrovet.cli.scan import NEVER, SEVERITIES
from astrovet.cli.streams import show, tell
from astrovet.declared.configuration import ConfigError
from astrovet.judging.comparison import Comparison, compared
from astrovet.judging.verdict import Report
from astrovet.model.severity import Severity
from astrovet.place import WORKING_DIRECTORY
from astrovet.reports.formats import COMPARE

COMMIT_SHOWN = 10


class Side(Struct, frozen=True):
    """What is judged before, or after, a change."""

    name: str
    """As reports call it."""
    folder: str
    """Where the run is made, so that both sides have the same paths."""
    plan: str = ""
    """The plan in it; empty where the folder itself is scanned."""


@subcommand("compare", short_help="What a change opens, closes or makes unknowable.")
@click.argument("base")
@click.argument("head", default=".")
@intent_options
@option("--var-file", "var_files", multiple=True, metavar="FILE", help="Values of Terraform variables, on each side.")
@option("--no-env-vars", is_flag=True, help="Pass over TF_VAR_… and TF_WORKSPACE.")
@option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders found on either side.")
@option("--config", "config_file", metavar="FILE", help="Settings for both sides. Default: each side's own.")
@option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, NEVER]),
    default="medium",
    show_default=True,
    help="Exit with 1 where something opens, or grows, from this severity up.",
)
@option("--fail-on-unknown", is_flag=True, help="Exit with 1 where something becomes unknowable, too.")
@option("--exit-zero", is_flag=True, help="Exit with 0 whatever the change does.")
@format_option(COMPARE.names)
def command(
    *,
    base: str,
    head: str,
    intent: Intent,
    var_files: tuple[str, ...],
    no_env_vars: bool,
    exclude: tuple[str, ...],
    config_file: str | None,
    fail_on: str,
    fail_on_unknown: bool,
    exit_zero: bool,
    form: str,
) -> None:
    """Judge BASE and HEAD (default: the working directory), and show what is worse and what is better in HEAD.

    Each is a plan or state of `terraform show -json`, a folder, or a revision of the git repository that holds the
    working directory. Exit status: 1 where HEAD is worse, and never for what BASE had already.
    """
    check_names(intent)
    packs = tuple(os.path.abspath(pack) if pack.endswith(".py") else pack for pack in intent.packs)
    intent = replace(intent, packs=packs)
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(name)) for name in (base, head)]
        config = os.path.abspath(config_file) if config_file is not None else _shared_config(sides)
        given = Inputs(var_files=var_files, exclude=exclude, config_file=config, no_env_vars=no_env_vars)
        try:
            (before, broke_before), (after, broke_after) = (_report(side, given, intent) for side in sides)
        except ConfigError as error:
            stop(error)
    for side, report in zip(sides, (before, after), strict=True):
        for summary in report.inputs if report.input_error else ():
            if summary.problem:
                tell(f"{side.name}: {summary.path}: {summary.problem}")
    comparison = compared(before, after, sides[0].name, sides[1].name)
    show(COMPARE.render(form, comparison, __version__))
    if broke_before or broke_after:
        sys.exit(EXIT_INTERNAL)
    if before.nothing_to_check and after.nothing_to_check:
        tell("Error: there is nothing to check on either side")
        sys.exit(EXIT_INPUT)
    if any(report.input_error and not report.nothing_to_check for report in (before, after)):
        tell("Error: not all inputs could be used: what is missing on one side looks opened or closed")
        sys.exit(EXIT_INPUT)
    is_worse = _is_worse(comparison, fail_on) or (fail_on_unknown and bool(comparison.unknowable))
    sys.exit(EXIT_FINDINGS if is_worse and not exit_zero else 0)


def _is_worse(comparison: Comparison, fail_on: str) -> bool:
    threshold = -1 if fail_on == NEVER else Severity(fail_on).rank
    worse = (*comparison.opened, *(pair.after for pair in comparison.heavier))
    return any(verdict.severity.rank <= threshold for verdict in worse)


@contextmanager
def _side(name: str) -> Iterator[Side]:
    """A plan, a folder or a revision, ready to be judged."""
    if os.path.isdir(name):
        yield Side(displayed(name), os.path.abspath(name))
    elif os.path.exists(name):
        whole = os.path.abspath(name)
        yield Side(displayed(name), os.path.dirname(whole), os.path.basename(whole))
    else:
        with ExitStack() as stack:
            try:
                top, commit = stack.enter_context(checked_out(repository_of("."), name))
            except RevisionError as error:
                raise click.UsageError(str(error)) from None
            here = os.path.join(top, root_of(()).here)
            os.makedirs(here, exist_ok=True)  # a folder that the revision does not have is empty
            yield Side(f"{name} ({commit[:COMMIT_SHOWN]})" if not commit.startswith(name) else name, here)


def _shared_config(sides: list[Side]) -> str | None:
    """Plans lie anywhere: two of them are held against one and the same configuration, that of the second."""
    if not all(side.plan for side in sides):
        return None
    try:
        path = config_finder(None, Disk())(sides[-1].folder).path
    except ConfigError as error:
        stop(error)
    return os.path.abspath(path) if path else None


def _report(side: Side, given: Inputs, intent: Intent) -> tuple[Report, bool]:
    """What is to be said of a side, and whether something of ours broke."""
    there = os.getcwd()
    os.chdir(side.folder)
    try:
        inputs = replace(given, plans=(side.plan,)) if side.plan else replace(given, paths=(".",))
        seen = read(inputs)
        outcome = judged(seen, intent, root=WORKING_DIRECTORY)
    finally:
        os.chdir(there)
    return outcome.judgement.report, tell_bugs(outcome.judgement.faults, seen.bugs)
