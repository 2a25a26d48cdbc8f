"""Which provider a resource is of, and which configuration of it each module means by a name.

A plan says the same by `provider_config_key`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, HclFile, expression_text
from astrovet.terraform.resource import provider_of
from astrovet.terraform.source import expressions as tree
from astrovet.terraform.source.declared import Declared, Folder, expression_of
from astrovet.terraform.source.modules import Module
from astrovet.value import Absent, Known, Map, Unknown, text

ProviderKeys: TypeAlias = Mapping[str, str]
"""The key of each configuration (`astro.eu`, `module.team:astro`), by what a module calls it (`astro`, `astro.eu`)."""


def key_in(module: Module, name: str) -> str:
    """The key of a provider block of a module."""
    address = ".".join(f"module.{step.name}" for step in module.steps)
    return f"{address}:{name}" if address else name


def label_of(name: str, block: Declared) -> str:
    """What a provider block is called: `astro`, or `astro.eu` with an alias."""
    argument = block.attribute("alias")
    match literal(*argument) if argument is not None else None:
        case Known(str(alias)):
            return f"{name}.{alias}"
        case _:
            return name


def keys_of_modules(module: Module, passed: ProviderKeys) -> Iterator[tuple[str, ProviderKeys]]:
    """What a module and all below it mean by the names of providers, by the address of the module."""
    own = (label_of(name, block) for name, block in module.folder.providers)
    known = {**passed, **{label: key_in(module, label) for label in own}}
    yield module.address, known
    for _, child in module.children():
        call = module.folder.calls[child.steps[-1].name]
        yield from keys_of_modules(child, _passed_on(call.attribute("providers"), known))


def key_of(kind: str, declared: Declared, known: ProviderKeys) -> str:
    """The key of the configuration that a resource of a type uses."""
    name = _reference(declared.attribute("provider")) or kind.partition("_")[0]
    return known.get(name, name)


def _passed_on(providers: tuple[HclFile, Attribute] | None, known: ProviderKeys) -> ProviderKeys:
    """What a call hands down: what it lists, else every configuration without an alias."""
    if providers is None:
        return {name: key for name, key in known.items() if "." not in name}
    match expression_of(*providers):
        case tree.ObjectOf(entries):
            return dict(_handed_over(entries, known))
        case _:
            return {}


def _handed_over(
    entries: Iterable[tuple[tree.Expression, tree.Expression]], known: ProviderKeys
) -> Iterator[tuple[str, str]]:
    for key, value in entries:
        inner, outer = _name(key), _name(value)
        if inner and outer:
            yield inner, known.get(outer, outer)


def _reference(argument: tuple[HclFile, Attribute] | None) -> str:
    """A name as it stands there, for which no parser is needed; quoted as well, as old configurations have it."""
    return expression_text(*argument).strip().strip('"') if argument is not None else ""


def _name(expression: tree.Expression) -> str:
    """`astro` or `astro.eu`; empty for anything else."""
    match expression:
        case tree.Name(name) | tree.Constant(str(name)):
            return name
        case tree.Attribute(tree.Name(name), alias):
            return f"{name}.{alias}"
        case _:
            return ""


def source_of(folder: Folder, kind: str) -> str:
    """The provider of a resource type: what `required_providers` says, else what its name says."""
    local = kind.partition("_")[0]
    requirement = folder.required_providers.get(local)
    if requirement is not None:
        match literal(*requirement):
            case Known(Map(entries)) if "source" in entries:
                match text(entries["source"].value):
                    case Known(source):
                        return provider_of(source)
                    case Unknown() | Absent():
                        pass
            case _:
                pass
    return "astronomer/astro" if local == "astro" else f"hashicorp/{local}"
