"""The evidence of a judged run: verdicts sorted by row, by requirement and by rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from astrovet.declared.configuration import Config
from astrovet.declared.scope import Scopes
from astrovet.document import InputKind
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import Report, SubjectSummary, Verdict, VerdictKind
from astrovet.model.estate import Estate
from astrovet.model.requirement import Requirement
from astrovet.model.severity import Severity
from astrovet.model.subject import Subject, label
from astrovet.reports.evidence.attestations import attestations
from astrovet.reports.evidence.evidence import (
    OTHER,
    SHARED,
    Cell,
    Count,
    Evidence,
    Finding,
    OpenQuestion,
    Origin,
    RequirementChecks,
    Row,
    RuleFindings,
    Source,
    Standing,
    worst_failure,
)
from astrovet.reports.evidence.rows import RowsConcerned, subjects_with_a_row
from astrovet.requirements.citations import citation
from astrovet.requirements.controls import named
from astrovet.requirements.responsibilities import DUTIES, Duty

OF_INPUTS = frozenset({"input", "run", "waiver"})
"""Kinds of subject that are nothing of Astro."""


def gather(
    report: Report,
    estate: Estate,
    rules: Sequence[Rule],
    scopes: Scopes,
    config_of: Callable[[str], Config],
    origin: Origin,
) -> Evidence:
    """What the judged run shows. `config_of` gives the settings for an input, with what the command line declares."""
    subjects = subjects_with_a_row(estate)
    concerned = RowsConcerned(estate, subjects, scopes)
    judged = [(verdict, concerned.of(verdict)) for verdict in report.verdicts]
    declared = tuple(name for name in Requirement if name in scopes.declared() | _required(report))
    unordered = list(enumerate(_rows(subjects, declared, scopes, report, _by_row(judged))))
    ordered = sorted(unordered, key=lambda numbered: _row_order(numbered[1]))
    position = {old: new for new, (old, _) in enumerate(ordered)}
    findings = [
        Finding(verdict, tuple(sorted(position[row] for row in rows)))
        for verdict, rows in judged
        if verdict.kind is not VerdictKind.NOT_APPLICABLE
    ]
    parts = tuple(_checks(name, findings, rules, report.rules_run) for name in (*declared, OTHER))
    return Evidence(
        origin=origin,
        standing=_if_declared(
            Standing.worst([_overall(report), *(part.standing for part in parts if part.requirement)]), declared
        ),
        requirements=tuple(map(str, declared)),
        rows=tuple(row for _, row in ordered),
        parts=tuple(part for part in parts if part.requirement or part.checks),
        attestations=tuple(attestations(estate, scopes, config_of, origin.today)),
        duties=_duties(row.model for _, row in ordered),
        waived=report.of(VerdictKind.WAIVED),
        questions=_questions(report),
        rules_run=report.rules_run,
        notes=report.notes,
        unseen=report.unseen,
    )


def _required(report: Report) -> frozenset[Requirement]:
    return frozenset(Requirement(name) for verdict in report.verdicts for name in verdict.requirements)


def _asked_by(verdict: Verdict) -> tuple[str, ...]:
    """The requirements that a verdict is evidence for, or against.

    That a file can be read is no evidence of Astro; that it cannot is a gap.
    """
    if verdict.kind is VerdictKind.PASS and verdict.subject_kind in OF_INPUTS:
        return (OTHER,)
    return verdict.requirements or (OTHER,)


ByRow: TypeAlias = Mapping[tuple[int, str], Sequence[Verdict]]
"""The verdicts by the number of a row and the name of a requirement."""


def _by_row(judged: Iterable[tuple[Verdict, frozenset[int]]]) -> ByRow:
    """Those that apply only."""
    by_row: dict[tuple[int, str], list[Verdict]] = {}
    for verdict, rows in judged:
        if verdict.kind is not VerdictKind.NOT_APPLICABLE:
            for row in rows:
                for name in _asked_by(verdict):
                    by_row.setdefault((row, name), []).append(verdict)
    return by_row


def _rows(
    subjects: Sequence[Subject], declared: Sequence[Requirement], scopes: Scopes, report: Report, by_row: ByRow
) -> Iterator[Row]:
    """A row for each subject and, where there is something to say in it, one for all that belongs to none of them."""
    summaries: dict[tuple[str, str], list[SubjectSummary]] = {}
    for summary in report.subjects:  # in the order of the estate; two root modules may make objects of one id
        summaries.setdefault((summary.kind, summary.id), []).append(summary)
    for number, subject in enumerate(subjects):
        scope, shown = scopes.of(subject), label(subject)
        alike = summaries.get((subject.kind, shown), [])
        of_it = alike.pop(0) if len(alike) > 1 else next(iter(alike), None)
        # What is declared of an agent alone concerns its deployment too.
        here = {name for name in declared if (number, name) in by_row}
        asked = [name for name in declared if name in scope.requires | here or name in scope.unsure]
        cells = [_cell(name, by_row.get((number, name), ()), scope.unsure.get(name, "")) for name in asked]
        called, model = (of_it.name, of_it.model) if of_it is not None else (None, None)
        yield _row(shown, subject.kind, called, model, cells, by_row, number)
    shared = len(subjects)
    if any(number == shared for number, _ in by_row):
        cells = [_cell(name, by_row[shared, name], "") for name in declared if (shared, name) in by_row]
        yield _row("everything else", SHARED, None, None, cells, by_row, shared)


def _cell(requirement: str, verdicts: Sequence[Verdict], unsure: str) -> Cell:
    count = Count.of(verdicts)
    standing = Standing.UNDECIDED if unsure and not count.fails else count.standing
    return Cell(requirement, standing, count, unsure)


def _row(
    id: str,  # noqa: A002  as the field of `Row`
    kind: str,
    name: str | None,
    model: str | None,
    cells: Sequence[Cell],
    by_row: ByRow,
    number: int,
) -> Row:
    names = (*(cell.requirement for cell in cells), OTHER)
    others = Count.of(by_row.get((number, OTHER), ()))
    standings = [cell.standing for cell in cells] + ([others.standing] if others != Count() else [])
    worst = worst_failure(verdict for requirement in names for verdict in by_row.get((number, requirement), ()))
    return Row(id, kind, name, model, _if_declared(Standing.worst(standings), cells), worst, tuple(cells))


def _if_declared(standing: Standing, declared: Sequence[object]) -> Standing:
    """A standing; it is no pass where nothing is declared that could be satisfied."""
    says_nothing = not declared and standing in {Standing.PASSES, Standing.NOT_JUDGED}
    return Standing.NOTHING_DECLARED if says_nothing else standing


def _row_order(row: Row) -> tuple[object, ...]:
    severity = row.worst.rank if row.worst is not None else len(Severity)
    numbers = [sum(getattr(cell.count, field) for cell in row.cells) for field in ("fails", "undecided")]
    natural = re.sub(r"\d+", lambda digits: digits[0].zfill(9), row.id)  # team-2 comes before team-10
    return (row.standing.rank, severity, *(-number for number in numbers), natural)


def _overall(report: Report) -> Standing:
    count = Count.of(report.verdicts)
    return Standing.UNDECIDED if report.input_error and not count.fails else count.standing


def _checks(
    requirement: str, findings: Iterable[Finding], rules: Sequence[Rule], rules_run: Sequence[str]
) -> RequirementChecks:
    of_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if requirement in _asked_by(finding.verdict):
            of_rule.setdefault(finding.verdict.rule, []).append(finding)
    checks = [_of_rule(rule, of_rule[rule.id]) for rule in rules if rule.id in of_rule]
    count = Count.of(finding.verdict for of_one in of_rule.values() for finding in of_one)
    silent = (rule.id for rule in rules if requirement in rule.supports and rule.id not in of_rule)
    return RequirementChecks(
        requirement,
        count.standing,
        count,
        tuple(sorted(checks, key=_check_order)),
        tuple(rule for rule in silent if rule in rules_run),
    )


def _of_rule(rule: Rule, findings: Sequence[Finding]) -> RuleFindings:
    verdicts = [finding.verdict for finding in findings]
    count = Count.of(verdicts)
    return RuleFindings(
        rule=rule.id,
        name=rule.name,
        law=rule.law,
        standing=count.standing,
        worst=worst_failure(verdicts),
        count=count,
        findings=tuple(findings),
        supports=tuple(f"{control.reference}, {control.title}" for control in named(rule.controls)),
        sources=tuple(map(_source, rule.sources)),
    )


def _check_order(check: RuleFindings) -> tuple[object, ...]:
    return (check.standing.rank, check.worst.rank if check.worst is not None else len(Severity), check.rule)


def _source(tag: str) -> Source:
    source = citation(tag)
    return Source(tag, source.what, source.address) if source is not None else Source(tag, "", "")


def _duties(models: Iterable[str | None]) -> tuple[Duty, ...]:
    """Of the models that are there; all where none is known."""
    there = frozenset(filter(None, models)) - {"unknown"}
    kept = (
        replace(duty, models=tuple(model for model in duty.models if not there or model in there)) for duty in DUTIES
    )
    return tuple(duty for duty in kept if duty.models)


def _questions(report: Report) -> tuple[OpenQuestion, ...]:
    waiting: dict[tuple[str, str], list[Verdict]] = {}
    kinds = {summary.path: summary.kind for summary in report.inputs}
    for verdict in report.of(VerdictKind.UNKNOWN):
        how = verdict.how or _way(kinds.get(verdict.place.path, ""))
        waiting.setdefault((verdict.message, how), []).append(verdict)
    asked = [OpenQuestion(why, how, tuple(verdicts)) for (why, how), verdicts in waiting.items()]
    return tuple(sorted(asked, key=lambda question: (-len(question.verdicts), question.why)))


def _way(kind: str) -> str:
    """How to decide what an input of this kind leaves open, where the reason itself does not say it."""
    match kind:
        case InputKind.TERRAFORM_SOURCE:
            return "scan a plan of these sources: `terraform show -json tfplan > plan.json`"
        case InputKind.TERRAFORM_PLAN:
            return "apply, then scan the state: `terraform show -json > state.json`"
        case InputKind.DEPLOYMENT_FILE:
            return "scan what runs: `astro deployment inspect --deployment-name NAME > deployment.yaml`"
        case InputKind.AGENT_VALUES:
            return "write the value into the values, or scan all their layers in Helm's order (`-f a.yaml -f b.yaml`)"
        case _:
            return "look at the place named, and settle the value there or in `.astrovet.yaml`"
