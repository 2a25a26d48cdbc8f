"""Which object an unknown id will come from: references followed through modules, counts and keys.

A plan does not say where a value that is known only after apply comes from; its `configuration` lists
what the author's expression refers to. Whatever is unknown comes from something unknown, so a
reference to what the plan settles (a root variable, a key, an index) cannot be the origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from astrovet.terraform.address import Index, ModuleStep, Part, block_address, parse, split_module, split_reference
from astrovet.terraform.plan.attributes import references_in
from astrovet.terraform.plan.shapes import ConfiguredModule, ConfiguredProvider, Expression, ModuleCall
from astrovet.terraform.resource import Action, Resource

_SETTLED = frozenset({"path", "terraform", "self", "count"})
"""First parts of references that a plan always settles."""

_MAX_DEPTH = 64


class Resolution(Struct, frozen=True):
    """Where a value can come from."""

    targets: tuple[Resource, ...] = ()
    others: tuple[str, ...] = ()
    """Resources and data sources of other types that it can come from."""
    dead_ends: tuple[str, ...] = ()
    """Where the trail is lost, in words."""

    @property
    def is_settled(self) -> bool:
        """It can come from nowhere but the targets."""
        return not self.others and not self.dead_ends


class _Scope(Struct, frozen=True):
    """A module as it is called: its content, and the way there."""

    steps: tuple[ModuleStep, ...]
    """The keys of the calls; None where every instance of a call is meant."""
    module: ConfiguredModule
    parent: _Scope | None = None
    call: ModuleCall | None = None

    def enter(self, step: ModuleStep) -> _Scope | None:
        call = self.module.module_calls.get(step.name)
        return None if call is None else _Scope((*self.steps, step), call.module, self, call)


class References:
    """Follows references in one plan, state or root module; without a configuration there are none to follow."""

    def __init__(self, resources: Iterable[Resource], root: ConfiguredModule | None) -> None:
        self._root = root
        self._instances: dict[str, list[tuple[tuple[ModuleStep, ...], Resource]]] = {}
        steps_of: dict[str, tuple[ModuleStep, ...]] = {}
        for resource in resources:
            if resource.action in {Action.DELETE, Action.FORGET}:
                continue
            if resource.module_address not in steps_of:
                steps_of[resource.module_address] = split_module(split_reference(resource.module_address) or ())[0]
            steps = steps_of[resource.module_address]
            self._instances.setdefault(resource.block, []).append((steps, resource))

    def origins(self, resource: Resource, attribute: str, wanted: Iterable[str]) -> Resolution:
        """The instances of the wanted resource types that an attribute's value can come from.

        Without a configuration (a state) there is nothing to follow: no target, no dead end.
        """
        return self.behind(resource, resource.references(attribute), wanted)

    def behind(self, resource: Resource, references: Iterable[str], wanted: Iterable[str]) -> Resolution:
        """As `origins`, for references that the block of a resource makes anywhere."""
        scope = self._scope(resource.module_address)
        if scope is None:
            return Resolution()
        block = scope.module.blocks.get((resource.mode, resource.type, resource.name))
        return self._follow(references, scope, block.for_each_expression if block else None, wanted)

    def of_provider(self, provider: ConfiguredProvider, wanted: Iterable[str]) -> Resolution:
        """As `origins`, for all that the configuration of a provider holds."""
        scope = self._scope(provider.module_address)
        if scope is None:
            return Resolution()
        return self._follow(references_in(list(provider.expressions.values())), scope, None, wanted)

    def of_output(self, name: str, wanted: Iterable[str]) -> Resolution:
        """As `origins`, for an output of the root module."""
        output = self._root.outputs.get(name) if self._root is not None else None
        if self._root is None or output is None:
            return Resolution()
        return self._follow(output.expression.references, _Scope((), self._root), None, wanted)

    def _follow(
        self, references: Iterable[str], scope: _Scope, for_each: Expression | None, wanted: Iterable[str]
    ) -> Resolution:
        trail = _Trail(self._instances, frozenset(wanted))
        trail.follow(references, scope, for_each)
        others, dead_ends = (tuple(dict.fromkeys(listed)) for listed in (trail.others, trail.dead_ends))
        return Resolution(tuple(trail.targets.values()), others, dead_ends)

    def _scope(self, module_address: str) -> _Scope | None:
        if self._root is None:
            return None
        scope: _Scope | None = _Scope((), self._root)
        for step in split_module(split_reference(module_address) or ())[0]:
            scope = scope.enter(step) if scope is not None else None
        return scope


class _Trail:
    """One walk: what was found, and where the trail was lost."""

    def __init__(
        self, instances: Mapping[str, list[tuple[tuple[ModuleStep, ...], Resource]]], wanted: frozenset[str]
    ) -> None:
        self.targets: dict[str, Resource] = {}
        self.others: list[str] = []
        self.dead_ends: list[str] = []
        self._instances = instances
        self._wanted = wanted
        self._seen: set[tuple[tuple[ModuleStep, ...], str]] = set()

    def follow(self, references: Iterable[str], scope: _Scope, for_each: Expression | None, depth: int = 0) -> None:
        """Follow the references of one expression that stands in this scope."""
        if depth > _MAX_DEPTH:
            self.dead_ends.append("references nested too deeply")
            return
        for reference in _most_specific(references):
            if (scope.steps, reference) not in self._seen:
                self._seen.add((scope.steps, reference))
                self._follow_one(reference, scope, for_each, depth)

    def _follow_one(self, reference: str, scope: _Scope, for_each: Expression | None, depth: int) -> None:
        match split_reference(reference):
            case (str(first), *_) if first in _SETTLED:
                pass
            case ("each", "key", *_):
                pass
            case ("each", *_):
                if for_each is not None:
                    self.follow(for_each.references, scope, None, depth + 1)
            case ("var", str(name), *_):
                self._follow_variable(name, scope, depth)
            case ("local", str(name), *_):
                self.dead_ends.append(f"local.{name}, which no plan holds")
            case ("module", *_) as parts:
                self._follow_output(parts, scope, depth)
            case ("data", str(kind), str(name), *rest):
                if not self._add("data", kind, name, rest, scope) and not self._is_read(kind, name, scope):
                    self.others.append(f"data.{kind}.{name}, which is read only during apply")
            case (str(kind), str(name), *rest):
                if not self._add("managed", kind, name, rest, scope):
                    self.others.append(f"{kind}.{name}")
            case _:
                self.dead_ends.append(reference)

    def _follow_variable(self, name: str, scope: _Scope, depth: int) -> None:
        """A variable of a module is what its caller passes; one of the root module is settled."""
        if scope.parent is not None and scope.call is not None:
            references = _references_of(scope.call.expressions.get(name))
            self.follow(references, scope.parent, scope.call.for_each_expression, depth + 1)

    def _follow_output(self, parts: tuple[Part, ...], scope: _Scope, depth: int) -> None:
        steps, rest = split_module(parts)
        inner = scope.enter(steps[0]) if len(steps) == 1 else None
        output = inner.module.outputs.get(rest[0]) if inner is not None and rest and isinstance(rest[0], str) else None
        if inner is None or output is None:
            self.dead_ends.append(f"module.{steps[0].name} as a whole" if steps else "a module")
        else:
            self.follow(output.expression.references, inner, None, depth + 1)

    def _add(self, mode: str, kind: str, name: str, rest: list[Part], scope: _Scope) -> bool:
        """Add the instances that are meant, if the type is wanted."""
        if kind not in self._wanted:
            return False
        key = rest[0].key if rest and isinstance(rest[0], Index) else None
        for resource in self._named(mode, kind, name, scope):
            if key is None or _key_of(resource) == key:
                self.targets[resource.address] = resource
        return True

    def _is_read(self, kind: str, name: str, scope: _Scope) -> bool:
        """Data that was read while planning is known, so nothing unknown comes from it."""
        resources = self._named("data", kind, name, scope)
        return bool(resources) and all(resource.attributes.is_settled() for resource in resources)

    def _named(self, mode: str, kind: str, name: str, scope: _Scope) -> list[Resource]:
        module_block = ".".join(f"module.{step.name}" for step in scope.steps)
        candidates = self._instances.get(block_address(module_block, mode, kind, name), [])
        return [resource for steps, resource in candidates if _same_way(steps, scope.steps)]


def _key_of(resource: Resource) -> str | int | None:
    address = parse(resource.address)
    return address.key if address is not None else None


def _same_way(instance: tuple[ModuleStep, ...], wanted: tuple[ModuleStep, ...]) -> bool:
    """The instance's module is one of those meant: a step without a key means all of a call's instances."""
    return all(
        mine.name == theirs.name and (theirs.key is None or mine.key == theirs.key)
        for mine, theirs in zip(instance, wanted, strict=True)
    )


def _most_specific(references: Iterable[str]) -> list[str]:
    """Leave out every reference that is only the beginning of another one."""
    kept = list(dict.fromkeys(references))
    return [
        reference
        for reference in kept
        if not any(other.startswith((f"{reference}.", f"{reference}[")) for other in kept)
    ]


def _references_of(expression: object) -> tuple[str, ...]:
    match expression:
        case {"references": [*references]}:
            return tuple(reference for reference in references if isinstance(reference, str))
        case _:
            return ()
