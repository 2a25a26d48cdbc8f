"""The cluster of a deployment that holds PHI must be open to PHI only.

## Why

A dedicated cluster parts network and compute from other customers, and its own deployments less strictly
from each other: whoever may deploy to the cluster comes close to the PHI on it. An empty `workspace_ids`
reads as all workspaces; that is inferred from the provider's source, not documented.

## Fix

List only the workspaces whose deployments hold PHI, and move every other deployment to another cluster:

    resource "astro_cluster" "phi" {
      workspace_ids = [astro_workspace.clinical.id]
      ...
    }

## Not reported

STANDARD deployments, which REQ001 reports. A workspace or a neighbour of another plan is seen only where
that plan or state is scanned too; until then the verdict is undecided, as it is for an incomplete plan.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from astrovet import (
    Absent,
    Cluster,
    Context,
    Deployment,
    Fail,
    Known,
    Link,
    Note,
    Outcome,
    Place,
    ProblemKind,
    Requirement,
    Scopes,
    Severity,
    Unknown,
    Verdicts,
    Workspace,
    fail,
    not_applicable,
    rule,
    undecided,
)

FIX = "list in workspace_ids only the workspaces whose deployments hold PHI"
MOVE = "move the deployments without PHI to another cluster"


@rule(
    "REQ002",
    "phi-cluster-not-isolated",
    on=Deployment,
    severity=Severity.HIGH,
    when=("hipaa",),
    sources=("S000-36", "TF"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    match deployment.type, deployment.cluster.to:
        case (Known("STANDARD"), _) | (_, Absent()):
            yield not_applicable("it has no cluster of its own, which REQ001 judges")
        case _ if _is_partial(deployment, context):
            why = "this plan does not show everything, so who else may use the cluster is not known"
            yield undecided(Unknown(why, deployment.place))
        case _, Known(cluster):
            yield from _neighbours(deployment, context)
            yield from _guests(cluster, context)
        case _, Unknown() as unknown:
            around = tuple(_neighbours(deployment, context))
            judged = [tuple(_guests(cluster, context)) for cluster in deployment.cluster.candidates]
            yield from _fails(around)
            if judged and all(_fails(outcomes) for outcomes in judged):
                yield from (each for outcomes in judged for each in _fails(outcomes))
            elif not judged or any(judged) or around != _fails(around):
                yield undecided(unknown)


def _fails(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    return tuple(each for each in outcomes if isinstance(each, Fail))


def _is_partial(deployment: Deployment, context: Context) -> bool:
    """Whether the plan of the deployment lacks something: then nothing is proved by what is not in it."""
    return any(
        each.problems_of(ProblemKind.INCOMPLETE_PLAN)
        for each in context.estate.inputs
        if each.path == deployment.place.path
    )


def _neighbours(deployment: Deployment, context: Context) -> Verdicts:
    """Deployments without PHI on the same cluster."""
    own, place = _possible(deployment.cluster), deployment.cluster.to.place
    others = [other for other in _phi(context.scopes).others if other.place != place]
    near = [other for other in others if not (own and other.clusters) or own & other.clusters]
    sharing = [other for other in near if own == other.clusters and len(own) == 1 and other.is_sure]
    if sharing:
        notes = tuple(Note("a deployment without PHI", other.place) for other in sharing[:3])
        yield fail(place, "a deployment without PHI is on the same cluster", fix=MOVE, related=notes)
    elif near:
        yield undecided(Unknown(f"a deployment without PHI may be on the same cluster: {near[0].why}", place))


def _guests(cluster: Cluster, context: Context) -> Verdicts:
    """Workspaces that may use the cluster and hold no PHI."""
    match cluster.workspaces:
        case Known((), place):
            message = "workspace_ids is empty, which reads as all workspaces (inferred)"
            yield fail(place, message, fix=FIX, about=cluster.block)
        case Known(links, place):
            holding = [_holds_phi(link, _phi(context.scopes)) for link in links]
            if False in holding:
                message = "workspace_ids names a workspace without a deployment that holds PHI"
                yield fail(place, message, fix=FIX, about=cluster.block)
            elif None in holding:
                yield undecided(_doubt(links[holding.index(None)]))
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent(place):
            yield undecided(Unknown("the cluster's workspace_ids is not set", place))


def _holds_phi(link: Link[Workspace], phi: _Phi) -> bool | None:
    """Whether a deployment with PHI is in the workspace, or in each that it can be; None where nobody knows."""
    own = _possible(link)
    if own and own <= phi.workspaces:
        return True
    # Without a candidate it is a workspace of another plan, where other deployments may be too.
    return None if not link.candidates or phi.is_anywhere or own & phi.possible_workspaces else False


def _doubt(link: Link[Workspace]) -> Unknown:
    match link.to:
        case Unknown() as unknown:
            return unknown
        case Known(_, place) | Absent(place):
            return Unknown("which deployments of this workspace hold PHI cannot be told", place)


class _Other(NamedTuple):
    """A deployment that holds no PHI, as far as is known."""

    place: Place
    clusters: frozenset[Place | str]
    is_sure: bool
    why: str
    """What keeps open whether it holds PHI, or which cluster it is on."""


class _Phi(NamedTuple):
    """Where PHI is, and where it is not."""

    workspaces: frozenset[Place | str]
    possible_workspaces: frozenset[Place | str]
    is_anywhere: bool
    """Of a deployment with PHI nobody knows the workspace."""
    others: tuple[_Other, ...]


@lru_cache(maxsize=1)
def _phi(scopes: Scopes) -> _Phi:
    """Sort all deployments, once a run."""
    sure: set[Place | str] = set()
    possible: set[Place | str] = set()
    others: list[_Other] = []
    is_anywhere = False
    for each in scopes.estate.deployments:
        scope, workspaces = scopes.of(each), _possible(each.workspace)
        if Requirement.HIPAA in scope.requires and len(workspaces) == 1:
            sure |= workspaces
        elif Requirement.HIPAA in scope.requires or Requirement.HIPAA in scope.unsure:
            possible |= workspaces
            is_anywhere = is_anywhere or not workspaces
        if Requirement.HIPAA not in scope.requires and not isinstance(each.cluster.to, Absent):
            open_link = (
                each.cluster.to.why if isinstance(each.cluster.to, Unknown) else "its own shows only after apply"
            )
            doubt = scope.unsure.get(Requirement.HIPAA)
            others.append(_Other(each.cluster.to.place, _possible(each.cluster), doubt is None, doubt or open_link))
    return _Phi(frozenset(sure), frozenset(possible), is_anywhere, tuple(others))


def _possible(link: Link[Cluster] | Link[Workspace]) -> frozenset[Place | str]:
    """Every object that a link can lead to; empty where it can be any."""
    return frozenset(each.place for each in link.candidates) or frozenset({link.id} - {""})
