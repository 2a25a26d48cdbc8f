"""What an auditor wants to keep of a run: deployments by requirements, and all that each word rests on. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from astrovet.declared.configuration import Config
from astrovet.declared.scope import Scopes
from astrovet.document import InputKind
from astrovet.judging.rulebook import Limits, Rule
from astrovet.judging.verdict import Report, Verdict, VerdictKind
from astrovet.model.agent import Agent
from astrovet.model.change import Change, Drift
from astrovet.model.declared import Obligation
from astrovet.model.deployment import AgentToken, Cluster, Deployment, Workspace
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.estate import Estate, Input
from astrovet.model.facts import Attestation
from astrovet.model.platform import Platform
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject, label
from astrovet.place import Place
from astrovet.requirements.citations import citation
from astrovet.requirements.controls import named
from astrovet.requirements.responsibilities import DUTIES, SIGNED_BY, Duty
from astrovet.requirements.tables import ATTESTED, ATTESTED_FOR
from astrovet.secrecy import without_secrets
from astrovet.value import Known

SHARED = "shared"
ATTESTATION = "attestation"
"""The kind of the row for everything that belongs to no single deployment."""

OF_INPUTS = frozenset({"input", "run", "waiver"})
"""Kinds of subject that are nothing of Astro."""

OTHER = ""
"""The part of the checks that no declared requirement asks for."""


class Standing(StrEnum):
    """How something stands, the worst first."""

    FAILS = "fails"
    UNDECIDED = "undecided"
    NOT_JUDGED = "not judged"
    """A requirement is declared, and no rule of the run had anything to judge for it."""
    WAIVED = "waived"
    PASSES = "passes"


class Count(Struct, frozen=True):
    """How many verdicts of each kind. Failures of severity info fail nothing: they are remarks."""

    fails: int = 0
    undecided: int = 0
    waived: int = 0
    remarks: int = 0
    passes: int = 0

    @property
    def standing(self) -> Standing:
        """The worst that there is. Remarks alone prove nothing."""
        if self.fails:
            return Standing.FAILS
        if self.undecided:
            return Standing.UNDECIDED
        if self.waived:
            return Standing.WAIVED
        return Standing.PASSES if self.passes else Standing.NOT_JUDGED


class Cell(Struct, frozen=True):
    """One deployment and one requirement that is declared for it."""

    requirement: str
    standing: Standing
    count: Count
    why: str = ""
    """Where it cannot be told whether the requirement holds here: why not."""


class Row(Struct, frozen=True):
    """A deployment, a private cloud, an agent of which the deployment is not known, or all that is of no single one."""

    id: str
    kind: str
    name: str | None
    model: str | None
    standing: Standing
    worst: Severity | None
    """Of its failures."""
    cells: tuple[Cell, ...]
    """One for each requirement that is declared for it, or may be."""


class Source(Struct, frozen=True):
    """What a rule rests on."""

    tag: str
    what: str
    address: str


class Finding(Struct, frozen=True):
    """One verdict of a check."""

    verdict: Verdict
    rows: tuple[int, ...]
    """The numbers of the rows that it concerns."""

    @property
    def is_remark(self) -> bool:
        """It fails nothing and is worth knowing."""
        return self.verdict.kind is VerdictKind.FAIL and self.verdict.severity is Severity.INFO


class Check(Struct, frozen=True):
    """A rule and what it says under one requirement."""

    rule: str
    name: str
    law: str
    standing: Standing
    worst: Severity | None
    """Of its failures."""
    count: Count
    findings: tuple[Finding, ...]
    """The worst first; what does not apply is left out."""
    supports: tuple[str, ...]
    """The controls of laws and standards that a pass supports, and proves none of."""
    sources: tuple[Source, ...]


class Part(Struct, frozen=True):
    """A requirement and its checks."""

    requirement: str
    """Empty for the checks that no declared requirement asks for."""
    standing: Standing
    count: Count
    """Of verdicts."""
    checks: tuple[Check, ...]
    """The worst first."""
    silent: tuple[str, ...]
    """Rules that support it, ran, and had nothing to judge."""


class Attested(Struct, frozen=True):
    """What people have to attest, or attest unasked."""

    what: str
    standing: str
    """`valid`, `expired`, `incomplete` (without an owner or a day), `missing`."""
    asked_by: tuple[str, ...]
    """Requirements that need it, or for whose sake it is made."""
    needed_for: tuple[str, ...]
    """Those deployments."""
    parties: tuple[str, ...]
    """Who must act."""
    owner: str = ""
    signed: str = ""
    until: str = ""
    evidence: str = ""
    place: Place | None = None


class OpenQuestion(Struct, frozen=True):
    """Why something could not be decided, how to decide it, and what waits for that."""

    why: str
    how: str
    verdicts: tuple[Verdict, ...]


class Fingerprint(Struct, frozen=True):
    """A file of the run."""

    path: str
    kind: str
    sha256: str
    """Empty where the file could not be read."""
    problem: str = ""


class Pack(Struct, frozen=True):
    """Where rules come from."""

    name: str
    version: str


class Origin(Struct, frozen=True):
    """With what the report was made, so that it can be made again."""

    version: str
    """Of astrovet."""
    today: str
    command: str
    packs: tuple[Pack, ...]
    files: tuple[Fingerprint, ...]


class Evidence(Struct, frozen=True):
    """Everything that a report for auditors says."""

    origin: Origin
    standing: Standing
    requirements: tuple[str, ...]
    """All that is declared for anything, in the order of `Requirement`."""
    rows: tuple[Row, ...]
    """The worst first."""
    parts: tuple[Part, ...]
    """One for each requirement, then the other checks."""
    attestations: tuple[Attested, ...]
    duties: tuple[Duty, ...]
    """Of the models that are there."""
    waived: tuple[Verdict, ...]
    questions: tuple[OpenQuestion, ...]
    """The one on which most waits first."""
    rules_run: tuple[str, ...]
    notes: tuple[str, ...]


def evidence(
    report: Report,
    estate: Estate,
    rules: Sequence[Rule],
    scopes: Scopes,
    config_of: Callable[[str], Config],
    origin: Origin,
) -> Evidence:
    """What the judged run shows. `config_of` gives the settings for an input, with what the command line declares."""
    subjects = _rows_of(estate)
    numbers = _Numbers(estate, subjects)
    asked_of = [{*scopes.of(each).requires, *scopes.of(each).unsure} for each in subjects]
    found = [(verdict, _concerned(verdict, numbers.of(verdict), asked_of)) for verdict in report.verdicts]
    labels = [(each, label(each)) for each in subjects]
    summaries = {(each.kind, each.id): each for each in report.subjects}
    by_row = _by_row(found)
    declared = tuple(name for name in Requirement if name in scopes.declared() | _required(report))
    unordered: list[tuple[int, Row]] = []
    for number, (subject, shown) in enumerate(labels):
        scope = scopes.of(subject)
        summary = summaries.get((subject.kind, shown))
        # What is declared of an agent alone concerns its deployment too.
        here = {each for each in declared if (number, each) in by_row}
        asked = [each for each in declared if each in scope.requires | here or each in scope.unsure]
        cells = [_cell(each, by_row.get((number, each), ()), scope.unsure.get(each, "")) for each in asked]
        name, model = (summary.name, summary.model) if summary is not None else (None, None)
        row = _row(shown, subject.kind, name, model, cells, by_row, number)
        unordered.append((number, row))
    shared = len(labels)
    if any(number == shared for number, _ in by_row):
        cells = [_cell(name, by_row[shared, name], "") for name in declared if (shared, name) in by_row]
        unordered.append((shared, _row("everything else", SHARED, None, None, cells, by_row, shared)))
    ordered = sorted(unordered, key=lambda each: _row_order(each[1]))
    position = {old: new for new, (old, _) in enumerate(ordered)}
    moved = [(verdict, tuple(sorted(position[each] for each in rows))) for verdict, rows in found]
    parts = tuple(_part(name, moved, rules, report.rules_run) for name in (*declared, OTHER))
    return Evidence(
        origin=origin,
        standing=_worst_standing([_overall(report), *(part.standing for part in parts if part.requirement)]),
        requirements=tuple(map(str, declared)),
        rows=tuple(row for _, row in ordered),
        parts=tuple(part for part in parts if part.requirement or part.checks),
        attestations=tuple(_attestations(estate, scopes, config_of, origin.today)),
        duties=_duties(row.model for _, row in ordered),
        waived=report.of(VerdictKind.WAIVED),
        questions=_questions(report),
        rules_run=report.rules_run,
        notes=report.notes,
    )


def _concerned(verdict: Verdict, rows: frozenset[int], asked_of: Sequence[set[Requirement]]) -> frozenset[int]:
    """The rows of a verdict; of an attestation only those of which something is required that it is for."""
    if verdict.subject_kind != ATTESTATION:
        return rows
    kept = (each for each in rows if each >= len(asked_of) or asked_of[each].intersection(verdict.requirements))
    return frozenset(kept) or frozenset({len(asked_of)})


def _required(report: Report) -> frozenset[Requirement]:
    return frozenset(Requirement(name) for each in report.verdicts for name in each.requirements)


def _rows_of(estate: Estate) -> tuple[Subject, ...]:
    """What has a row of its own."""
    alone = (agent for agent in estate.of(Agent) if not isinstance(agent.deployment.to, Known))
    return (*estate.of(Deployment), *estate.of(Platform), *alone)


class _Numbers:
    """Which rows a verdict concerns: those of the deployments that its subject is, serves or holds."""

    def __init__(self, estate: Estate, rows: Sequence[Subject]) -> None:
        self._shared = len(rows)
        number = {(each.kind, each.place): index for index, each in enumerate(rows)}
        self._known: dict[tuple[str, str], list[tuple[Place, frozenset[int]]]] = {}
        for subject in _linked(estate):
            places = {("deployment", place) for place in _deployments(subject, estate)} or {
                (subject.kind, subject.place)
            }
            indexes = frozenset(number[each] for each in places if each in number)
            self._known.setdefault((subject.kind, label(subject)), []).append((subject.place, indexes))
            if subject.block != subject.id:
                self._known.setdefault((subject.kind, subject.block), []).append((subject.place, indexes))

    def of(self, verdict: Verdict) -> frozenset[int]:
        """The rows' numbers; that of the shared row where no single deployment is concerned."""
        found: set[int] = set()
        for subject in verdict.instances or (verdict.subject,):
            alike = self._known.get((verdict.subject_kind, subject), [])
            here = [each for each in alike if each[0].path == verdict.place.path] or alike
            found.update(index for _, indexes in here for index in indexes)
        return frozenset(found) or frozenset({self._shared})


