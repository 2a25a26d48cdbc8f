"""Objects of one kind, to be found by what others hold of them: an id, or a reference to where it comes from."""

from __future__ import annotations

from typing import Generic, TypeVar

from astrovet.model.deployment import Cluster, Deployment, Workspace
from astrovet.model.link import Link, several
from astrovet.place import Place
from astrovet.terraform.references import References, Resolution
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Unknown, Value, text

T = TypeVar("T", Workspace, Cluster, Deployment)


class Objects(Generic[T]):
    """The objects of one kind, to be found by address or id."""

    def __init__(self, what: str, resource_type: str, references: References, *, of_sources: bool) -> None:
        self._of_sources = of_sources  # there, an unknown value tells itself where it comes from
        self._what = what
        self._resource_type = resource_type
        self._references = references
        self._by_address: dict[str, T] = {}
        self.by_id: dict[str, T] = {}

    def add(self, resource: Resource, made: T) -> T:
        self._by_address[resource.address] = made
        match text(resource.computed("id")):
            case Known(identity):
                self.by_id[identity] = made
            case Unknown() | Absent():
                pass
        return made

    def link(self, resource: Resource, attribute: str, value: Value[str]) -> Link[T]:
        """The object whose id an attribute holds: by the id, or by where the unknown id will come from."""
        match value:
            case Known(identity, place):
                known = self.by_id.get(identity)
                if known is not None:
                    return Link(Known(known, place), (known,), "by its id", identity)
                why = f"the {self._what} is not in these inputs"
                return Link(Unknown(why, place, how="scan the plan or state that holds it too"), id=identity)
            case Absent():
                return Link(value)
            case Unknown(why, place, addresses, how=how) if self._of_sources or addresses:
                found_here = [self._by_address[address] for address in addresses if address in self._by_address]
                if not addresses or len(found_here) < len(addresses):
                    return Link(Unknown(why, place, how=how))
                return self._one_of(tuple(found_here), place)
            case Unknown():
                origins = self._references.origins(resource, attribute, (self._resource_type,))
                return self._by_origin(origins, value)

    def links(self, resource: Resource, attribute: str, values: tuple[Value[str], ...]) -> tuple[Link[T], ...]:
        """As `link`, for a set of ids: as many unknown ids as origins are those origins, in some order."""
        unknown = [value for value in values if isinstance(value, Unknown) and not self._of_sources]
        origins = self._references.origins(resource, attribute, (self._resource_type,)) if unknown else Resolution()
        targets = [self._by_address[target.address] for target in origins.targets if target.address in self._by_address]
        if unknown and origins.is_settled and len(targets) == len(origins.targets) == len(unknown):
            settled = [self.link(resource, attribute, value) for value in values if not isinstance(value, Unknown)]
            settled += [
                Link(Known(target, value.place), (target,), f"by reference to {target.id}")
                for target, value in zip(targets, unknown, strict=True)
            ]
            return tuple(settled)
        return tuple(self.link(resource, attribute, value) for value in values)

    def _by_origin(self, origins: Resolution, unknown: Unknown) -> Link[T]:
        if not origins.is_settled:
            lost = "; ".join((*origins.dead_ends, *origins.others))
            why = f"which {self._what} it is cannot be told: it comes from {lost}"
            return Link(Unknown(why, unknown.place, how="scan the state after apply"))
        candidates = tuple(
            self._by_address[target.address] for target in origins.targets if target.address in self._by_address
        )
        if not candidates or len(candidates) < len(origins.targets):
            return Link(Unknown(unknown.why, unknown.place, how=unknown.how))
        return self._one_of(candidates, unknown.place)

    def _one_of(self, candidates: tuple[T, ...], place: Place) -> Link[T]:
        if len(candidates) == 1:
            return Link(Known(candidates[0], place), candidates, f"by reference to {candidates[0].id}")
        names = several(tuple(candidate.id for candidate in candidates))
        return Link(Unknown(f"which {self._what} it is shows only after apply: one of {names}", place), candidates)
