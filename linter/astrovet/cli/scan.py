"""`astrovet scan`: read, judge, report."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
from astrovet.cli.judging import Intent, Judged, check_names, intent_options, judged
from astrovet.cli.reading import Inputs, Read, input_options, read, stop
from astrovet.cli.streams import tell, write_file
from astrovet.declared.configuration import ConfigError
from astrovet.guard import Guard
from astrovet.judging.verdict import Report, VerdictKind
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.estate import Input
from astrovet.model.severity import Severity
from astrovet.reports.findings.display import Checkout, Display
from astrovet.reports.formats import COMMANDS, PICTURED, SCAN

if TYPE_CHECKING:
    from astrovet.reports.estate.picture import Picture

SHOWABLE = ("pass", "unknown", "waived", "baseline", "not-applicable")
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
    help=f"Also list verdicts that are no findings: {', '.join(SHOWABLE)}.",
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
@option("--baseline", metavar="FILE", help="What it accepts is no finding; a run fails on what is new.")
@option(
    "--write-baseline", metavar="FILE", help="Accept today's findings there; with --baseline only drop what is fixed."
)
@format_option(SCAN.names)
@option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_outputs,
    help="Write a report to a file too, e.g. sarif=astrovet.sarif.",
)
@option("--sarif-unknown", is_flag=True, help="Undecided verdicts are results of the SARIF, too.")
@option("--statistics", is_flag=True, help="Say how often each rule fails.")
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
    baseline: str | None,
    write_baseline: str | None,
    form: str,
    outputs: tuple[tuple[str, str], ...],
    sarif_unknown: bool,
    statistics: bool,
    color: str,
    hook: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Judge the Terraform plans and Helm values below each PATH (default: the working directory).

    With --plan or --values and no PATH, only those are scanned.
    """
    check_names(intent)
    if hook and write_baseline is not None:
        raise click.UsageError("--write-baseline needs the whole repository, and --hook tells of a commit alone.")
    try:
        seen = read(inputs, hook=hook)
        if verbose:
            for file in seen.estate.of(Input):
                tell(f"read {file.path} ({file.input_kind})")
            for agent in seen.estate.of(Agent):
                if agent.how:
                    tell(f"judged together, {agent.how}: {', '.join(agent.layers)}")
        outcome = judged(seen, intent, in_hook=hook)
        unwritten: tuple[str, ...] = ()
        if baseline is not None or write_baseline is not None:
            outcome, unwritten = _adopt(seen, outcome, baseline, write_baseline, is_whole=not hook)
    except ConfigError as error:
        stop(error)
    judgement, report = outcome.judgement, outcome.judgement.report
    forms = (form, *(name for name, _ in outputs))
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
        statistics=statistics,
        links=_colored(color) and _shows_links(),
        open_results=sarif_unknown,
        checkout=_checkout(seen) if "sarif" in forms else None,
        picture=_picture(outcome, seen.guard) if PICTURED.intersection(forms) else None,
    )
    unwritten += _write_outputs(report, display, outputs, seen.guard)
    concerns_us = bool(seen.estate.of(Input)) or bool(seen.estate.of(BlindSpot))
    if concerns_us or not hook:
        content = _rendered(form, report, display, seen.guard)
        streams.show(content, colored=display.color, commands=form in COMMANDS)
    is_broken = tell_bugs(judgement.faults, seen.bugs)
    for fault in unwritten:
        tell(f"Error: {fault}")
    status = _status(report, is_broken, fail_on, fail_on_unknown=fail_on_unknown, exit_zero=exit_zero)
    sys.exit(max(status, EXIT_INPUT) if unwritten else status)


def _adopt(
    seen: Read, outcome: Judged, baseline: str | None, written: str | None, *, is_whole: bool
) -> tuple[Judged, tuple[str, ...]]:
    """Hold the run against its baseline, and write one; gives what came of it, and what could not be written.

    Raises ConfigError where the baseline cannot be used.
    """
    from astrovet.cli.baseline import adopted, read_baseline, with_baseline, write_baseline  # many runs have none

    is_broken = bool(outcome.judgement.faults or seen.bugs)
    accepted = adopted(seen, outcome) if baseline is None else read_baseline(baseline, seen.disk)
    outcome, held = with_baseline(accepted, baseline or written or "", seen, outcome, is_whole=is_whole)
    fault = write_baseline(written, held) if written is not None and not is_broken else ""
    return outcome, (fault,) if fault else ()


def _write_outputs(
    report: Report, display: Display, outputs: Sequence[tuple[str, str]], guard: Guard
) -> tuple[str, ...]:
    """Write the reports that go to files; gives what is to be said of those that cannot be written."""
    faults = []
    for name, path in outputs:
        content = _rendered(name, report, replace(display, color=False), guard)
        try:
            if content:
                write_file(path, content, commands=name in COMMANDS)
        except OSError as error:
            faults.append(f"the report {path} cannot be written: {error.strerror}")
    return tuple(faults)


def _rendered(form: str, report: Report, display: Display, guard: Guard) -> str:
    """The report in a format; empty where its reporter breaks, and the other formats are made all the same."""
    return guard.run(f"made the {form} report", "", SCAN.render, form, report, display)


def _checkout(seen: Read) -> Checkout | None:
    """Where the repository came from that holds the working directory."""
    from astrovet.cli.revision import checkout_at  # one format tells it

    return seen.guard.run("looked for the repository's origin", None, checkout_at, ".", seen.disk)


def _picture(outcome: Judged, guard: Guard) -> Picture | None:
    """The architecture, with what fails in it; none where nothing stands in it."""
    from astrovet.reports.estate.drawing import draw, failures  # few formats show it

    judgement = outcome.judgement
    drawn = guard.run("drew the architecture", None, draw, outcome.estate, judgement.redact, failures(judgement.report))
    return drawn if drawn is not None and drawn.boxes else None


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


def _shows_links() -> bool:
    """Whether the terminal is one that is known to show links (OSC 8); no other is asked.

    Source: https://github.com/Alhadis/OSC8-Adoption (read 2026-11).
    """
    heard = os.environ.get
    if not _is_terminal() or heard("CI"):
        return False
    of_program = heard("TERM_PROGRAM") in {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"}
    of_term = heard("TERM") in {"xterm-kitty", "alacritty", "foot", "xterm-ghostty"}
    is_vte = heard("VTE_VERSION", "").isdecimal() and int(heard("VTE_VERSION", "")) >= 5000
    return of_program or of_term or is_vte or any(map(heard, ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM")))


def _width() -> int:
    return max(60, min(120, os.get_terminal_size().columns)) if _is_terminal() else 100


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()  # none where it was closed from the start