def _linked(estate: Estate) -> Iterator[Subject]:
    """What may belong to single deployments."""
    yield from estate.of(Deployment)
    yield from estate.of(Platform)
    yield from estate.of(Agent)
    yield from estate.of(AgentToken)
    yield from estate.of(Cluster)
    yield from estate.of(Workspace)
    yield from estate.of(EnvironmentObject)
    yield from estate.of(NotificationChannel)
    yield from estate.of(Change)
    yield from estate.of(Drift)
    yield from estate.of(Attestation)


def _deployments(subject: Subject, estate: Estate) -> Iterator[Place]:
    """The places of the deployments that are meant."""
    match subject:
        case Deployment():
            yield subject.place
        case Agent() | AgentToken() | EnvironmentObject() | NotificationChannel():
            if isinstance(subject.deployment.to, Known):
                yield subject.deployment.to.value.place
        case Cluster() | Workspace():
            for each in estate.of(Deployment):
                link = each.cluster if isinstance(subject, Cluster) else each.workspace
                if any(candidate.place == subject.place for candidate in link.candidates):
                    yield each.place
        case Change() | Drift():
            yield from (each.place for each in estate.of(Deployment) if each.id == subject.id)
        case Attestation():
            bound = (each.bound for each in estate.of(Obligation) if each.place.path == subject.place.path)
            yield from (each.place for each in bound if isinstance(each, Deployment))
        case _:
            pass


