"""What a plan's `configuration` says, told from the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.structure import Attribute, HclFile
from astrovet.terraform.plan.shapes import (
    Configuration,
    ConfiguredInSources,
    ConfiguredModule,
    ConfiguredProvider,
    ConfiguredResource,
    Expression,
    ModuleCall,
    Output,
    Variable,
)
from astrovet.terraform.source.declared import Declared, Folder, body_of
from astrovet.terraform.source.instances import Instance
from astrovet.terraform.source.modules import Module, Names
from astrovet.terraform.source.providers import key_in, label_of, source_of
from astrovet.terraform.source.references import references
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "providers", "depends_on", "source", "version"})

NO_SECRETS = frozenset({"region"})
"""Arguments of providers whose values matter, whoever gives them."""


def configuration(root: Module) -> Configuration:
    providers: dict[str, ConfiguredProvider] = {}
    for module in root.tree():
        for name, declared in module.folder.providers:
            alias = _constant(declared.attribute("alias"))
            address = ".".join(f"module.{step.name}" for step in module.steps)
            providers[key_in(module, label_of(name, declared))] = ConfiguredInSources(
                name=name,
                full_name=source_of(module.folder, f"{name}_"),
                alias=alias if isinstance(alias, str) else "",
                module_address=address,
                expressions={
                    **{kind: _shown_blocks(declared, kind, module.folder) for kind in declared.block_kinds()},
                    **{key: _settled(declared, key, module) for key in declared.attributes()},
                },
                header=declared.header,
            )
    return Configuration(providers, _configured(root, frozenset()))


def _configured(module: Module, above: frozenset[str]) -> ConfiguredModule:
    folder = module.folder
    calls: dict[str, ModuleCall] = {}
    for name, declared in folder.calls.items():
        instance = next(iter(module.instances(("module", name), declared)), Instance())
        child = module.child(name, instance)
        inner = ConfiguredModule()
        if child is not None and child.folder.path not in above:
            inner = _configured(child, above | {folder.path})
        source = _constant(declared.attribute("source"))
        calls[name] = ModuleCall(
            source if isinstance(source, str) else "",
            {
                key: _shown(declared.attribute(key), folder)
                for key in declared.attributes()
                if key not in META_ARGUMENTS
            },
            _expression(declared.attribute("for_each"), folder),
            _expression(declared.attribute("count"), folder),
            inner,
        )
    return ConfiguredModule(
        tuple(
            ConfiguredResource(mode, kind, name, {}, _expression(declared.attribute("for_each"), folder))
            for (mode, kind, name), declared in folder.resources.items()
        ),
        calls,
        {
            name: Output(_expression(declared.attribute("value"), folder) or Expression())
            for name, declared in folder.outputs.items()
        },
        {name: Variable(_constant(declared.attribute("default"))) for name, declared in folder.variables.items()},
        tuple(text for local in folder.locals.values() for text in _texts(literal(*local))),
    )


def _texts(value: Value[Tree]) -> Iterator[str]:
    """Every text that is written out in a value."""
    match value:
        case Known(str(content)):
            yield content
        case Known(Map(entries)):
            for entry in entries.values():
                yield from _texts(entry.value)
        case Known(List(items)):
            for item in items:
                yield from _texts(item)
        case Known() | Unknown() | Absent():
            pass


def _expression(argument: tuple[HclFile, Attribute] | None, folder: Folder) -> Expression | None:
    return None if argument is None else Expression(None, tuple(references(*argument, folder)))


def _shown(argument: tuple[HclFile, Attribute] | None, folder: Folder) -> dict[str, Any]:
    """An expression as a plan's JSON has it: a constant, or what it refers to."""
    if argument is None:
        return {}
    constant = _constant(argument)
    if constant is not None:
        return {"constant_value": constant}
    return {"references": list(references(*argument, folder))}


def _shown_blocks(declared: Declared, kind: str, folder: Folder) -> list[dict[str, Any]]:
    """Nested blocks as a plan's JSON has them, each with what its arguments refer to at any depth."""
    blocks = (body_of(file, block.body, declared.header) for file, block in declared.blocks(kind))
    return [
        {attribute.name: _shown((file, attribute), folder) for file, attribute in block.all_attributes()}
        for block in blocks
    ]


def _settled(declared: Declared, name: str, module: Module) -> dict[str, Any]:
    """An argument of a provider block: a text that the module's own sources settle counts as written there.

    What a variable is set to may come from a file that lies in no repository, so it stays a reference, but for
    arguments that are no secret.
    """
    shown = _shown(declared.attribute(name), module.folder)
    if name not in NO_SECRETS and any(reference.startswith("var.") for reference in shown.get("references", ())):
        return shown
    match Names(module).value(declared, name):
        case Known(str(content)):
            return {"constant_value": content}
        case _:
            return shown


def _constant(argument: tuple[HclFile, Attribute] | None) -> Any:
    match literal(*argument) if argument is not None else None:
        case Known(str() | int() | float() | bool() as leaf):
            return leaf
        case _:
            return None
