"""Links between objects of several plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from msgspec.structs import replace

from astrovet.model.deployment import Cluster, Deployment, Workspace
from astrovet.model.link import Link
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.astro.resources import AstroFacts
from astrovet.value import Absent, Known, Unknown

S = TypeVar("S", bound=Subject)

LINKED: Mapping[str, type[Subject]] = {
    "workspace": Workspace,
    "workspaces": Workspace,
    "cluster": Cluster,
    "deployment": Deployment,
    "linked": Deployment,
    "excluded": Deployment,
}
"""The fields of objects of Astro that hold links, and the kind of what these lead to."""

Relink: TypeAlias = Callable[[Link[Any], type[Subject]], Link[Any]]


def link_facts(facts: Sequence[AstroFacts]) -> tuple[AstroFacts, ...]:
    """Let the links of each plan or state lead to objects of the others, by their ids."""
    if len(facts) < 2:
        return tuple(facts)
    by_id: dict[type[Subject], dict[str, Subject]] = {}
    newest: dict[tuple[type[Subject], Place], Subject] = {}

    def relink(link: Link[Any], kind: type[Subject]) -> Link[Any]:
        """The link to the newest copy of what it leads to; an id that its own plan did not know is looked up."""
        match link.to:
            case Unknown(_, place) if link.id in by_id[kind]:
                target = by_id[kind][link.id]
                return Link(Known(target, place), (target,), "by its id", link.id)
            case Known(target, place):
                target = newest.get((kind, target.place), target)
                return Link(Known(target, place), (target,), link.how, link.id)
            case Unknown() | Absent():
                candidates = tuple(newest.get((kind, target.place), target) for target in link.candidates)
                return replace(link, candidates=candidates)

    for kind in (Workspace, Cluster, Deployment):  # each leads only to those before it
        for part in facts:
            known = part.identities.get(kind, {})
            newest.update(
                ((kind, subject.place), _relinked(subject, relink))
                for subject in (*part.estate.of(kind), *known.values())
            )
        by_id[kind] = {
            key: newest[kind, subject.place] for part in facts for key, subject in part.identities.get(kind, {}).items()
        }
    return tuple(_with_links(part, newest, relink) for part in facts)


def _with_links(facts: AstroFacts, newest: Mapping[tuple[type[Subject], Place], Subject], relink: Relink) -> AstroFacts:
    objects = tuple(
        newest.get((type(subject), subject.place)) or _relinked(subject, relink) for subject in facts.estate.objects
    )
    identities = {
        kind: {key: newest[kind, subject.place] for key, subject in known.items()}
        for kind, known in facts.identities.items()
    }
    return AstroFacts(replace(facts.estate, objects=objects), identities)


def _relinked(subject: S, relink: Relink) -> S:
    """The object with its links led on; itself where it has none."""
    changed: dict[str, object] = {}
    for field in subject.__struct_fields__:
        if field in LINKED:
            kind = LINKED[field]
            match getattr(subject, field):
                case Link() as link:
                    changed[field] = relink(link, kind)
                case Known((*links,), place):
                    changed[field] = Known(tuple(relink(link, kind) for link in links), place)
                case (*links,):
                    changed[field] = tuple(relink(link, kind) for link in links)
                case _:
                    pass  # links that are not known
    return replace(subject, **changed) if changed else subject
