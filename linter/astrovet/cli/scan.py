"""`astrovet scan`: read, judge, report."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
from msgspec.structs import replace

from astrovet import __version__
from astrovet.cli import streams
from astrovet.cli.app import (
    EXIT_FINDINGS,
    EXIT_INPUT,
    EXIT_INTERNAL,
    format_option,
    listed,
    option,
    subcommand,
    tell_bugs,
)
from astrovet.cli.judging import Intent, check_names, intent_options, judged
from astrovet.cli.reading import Inputs, input_options, read, stop
from astrovet.cli.streams import tell, write_file
from astrovet.declared.configuration import ConfigError
from astrovet.guard import Guard
from astrovet.judging.verdict import Report, VerdictKind
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.estate import Input
from astrovet.model.severity import Severity
from astrovet.reports.findings.display import Display
from astrovet.reports.formats import SCAN

SHOWABLE = ("pass", "unknown", "waived", "not-applicable")
NEVER = "never"
SEVERITIES = [str(severity) for severity in Severity]


def _outputs(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for pair in value:
        name, equals, path = pair.partition("=")
        if not equals or name not in SCAN.names or not path:
            raise click.BadParameter(f"{pair!r} is not FORMAT=FILE; formats are: {', '.join(SCAN.names)}.")
        pairs.append((name, path))
    return tuple(pairs)


@subcommand("scan", short_help="Judge Terraform plans and Helm values.")
@input_options
@intent_options
@option("--min-severity", type=click.Choice(SEVERITIES), default="info", help="Show findings from here up.")
@option(
    "--show",
    multiple=True,
    metavar="VERDICT[,VERDICT]",
    callback=listed(SHOWABLE),
    help="Also list verdicts that are no findings: pass, unknown, waived, not-applicable.",
)
@option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, NEVER]),
    default="medium",
    show_default=True,
    help="Exit with 1 from this severity up.",
)
@option("--fail-on-unknown", is_flag=True, help="Exit with 1 where a verdict is undecided.")
@option("--exit-zero", is_flag=True, help="Exit with 0 in spite of findings.")
@format_option(SCAN.names)
@option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_outputs,
    help="Write a report to a file too, e.g. sarif=astrovet.sarif.",
)
@option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@option("--hook", is_flag=True, help="Called by pre-commit: files that are no inputs are silently fine.")
@option("-q", "--quiet", is_flag=True, help="Only findings.")
@option("-v", "--verbose", count=True, help="Say more about what was done.")
def command(
    *,
    inputs: Inputs,
    intent: Intent,
    min_severity: str,
    show: tuple[str, ...],
    fail_on: str,
    fail_on_unknown: bool,
    exit_zero: bool,
    form: str,
    outputs: tuple[tuple[str, str], ...],
    color: str,
    hook: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Judge the Terraform plans and Helm values below each PATH (default: the working directory).

    With --plan or --values and no PATH, only those are scanned.
    """
    check_names(intent)
    try:
        seen = read(inputs, hook=hook)
        if verbose:
            for file in seen.estate.of(Input):
                tell(f"read {file.path} ({file.input_kind})")
            for agent in seen.estate.of(Agent):
                if agent.how:
                    tell(f"judged together, {agent.how}: {', '.join(agent.layers)}")
        outcome = judged(seen, intent, in_hook=hook)
    except ConfigError as error:
        stop(error)
    judgement, report = outcome.judgement, outcome.judgement.report
    display = Display(
        color=_colored(color),
        verbosity=-1 if quiet else verbose,
        show=frozenset(show),
        min_severity=Severity(min_severity),
        version=__version__,
        rules=outcome.rules,
        contents=seen.contents,
        root=seen.root,
        width=_width(),
    )
    unwritten = _write_outputs(report, display, outputs, seen.guard)
    concerns_us = bool(seen.estate.of(Input)) or bool(seen.estate.of(BlindSpot))
    if concerns_us or not hook:
        streams.show(_rendered(form, report, display, seen.guard), colored=display.color)
    is_broken = tell_bugs(judgement.faults, seen.bugs)
    for fault in unwritten:
        tell(f"Error: {fault}")
    status = _status(report, is_broken, fail_on, fail_on_unknown=fail_on_unknown, exit_zero=exit_zero)
    sys.exit(max(status, EXIT_INPUT) if unwritten else status)


def _write_outputs(
    report: Report, display: Display, outputs: Sequence[tuple[str, str]], guard: Guard
) -> tuple[str, ...]:
    """Write the reports that go to files; gives what is to be said of those that cannot be written."""
    faults = []
    for name, path in outputs:
        content = _rendered(name, report, replace(display, color=False), guard)
        try:
            if content:
                write_file(path, content)
        except OSError as error:
            faults.append(f"the report {path} cannot be written: {error.strerror}")
    return tuple(faults)


def _rendered(form: str, report: Report, display: Display, guard: Guard) -> str:
    """The report in a format; empty where its reporter breaks, and the other formats are made all the same."""
    return guard.run(f"made the {form} report", "", SCAN.render, form, report, display)


def _status(report: Report, is_broken: bool, fail_on: str, *, fail_on_unknown: bool, exit_zero: bool) -> int:
    if is_broken:
        return EXIT_INTERNAL
    if report.input_error:
        return EXIT_INPUT
    threshold = -1 if fail_on == NEVER else Severity(fail_on).rank
    failed = any(fail.severity.rank <= threshold for fail in report.of(VerdictKind.FAIL))
    open_ones = fail_on_unknown and bool(report.of(VerdictKind.UNKNOWN))
    return EXIT_FINDINGS if (failed or open_ones) and not exit_zero else 0


def _colored(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return _is_terminal() and os.environ.get("TERM") != "dumb"


def _width() -> int:
    return max(60, min(120, os.get_terminal_size().columns)) if _is_terminal() else 100


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()  # none where it was closed from the start
