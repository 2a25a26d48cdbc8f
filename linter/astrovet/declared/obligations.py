"""The declarations of a run as things to judge: what binds whom, what binds nobody, and what people attest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from astrovet.declared.commented import Locate
from astrovet.declared.configuration import Config, DeclaredByName, settings_of
from astrovet.declared.entries import NO_FACTS, covers
from astrovet.declared.scope import Scopes, configs_of, is_alone
from astrovet.document import Problem, ProblemKind
from astrovet.model.agent import Agent
from astrovet.model.change import Change, Drift
from astrovet.model.declared import Declaration, Obligation
from astrovet.model.deployment import Deployment, Workspace
from astrovet.model.estate import Estate, Input, with_problems
from astrovet.model.platform import Platform
from astrovet.model.subject import Subject
from astrovet.value import Known, Unknown

WORDS_OF_PHI = frozenset({"phi", "hipaa", "patient", "patients", "clinic", "clinical", "ehr", "emr"})
"""What people call what holds protected health information; our list, not a source's."""


def with_declarations(
    estate: Estate, config_of: Callable[[str], Config], locate: Locate, is_scanned: Callable[[str], bool]
) -> Estate:
    """The estate with what is declared of it.

    Args:
        estate: what the inputs say.
        config_of: the settings for an input, with what the command line declares.
        locate: gives the source place of an address.
        is_scanned: whether all that lies beside a configuration was scanned.
    """
    config_of = cache(config_of)
    scopes = Scopes(estate, config_of, locate)
    configs = configs_of(estate, config_of)
    declared = (
        *(declaration for config in configs for declaration in _declarations(config, scopes, is_scanned)),
        *_obligations(scopes, config_of),
        *(attestation for config in configs for attestation in config.attestations),
    )
    return with_problems(estate, _idle(scopes)) + Estate(objects=declared, notes=tuple(_hints(scopes)))


def _hints(scopes: Scopes) -> Iterator[str]:
    """That deployments for which nothing is declared sound as if they held PHI; once for a run."""
    ids = [
        deployment.id
        for deployment in scopes.estate.of(Deployment)
        if not scopes.of(deployment).requires and not scopes.of(deployment).unsure and _words(deployment) & WORDS_OF_PHI
    ]
    if ids:
        others = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        yield f"{ids[0]}{others} may hold PHI, by name or description, and no requirement is declared: `requires`"


def _words(deployment: Deployment) -> frozenset[str]:
    """The words of its name and its description, in small letters."""
    texts = (text.value for text in (deployment.name, deployment.description) if isinstance(text, Known))
    return frozenset(re.findall(r"[a-z]+", " ".join(texts).lower()))


def _idle(scopes: Scopes) -> dict[str, tuple[Problem, ...]]:
    """What is wrong with comments that require something of nothing: it must not look satisfied."""
    if any(file.failed or file.problems_of(ProblemKind.INCOMPLETE_PLAN) for file in scopes.estate.of(Input)):
        return {}  # it may be there
    problems: dict[str, tuple[Problem, ...]] = {}
    for demand in scopes.comments.idle():
        message = "nothing that is judged stands at this comment: nothing is required by it"
        remedy = "put it on a deployment, a cluster, a workspace or a module call, or into the values of an agent"
        problem = Problem(ProblemKind.WRONG_TYPE, message, remedy, demand.place)
        problems[demand.place.path] = (*problems.get(demand.place.path, ()), problem)
    return problems


def _obligations(scopes: Scopes, config_of: Callable[[str], Config]) -> Iterator[Obligation]:
    estate = scopes.estate
    alone = filter(is_alone, estate.of(Agent))
    subjects: Iterable[Deployment | Agent | Platform] = (*estate.of(Deployment), *alone, *estate.of(Platform))
    for bound in subjects:
        scope = scopes.of(bound)
        if scope.requires or scope.unsure or scope.facts != NO_FACTS:
            yield Obligation(settings_of(config_of, bound.place).path, bound, scopes.asked_at(bound))


def _declarations(config: Config, scopes: Scopes, is_scanned: Callable[[str], bool]) -> Iterator[Declaration]:
    for key, entries in (("deployments", config.deployments), ("workspaces", config.workspaces)):
        for number, entry in enumerate(entries):
            yield _declaration(entry, key, number, scopes.estate, is_scanned(config.path))


def _declaration(entry: DeclaredByName, key: str, number: int, estate: Estate, is_in_run: bool) -> Declaration:
    deployments = estate.of(Deployment)
    named: Sequence[Subject] = estate.of(Workspace) if key == "workspaces" else (*deployments, *estate.of(Platform))
    answers = [(subject, covers(entry, subject)) for subject in named]
    places = frozenset(subject.place for subject, answer in answers if answer is True)
    doubts = [answer for _, answer in answers if isinstance(answer, Unknown)]
    if key == "workspaces":
        covered = tuple(
            deployment
            for deployment in deployments
            if any(candidate.place in places for candidate in deployment.workspace.candidates)
        )
        links = (deployment.workspace.to for deployment in deployments)
        doubts += [link for link in links if isinstance(link, Unknown)]
    else:
        covered = tuple(deployment for deployment in deployments if deployment.place in places)
    changes: Sequence[Subject] = (*estate.of(Change), *estate.of(Drift))
    changed = any(covers(entry, change) is True for change in changes)
    return Declaration(
        place=entry.place,
        key=key,
        match=entry.match,
        number=number,
        covered=covered,
        is_elsewhere=changed or (bool(places) and not covered),
        doubt=doubts[0] if doubts else None,
        is_in_run=is_in_run,
    )
