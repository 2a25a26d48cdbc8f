"""Rules judge the estate: from subjects to verdicts, one for each source block and finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

try:  # hashlib is heavy to load; the standard library's `random` goes the same way
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from astrovet.declared.commented import Locate
from astrovet.declared.configuration import Config
from astrovet.declared.scope import Scope, Scopes
from astrovet.document import Note
from astrovet.judging.rulebook import Context, Limits, Rule
from astrovet.judging.settings import Rulings, rulings
from astrovet.judging.verdict import (
    Acceptance,
    Fail,
    InputSummary,
    LinkSummary,
    NotApplicable,
    Outcome,
    Report,
    SubjectSummary,
    Undecided,
    Verdict,
    VerdictKind,
)
from astrovet.model.agent import Agent
from astrovet.model.declared import Declaration
from astrovet.model.deployment import Deployment, DeploymentModel
from astrovet.model.estate import Estate, Input, Subject, label
from astrovet.model.facts import Attestation
from astrovet.model.link import Link
from astrovet.model.platform import Platform
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.variables import EnvironmentVariable
from astrovet.model.waiver import Waiver
from astrovet.place import Place
from astrovet.secrecy import Redactor, credential_kind, placeholder, without_secrets
from astrovet.value import Absent, Known, Unknown, Value

if TYPE_CHECKING:
    from astrovet.judging.waivers import Ledger


class Judgement(Struct, frozen=True):
    """A report and whether a rule broke while it was made."""

    report: Report
    faults: tuple[str, ...] = ()
    """Rules of which one failed by an error of its own, with the kind of error. It is a bug."""


class _Found(Struct, frozen=True):
    """One outcome of a rule for one subject."""

    rule: Rule
    subject: Subject
    kind: VerdictKind
    severity: Severity
    message: str
    remedy: str
    place: Place
    related: tuple[Note, ...]
    requirements: tuple[str, ...]
    about: str
    waiver: Waiver | None = None
    unheeded: tuple[Note, ...] = ()


def judge(
    estate: Estate,
    rules: Sequence[Rule],
    config_of: Callable[[str], Config],
    secrets: Iterable[str],
    locate: Locate,
    today: str,
    catalogue: Sequence[Rule] = (),
) -> Judgement:
    """Run the rules over the estate, as of `today` (`2026-11-22`).

    `secrets` are texts that no verdict may show. `locate` is asked only for places that a verdict names.
    `catalogue` has all rules that waivers and configurations may name, those that do not run included.

    Raises ConfigError for a configuration that names no rule of them.
    """
    config_of, locate = cache(config_of), cache(locate)  # they are asked again and again
    scopes = Scopes(estate, config_of, locate)
    faults: list[str] = []

    read: dict[str, Rulings] = {}

    def rulings_of(path: str) -> Rulings:
        config = config_of(path)
        if config.path not in read:
            read[config.path] = rulings(config, catalogue or rules)
        return read[config.path]

    def judged(estate: Estate, kinds: Callable[[type[Struct]], bool]) -> list[_Found]:
        return [
            each
            for rule in rules
            for kind in filter(kinds, rule.on)
            for subject in estate.subjects(kind)
            for each in _judge_one(rule, subject, estate, scopes, config_of, rulings_of, today, faults)
        ]

    found = judged(estate, lambda kind: kind is not Waiver)
    ran = _not_ignored(rules, estate, rulings_of)
    if estate.waivers:
        from astrovet.judging.waivers import Ledger  # most runs have none

        ledger = Ledger(estate.waivers, catalogue or rules, config_of, today)
        found = [_answered(each, ledger, scopes, locate, rulings_of) for each in found]
        undecided = frozenset(each.rule.id for each in found if each.kind is VerdictKind.UNKNOWN)
        estate = replace(estate, waivers=ledger.settled(frozenset(each.id for each in ran), undecided, estate))
        found += judged(estate, lambda kind: kind is Waiver)
    redact = Redactor(all_secrets(estate, secrets))
    verdicts = sorted((_verdict(group, redact, locate) for group in _grouped(found, locate)), key=_order)
    declared = scopes.declared()
    report = Report(
        verdicts=tuple(verdicts),
        inputs=tuple(_input_summary(each) for each in estate.inputs),
        subjects=tuple(_subject_summary(each, scopes.of(each)) for each in _listed(estate)),
        rules_run=tuple(rule.id for rule in ran),
        notes=(*estate.notes, *_unjudged(declared, ran)),
        input_error=any(each.failed for each in estate.inputs) or _nothing_to_check(verdicts),
    )
    return Judgement(report, tuple(dict.fromkeys(faults)))


def _judge_one(
    rule: Rule,
    subject: Subject,
    estate: Estate,
    scopes: Scopes,
    config_of: Callable[[str], Config],
    rulings_of: Callable[[str], Rulings],
    today: str,
    faults: list[str],
) -> Iterator[_Found]:
    config = config_of(subject.place.path)
    settings = rulings_of(subject.place.path)
    if rule.id in settings.ignored:
        return
    scope = scopes.of(subject)
    asked = scope.requires & rule.when
    unsure = sorted(name for name in rule.when if name in scope.unsure) if not asked else []
    if rule.when and not asked and not unsure:
        names = " or ".join(sorted(rule.when))
        yield _found(rule, subject, NotApplicable(f"{names} is not declared for it"), scope.requires)
        return
    requires = scope.requires | frozenset(unsure)
    context = Context(
        estate,
        requires,
        scopes,
        today,
        _limits(config),
        config.owner_domains,
        scope.facts,
        config.attestations,
        config.sources,
    )
    try:
        outcomes: list[Outcome] = list(rule.check(subject, context))
    except Exception as error:  # noqa: BLE001  a broken rule must not hide what the others found
        faults.append(f"{rule.id} ({type(error).__name__})")
        why = "the rule itself failed, which is a bug of the rule: please report it"
        yield _found(rule, subject, Undecided(why, subject.place), requires)
        return
    if not outcomes:
        yield _Found(
            rule, subject, VerdictKind.PASS, rule.severity, rule.law, "", subject.place, (), _names(rule, requires), ""
        )
    for outcome in outcomes:
        if unsure and isinstance(outcome, Fail):
            why = scope.unsure[Requirement(unsure[0])]
            yield _found(rule, subject, Undecided(why, outcome.place, outcome.about), requires)
        else:
            yield _weighed(_found(rule, subject, outcome, requires), outcome, settings)


def _weighed(found: _Found, outcome: Outcome, settings: Rulings) -> _Found:
    """With the severity that the user gives the rule, whatever is declared; what is worth knowing only stays so."""
    severity = settings.severity.get(found.rule.id)
    if severity is None or (isinstance(outcome, Fail) and outcome.severity is Severity.INFO):
        return found
    return replace(found, severity=severity)


def _not_ignored(rules: Sequence[Rule], estate: Estate, rulings_of: Callable[[str], Rulings]) -> tuple[Rule, ...]:
    """The rules that ran: those that no configuration, or not every one, leaves out."""
    paths = dict.fromkeys((estate.place.path, *(each.path for each in estate.inputs)))
    ignored = frozenset.intersection(*(rulings_of(path).ignored for path in paths))
    return tuple(rule for rule in rules if rule.id not in ignored)


def _answered(
    found: _Found, ledger: Ledger, scopes: Scopes, locate: Locate, rulings_of: Callable[[str], Rulings]
) -> _Found:
    """A failure as its waivers, if it has any, make it."""
    if found.kind is not VerdictKind.FAIL:
        return found
    from astrovet.judging.waivers import Failure

    answer = ledger.answer(
        Failure(
            found.rule.id,
            found.severity,
            found.subject,
            tuple(_places(found, locate)),
            tuple(locate(note.place)[0] for note in found.related),
            scopes.of(found.subject).requires,
            may_be_waived=found.rule.id not in rulings_of(found.subject.place.path).never_waived,
        )
    )
    kind = VerdictKind.FAIL if answer.waiver is None else VerdictKind.WAIVED
    return replace(found, kind=kind, waiver=answer.waiver, unheeded=answer.unheeded)


def _places(found: _Found, locate: Locate) -> Iterator[Place]:
    """The finding's own, its subject's block where that is one of Terraform, and the calls that lead there."""
    block = (found.subject.place,) if found.subject.place.address else ()
    for place in (found.place, *block):
        source, calls = locate(place)
        yield from (place, source, *(note.place for note in calls))


def _limits(config: Config) -> Limits:
    """The numbers that the user sets, and our own for the others."""
    given = {
        "token_days": config.token_days,
        "organization_owners": config.organization_owners,
        "attestation_days": config.attestation_days,
    }
    return Limits(**{name: number for name, number in given.items() if number is not None})


def _found(rule: Rule, subject: Subject, outcome: Outcome, requires: frozenset[Requirement]) -> _Found:
    names = _names(rule, requires)
    match outcome:
        case Fail(place, message, remedy, base, related, about, is_raised, under):
            severity = rule.severity_under(requires if is_raised else frozenset(), base)
            names = tuple(sorted(under)) or names
            return _Found(rule, subject, VerdictKind.FAIL, severity, message, remedy, place, related, names, about)
        case Undecided(why, place, about):
            severity = rule.severity_under(requires)
            return _Found(rule, subject, VerdictKind.UNKNOWN, severity, why, "", place, (), names, about)
        case NotApplicable(why):
            place = subject.place
            return _Found(rule, subject, VerdictKind.NOT_APPLICABLE, rule.severity, why, "", place, (), names, "")


def _names(rule: Rule, requires: frozenset[Requirement]) -> tuple[str, ...]:
    return tuple(sorted(requires & rule.supports))


SHOWN = frozenset({VerdictKind.FAIL, VerdictKind.UNKNOWN, VerdictKind.WAIVED})
"""The verdicts whose places people look at."""


def _grouped(found: Iterable[_Found], locate: Locate) -> Iterator[list[_Found]]:
    """What is said of one place in the sources is one verdict.

    Whoever has it from there: the instances of a block, those of a module that is called twice, the
    agents that share a layer.
    """
    groups: dict[tuple[object, ...], list[_Found]] = {}
    for each in found:
        source = locate(each.place)[0] if each.kind in SHOWN else each.place
        where = (source.path, source.line, source.column) if source.has_lines else (each.subject.block,)
        key = (
            each.rule.id, where, each.place.path, each.kind, each.severity, each.message, each.remedy,
            each.place.pointer, each.about, each.requirements, each.waiver, each.unheeded,
        )  # fmt: skip
        groups.setdefault(key, []).append(each)
    yield from groups.values()


def _verdict(group: list[_Found], redact: Redactor, locate: Locate) -> Verdict:
    alike = sorted(group, key=lambda each: each.subject.id)  # whatever the order in which the inputs have them
    first = alike[0]
    ids = tuple(dict.fromkeys(label(each.subject) for each in group))
    place, _ = locate(first.place) if first.kind in SHOWN else (first.place, ())
    ways = (locate(each.place)[1] for each in alike) if first.kind in SHOWN else ()
    calls = tuple(dict.fromkeys(note for way in ways for note in way))
    related = tuple(Note(redact(note.message), locate(note.place)[0]) for note in first.related)
    return Verdict(
        rule=first.rule.id,
        name=first.rule.name,
        kind=first.kind,
        severity=first.severity,
        subject=first.subject.block if len(ids) > 1 else ids[0],
        subject_kind=first.subject.kind,
        message=redact(first.message),
        why=first.rule.why,
        remedy=redact(first.remedy),
        place=place,
        requirements=first.requirements,
        sources=first.rule.sources,
        related=(*related, *calls, *first.unheeded),
        instances=() if ids == (first.subject.block,) else ids,
        fingerprint=_fingerprint(first, ids, _home(first.place, place, calls)),
        waiver=_acceptance(first.waiver, redact) if first.waiver is not None else None,
    )


def _acceptance(waiver: Waiver, redact: Redactor) -> Acceptance:
    """What people wrote in a waiver, without what may be a secret in it."""
    reason, owner = (without_secrets(redact(text)) for text in (waiver.reason, waiver.owner))
    return Acceptance(reason, owner, waiver.until, waiver.place, waiver.is_comment)


def _home(place: Place, source: Place, calls: Sequence[Note]) -> str:
    """The folder of the root module, so that two of them with equal addresses are told apart.

    A plan may lie anywhere, so where the sources are known, theirs counts.
    """
    if not place.address:
        return ""
    outermost = calls[-1].place if calls else source
    return outermost.path.rpartition("/")[0]


def _fingerprint(found: _Found, ids: tuple[str, ...], home: str) -> str:
    """Of the rule, the block and what the finding is about; never of lines or wordings."""
    pointer = "" if found.about else found.place.pointer
    parts = ("1", home, found.rule.id, found.subject.block, pointer, found.about, *sorted(ids))
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _order(verdict: Verdict) -> tuple[object, ...]:
    kinds = list(VerdictKind)
    place = verdict.place
    return (
        kinds.index(verdict.kind), verdict.severity.rank, place.path, place.line, place.column, verdict.rule,
        verdict.subject, verdict.message,
    )  # fmt: skip


def _nothing_to_check(verdicts: Iterable[Verdict]) -> bool:
    return any(each.kind is VerdictKind.FAIL and each.rule == "INP011" for each in verdicts)


def _unjudged(declared: frozenset[Requirement], rules: Sequence[Rule]) -> Iterator[str]:
    """A requirement that no rule looks at must not look satisfied."""
    of_inputs = {Estate, Input, Waiver, Declaration, Attestation}  # what judges only these says nothing of Astro
    of_astro = (rule for rule in rules if not of_inputs.issuperset(rule.on))
    judged = frozenset[Requirement]().union(*(rule.supports for rule in of_astro))
    for name in sorted(declared - judged):
        yield f"{name} is declared, and none of the rules that ran judges it: nothing is said about it"


def all_secrets(estate: Estate, secrets: Iterable[str]) -> Iterator[str]:
    """What no text of a verdict may hold: credentials of the model, and what the inputs mark sensitive."""
    yield from secrets
    for provider in estate.providers:
        yield from _known(provider.token)
    for deployment in estate.deployments:
        match deployment.environment:
            case Known(variables):
                yield from _secret_values(variables)
            case Unknown() | Absent():
                pass
    kept = [secret for each in estate.environment_objects for secret in each.secrets]
    kept += [secret for each in estate.notification_channels for secret in each.secrets]
    for secret in kept:
        yield from _known(secret.value)
    for agent in estate.agents:
        for credential in agent.credentials:
            yield from _known(credential.value)
        yield from _secret_values(agent.all_variables())


def _secret_values(variables: Iterable[EnvironmentVariable]) -> Iterator[str]:
    for variable in variables:
        match variable.name, variable.value:
            case Known(name), Known(text) if _is_marked(variable) or credential_kind(name, text) is not None:
                yield text
            case _:
                pass


def _is_marked(variable: EnvironmentVariable) -> bool:
    match variable.is_secret:
        case Known(marked):
            return marked
        case Unknown() | Absent():
            return False


def _known(value: Value[str]) -> Iterator[str]:
    match value:
        case Known(text) if not placeholder(text):
            yield text
        case Known() | Unknown() | Absent():
            pass


def _input_summary(each: Input) -> InputSummary:
    problem = next((problem for problem in each.problems if problem.kind != "remark"), None)
    return InputSummary(each.path, each.input_kind, problem.why if problem is not None else None)


def _listed(estate: Estate) -> Iterator[Subject]:
    yield from estate.deployments
    yield from estate.agents
    yield from estate.platforms
    yield from estate.clusters
    yield from estate.workspaces
    yield from estate.agent_tokens
    yield from estate.api_tokens
    yield from estate.organizations
    yield from estate.environment_objects
    yield from estate.notification_channels
    yield from estate.inbound_paths
    yield from estate.kubernetes.of_agents()


def _subject_summary(subject: Subject, scope: Scope) -> SubjectSummary:
    name: str | None = None
    match subject.name:
        case Known(found, sensitive=False):
            name = found
        case Known() | Unknown() | Absent():
            pass
    model: str | None = None
    links: tuple[LinkSummary, ...] = ()
    match subject:
        case Platform():
            model = DeploymentModel.PRIVATE_CLOUD
        case Deployment():
            model = subject.model.value if isinstance(subject.model, Known) else "unknown"
            links = (*_link("cluster", subject.cluster), *_link("workspace", subject.workspace))
        case Agent():
            model = "remote-execution"
            links = tuple(_link("deployment", subject.deployment))
        case _:
            pass
    layers, together = (subject.layers, subject.how) if isinstance(subject, Agent) else ((), "")
    return SubjectSummary(
        subject.kind, label(subject), name, model, tuple(sorted(scope.requires)), links, layers, together
    )


def _link(to: str, link: Link[Subject]) -> Iterator[LinkSummary]:
    candidates = tuple(map(label, link.candidates))
    match link.to:
        case Known(target):
            yield LinkSummary(to, label(target), candidates, link.how, None)
        case Unknown(why):
            yield LinkSummary(to, None, candidates, link.how, why)
        case Absent():
            pass


def with_notes(report: Report, notes: Iterable[str]) -> Report:
    """The report with more to tell."""
    return replace(report, notes=(*report.notes, *notes))
