"""What is attached to what: resources that hold a setting of another one, such as a bucket's policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from astrovet.document import InputKind, ProblemKind
from astrovet.terraform.address import parse
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, text

Path: TypeAlias = tuple[str | int, ...]
Key: TypeAlias = str | int | None


PASSING_ON = ("terraform_data", "null_resource", "external", "http", "terraform_remote_state")
"""Types whose attributes hold whatever they were given."""


class AttachmentKind(Struct, frozen=True):
    """A resource type that holds settings of another resource."""

    owner: tuple[Path, ...]
    """The attributes that can name the resource it belongs to."""
    settings: tuple[str, ...] = ()
    """The attributes that matter: instances that agree on them are interchangeable."""


class Attached(Struct, frozen=True):
    """What is attached to one resource."""

    resources: tuple[Resource, ...] = ()
    more: Unknown | None = None
    """Set where something may be attached that the input does not let tell."""

    def one(self) -> Resource | Unknown | None:
        """For what there is at most one of."""
        return self.resources[0] if self.resources else self.more


class _Owner(Struct, frozen=True):
    """Where one attachment belongs."""

    candidates: tuple[str, ...] = ()
    """Addresses; none at all for something outside the inputs."""
    lost: Unknown | None = None
    """Why it may also belong to any other; None where it cannot."""


class Attachments:
    """All attachments of some kinds to some owners, in one plan or state."""

    def __init__(
        self,
        terraform: Terraform,
        references: References,
        owner_types: tuple[str, ...],
        kinds: Mapping[str, AttachmentKind],
    ) -> None:
        self._kinds = kinds
        self.references = references
        self._owner_types = owner_types
        self.owners = terraform.judged(owner_types)
        self._owners = {owner.address: owner for owner in self.owners}
        self._by_identity = {identity: owner.address for owner in self.owners for identity in _identities(owner)}
        self._placed: dict[str, list[Resource]] = {}
        self._possible: dict[str, list[tuple[Resource, Unknown]]] = {}
        self._lost: list[tuple[Resource, Unknown]] = []
        self.outside: list[Resource] = []
        """What is attached to something that is not in the inputs."""
        self._is_source = terraform.kind is InputKind.TERRAFORM_SOURCE
        self._is_partial = any(problem.kind is ProblemKind.INCOMPLETE_PLAN for problem in terraform.problems)
        self._place_all(terraform.judged(kinds))

    def of(self, owner: Resource, *types: str) -> Attached:
        """What of these types is attached to one resource."""
        attached = tuple(resource for resource in self._placed.get(owner.address, ()) if resource.type in types)
        for resource, unknown in (*self._possible.get(owner.address, ()), *self._lost):
            if resource.type in types:
                why = f"whether {resource.block} belongs to it cannot be told: {unknown.why}"
                return Attached(attached, Unknown(why, resource.place, how=unknown.how))
        if self._is_partial:
            why = "the plan does not show everything, so what is not in it may be there all the same"
            return Attached(attached, Unknown(why, owner.place, how="scan a full plan"))
        return Attached(attached)

    def _place_all(self, resources: Iterable[Resource]) -> None:
        several: dict[tuple[str, tuple[str, ...]], list[Resource]] = {}
        for resource in resources:
            owner = self._owner(resource)
            if owner.lost is not None:
                self._lost.append((resource, owner.lost))
            elif not owner.candidates:
                self.outside.append(resource)
            elif len(owner.candidates) == 1:
                self._placed.setdefault(owner.candidates[0], []).append(resource)
            else:
                several.setdefault((resource.block, owner.candidates), []).append(resource)
        for (_, candidates), instances in several.items():
            self._place_instances(instances, candidates)

    def _place_instances(self, instances: list[Resource], candidates: tuple[str, ...]) -> None:
        """The instances of one block, for which a plan names the same owners.

        By equal keys, as authors pair instances; else as many instances as owners are one for each,
        in an order that does not matter where all of them say the same.
        """
        owners = [self._owners[address] for address in candidates]
        by_key = {_key(owner): owner.address for owner in owners}
        keys = [_key(instance) for instance in instances]
        if len({owner.block for owner in owners}) == 1 and len(by_key) == len(owners) and set(keys) <= by_key.keys():
            for key, instance in zip(keys, instances, strict=True):
                self._placed.setdefault(by_key[key], []).append(instance)
        elif len(instances) == len(owners) and len({self._settings(instance) for instance in instances}) == 1:
            for address, instance in zip(candidates, instances, strict=True):
                self._placed.setdefault(address, []).append(instance)
        else:
            why = "which one it is shows only after apply"
            unknown = Unknown(why, instances[0].place, how="scan the state then")
            for address in candidates:
                self._possible.setdefault(address, []).extend((instance, unknown) for instance in instances)

    def _owner(self, resource: Resource) -> _Owner:
        for path in self._kinds[resource.type].owner:
            name, *rest = path
            match text(resource.attribute(str(name), *rest)):
                case Known(identity):
                    address = self._by_identity.get(identity)
                    return _Owner((address,) if address is not None else ())
                case Unknown() as unknown:
                    return self._behind(resource, path, unknown)
                case Absent():
                    pass
        return _Owner()

    def _behind(self, resource: Resource, path: Path, unknown: Unknown) -> _Owner:
        """Where an unknown id comes from: by the sources' own account, else by following references."""
        if unknown.origins or self._is_source:
            targets, others = unknown.origins, [origin for origin in unknown.origins if origin not in self._owners]
        else:
            wanted = resource.references(str(path[0])) if len(path) == 1 else resource.references_below(str(path[-1]))
            resolved = self.references.behind(resource, wanted, self._owner_types)
            targets = tuple(target.address for target in resolved.targets)
            others = [
                *resolved.others,
                *resolved.dead_ends,
                *(address for address in targets if address not in self._owners),
            ]
        if not targets and not others:
            return _Owner(lost=unknown)
        inside = tuple(address for address in targets if address in self._owners)
        lost = [address for address in others if not self._is_foreign(address, by_id=str(path[-1]).endswith("_id"))]
        if lost or (others and inside):
            origin = lost[0] if lost and lost[0] else "elsewhere"
            return _Owner(lost=Unknown(f"it comes from {origin}", unknown.place, how="scan the state after apply"))
        return _Owner(inside)

    def _is_foreign(self, address: str, *, by_id: bool) -> bool:
        """One that another root module manages; where an id is asked for, also a resource of another type.

        A name may come from anywhere, from `random_pet` for instance, and still be an owner's.
        """
        parsed = parse(address.partition(",")[0])
        if parsed is None:
            return False
        if parsed.type in self._owner_types:
            return parsed.mode == "data"
        return by_id and parsed.type not in PASSING_ON

    def _settings(self, resource: Resource) -> str:
        return repr([_bare(resource.attribute(name)) for name in self._kinds[resource.type].settings])


def _identities(owner: Resource) -> Iterator[str]:
    """The texts by which others name it."""
    for name in ("id", "bucket", "name"):
        match text(owner.computed(name)):
            case Known(identity):
                yield identity
            case Unknown() | Absent():
                pass


def _key(resource: Resource) -> Key:
    """The key that tells an instance from the others of its block: its own, else that of the innermost module."""
    address = parse(resource.address)
    if address is None:
        return None
    keys = [step.key for step in address.module]
    return next((key for key in (address.key, *reversed(keys)) if key is not None), None)


def _bare(value: Value[Tree]) -> object:
    """A value without its places, to be compared."""
    match value:
        case Known(Map(entries)):
            return {key: _bare(entry.value) for key, entry in entries.items()}
        case Known(List(items)):
            return [_bare(item) for item in items]
        case Known(leaf):
            return leaf
        case Unknown(why):
            return (why,)
        case Absent():
            return None