def _asked_by(verdict: Verdict) -> tuple[str, ...]:
    """The requirements that a verdict is evidence for, or against.

    That a file can be read is no evidence of Astro; that it cannot is a gap.
    """
    if verdict.kind is VerdictKind.PASS and verdict.subject_kind in OF_INPUTS:
        return (OTHER,)
    return verdict.requirements or (OTHER,)


_ByRow = Mapping[tuple[int, str], Sequence[Verdict]]


def _by_row(found: Iterable[tuple[Verdict, frozenset[int]]]) -> _ByRow:
    """The verdicts of each row and requirement; those that apply only."""
    sorted_in: dict[tuple[int, str], list[Verdict]] = {}
    for verdict, rows in found:
        if verdict.kind is not VerdictKind.NOT_APPLICABLE:
            for row in rows:
                for name in _asked_by(verdict):
                    sorted_in.setdefault((row, name), []).append(verdict)
    return sorted_in


def _cell(requirement: str, verdicts: Sequence[Verdict], unsure: str) -> Cell:
    count = _count(verdicts)
    standing = Standing.UNDECIDED if unsure and not count.fails else count.standing
    return Cell(requirement, standing, count, unsure)


def _row(
    label: str, kind: str, name: str | None, model: str | None, cells: Sequence[Cell], by_row: _ByRow, number: int
) -> Row:
    names = (*(cell.requirement for cell in cells), OTHER)
    others = _count(by_row.get((number, OTHER), ()))
    standings = [cell.standing for cell in cells] + ([others.standing] if others != Count() else [])
    worst = _worst(each for requirement in names for each in by_row.get((number, requirement), ()))
    return Row(label, kind, name, model, _worst_standing(standings), worst, tuple(cells))


