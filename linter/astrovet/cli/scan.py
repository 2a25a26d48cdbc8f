"""`astrovet scan`: read, judge, report."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from astrovet import __version__
from astrovet.cli.app import EXIT_FINDINGS, EXIT_INPUT, EXIT_INTERNAL, listed, option, words
from astrovet.cli.files import (
    Disk,
    cache_folder,
    config_finder,
    displayed,
    passed_over,
    project_of,
    read_below,
    read_named,
    with_called_modules,
)
from astrovet.cli.values import beside, helm_inputs, settings
from astrovet.cli.waivers import configs_of, waivers_of
from astrovet.config import Config, ConfigError, ConfigProblem
from astrovet.engine import judge
from astrovet.environment import Environment
from astrovet.helm.release import SettingKind
from astrovet.inputs.terraform_files import SOURCES
from astrovet.readers.estate import Reading, build
from astrovet.readers.source_file import Role, SourceFile, TerraformSources
from astrovet.reporters import FORMATS, Settings, renderer
from astrovet.requirements.names import Requirement, Tier
from astrovet.rule_settings import names_rules
from astrovet.rulebook import BUILT_IN, PackError, Rule, join_packs, load_pack, select
from astrovet.verdict import Report, Severity, VerdictKind

if TYPE_CHECKING:
    from astrovet.cli.sources import Behind

SHOWABLE = ("pass", "unknown", "waived", "not-applicable")
NEVER = "never"
SEVERITIES = [str(each) for each in Severity]
FILE = click.Path(readable=False)
"""A file or `-`; several in an environment variable are separated as in PATH. Faults are told later."""
HOOK_SILENCE = ("INP011",)
"""What a hook does not mind: files of a commit that have nothing to do with Astro."""


def _outputs(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for each in value:
        name, equals, path = each.partition("=")
        if not equals or name not in FORMATS or not path:
            raise click.BadParameter(f"{each!r} is not FORMAT=FILE; formats are: {', '.join(FORMATS)}.")
        pairs.append((name, path))
    return tuple(pairs)


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str:
    """The day given, else the clock's: its only reader, so that a day given makes a run repeatable."""
    if value is None:
        return time.strftime("%Y-%m-%d", time.gmtime())
    from datetime import date  # slow to import, and a day is rarely given

    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as 2026-11-22.") from None


