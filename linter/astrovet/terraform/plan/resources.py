"""A plan or a state becomes resources: instances with values, whatever Terraform wrote them into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import InputKind, Problem, ProblemKind
from astrovet.place import Place
from astrovet.terraform.address import block_address, without_keys
from astrovet.terraform.plan.attributes import PlannedAttributes
from astrovet.terraform.plan.printed import PlanOrState
from astrovet.terraform.plan.shapes import (
    Configuration,
    ConfiguredModule,
    ConfiguredResource,
    PlanJson,
    ResourceChange,
    StateJson,
    StateModule,
    StateResource,
)
from astrovet.terraform.references import References
from astrovet.terraform.resource import Action, Alteration, MissingModule, Resource, provider_of
from astrovet.terraform.state_location import StateLocation


class Terraform(Struct, frozen=True, dict=True):
    """What one plan or state says, or one root module's sources, with the indexes that readers need of it."""

    path: str
    kind: InputKind
    resources: tuple[Resource, ...] = ()
    """Managed instances first, then the data sources that are known."""
    configuration: Configuration | None = None
    variables: Mapping[str, Any] = {}
    """Values of the root module's variables. They hold secrets in clear text."""
    problems: tuple[Problem, ...] = ()
    alterations: tuple[Alteration, ...] = ()
    """What a plan updates, replaces or destroys."""
    drift: tuple[Alteration, ...] = ()
    """What was changed outside Terraform since it was last applied."""
    missing: tuple[MissingModule, ...] = ()
    """Modules of sources that are not at hand; a plan has all of them."""
    state: StateLocation | None = None
    """Where sources say that their state is kept; a plan does not."""

    @cached_property
    def references(self) -> References:
        """Follows references through the modules."""
        return References(self.resources, self.configuration.root_module if self.configuration is not None else None)

    @cached_property
    def by_address(self) -> Mapping[str, Resource]:
        return {resource.address: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[tuple[int, Resource]]]:
        """The resources of each type, with their numbers."""
        by_type: dict[str, list[tuple[int, Resource]]] = {}
        for number, resource in enumerate(self.resources):
            by_type.setdefault(resource.type, []).append((number, resource))
        return by_type

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of which there is a resource."""
        return frozenset(self._by_type)

    def of_types(self, types: Iterable[str]) -> tuple[Resource, ...]:
        """The resources of these types, in the order of the input."""
        numbered = [pair for kind in dict.fromkeys(types) for pair in self._by_type.get(kind, ())]
        return tuple(resource for _, resource in sorted(numbered, key=_number))

    def judged(self, types: Iterable[str]) -> tuple[Resource, ...]:
        """Those of them that will exist after the plan is applied."""
        return tuple(resource for resource in self.of_types(types) if resource.is_judged)


def _number(numbered: tuple[int, Resource]) -> int:
    return numbered[0]


def read(path: str, reading: PlanOrState) -> Terraform:
    """Turn a typed reading into resources; an unusable one into its problems."""
    if reading.plan is not None:
        return _from_plan(path, reading.plan, reading.problems)
    if reading.state is not None:
        return _from_state(path, reading.state, reading.problems)
    return Terraform(path, InputKind.UNRECOGNISED, problems=reading.problems)


def _from_plan(path: str, plan: PlanJson, remarks: tuple[Problem, ...]) -> Terraform:
    redacted = bool(plan.plan_format_version)
    blocks = dict(_blocks(plan.configuration.root_module, "")) if plan.configuration is not None else None
    changes = plan.resource_changes or ()
    deferred = (change.resource_change for change in plan.deferred_changes)
    shown = (*changes, *(change for change in deferred if change is not None))
    resources = [_changed(path, change, blocks, redacted) for change in shown if not change.deposed]
    seen = {resource.address for resource in resources}
    resources.extend(
        _settled(path, resource, module, blocks, Action.READ)
        for resource, module in _state_resources(plan.prior_state.values.root_module)
        if resource.address not in seen
    )
    return Terraform(
        path,
        InputKind.TERRAFORM_PLAN,
        tuple(resources),
        plan.configuration,
        {name: variable.value for name, variable in plan.variables.items()},
        (*remarks, *_gaps(path, plan), *_old_format(path, plan.format_version)),
        tuple(_alterations(path, changes, blocks, redacted)),
        tuple(_alterations(path, plan.resource_drift or (), None, redacted)),
    )


def _from_state(path: str, state: StateJson, remarks: tuple[Problem, ...]) -> Terraform:
    root = state.values.root_module if state.values is not None else StateModule()
    resources = tuple(
        _settled(path, resource, module, None, Action.KEEP if resource.mode == "managed" else Action.READ)
        for resource, module in _state_resources(root)
    )
    problems = (*remarks, *_old_format(path, state.format_version))
    return Terraform(path, InputKind.TERRAFORM_STATE, resources, problems=problems)


def _changed(
    path: str, change: ResourceChange, blocks: Mapping[str, ConfiguredResource] | None, redacted: bool
) -> Resource:
    return Resource(
        place=Place(path, address=change.address),
        address=change.address,
        module_address=change.module_address,
        mode=change.mode,
        type=change.type,
        name=change.name,
        provider=provider_of(change.provider_name),
        action=_action(change.change.actions),
        attributes=PlannedAttributes(
            block=_block_of(change, change.module_address),
            after=change.change.after,
            after_unknown=change.change.after_unknown,
            sensitive=change.change.after_sensitive,
            expressions=_expressions(change, change.module_address, blocks),
            redacted=redacted,
        ),
        provider_key=_provider_key(change, change.module_address, blocks),
    )


_ALTERING = frozenset({Action.UPDATE, Action.REPLACE, Action.DELETE})


def _alterations(
    path: str, changes: Iterable[ResourceChange], blocks: Mapping[str, ConfiguredResource] | None, redacted: bool
) -> Iterator[Alteration]:
    """Of the changes those to managed instances that are there. A deposed one was given up by an earlier plan."""
    for change in changes:
        if change.mode != "managed" or change.deposed or _action(change.change.actions) not in _ALTERING:
            continue
        resource = _changed(path, change, blocks, redacted)
        attributes = PlannedAttributes(
            block=_block_of(change, change.module_address),
            after=change.change.before,
            sensitive=change.change.before_sensitive,
            redacted=redacted,
        )
        before = replace(resource, attributes=attributes)
        yield Alteration(resource, before, change.action_reason or "", _replaced_for(change.change.replace_paths))


def _replaced_for(paths: Any) -> tuple[str, ...]:
    """The first steps of the paths, which are the attributes' names."""
    first_steps = [path[0] for path in paths if isinstance(path, list) and path] if isinstance(paths, list) else []
    return tuple(dict.fromkeys(step for step in first_steps if isinstance(step, str)))


