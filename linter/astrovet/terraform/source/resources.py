"""A root module's sources become resources, as a plan's do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from astrovet.document import InputKind, Problem
from astrovet.formats.hcl.literals import literal
from astrovet.formats.hcl.strings import quoted
from astrovet.formats.hcl.structure import Attribute, HclFile
from astrovet.formats.text_file import TextFile
from astrovet.place import Place, inside
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import (
    Configuration,
    ConfiguredModule,
    ConfiguredProvider,
    ConfiguredResource,
    Expression,
    ModuleCall,
    Output,
    Variable,
)
from astrovet.terraform.resource import Action, Resource
from astrovet.terraform.source import expressions as tree
from astrovet.terraform.source.declared import Declared, Folder, body_of
from astrovet.terraform.source.environment import NONE, Environment
from astrovet.terraform.source.modules import META_ARGUMENTS, Instance, Module, Names, Project, expression_of
from astrovet.terraform.source.providers import ProviderKeys, key_in, key_of, keys_of_modules, label_of
from astrovet.terraform.source.variable_files import read_variables
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, text


class SourceAttributes:
    """The attributes of an instance as the sources write them, evaluated where they are asked for."""

    def __init__(self, declared: Declared, names: Names, address: str) -> None:
        self._declared, self._names, self._address = declared, names, address

    def value(self, name: str, place: Place) -> Value[Tree]:
        """The value of an attribute; what the author did not write is known only after apply."""
        found = self._names.value(self._declared, name)
        if isinstance(found, Absent) and not self.writes(name):
            why = f"{self._address}.{name} is known only after apply; scan the state then"
            return Unknown(why, inside(place, name), (self._address,))
        if isinstance(found, Known) and not found.written and _is_literal(self.references(name)):
            found = as_written(found)
        return addressed(found, place, name)

    def writes(self, name: str) -> bool:
        """Whether the author wrote this attribute."""
        return name in self._declared.attributes() or name in self._declared.block_kinds()

    def references(self, name: str) -> tuple[str, ...]:
        """What the author's expression for an attribute refers to, locals followed to what they stand for."""
        return tuple(dict.fromkeys(self._references_of(each for each in self._arguments() if each[0] == name)))

    def all_references(self) -> tuple[str, ...]:
        """What any of the author's expressions refers to."""
        return tuple(dict.fromkeys(self._references_of(self._arguments())))

    def references_below(self, word: str) -> tuple[str, ...]:
        """What the expressions of the attributes refer to that have a word in their names, at any depth."""
        found = ((name, *rest) for name, *rest in self._all_arguments() if word in name)
        return tuple(dict.fromkeys(self._references_of(found)))

    def lists_dynamic_blocks(self) -> bool:
        """Whether what is said to be unwritten is surely not written by a `dynamic` block either."""
        return True

    def is_settled(self) -> bool:
        """Sources never show what a provider computes."""
        return False

    def texts(self) -> Iterator[str]:
        """Ids are not in the sources."""
        yield from ()

    def sensitive_texts(self) -> Iterator[str]:
        """Every text that comes from a sensitive variable."""
        for name in self._declared.attributes():
            yield from _sensitive(self._names.value(self._declared, name))

    def _arguments(self) -> Iterator[tuple[str, HclFile, Attribute]]:
        for name in self._declared.attributes():
            found = self._declared.attribute(name)
            if found is not None:
                yield (name, *found)
        for kind in self._declared.block_kinds():
            for file, block in self._declared.blocks(kind):
                pending = [block.body]
                while pending:
                    body = pending.pop()
                    yield from ((kind, file, attribute) for attribute in body.attributes)
                    pending.extend(inner.body for inner in body.blocks)

    def _all_arguments(self) -> Iterator[tuple[str, HclFile, Attribute]]:
        for file, attribute in self._declared.all_attributes():
            yield attribute.name, file, attribute

    def _references_of(self, arguments: Any) -> Iterator[str]:
        for _, file, attribute in arguments:
            yield from references(expression_of(file, attribute), self._names.module.folder)


def read_root_module(
    files: Mapping[str, TextFile] | Project, folder: str, environment: Environment = NONE
) -> Terraform:
    """Evaluate a root module.

    `files` are those at or below the root module and of the local modules that it calls, by displayed path.
    What the sources and the environment do not settle is Unknown with its reason.
    """
    project = files if isinstance(files, Project) else Project(files)
    folder = "" if folder == "." else folder
    variables = read_variables(project.files, folder, environment.var_files)
    root = Module(project, folder, folder, arguments=variables.values.get, environment=environment)
    modules = list(_modules(root))
    problems: dict[Problem, None] = dict.fromkeys(variables.problems)
    problems.update(dict.fromkeys(problem for module in modules for problem in module.folder.problems))
    providers = dict(keys_of_modules(root, {}))
    return Terraform(
        folder or ".",
        InputKind.TERRAFORM_SOURCE,
        tuple(resource for module in modules for resource in _resources(module, providers[module.address])),
        _configuration(root),
        problems=tuple(problems),
    )