def _row_order(row: Row) -> tuple[object, ...]:
    rank = row.worst.rank if row.worst is not None else len(Severity)
    numbers = [sum(getattr(cell.count, field) for cell in row.cells) for field in ("fails", "undecided")]
    natural = re.sub(r"\d+", lambda digits: digits[0].zfill(9), row.id)  # team-2 comes before team-10
    return (_rank(row.standing), rank, *(-number for number in numbers), natural)


def _count(verdicts: Iterable[Verdict]) -> Count:
    kinds = [
        "remark" if each.kind is VerdictKind.FAIL and each.severity is Severity.INFO else each.kind for each in verdicts
    ]
    return Count(
        fails=kinds.count(VerdictKind.FAIL),
        undecided=kinds.count(VerdictKind.UNKNOWN),
        waived=kinds.count(VerdictKind.WAIVED),
        remarks=kinds.count("remark"),
        passes=kinds.count(VerdictKind.PASS),
    )


def _worst(verdicts: Iterable[Verdict]) -> Severity | None:
    failed = (
        each.severity for each in verdicts if each.kind is VerdictKind.FAIL and each.severity is not Severity.INFO
    )
    return min(failed, key=lambda severity: severity.rank, default=None)


def _rank(standing: Standing) -> int:
    return list(Standing).index(standing)


def _worst_standing(standings: Iterable[Standing]) -> Standing:
    return min(standings, key=_rank, default=Standing.NOT_JUDGED)


def _overall(report: Report) -> Standing:
    count = _count(report.verdicts)
    return Standing.UNDECIDED if report.input_error and not count.fails else count.standing


def _part(
    requirement: str,
    found: Sequence[tuple[Verdict, tuple[int, ...]]],
    rules: Sequence[Rule],
    rules_run: Sequence[str],
) -> Part:
    of_rule: dict[str, list[Finding]] = {}
    for verdict, rows in found:
        if requirement in _asked_by(verdict) and verdict.kind is not VerdictKind.NOT_APPLICABLE:
            of_rule.setdefault(verdict.rule, []).append(Finding(verdict, rows))
    checks = [_check(rule, of_rule[rule.id]) for rule in rules if rule.id in of_rule]
    count = _count(each.verdict for findings in of_rule.values() for each in findings)
    silent = (rule.id for rule in rules if requirement in rule.supports and rule.id not in of_rule)
    return Part(
        requirement,
        count.standing,
        count,
        tuple(sorted(checks, key=_check_order)),
        tuple(each for each in silent if each in rules_run),
    )


def _check(rule: Rule, findings: Sequence[Finding]) -> Check:
    verdicts = [each.verdict for each in findings]
    count = _count(verdicts)
    return Check(
        rule=rule.id,
        name=rule.name,
        law=rule.law,
        standing=count.standing,
        worst=_worst(verdicts),
        count=count,
        findings=tuple(findings),
        supports=tuple(f"{each.reference}, {each.title}" for each in named(rule.controls)),
        sources=tuple(map(_source, rule.sources)),
    )