def _settled(
    path: str,
    resource: StateResource,
    module_address: str,
    blocks: Mapping[str, ConfiguredResource] | None,
    action: Action,
) -> Resource:
    return Resource(
        place=Place(path, address=resource.address),
        address=resource.address,
        module_address=module_address,
        mode=resource.mode,
        type=resource.type,
        name=resource.name,
        provider=provider_of(resource.provider_name),
        action=action,
        attributes=PlannedAttributes(
            block=_block_of(resource, module_address),
            after=resource.values,
            sensitive=resource.sensitive_values,
            expressions=_expressions(resource, module_address, blocks),
        ),
    )


def _expressions(
    instance: ResourceChange | StateResource, module_address: str, blocks: Mapping[str, ConfiguredResource] | None
) -> Mapping[str, Any] | None:
    block = blocks.get(_block_of(instance, module_address)) if blocks is not None else None
    return block.expressions if block is not None else None


def _provider_key(
    instance: ResourceChange | StateResource, module_address: str, blocks: Mapping[str, ConfiguredResource] | None
) -> str:
    block = blocks.get(_block_of(instance, module_address)) if blocks is not None else None
    return block.provider_config_key if block is not None else ""


def _block_of(instance: ResourceChange | StateResource, module_address: str) -> str:
    module_block = without_keys(module_address) if module_address else ""
    return block_address(module_block, instance.mode, instance.type, instance.name)


def _blocks(module: ConfiguredModule, address: str) -> Iterator[tuple[str, ConfiguredResource]]:
    for resource in module.resources:
        yield block_address(address, resource.mode, resource.type, resource.name), resource
    for name, call in module.module_calls.items():
        yield from _blocks(call.module, f"{address}.module.{name}" if address else f"module.{name}")


def _state_resources(module: StateModule) -> Iterator[tuple[StateResource, str]]:
    for resource in module.resources:
        yield resource, module.address
    for child in module.child_modules:
        yield from _state_resources(child)


def _action(actions: tuple[str, ...]) -> Action:
    chosen = frozenset(actions)
    if "create" in chosen:
        return Action.REPLACE if "delete" in chosen else Action.CREATE
    for action in (Action.DELETE, Action.FORGET, Action.UPDATE, Action.READ):
        if action in chosen:
            return action
    return Action.KEEP


_FULL_PLAN = "terraform plan -out=plan.out && terraform show -json plan.out > plan.json"


def _gaps(path: str, plan: PlanJson) -> Iterator[Problem]:
    """Why a plan does not show everything that will be there."""

    def gap(message: str, remedy: str) -> Problem:
        return Problem(ProblemKind.INCOMPLETE_PLAN, message, remedy, Place(path))

    if plan.errored:
        yield gap(
            "planning ended with an error, so resources are missing from this plan",
            f"correct what `terraform plan` reports, then run: {_FULL_PLAN}",
        )
    elif plan.deferred_changes:
        yield gap(
            "changes of this plan are deferred to a later one, so not all of their values are in it",
            "apply this plan, then make the next one and scan it too",
        )
    elif plan.plan_format_version:
        yield gap(
            "this is HCP Terraform's redacted plan: it lacks the configuration and the sensitive values",
            "save the full JSON, /api/v2/plans/<id>/json-output, which needs admin access to the workspace",
        )
    elif plan.resource_changes is None and plan.configuration is not None and _manages(plan.configuration.root_module):
        yield gap(
            "this plan lists no changes (-refresh-only), so only what was applied before can be judged",
            f"plan without -refresh-only: {_FULL_PLAN}",
        )
    elif plan.complete is False:
        yield gap(
            "this plan covers only a part of the configuration (-target)",
            f"plan without -target: {_FULL_PLAN}",
        )


def _manages(module: ConfiguredModule) -> bool:
    """Whether the configuration has resources of its own, here or in a module."""
    return any(resource.mode == "managed" for resource in module.resources) or any(
        _manages(call.module) for call in module.module_calls.values()
    )


def _old_format(path: str, version: str) -> Iterator[Problem]:
    if version.startswith("0."):
        yield Problem(
            ProblemKind.REMARK,
            "this is an early format of terraform's JSON (major version 0); what it lacks counts as unknown",
            "terraform 1.0 or later writes the stable format",
            Place(path),
        )