def _modules(module: Module) -> Iterator[Module]:
    yield module
    for _, child in module.children():
        yield from _modules(child)


def _resources(module: Module, providers: ProviderKeys) -> Iterator[Resource]:
    for (mode, kind, name), declared in module.folder.resources.items():
        key = (kind, name) if mode == "managed" else ("data", kind, name)
        for instance in module.instances(key, declared):
            provider_key = key_of(kind, declared, providers)
            yield _resource(module, mode, kind, name, declared, instance, provider_key)


def _resource(
    module: Module, mode: str, kind: str, name: str, declared: Declared, instance: Instance, provider_key: str
) -> Resource:
    data = "data." if mode == "data" else ""
    address = f"{module.address}.{data}{kind}.{name}{instance.suffix}".lstrip(".")
    header = declared.header
    return Resource(
        place=replace(header, address=address, environment=module.environment.name),
        address=address,
        module_address=module.address,
        mode=mode,
        type=kind,
        name=name,
        provider=_provider(module.folder, kind),
        action=Action.KEEP if mode == "managed" else Action.READ,
        attributes=SourceAttributes(declared, Names(module, instance=instance), address),
        provider_key=provider_key,
    )


def _provider(folder: Folder, kind: str) -> str:
    """The provider of a resource type: what `required_providers` says, else what its name says."""
    local = kind.partition("_")[0]
    found = folder.required_providers.get(local)
    if found is not None:
        match literal(*found):
            case Known(Map(entries)) if "source" in entries:
                match text(entries["source"].value):
                    case Known(source):
                        return "/".join(source.split("/")[-2:])
                    case Unknown() | Absent():
                        pass
            case _:
                pass
    return "astronomer/astro" if local == "astro" else f"hashicorp/{local}"


def _is_literal(references: Sequence[str]) -> bool:
    """Whether an expression says all by itself, as a plan's configuration is understood too."""
    return all(each.startswith("path.") for each in references)


def as_written(value: Value[Tree]) -> Value[Tree]:
    """The value with all that is known of it marked as written out: functions only put it together."""
    match value:
        case Known(Map(entries, unlisted), place, sensitive):
            children = {key: replace(entry, value=as_written(entry.value)) for key, entry in entries.items()}
            return Known(Map(children, unlisted), place, sensitive)
        case Known(List(items, is_set), place, sensitive):
            return Known(List(tuple(map(as_written, items)), is_set), place, sensitive)
        case Known(document=document):
            encoded = as_written(document) if document is not None else None
            return replace(value, written=True, document=encoded)
        case Unknown() | Absent():
            return value


def addressed(value: Value[Tree], resource: Place, pointer: str) -> Value[Tree]:
    """The value with the instance's address, and its environment, in its places."""

    def move(place: Place) -> Place:
        below = place.pointer if place.pointer.startswith(pointer) else pointer
        return replace(place, address=resource.address, pointer=below, environment=resource.environment)

    match value:
        case Known(Map(entries, unlisted), place, sensitive, written):
            moved = {
                key: type(entry)(key, move(entry.key_place), addressed(entry.value, resource, pointer))
                for key, entry in entries.items()
            }
            return Known(Map(moved, unlisted), move(place), sensitive, written)
        case Known(List(items, is_set), place, sensitive, written):
            children = tuple(addressed(item, resource, pointer) for item in items)
            return Known(List(children, is_set), move(place), sensitive, written)
        case (Known() | Unknown()) as leaf:
            encoded = addressed(leaf.document, resource, pointer) if leaf.document is not None else None
            return replace(leaf, place=move(leaf.place), document=encoded)
        case Absent(place, explicit):
            return Absent(move(place), explicit)


def _sensitive(value: Value[Tree]) -> Iterator[str]:
    match value:
        case Known(Map(entries)):
            for key, entry in entries.items():
                if key not in {"key", "name"}:
                    yield from _sensitive(entry.value)
        case Known(List(items)):
            for item in items:
                yield from _sensitive(item)
        case Known(str(content), _, True):
            yield content
        case Unknown(document=Known() as encoded) | Known(document=Known() as encoded):
            yield from _sensitive(encoded)
        case Known() | Unknown() | Absent():
            pass


# --- what a plan's `configuration` says, from the sources