@click.command(name="scan", short_help="Judge Terraform plans and Helm values.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@option(
    "--plan",
    "plans",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="A plan or state of `terraform show -json`; - is stdin.",
)
@option(
    "--source-dir",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="The .tf sources of the plan. Default: beside it.",
)
@option(
    "-f",
    "--values",
    "layers",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="Helm values; several are one set, in Helm's order.",
)
@option("--set", "set_typed", multiple=True, metavar="NAME=VALUE", help="Helm's flag, over the files of --values.")
@option("--set-string", "set_text", multiple=True, metavar="NAME=VALUE", help="The same; the value stays text.")
@option("--set-json", "set_json", multiple=True, metavar="NAME=JSON", help="The same; the value is JSON.")
@option("--set-file", "set_file", multiple=True, metavar="NAME=FILE", help="The same; the value is a file's text.")
@option("--set-literal", "set_literal", multiple=True, metavar="NAME=VALUE", help="The same; nothing is special.")
@option("--var-file", "var_files", multiple=True, metavar="FILE", help="Values of Terraform variables.")
@option("--stdin-name", default="stdin", metavar="NAME", help="How reports call standard input.")
@option("--exclude", multiple=True, metavar="GLOB", help="Leave out files and folders found below a PATH.")
@option("--config", "config_file", metavar="FILE", help="Settings. Default: .astrovet.yaml beside or above an input.")
@option(
    "--require",
    "required",
    multiple=True,
    metavar="NAME[,NAME]",
    callback=listed([str(each) for each in Requirement]),
    help="What every deployment must satisfy, e.g. hipaa.",
)
@option(
    "--plan-tier",
    type=click.Choice([str(each) for each in Tier]),
    help="The plan of the organization.",
)
@option(
    "--today",
    metavar="DATE",
    callback=_day,
    help="Judge as of this day, e.g. 2026-11-22, for a report that can be made again.",
)
@option("--select", "selected", multiple=True, metavar="RULE[,RULE]", help="Run only these rules (id, prefix, name).")
@option("--ignore", "ignored", multiple=True, metavar="RULE[,RULE]", help="Do not run these rules.")
@option("--no-waivers", is_flag=True, help="Report what is waived too, as if nobody had accepted it.")
@option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run.")
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
@option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
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
    paths: tuple[str, ...],
    plans: tuple[str, ...],
    source_dir: str | None,
    layers: tuple[str, ...],
    set_typed: tuple[str, ...],
    set_text: tuple[str, ...],
    set_json: tuple[str, ...],
    set_file: tuple[str, ...],
    set_literal: tuple[str, ...],
    var_files: tuple[str, ...],
    stdin_name: str,
    exclude: tuple[str, ...],
    config_file: str | None,
    required: tuple[str, ...],
    plan_tier: str | None,
    today: str,
    selected: tuple[str, ...],
    ignored: tuple[str, ...],
    no_waivers: bool,
    packs: tuple[str, ...],
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
    unwanted = (*ignored, *(HOOK_SILENCE if hook else ()))
    if selected or ignored:
        _rules(packs, selected, unwanted)  # a slip in a name is told before anything is read
    given = settings(
        {
            SettingKind.TYPED: set_typed,
            SettingKind.TEXT: set_text,
            SettingKind.JSON: set_json,
            SettingKind.FILE: set_file,
            SettingKind.LITERAL: set_literal,
        }
    )
    if given and not layers:
        raise click.UsageError("--set and the like are settings over values files; give these with -f.")
    named = tuple(_files(paths, plans, layers, stdin_name, exclude, hook=hook))
    folders = [each for each in _walked(paths, plans, layers) if os.path.isdir(each)]
    start = (*paths, *plans, *layers, ".")[0]
    try:
        config_of = config_finder(config_file)
        sources = _sources(named, var_files, source_dir, exclude, config_of)
        helm = helm_inputs(named, folders, given, config_of)
        reading = build(named, stdin_name if start == "-" else displayed(start), sources, helm)
        if verbose:
            for each in reading.estate.inputs:
                click.echo(f"read {each.path} ({each.input_kind})", err=True)
            for agent in reading.estate.agents:
                if agent.how:
                    click.echo(f"judged together, {agent.how}: {', '.join(agent.layers)}", err=True)
        behind = _behind(reading, source_dir)
        texts, configured = ({}, ()) if no_waivers else waivers_of(reading, behind, folders, config_of)
        estate = reading.estate
        catalogue: tuple[Rule, ...] = ()
        naming = tuple(filter(names_rules, configs_of(estate, config_of)))
        if texts or naming:
            from astrovet.rule_settings import rulings
            from astrovet.waivers import with_waivers

            catalogue = _rules(packs, (), ())
            for config in naming:
                rulings(config, catalogue)  # a slip in a name is told, whether or not the setting is overruled
            estate = with_waivers(estate, texts, configured, catalogue)
        present = None if selected or ignored or catalogue else estate.kinds()
        rules = _rules(packs, selected, unwanted, present)
        judgement = judge(
            estate,
            rules,
            _declared(config_of, required, plan_tier, selected),
            _sensitive(reading),
            behind.locate if behind is not None else lambda place: (place, ()),
            today,
            catalogue,
        )
    except ConfigError as error:
        for problem in error.problems:
            click.echo(f"{problem.place}: {problem.message}", err=True)
        sys.exit(EXIT_INPUT)
    report = judgement.report
    shown = Settings(
        color=_colored(color),
        verbosity=-1 if quiet else verbose,
        show=frozenset(show),
        min_severity=Severity(min_severity),
        version=__version__,
        rules=rules,
        contents=reading.contents,
        width=_width(),
    )
    unwritten = _write_outputs(report, shown, outputs)
    if reading.estate.inputs or not hook:  # else nothing of this commit concerns us
        click.echo(renderer(form)(report, shown), nl=False, color=shown.color)
    for fault in judgement.faults:
        click.echo(f"astrovet {__version__}: internal error in the rule {fault}. Please report it.", err=True)
    for fault in unwritten:
        click.echo(f"Error: {fault}", err=True)
    status = _status(report, bool(judgement.faults), fail_on, fail_on_unknown=fail_on_unknown, exit_zero=exit_zero)
    sys.exit(max(status, EXIT_INPUT) if unwritten else status)