def _check_order(check: Check) -> tuple[object, ...]:
    return (_rank(check.standing), check.worst.rank if check.worst is not None else len(Severity), check.rule)


def _source(tag: str) -> Source:
    found = citation(tag)
    return Source(tag, found.what, found.address) if found is not None else Source(tag, "", "")


def _attestations(estate: Estate, scopes: Scopes, config_of: Callable[[str], Config], today: str) -> Iterator[Attested]:
    """What is needed and attested, needed and missing, then what nobody asks for."""
    needs: dict[tuple[str, str], list[tuple[Requirement, Obligation]]] = {}
    configs = {config.path: config for config in map(config_of, _paths(estate))}
    for each in estate.of(Obligation):
        if isinstance(each.model, Known):
            config = config_of(each.bound.place.path)
            configs[config.path] = config
            for name in sorted(scopes.of(each).requires):
                for what in ATTESTED.get(name, {}).get(each.model.value, ()):
                    needs.setdefault((config.path, what), []).append((name, each))
    told: set[Place] = set()
    declared = scopes.declared()
    for (path, what), asking in sorted(needs.items(), key=lambda item: (item[0][1], item[0][0])):
        names = tuple(dict.fromkeys(str(name) for name, _ in asking))
        whom = tuple(dict.fromkeys(obligation.id for _, obligation in asking))
        given = [attestation for attestation in configs[path].attestations if attestation.what == what]
        told.update(attestation.place for attestation in given)
        if not given:
            yield Attested(what, "missing", names, whom, tuple(map(str, SIGNED_BY.get(what, ()))))
        yield from (_attested(attestation, configs[path], today, names, whom) for attestation in given)
    for config in configs.values():
        unasked = [attestation for attestation in config.attestations if attestation.place not in told]
        for offered in unasked:
            served = ATTESTED_FOR.get(offered.what, frozenset()) & declared
            yield _attested(offered, config, today, tuple(sorted(served)), ())


def _paths(estate: Estate) -> Iterable[str]:
    return dict.fromkeys((estate.place.path, *(each.path for each in estate.of(Input))))


def _attested(
    given: Attestation, config: Config, today: str, asked_by: tuple[str, ...], needed_for: tuple[str, ...]
) -> Attested:
    days = config.attestation_days if config.attestation_days is not None else Limits().attestation_days
    standing = "expired" if given.has_ended(today, days) else "incomplete" if given.lacks else "valid"
    owner, proof = without_secrets(given.owner), without_secrets(given.evidence)
    parties = tuple(map(str, SIGNED_BY.get(given.what, ())))
    return Attested(
        given.what, standing, asked_by, needed_for, parties, owner, given.signed, given.until, proof, given.place
    )


def _duties(models: Iterable[str | None]) -> tuple[Duty, ...]:
    """Of the models that are there; all where none is known."""
    there = frozenset(filter(None, models)) - {"unknown"}
    kept = (replace(duty, models=tuple(each for each in duty.models if not there or each in there)) for duty in DUTIES)
    return tuple(duty for duty in kept if duty.models)


def _questions(report: Report) -> tuple[OpenQuestion, ...]:
    waiting: dict[tuple[str, str], list[Verdict]] = {}
    kinds = {each.path: each.kind for each in report.inputs}
    for verdict in report.of(VerdictKind.UNKNOWN):
        why, _, how = verdict.text.partition("; ")
        waiting.setdefault((why, how or _way(kinds.get(verdict.place.path, ""))), []).append(verdict)
    asked = [OpenQuestion(why, how, tuple(verdicts)) for (why, how), verdicts in waiting.items()]
    return tuple(sorted(asked, key=lambda each: (-len(each.verdicts), each.why)))


def _way(kind: str) -> str:
    """How to decide what an input of this kind leaves open, where the reason itself does not say it."""
    match kind:
        case InputKind.TERRAFORM_SOURCE:
            return "scan a plan of these sources: `terraform show -json tfplan > plan.json`"
        case InputKind.TERRAFORM_PLAN:
            return "apply, then scan the state: `terraform show -json > state.json`"
        case InputKind.AGENT_VALUES:
            return "write the value into the values, or scan all their layers in Helm's order (`-f a.yaml -f b.yaml`)"
        case _:
            return "look at the place named, and settle the value there or in `.astrovet.yaml`"
