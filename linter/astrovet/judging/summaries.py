"""What a report says besides verdicts: the inputs, the objects, and requirements that nothing judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from astrovet.declared.entries import Scope
from astrovet.judging.rulebook import Rule
from astrovet.judging.verdict import InputSummary, LinkSummary, SubjectSummary
from astrovet.model.agent import Agent
from astrovet.model.estate import Estate, Input
from astrovet.model.link import Link
from astrovet.model.requirement import Requirement
from astrovet.model.subject import Subject, label
from astrovet.value import Absent, Known, Unknown


def input_summary(file: Input) -> InputSummary:
    problem = next((problem for problem in file.problems if problem.kind != "remark"), None)
    return InputSummary(file.path, file.input_kind, problem.why if problem is not None else None)


def listed(estate: Estate) -> list[Subject]:
    """The objects that a report is about, in its order."""
    return sorted((subject for subject in estate.objects if subject.is_listed), key=lambda subject: subject.listing)


def subject_summary(subject: Subject, scope: Scope) -> SubjectSummary:
    name: str | None = None
    match subject.name:
        case Known(shown, sensitive=False):
            name = shown
        case Known() | Unknown() | Absent():
            pass
    return SubjectSummary(
        subject.kind,
        label(subject),
        name,
        _model(subject),
        tuple(sorted(scope.requires)),
        tuple(_links(subject.links())),
        subject.layers if isinstance(subject, Agent) else (),
        subject.how if isinstance(subject, Agent) else "",
    )


def _model(subject: Subject) -> str | None:
    match subject.model:
        case Known(model):
            return model
        case Unknown():
            return "unknown"
        case Absent():
            return None


def _links(links: Mapping[str, Link[Subject]]) -> Iterator[LinkSummary]:
    for to, link in links.items():
        candidates = tuple(map(label, link.candidates))
        match link.to:
            case Known(target):
                yield LinkSummary(to, label(target), candidates, link.how, None)
            case Unknown() as unknown:
                yield LinkSummary(to, None, candidates, link.how, unknown.in_full)
            case Absent():
                pass


def unjudged(declared: frozenset[Requirement], rules: Sequence[Rule]) -> Iterator[str]:
    """A requirement that no rule looks at must not look satisfied."""
    of_astro = (rule for rule in rules if not all(kind.is_of_run for kind in rule.on))
    judged = frozenset[Requirement]().union(*(rule.supports for rule in of_astro))
    for name in sorted(declared - judged):
        yield f"{name} is declared, and none of the rules that ran judges it: nothing is said about it"
