"""Who else may use the cluster of a deployment that has to keep to itself."""

from __future__ import annotations

from msgspec import Struct

from astrovet.declared.scope import Scopes
from astrovet.model.deployment import Cluster, Deployment, Workspace
from astrovet.model.link import Link
from astrovet.model.requirement import Requirement
from astrovet.place import Place
from astrovet.value import Absent, Known, Unknown


class Company(Struct, frozen=True):
    """What is known of the others on a cluster."""

    place: Place
    """Where the input says who they are."""
    anybody: bool = False
    """No list limits who may come."""
    strangers: tuple[Place, ...] = ()
    """Those that the requirement does not cover."""
    doubt: Unknown | None = None
    """Why there may be strangers that are not known."""


class _Other(Struct, frozen=True):
    """A deployment that the requirement does not cover, as far as is known."""

    place: Place
    clusters: frozenset[Place | str]
    is_sure: bool
    why: str
    """What keeps open whether it is covered, or which cluster it is on."""


class Isolation(Struct, frozen=True):
    """Where the deployments of one requirement are, and where others are."""

    workspaces: frozenset[Place | str]
    possible_workspaces: frozenset[Place | str]
    is_anywhere: bool
    """Of a covered deployment nobody knows the workspace."""
    others: tuple[_Other, ...]

    def neighbours(self, deployment: Deployment) -> Company:
        """The uncovered deployments on the same cluster."""
        own, place = _possible(deployment.cluster), deployment.cluster.to.place
        near = [
            other
            for other in self.others
            if other.place != place and (not (own and other.clusters) or own & other.clusters)
        ]
        sure = tuple(other.place for other in near if own == other.clusters and len(own) == 1 and other.is_sure)
        return Company(place, strangers=sure, doubt=Unknown(near[0].why, place) if near and not sure else None)

    def guests(self, cluster: Cluster) -> Company:
        """The workspaces that may place deployments on a cluster."""
        match cluster.workspaces:
            case Known((), place):
                return Company(place, anybody=True)
            case Known(links, place):
                covered = [self._covers(link) for link in links]
                strangers = tuple(place for answer in covered if answer is False)
                open_ones = [link for link, answer in zip(links, covered, strict=True) if answer is None]
                return Company(place, strangers=strangers, doubt=_doubt(open_ones[0]) if open_ones else None)
            case Unknown(_, place) as unknown:
                return Company(place, doubt=unknown)
            case Absent(place):
                return Company(place, doubt=Unknown("the cluster's workspace_ids is not set", place))

    def _covers(self, link: Link[Workspace]) -> bool | None:
        """Whether a covered deployment is in the workspace, or in each that it can be; None where nobody knows."""
        own = _possible(link)
        if own and own <= self.workspaces:
            return True
        # Without a candidate it is a workspace of another plan, where other deployments may be too.
        return None if not link.candidates or self.is_anywhere or own & self.possible_workspaces else False


def isolation(scopes: Scopes, requirement: Requirement) -> Isolation:
    """Sort all deployments, once for a run and a requirement."""
    return scopes.once(_isolation, requirement)


def _isolation(scopes: Scopes, requirement: Requirement) -> Isolation:
    sure: set[Place | str] = set()
    possible: set[Place | str] = set()
    others: list[_Other] = []
    is_anywhere = False
    for deployment in scopes.estate.of(Deployment):
        scope, workspaces = scopes.of(deployment), _possible(deployment.workspace)
        if requirement in scope.requires and len(workspaces) == 1:
            sure |= workspaces
        elif requirement in scope.requires or requirement in scope.unsure:
            possible |= workspaces
            is_anywhere = is_anywhere or not workspaces
        if requirement not in scope.requires and not isinstance(deployment.cluster.to, Absent):
            link = deployment.cluster.to
            open_link = link.in_full if isinstance(link, Unknown) else "which cluster it is shows only after apply"
            doubt = scope.unsure.get(requirement)
            others.append(_Other(link.place, _possible(deployment.cluster), doubt is None, doubt or open_link))
    return Isolation(frozenset(sure), frozenset(possible), is_anywhere, tuple(others))


def _possible(link: Link[Cluster] | Link[Workspace]) -> frozenset[Place | str]:
    """Every object that a link can lead to; empty where it can be any."""
    return frozenset(candidate.place for candidate in link.candidates) or frozenset({link.id} - {""})


def _doubt(link: Link[Workspace]) -> Unknown:
    match link.to:
        case Unknown() as unknown:
            return unknown
        case Known(_, place) | Absent(place):
            return Unknown("which deployments are in this workspace cannot be told", place)
