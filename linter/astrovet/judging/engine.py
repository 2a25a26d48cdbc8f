"""Rules judge the estate: from subjects to verdicts, one for each source block and finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.declared.commented import Locate
from astrovet.declared.configuration import Config, ConfigError, settings_of
from astrovet.declared.entries import Scope
from astrovet.declared.scope import Scopes
from astrovet.document import Note
from astrovet.guard import Guard
from astrovet.judging.grouping import Said, places, verdicts
from astrovet.judging.rulebook import Context, Limits, Rule
from astrovet.judging.settings import Rulings, rulings
from astrovet.judging.summaries import input_summary, listed, subject_summary, unjudged
from astrovet.judging.verdict import (
    Fail,
    NotApplicable,
    Outcome,
    Pass,
    Report,
    SubjectSummary,
    Undecided,
    Unseen,
    VerdictKind,
)
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.estate import Estate, Input
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject
from astrovet.model.waiver import Waiver
from astrovet.place import WORKING_DIRECTORY, Place, Root
from astrovet.secrecy import Redactor, placeholder
from astrovet.value import Absent, Known, Unknown

if TYPE_CHECKING:
    from astrovet.judging.waivers import Ledger


class Judgement(Struct, frozen=True):
    """A report and whether a rule broke while it was made."""

    report: Report
    redact: Redactor
    """Takes out of what else is shown of the run what may not be shown."""
    faults: tuple[str, ...] = ()
    """Rules of which one failed by an error of its own, with the kind of error. It is a bug."""


def judge(
    estate: Estate,
    rules: Sequence[Rule],
    config_of: Callable[[str], Config],
    secrets: Iterable[str],
    locate: Locate,
    today: str,
    catalogue: Sequence[Rule] = (),
    guard: Guard | None = None,
    root: Root = WORKING_DIRECTORY,
) -> Judgement:
    """Run the rules over the estate, as of `today` (`2026-11-22`).

    `secrets` are texts that no verdict may show. `locate` is asked only for places that a verdict names.
    `catalogue` has all rules that waivers and configurations may name, those that do not run included. `guard` keeps
    what breaks besides a rule. `root` is that of the repository.

    Raises ConfigError for a configuration that names no rule of them.
    """
    guard = guard or Guard(ConfigError)
    locate = cache(_guarded(locate, guard))  # it is asked again and again
    bench = _Bench(estate, rules, config_of, locate, today, catalogue or rules)
    said = bench.hear(lambda kind: kind is not Waiver and kind is not BlindSpot)
    if estate.of(BlindSpot):
        from astrovet.judging.unseen import settled  # most runs see everything

        spots = estate.of(BlindSpot)
        spots = guard.run("looked at what was not seen", spots, settled, spots, rules, bench.scopes, said)
        bench.estate = estate = estate.with_all(BlindSpot, spots)
        said += bench.hear(lambda kind: kind is BlindSpot)
    ran = guard.run("looked for rules that settings leave out", tuple(rules), bench.not_ignored)
    waivers = estate.of(Waiver)
    if waivers:
        from astrovet.judging.waivers import Ledger  # most runs have none

        ledger = Ledger(waivers, catalogue or rules, config_of, today)
        said = [
            guard.run(f"looked for waivers of {statement.rule.id}", statement, bench.answered, statement, ledger)
            for statement in said
        ]
        undecided = frozenset(statement.rule.id for statement in said if statement.kind is VerdictKind.UNKNOWN)
        ids = frozenset(rule.id for rule in ran)
        used = guard.run("looked at waivers", waivers, ledger.settled, ids, undecided, estate)
        bench.estate = estate = estate.with_all(Waiver, used)
        said += bench.hear(lambda kind: kind is Waiver)
    stopped = any(statement.rule.stops_the_run and statement.kind is VerdictKind.FAIL for statement in said)
    redact = Redactor(all_secrets(estate, secrets))
    report = Report(
        verdicts=verdicts(said, locate, guard, root),
        inputs=tuple(map(input_summary, estate.of(Input))),
        subjects=tuple(
            summary
            for subject in listed(estate)
            if (summary := guard.run("summed up an object", None, bench.summary, subject)) is not None
        ),
        rules_run=tuple(rule.id for rule in ran),
        notes=(*estate.notes, *guard.kept("looked for requirements without rules", bench.unjudged, ran)),
        input_error=stopped or any(file.failed for file in estate.of(Input)),
        nothing_to_check=stopped,
        unseen=tuple(guard.kept("listed what was not seen", _unseen, estate)),
    )
    return Judgement(redact.record(report), redact, tuple(dict.fromkeys(bench.faults)))


def _unseen(estate: Estate) -> tuple[Unseen, ...]:
    if not estate.of(BlindSpot):
        return ()
    from astrovet.judging.unseen import unseen

    return tuple(unseen(estate.of(BlindSpot)))


class _Bench:
    """What the rules of a run are judged by, and which of them broke."""

    def __init__(
        self,
        estate: Estate,
        rules: Sequence[Rule],
        config_of: Callable[[str], Config],
        locate: Locate,
        today: str,
        catalogue: Sequence[Rule],
    ) -> None:
        self.estate = estate
        self.faults: list[str] = []
        self._rules = rules
        self._config_of = cache(config_of)
        self._locate = locate
        self._today = today
        self._catalogue = catalogue
        self._rulings: dict[str, Rulings] = {}
        self.scopes = Scopes(estate, self._config_of, locate)

    def hear(self, kinds: Callable[[type[Subject]], bool]) -> list[Said]:
        """What the rules say of the subjects of these kinds."""
        return [
            statement
            for rule in self._rules
            for kind in filter(kinds, rule.on)
            for subject in self.estate.of(kind)
            for statement in self._ask(rule, subject)
        ]

    def not_ignored(self) -> tuple[Rule, ...]:
        """The rules that ran: those that no configuration, or not every one, leaves out."""
        ignored = frozenset.intersection(*(self._rulings_of(Place(path)).ignored for path in self.estate.paths))
        return tuple(rule for rule in self._rules if rule.id not in ignored)

    def unjudged(self, ran: Sequence[Rule]) -> Iterator[str]:
        return unjudged(self.scopes.declared(), ran)

    def summary(self, subject: Subject) -> SubjectSummary:
        return subject_summary(subject, self.scopes.of(subject))

    def answered(self, said: Said, ledger: Ledger) -> Said:
        """A failure as its waivers, if it has any, make it."""
        if said.kind is not VerdictKind.FAIL:
            return said
        never_waived = self._rulings_of(said.subject.place).never_waived
        waiver, unheeded = ledger.answer(
            said,
            tuple(places(said, self._locate)),
            tuple(self._locate(note.place)[0] for note in said.related),
            self.scopes.of(said.subject).requires,
            may_be_waived=said.rule.id not in never_waived,
        )
        return replace(said, waiver=waiver, unheeded=unheeded)

    def _rulings_of(self, place: Place) -> Rulings:
        config = settings_of(self._config_of, place)
        if config.path not in self._rulings:
            self._rulings[config.path] = rulings(config, self._catalogue)
        return self._rulings[config.path]

    def _ask(self, rule: Rule, subject: Subject) -> Iterator[Said]:
        """What one rule says of one subject: nothing but a pass where the check has nothing to object to."""
        try:
            settings = self._rulings_of(subject.place)
            if rule.id not in settings.ignored:
                yield from self._answer(rule, subject, settings)
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001  a broken rule must not hide what the others found
            self.faults.append(f"{rule.id} ({type(error).__name__})")
            why = "the rule itself failed, which is a bug of the rule: please report it"
            yield _said(rule, subject, Undecided(why, subject.place), rule.when)

    def _answer(self, rule: Rule, subject: Subject, settings: Rulings) -> list[Said]:
        scope = self.scopes.of(subject)
        unsure = sorted(name for name in rule.when if name in scope.unsure) if not scope.requires & rule.when else []
        if rule.when and not scope.requires & rule.when and not unsure:
            names = " or ".join(sorted(rule.when))
            return [_said(rule, subject, NotApplicable(f"{names} is not declared for it"), scope.requires)]
        requires = scope.requires | frozenset(unsure)
        outcomes: list[Outcome] = list(rule.check(subject, self._context(subject, requires)))
        return [
            _said(rule, subject, _doubted(outcome, unsure, scope), requires)
            if unsure and isinstance(outcome, Fail)
            else _weighed(_said(rule, subject, outcome, requires), settings)
            for outcome in outcomes or (Pass(rule.law),)
        ]

    def _context(self, subject: Subject, requires: frozenset[Requirement]) -> Context:
        config = settings_of(self._config_of, subject.place)
        return Context(
            self.estate,
            requires,
            self.scopes,
            self._today,
            _limits(config),
            config.owner_domains,
            self.scopes.of(subject).facts,
            config.attestations,
            config.sources,
        )


def _doubted(outcome: Fail, unsure: Sequence[Requirement], scope: Scope) -> Undecided:
    """A failure under a requirement of which nobody knows whether it holds."""
    return Undecided(scope.unsure[unsure[0]], outcome.place, outcome.about)


def _guarded(locate: Locate, guard: Guard) -> Locate:
    def located(place: Place) -> tuple[Place, tuple[Note, ...]]:
        return guard.run("looked for the source behind a plan", (place, ()), locate, place)

    return located


def _said(rule: Rule, subject: Subject, outcome: Outcome | Pass, requires: frozenset[Requirement]) -> Said:
    names = tuple(sorted(requires & rule.supports))
    match outcome:
        case Fail(severity=base, is_raised=is_raised, under=under):
            severity = rule.severity_under(requires if is_raised else frozenset(), base)
            return Said(rule, subject, outcome, severity, tuple(sorted(under)) or names)
        case Undecided(under=under):
            return Said(rule, subject, outcome, rule.severity_under(requires), tuple(sorted(under)) or names)
        case NotApplicable() | Pass():
            return Said(rule, subject, outcome, rule.severity, names)


def _weighed(said: Said, settings: Rulings) -> Said:
    """With the severity that the user gives the rule, whatever is declared; what is worth knowing only stays so."""
    severity = settings.severity.get(said.rule.id)
    stays = isinstance(said.outcome, Pass) or (
        isinstance(said.outcome, Fail) and said.outcome.severity is Severity.INFO
    )
    return said if severity is None or stays else replace(said, severity=severity)


def _limits(config: Config) -> Limits:
    """The numbers that the user sets, and our own for the others."""
    given = {
        "token_days": config.token_days,
        "organization_owners": config.organization_owners,
        "attestation_days": config.attestation_days,
    }
    return Limits(**{name: number for name, number in given.items() if number is not None})


def all_secrets(estate: Estate, secrets: Iterable[str]) -> Iterator[str]:
    """What no text of a verdict may hold: credentials of the model, and what the inputs mark sensitive."""
    yield from secrets
    for subject in estate.objects:
        for value in subject.hidden():
            match value:
                case Known(text) if not placeholder(text):
                    yield text
                case Known() | Unknown() | Absent():
                    pass


def with_notes(report: Report, notes: Iterable[str]) -> Report:
    """The report with more to tell."""
    return replace(report, notes=(*report.notes, *notes))