def references(expression: tree.Expression, folder: Folder, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """What an expression refers to, as a plan lists it; locals are followed to what they stand for."""
    match expression:
        case tree.Name() | tree.Attribute() | tree.Index():
            parts, keys = _parts(expression)
            for key in keys:
                yield from references(key, folder, seen)
            match parts:
                case ["local", name, *_]:
                    found = folder.locals.get(name)
                    if found is not None and name not in seen:
                        yield from references(expression_of(*found), folder, seen | {name})
                    elif found is None:
                        yield f"local.{name}"
                case [_, _, *_]:
                    yield "".join([parts[0], *(part if part.startswith("[") else f".{part}" for part in parts[1:])])
                case _:
                    pass
            if not parts:
                for child in _children(expression):
                    yield from references(child, folder, seen)
        case _:
            for child in _children(expression):
                yield from references(child, folder, seen)


def _parts(expression: tree.Expression) -> tuple[list[str], list[tree.Expression]]:
    """The parts of a plain reference, and the expressions that stand as keys in it; no parts for anything else."""
    parts: list[str] = []
    keys: list[tree.Expression] = []
    while True:
        match expression:
            case tree.Attribute(of, name):
                parts.append(name)
                expression = of
            case tree.Index(of, tree.Constant(bool())):
                return [], []
            case tree.Index(of, tree.Constant(int(number))):
                parts.append(f"[{number}]")
                expression = of
            case tree.Index(of, tree.Constant(str(key))):
                parts.append(f'["{quoted(key)}"]')
                expression = of
            case tree.Index(of, key):
                keys.append(key)
                parts.clear()  # what follows an open index is not part of the reference
                expression = of
            case tree.Name(name):
                parts.append(name)
                return parts[::-1], keys
            case _:
                return [], []


def _children(expression: tree.Expression) -> Iterator[tree.Expression]:
    match expression:
        case tree.Template(parts):
            yield from parts
        case tree.Attribute(of):
            yield of
        case tree.Index(of, key):
            yield of
            yield key
        case tree.Splat(of, steps):
            yield of
            yield from (step for step in steps if not isinstance(step, str))
        case tree.Call(_, arguments):
            yield from arguments
        case tree.Conditional(condition, if_true, if_false):
            yield from (condition, if_true, if_false)
        case tree.Binary(_, left, right):
            yield from (left, right)
        case tree.Unary(_, operand):
            yield operand
        case tree.ListOf(items):
            yield from items
        case tree.ObjectOf(entries):
            for key, value in entries:
                yield from (key, value)
        case tree.For(_, _, iterable, value, key, condition):
            yield iterable
            yield value
            yield from (each for each in (key, condition) if each is not None)
        case tree.Constant() | tree.Name() | tree.Opaque():
            pass


def _configuration(root: Module) -> Configuration:
    providers: dict[str, ConfiguredProvider] = {}
    for module in _modules(root):
        for name, declared in module.folder.providers:
            alias = _constant(declared.attribute("alias"))
            address = ".".join(f"module.{step.name}" for step in module.steps)
            providers[key_in(module, label_of(name, declared))] = ConfiguredProvider(
                name=name,
                full_name=_provider(module.folder, f"{name}_"),
                alias=alias if isinstance(alias, str) else "",
                module_address=address,
                expressions={
                    **{kind: _shown_blocks(declared, kind, module.folder) for kind in declared.block_kinds()},
                    **{key: _settled(declared, key, module) for key in declared.attributes()},
                },
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
        tuple(text for found in folder.locals.values() for text in _texts(literal(*found))),
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


def _expression(found: tuple[HclFile, Attribute] | None, folder: Folder) -> Expression | None:
    return None if found is None else Expression(None, tuple(references(expression_of(*found), folder)))


def _shown(found: tuple[HclFile, Attribute] | None, folder: Folder) -> dict[str, Any]:
    """An expression as a plan's JSON has it: a constant, or what it refers to."""
    if found is None:
        return {}
    constant = _constant(found)
    if constant is not None:
        return {"constant_value": constant}
    return {"references": list(references(expression_of(*found), folder))}


def _shown_blocks(declared: Declared, kind: str, folder: Folder) -> list[dict[str, Any]]:
    """Nested blocks as a plan's JSON has them, each with what its arguments refer to at any depth."""
    blocks = (body_of(file, block.body, declared.header) for file, block in declared.blocks(kind))
    return [{found.name: _shown((file, found), folder) for file, found in each.all_attributes()} for each in blocks]


def _settled(declared: Declared, name: str, module: Module) -> dict[str, Any]:
    """An argument of a provider block: a text that the module's own sources settle counts as written there.

    What a variable is set to may come from a file that lies in no repository, so it stays a reference.
    """
    shown = _shown(declared.attribute(name), module.folder)
    if any(each.startswith("var.") for each in shown.get("references", ())):
        return shown
    match Names(module).value(declared, name):
        case Known(str(content)):
            return {"constant_value": content}
        case _:
            return shown


def _constant(found: tuple[HclFile, Attribute] | None) -> Any:
    match literal(*found) if found is not None else None:
        case Known(str() | int() | float() | bool() as leaf):
            return leaf
        case _:
            return None
