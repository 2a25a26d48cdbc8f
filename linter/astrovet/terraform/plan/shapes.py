"""Terraform's JSON as typed records: what `terraform show -json` writes of a plan, a state and a configuration.

Shapes are those that Terraform 1.11.4 writes; unknown keys are ignored, as its documentation asks
(internals/json-format, read in November 2026).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from msgspec import Struct, field

from astrovet.place import Place


class Expression(Struct, frozen=True):
    """What the configuration says of one attribute: a constant, references, both or nothing."""

    constant_value: Any = None
    references: tuple[str, ...] = ()


class ConfiguredResource(Struct, frozen=True):
    """One resource block of the configuration; its address is relative to its module."""

    mode: str
    type: str
    name: str
    expressions: dict[str, Any] = field(default_factory=dict)
    """Attribute to expression, or to a list of the same for nested blocks."""
    for_each_expression: Expression | None = None
    count_expression: Expression | None = None
    provider_config_key: str = ""


class Output(Struct, frozen=True):
    expression: Expression = Expression()


class Variable(Struct, frozen=True):
    default: Any = None
    sensitive: bool = False


class ConfiguredModule(Struct, frozen=True, dict=True):
    """A module of the configuration with the calls it makes."""

    resources: tuple[ConfiguredResource, ...] = ()
    module_calls: dict[str, ModuleCall] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    local_texts: tuple[str, ...] = ()
    """Texts that local values write out. Sources tell them; a plan has no local values."""

    @cached_property
    def blocks(self) -> dict[tuple[str, str, str], ConfiguredResource]:
        """The resource blocks by mode, type and name."""
        return {(resource.mode, resource.type, resource.name): resource for resource in reversed(self.resources)}


class ModuleCall(Struct, frozen=True):
    source: str = ""
    expressions: dict[str, Any] = field(default_factory=dict)
    for_each_expression: Expression | None = None
    count_expression: Expression | None = None
    module: ConfiguredModule = ConfiguredModule()


class ConfiguredProvider(Struct, frozen=True):
    name: str = ""
    full_name: str = ""
    alias: str = ""
    module_address: str = ""
    expressions: dict[str, Any] = field(default_factory=dict)


class ConfiguredInSources(ConfiguredProvider, frozen=True):
    """A provider that was read from sources, with its block."""

    header: Place = Place("")


class Configuration(Struct, frozen=True):
    provider_config: dict[str, ConfiguredProvider] = field(default_factory=dict)
    root_module: ConfiguredModule = ConfiguredModule()


class Change(Struct, frozen=True):
    actions: tuple[str, ...]
    before: Any = None
    after: Any = None
    after_unknown: Any = None
    before_sensitive: Any = None
    after_sensitive: Any = None
    replace_paths: Any = None
    """The attributes, as paths, that force a replacement."""


class ResourceChange(Struct, frozen=True):
    address: str
    mode: str
    type: str
    name: str
    change: Change
    module_address: str = ""
    index: int | str | None = None
    provider_name: str = ""
    deposed: str = ""
    action_reason: str | None = None


class StateResource(Struct, frozen=True):
    address: str
    mode: str
    type: str
    name: str
    index: int | str | None = None
    provider_name: str = ""
    values: Any = None
    sensitive_values: Any = None


class StateModule(Struct, frozen=True):
    address: str = ""
    resources: tuple[StateResource, ...] = ()
    child_modules: tuple[StateModule, ...] = ()


class StateValues(Struct, frozen=True):
    root_module: StateModule = StateModule()


class PriorState(Struct, frozen=True):
    values: StateValues = StateValues()


class InputVariable(Struct, frozen=True):
    value: Any = None


class DeferredChange(Struct, frozen=True):
    """A change that a later plan decides; what is known of it already stands in it."""

    resource_change: ResourceChange | None = None


class PlanJson(Struct, frozen=True):
    """`terraform show -json` of a plan. `planned_values` repeats what the changes say and is skipped."""

    format_version: str = ""
    plan_format_version: str = ""
    terraform_version: str = ""
    variables: dict[str, InputVariable] = field(default_factory=dict)
    resource_changes: tuple[ResourceChange, ...] | None = None
    resource_drift: tuple[ResourceChange, ...] | None = None
    deferred_changes: tuple[DeferredChange, ...] = ()
    prior_state: PriorState = PriorState()
    configuration: Configuration | None = None
    complete: bool | None = None
    errored: bool = False


class StateJson(Struct, frozen=True):
    """`terraform show -json` of a state."""

    format_version: str
    terraform_version: str = ""
    values: StateValues | None = None