def _sensitive(reading: Reading) -> Iterator[str]:
    """What the plans and sources mark as sensitive."""
    if reading.plans:
        from astrovet.terraform.sensitive import sensitive_texts

        for plan in reading.plans:
            yield from sensitive_texts(plan)


def _rules(
    packs: Sequence[str], selected: Sequence[str], ignored: Sequence[str], present: frozenset[type] | None = None
) -> tuple[Rule, ...]:
    """The rules to run: of the kinds of subject that are there, where that is said."""
    try:
        rules = join_packs(load_pack(each, present) for each in (BUILT_IN, *packs))
        return select(rules, words(selected), words(ignored))
    except PackError as error:
        raise click.UsageError(str(error)) from None


def _files(
    paths: Sequence[str],
    plans: Sequence[str],
    layers: Sequence[str],
    stdin_name: str,
    exclude: Sequence[str],
    *,
    hook: bool,
) -> Iterator[SourceFile]:
    """All inputs, each once."""
    yield from (read_named(each, Role.PLAN, stdin_name) for each in plans)
    yield from (read_named(each, Role.VALUES, stdin_name) for each in layers)
    seen = {displayed(each) for each in (*plans, *layers)}
    for path in _walked(paths, plans, layers):
        if os.path.isdir(path):
            found = read_below(path, exclude)
        elif hook:
            found = iter(() if passed_over(path, exclude) else (_alone(path, Role.FOUND, stdin_name),))
        else:
            found = iter((_alone(path, Role.NAMED, stdin_name),))
        for file in found:
            if file.path not in seen:
                seen.add(file.path)
                yield file
    for path in paths:
        if path != "-" and not os.path.isdir(path):
            for file in beside(path, seen):
                seen.add(file.path)
                yield file


def _walked(paths: Sequence[str], plans: Sequence[str], layers: Sequence[str]) -> Sequence[str]:
    """The paths to look at: the working directory where nothing at all is named."""
    return paths or (() if plans or layers else (".",))


def _alone(path: str, role: Role, stdin_name: str) -> SourceFile:
    return replace(read_named(path, role, stdin_name), is_alone=True)


def _sources(
    files: Sequence[SourceFile],
    var_files: Sequence[str],
    source_dir: str | None,
    exclude: Sequence[str],
    config_of: Callable[[str], Config],
) -> TerraformSources:
    """The Terraform sources to evaluate: those found, and around a named one its whole project."""
    found = [file for file in files if file.path.endswith(SOURCES) and not file.fault]
    if not found:
        return TerraformSources()
    from astrovet.terraform.expressions import keep_grammar_in

    keep_grammar_in(cache_folder())
    named = [file for file in found if file.is_alone]
    tops = tuple(dict.fromkeys(project_of(file.path) for file in named))
    around = [each for top in tops for each in read_below(top, exclude) if each.path.endswith(SOURCES)]
    given = [read_named(each, Role.NAMED, "") for each in var_files]
    by_hand = Environment("", tuple(file.path for file in given), os.environ.get("TF_WORKSPACE") or None)
    environments = _environments((*around, *found), by_hand, config_of)
    named_there = dict.fromkeys(path for uses in environments.values() for use in uses for path in use.var_files)
    given += [read_named(path, Role.NAMED, "") for path in named_there if path not in by_hand.var_files]
    every = with_called_modules(list({file.path: file for file in (*around, *found, *given)}.values()))
    return TerraformSources(
        files=tuple(every),
        others=Disk(tops or tuple(dict.fromkeys(project_of(file.path) for file in found))),
        environment=by_hand,
        environments=environments,
        folders=frozenset(os.path.dirname(file.path) for file in named) if len(named) == len(found) else None,
        covered=frozenset({displayed(source_dir)}) if source_dir is not None else frozenset(),
    )


