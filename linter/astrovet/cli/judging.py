"""What commands that judge share: the options that say for what and by which rules, and the judging."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import click
from msgspec import Struct
from msgspec.structs import replace

from astrovet.cli.app import completed_requirements, completed_rules, listed, option, words
from astrovet.cli.configs import settled
from astrovet.cli.reading import Read, packed
from astrovet.cli.waivers import configured_waivers, is_below
from astrovet.declared.configuration import Config
from astrovet.declared.obligations import with_declarations
from astrovet.declared.scope import configs_of
from astrovet.judging.engine import Judgement, judge
from astrovet.judging.packs import BUILT_IN, PackError, join_packs, load_pack, select
from astrovet.judging.rulebook import Rule
from astrovet.judging.settings import names_rules
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.estate import Estate, with_refused
from astrovet.model.requirement import Requirement, Tier
from astrovet.model.waiver import Waiver
from astrovet.place import Root
from astrovet.readers.estate import Reading


class Intent(Struct, frozen=True):
    """What the command line says of judging; the fields are the options of `intent_options`."""

    required: tuple[str, ...]
    plan_tier: str | None
    today: str
    selected: tuple[str, ...]
    ignored: tuple[str, ...]
    no_waivers: bool
    packs: tuple[str, ...]


class Judged(Struct, frozen=True):
    """What came of judging."""

    judgement: Judgement
    estate: Estate
    """With its waivers."""
    rules: tuple[Rule, ...]
    """Those that ran."""
    config_of: Callable[[str], Config]
    """The settings for an input, with what the command line declares."""


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str:
    """The day given, else the clock's: its only reader, so that a day given makes a run repeatable."""
    if value is None:
        return time.strftime("%Y-%m-%d", time.gmtime())
    from datetime import date  # slow to import, and a day is rarely given

    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as 2026-11-22.") from None


_OPTIONS = (
    option(
        "--require",
        "required",
        multiple=True,
        metavar="NAME[,NAME]",
        callback=listed(Requirement.names()),
        shell_complete=completed_requirements,
        help="What every deployment must satisfy, e.g. hipaa.",
    ),
    option(
        "--plan-tier",
        type=click.Choice([str(tier) for tier in Tier]),
        help="The plan of the organization.",
    ),
    option(
        "--today",
        metavar="DATE",
        callback=_day,
        help="Judge as of this day, e.g. 2026-11-22, for a report that can be made again.",
    ),
    option(
        "--select",
        "selected",
        multiple=True,
        metavar="RULE[,RULE]",
        shell_complete=completed_rules,
        help="Run only these rules (id, prefix, name).",
    ),
    option(
        "--ignore",
        "ignored",
        multiple=True,
        metavar="RULE[,RULE]",
        shell_complete=completed_rules,
        help="Do not run these rules.",
    ),
    option("--no-waivers", is_flag=True, help="Report what is waived too, as if nobody had accepted it."),
    option("--rules", "packs", multiple=True, metavar="MODULE_OR_FILE", help="A further rule pack. Its code is run."),
)


def intent_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options that say for what and by which rules; the command gets them as one `intent`."""
    return packed("intent", Intent, _OPTIONS)(function)


def check_names(intent: Intent) -> None:
    """Tell a slip in the name of a rule before anything is read."""
    if intent.selected or intent.ignored:
        _rules(intent.packs, intent.selected, intent.ignored)


def judged(inputs: Read, intent: Intent, *, in_hook: bool = False, root: Root | None = None) -> Judged:
    """Judge what was read; in a hook without the rules that are silent there.

    `root` is that from which fingerprints count; else that of what was read.
    Raises ConfigError where a configuration cannot be used.
    """
    reading = inputs.reading
    estate, guard = reading.estate, inputs.guard
    paths = (*(subject.place.path for subject in estate.everything()), *reading.contents)
    config_of = settled(inputs.config_of, (*paths, *(inputs.behind.files if inputs.behind is not None else ())))
    estate = with_refused(estate, inputs.disk.refused)  # with what was refused when settings were looked for
    comments = {} if intent.no_waivers else inputs.comments
    configured: tuple[Waiver, ...] = ()
    if not intent.no_waivers:
        configured = guard.run(
            "read the waivers of settings", (), configured_waivers, estate, inputs.folders, config_of
        )
    catalogue: tuple[Rule, ...] = ()
    naming = tuple(filter(names_rules, configs_of(estate, config_of)))
    if comments or naming:
        from astrovet.judging.settings import rulings
        from astrovet.judging.waivers import with_waivers

        catalogue = _rules(intent.packs, (), ())
        for config in naming:
            rulings(config, catalogue)  # a slip in a name is told, whether or not the setting is overruled
        estate = guard.run("read waivers", estate, with_waivers, estate, comments, configured, catalogue)
    declared = _declared(config_of, intent)
    locate = inputs.behind.locate if inputs.behind is not None else lambda place: (place, ())
    is_scanned = partial(is_below, inputs.folders)
    estate = guard.run("read declarations", estate, with_declarations, estate, declared, locate, is_scanned)
    unseen = frozenset(kind for spot in estate.of(BlindSpot) for kind in spot.decides)
    present = None if intent.selected or intent.ignored or catalogue else estate.kinds() | unseen
    is_declared = bool(estate.demands) or any(declared(path).declares for path in estate.paths)
    rules = _rules(intent.packs, intent.selected, intent.ignored, present, is_declared=is_declared)
    rules = tuple(rule for rule in rules if not (in_hook and rule.silent_in_hook))
    judgement = judge(
        estate,
        rules,
        declared,
        tuple(sensitive(reading)),
        locate,
        intent.today,
        catalogue,
        guard,
        inputs.root if root is None else root,
    )
    if inputs.changed:
        from astrovet.cli.hook import narrowed, touched

        report = narrowed(judgement.report, estate, touched(inputs.changed, estate))
        judgement = replace(judgement, report=report)
    return Judged(judgement, estate, rules, declared)


def sensitive(reading: Reading) -> Iterator[str]:
    """What the plans and sources mark as sensitive."""
    if reading.plans:
        from astrovet.terraform.sensitive import sensitive_texts

        for plan in (*reading.plans, *reading.behind):
            yield from sensitive_texts(plan)


def _rules(
    packs: Sequence[str],
    selected: Sequence[str],
    ignored: Sequence[str],
    present: frozenset[type] | None = None,
    *,
    is_declared: bool = True,
) -> tuple[Rule, ...]:
    """The rules to run: of the kinds of subject that are there, where that is said."""
    try:
        rules = join_packs(load_pack(pack, present, is_declared=is_declared) for pack in (BUILT_IN, *packs))
        kept = select(rules, words(selected), words(ignored))
    except PackError as error:
        raise click.UsageError(str(error)) from None
    if ignored and all(rule.always_runs or rule.runs_unless_ignored for rule in kept):
        raise click.UsageError("no rule is left to run: --ignore leaves out all that --select names.")
    return kept


def _declared(config_of: Callable[[str], Config], intent: Intent) -> Callable[[str], Config]:
    """The settings for an input, with what --require and --plan-tier say, and without what --select overrules."""
    added = frozenset(Requirement(name) for name in intent.required)

    def of_input(path: str) -> Config:
        config = config_of(path)
        rules = replace(config.rules, ignore=()) if intent.selected else config.rules
        facts = replace(config.facts, plan_tier=intent.plan_tier) if intent.plan_tier else config.facts
        return replace(config, requires=config.requires | added, rules=rules, facts=facts)

    return of_input
