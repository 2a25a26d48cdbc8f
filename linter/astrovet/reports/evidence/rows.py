"""Which rows a report has, and which of them a verdict concerns."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from astrovet.declared.scope import Scopes
from astrovet.judging.verdict import Verdict
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.change import Change, Drift
from astrovet.model.declared import Obligation
from astrovet.model.deployment import AgentToken, Cluster, Deployment, Twin, Workspace
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.estate import Estate
from astrovet.model.facts import Attestation
from astrovet.model.platform import Platform
from astrovet.model.subject import Subject, label
from astrovet.place import Place
from astrovet.value import Known


def subjects_with_a_row(estate: Estate) -> tuple[Subject, ...]:
    """Deployments, private clouds, and the agents of which the deployment is not known."""
    alone = (agent for agent in estate.of(Agent) if not isinstance(agent.deployment.to, Known))
    return (*estate.of(Deployment), *estate.of(Platform), *alone)


class RowsConcerned:
    """Which rows a verdict concerns, by number: those of the deployments that its subject is, serves or holds."""

    def __init__(self, estate: Estate, subjects: Sequence[Subject], scopes: Scopes) -> None:
        """`subjects` have the rows 0, 1, 2 …; the row after the last is for what belongs to no single one."""
        self.shared = len(subjects)
        self._asked_of = [{*scopes.of(subject).requires, *scopes.of(subject).unsure} for subject in subjects]
        numbers = {_key(subject): number for number, subject in enumerate(subjects)}
        self._of_anything = {spot.id for spot in estate.of(BlindSpot) if not spot.is_implied}
        """What inputs refer to and nobody saw: what belongs to no single deployment may be in there too."""
        self._known: dict[tuple[str, str], list[tuple[Place, frozenset[int]]]] = {}
        for subject in estate.everything():
            concerned = subject.concerns if isinstance(subject, BlindSpot) else (subject,)
            keys = {key for one in concerned for key in _keys(one, estate)}
            rows = frozenset(numbers[key] for key in keys if key in numbers)
            for name in {label(subject)} | ({subject.block} - {subject.id}):
                self._known.setdefault((subject.kind, name), []).append((subject.place, rows))

    def of(self, verdict: Verdict) -> frozenset[int]:
        """The numbers; that of the shared row where no single deployment is concerned.

        Of an attestation, and of what was not seen, only those of which something is required that it is for.
        """
        rows = self._rows(verdict)
        is_for_all = verdict.subject_kind == BlindSpot.kind and not verdict.requirements
        if verdict.subject_kind in {Attestation.kind, BlindSpot.kind} and not is_for_all:
            rows = frozenset(row for row in rows if self._asks(row, verdict))
        if verdict.subject_kind == BlindSpot.kind and verdict.subject in self._of_anything:
            rows |= {self.shared}
        return rows or frozenset({self.shared})

    def _rows(self, verdict: Verdict) -> frozenset[int]:
        concerned: set[int] = set()
        roots = {verdict.place.root, *(posixpath.dirname(note.place.path) or "." for note in verdict.related)}
        for name in verdict.instances or (verdict.subject,):
            alike = self._known.get((verdict.subject_kind, name), [])
            alike = [known for known in alike if known[0].root in roots] or alike
            in_the_file = [(place, rows) for place, rows in alike if place.path == verdict.place.path]
            concerned.update(row for _, rows in in_the_file or alike for row in rows)
        return frozenset(concerned)

    def _asks(self, row: int, verdict: Verdict) -> bool:
        return bool(self._asked_of[row].intersection(verdict.requirements))


def _key(subject: Subject) -> tuple[str, Place, str]:
    """What tells it apart: overlays of one base make several agents at one place."""
    return subject.kind, subject.place, "" if isinstance(subject, Deployment) else subject.id


def _keys(subject: Subject, estate: Estate) -> tuple[tuple[str, Place, str], ...]:
    """Those of what has a row: the deployments of a subject, or itself where it is linked to none."""
    of_deployments = tuple((Deployment.kind, place, "") for place in _deployments(subject, estate))
    return of_deployments or (_key(subject),)


def _deployments(subject: Subject, estate: Estate) -> Iterator[Place]:
    """The places of the deployments that a subject is, serves or holds; none for what is linked to none."""
    match subject:
        case Deployment():
            yield subject.place
        case Twin():
            yield subject.written.place
        case Agent() | AgentToken() | EnvironmentObject() | NotificationChannel():
            if isinstance(subject.deployment.to, Known):
                yield subject.deployment.to.value.place
        case Cluster() | Workspace():
            for deployment in estate.of(Deployment):
                link = deployment.cluster if isinstance(subject, Cluster) else deployment.workspace
                if any(candidate.place == subject.place for candidate in link.candidates):
                    yield deployment.place
        case Change() | Drift():
            yield from (deployment.place for deployment in estate.of(Deployment) if deployment.id == subject.id)
        case Attestation():
            for obligation in estate.of(Obligation):
                if obligation.source == subject.place.path and isinstance(obligation.bound, Deployment):
                    yield obligation.bound.place
        case _:
            pass