def _environments(
    files: Sequence[SourceFile], by_hand: Environment, config_of: Callable[[str], Config]
) -> dict[str, tuple[Environment, ...]]:
    """The environments that the configuration declares, by the folder of their root module.

    Variable files given by hand have the last word in each; a workspace counts where none is declared.
    Raises ConfigError for a root module that is not there.
    """
    declared: dict[str, tuple[Environment, ...]] = {}
    for folder in dict.fromkeys(os.path.dirname(file.path) or "." for file in files):
        uses = config_of(folder).environments
        for use in uses:
            if not os.path.isdir(use.root):
                raise ConfigError(
                    [ConfigProblem(use.place, f"there is no folder {displayed(use.root)} of a root module")]
                )
        of_this = [use.environment for use in uses if os.path.abspath(use.root) == os.path.abspath(folder)]
        if of_this:
            declared[folder] = tuple(
                Environment(
                    each.name,
                    (*map(displayed, each.var_files), *by_hand.var_files),
                    by_hand.workspace if each.workspace is None else each.workspace,
                )
                for each in of_this
            )
    return declared


def _declared(
    config_of: Callable[[str], Config], required: Sequence[str], plan_tier: str | None, selected: Sequence[str]
) -> Callable[[str], Config]:
    """The settings for an input, with what --require and --plan-tier say, and without what --select overrules."""
    added = frozenset(Requirement(name) for name in required)

    def of_input(path: str) -> Config:
        config = config_of(path)
        rules = replace(config.rules, ignore=()) if selected else config.rules
        facts = replace(config.facts, plan_tier=plan_tier) if plan_tier else config.facts
        return replace(config, requires=config.requires | added, rules=rules, facts=facts)

    return of_input


def _behind(reading: Reading, source_dir: str | None) -> Behind | None:
    """The sources behind the plans; None without a plan."""
    if not reading.plans:
        return None
    from astrovet.cli.sources import Behind  # it brings the HCL scanner along

    return Behind(reading.plans, source_dir, reading.contents)


def _write_outputs(report: Report, settings: Settings, outputs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Write the reports that go to files; gives what is to be said of those that cannot be written."""
    faults = []
    for name, path in outputs:
        content = renderer(name)(report, replace(settings, color=False))
        try:
            with open(path, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(content)
        except OSError as error:
            faults.append(f"the report {path} cannot be written: {error.strerror}")
    return tuple(faults)


def _status(report: Report, is_broken: bool, fail_on: str, *, fail_on_unknown: bool, exit_zero: bool) -> int:
    if is_broken:
        return EXIT_INTERNAL
    if report.input_error:
        return EXIT_INPUT
    threshold = -1 if fail_on == NEVER else Severity(fail_on).rank
    failed = any(each.severity.rank <= threshold for each in report.of(VerdictKind.FAIL))
    open_ones = fail_on_unknown and bool(report.of(VerdictKind.UNKNOWN))
    return EXIT_FINDINGS if (failed or open_ones) and not exit_zero else 0


def _colored(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _width() -> int:
    if not sys.stdout.isatty():
        return 100
    return max(60, min(120, os.get_terminal_size().columns))
