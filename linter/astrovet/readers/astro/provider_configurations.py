"""The `provider "astro"` blocks, and whether one of them writes out its token."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from astrovet.document import InputKind
from astrovet.model.deployment import ProviderConfiguration
from astrovet.place import Place
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import (
    Configuration,
    ConfiguredInSources,
    ConfiguredModule,
    ConfiguredProvider,
    ModuleCall,
    Variable,
)
from astrovet.terraform.resource import provider_of
from astrovet.value import Absent, Known, Unknown, Value

ASTRO_PROVIDERS = frozenset({"astronomer/astro", "astro"})
"""What the provider of Astro is known by: companies publish it again in registries of their own."""


def provider_configurations(terraform: Terraform, *, has_objects: bool) -> Iterator[ProviderConfiguration]:
    """The `provider "astro"` blocks. A state does not hold them, and a redacted plan neither."""
    if terraform.configuration is None:
        if has_objects:
            what = "a state" if terraform.kind is InputKind.TERRAFORM_STATE else "this plan"
            place = Place(terraform.path, address="provider.astro", pointer="token")
            why = f"{what} does not hold the provider's configuration"
            unknown = Unknown(why, place, how="scan a full plan")
            yield _provider_configuration(Place(terraform.path, address="provider.astro"), unknown)
        return
    for provider in terraform.configuration.provider_config.values():
        if provider_of(provider.full_name) in ASTRO_PROVIDERS:
            label = f"provider.astro.{provider.alias}" if provider.alias else "provider.astro"
            address = f"{provider.module_address}.{label}" if provider.module_address else label
            token = _token(provider, address, terraform.path, terraform.configuration)
            header = provider.header if isinstance(provider, ConfiguredInSources) else Place(terraform.path)
            yield _provider_configuration(replace(header, address=address), token)


def _provider_configuration(place: Place, token: Value[str]) -> ProviderConfiguration:
    return ProviderConfiguration(place.address, place.address, place, Known(place.address, place), token)


def _token(provider: ConfiguredProvider, address: str, path: str, configuration: Configuration) -> Value[str]:
    """The token of a provider block: a literal, or the literal that the variable it reads is given."""
    modules = tuple(provider.module_address.split(".")[1::2])
    place = Place(path, address=address, pointer="token")
    return _literal(provider.expressions.get("token"), place, modules, configuration.root_module)


def _literal(expression: object, place: Place, modules: tuple[str, ...], root: ConfiguredModule) -> Value[str]:
    """The text that an expression in a module writes out, there or where a variable of it gets its value.

    Text that comes from elsewhere counts as Known, not written: what it is does not matter here.
    """
    match expression:
        case {"references": [*references]} if references:
            return _referenced([str(reference) for reference in references], place, modules, root)
        case {"constant_value": str(constant)}:
            return Known(constant, place, sensitive=True)
        case {"constant_value": _} | None:
            return Absent(place, explicit=expression is not None)
        case _:
            return Known("", place, written=False)


def _referenced(references: list[str], place: Place, modules: tuple[str, ...], root: ConfiguredModule) -> Value[str]:
    for reference in references:
        kind, _, name = reference.partition(".")
        if kind == "local":
            why = f"the token comes from {reference}, which no plan holds"
            return Unknown(why, place, how="see that none is written there")
        if kind == "var":
            return _variable_literal(name, place, modules, root)
    return Known("", place, written=False)


def _variable_literal(name: str, place: Place, modules: tuple[str, ...], root: ConfiguredModule) -> Value[str]:
    """What the caller of a module passes to its variable; else the variable's default."""
    around = ".".join(f"module.{module}" for module in modules)
    if modules:
        call = _module_at(root, modules[:-1]).module_calls.get(modules[-1], ModuleCall())
        if name in call.expressions:
            at_call = Place(place.path, address=around, pointer=name)
            return _literal(call.expressions[name], at_call, modules[:-1], root)
    match _module_at(root, modules).variables.get(name, Variable()).default:
        case str(default) if default:
            address = f"{around}.variable.{name}" if around else f"variable.{name}"
            return Known(default, Place(place.path, address=address, pointer="default"), sensitive=True)
        case _:
            return Known("", place, written=False)


def _module_at(root: ConfiguredModule, modules: tuple[str, ...]) -> ConfiguredModule:
    for name in modules:
        root = root.module_calls.get(name, ModuleCall()).module
    return root
