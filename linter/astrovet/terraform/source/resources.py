"""A root module's sources become resources, as a plan's do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from astrovet.document import InputKind, Problem
from astrovet.formats.text_file import TextFile
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Action, MissingModule, Resource
from astrovet.terraform.source.attributes import SourceAttributes
from astrovet.terraform.source.configuration import configuration
from astrovet.terraform.source.declared import Declared
from astrovet.terraform.source.environment import NONE, Environment
from astrovet.terraform.source.environment_variables import given_by_environment
from astrovet.terraform.source.instances import Instance
from astrovet.terraform.source.marks import as_given
from astrovet.terraform.source.modules import Module, Names
from astrovet.terraform.source.project import Project
from astrovet.terraform.source.providers import ProviderKeys, key_of, keys_of_modules, source_of
from astrovet.terraform.source.refusals import refusals
from astrovet.terraform.source.root_modules import called_folder
from astrovet.terraform.source.state_of_root import state_of
from astrovet.terraform.source.variable_files import read_variables
from astrovet.value import Tree, Unknown, Value


def read_root_module(
    files: Mapping[str, TextFile] | Project, folder: str, environment: Environment = NONE
) -> Terraform:
    """Evaluate a root module.

    `files` are those at or below the root module and of the local modules that it calls, by displayed path.
    What the sources and the environment do not settle is Unknown with its reason.
    """
    project = files if isinstance(files, Project) else Project(files)
    folder = "" if folder == "." else folder
    variables = read_variables(project, folder, environment.var_files)
    by_environment = dict(given_by_environment(project.folder(folder), environment, project.budget))

    def given(name: str) -> Value[Tree] | None:
        if name in variables.values:
            return as_given(variables.values[name])
        return variables.unread or by_environment.get(name)

    root = Module(project, folder, folder, arguments=given, environment=environment)
    doubts = dict(_with_doubts(root, None))
    modules = tuple(doubts)
    problems: dict[Problem, None] = dict.fromkeys(variables.problems)
    problems.update(dict.fromkeys(problem for module in modules for problem in module.folder.problems))
    problems.update(dict.fromkeys(problem for module in modules for problem in module.not_entered))
    problems.update(dict.fromkeys(refusals(root)))
    providers = dict(keys_of_modules(root, {}))
    return Terraform(
        folder or ".",
        InputKind.TERRAFORM_SOURCE,
        tuple(
            resource for module in modules for resource in _resources(module, providers[module.address], doubts[module])
        ),
        configuration(root),
        problems=tuple(problems),
        missing=tuple(missing for module in modules for missing in _missing(module)),
        state=state_of(root.folder, environment.workspace),
    )


def _with_doubts(module: Module, doubt: Unknown | None) -> Iterator[tuple[Module, Unknown | None]]:
    """A module and all below it, each with the reason why it may not be called at all."""
    yield module, doubt
    for instance, child in module.children():
        yield from _with_doubts(child, doubt or instance.lack)


def _missing(module: Module) -> Iterator[MissingModule]:
    """The calls whose modules are not at hand; none that makes nothing."""
    for name, call in module.folder.calls.items():
        folder = module.folder_of(name)
        if (folder is None or not module.project.contents(folder)) and module.instances(("module", name), call):
            address = f"{module.address}.module.{name}".lstrip(".")
            yield MissingModule(address, call.header, called_folder(module.folder.path, call) is not None)


def _resources(module: Module, providers: ProviderKeys, doubt: Unknown | None) -> Iterator[Resource]:
    for (mode, kind, name), declared in module.folder.resources.items():
        key = (kind, name) if mode == "managed" else ("data", kind, name)
        for instance in module.instances(key, declared):
            provider_key = key_of(kind, declared, providers)
            resource = _resource(module, mode, kind, name, declared, instance, provider_key)
            yield replace(resource, doubt=doubt or instance.lack)


def _resource(
    module: Module, mode: str, kind: str, name: str, declared: Declared, instance: Instance, provider_key: str
) -> Resource:
    data = "data." if mode == "data" else ""
    address = f"{module.address}.{data}{kind}.{name}{instance.suffix}".lstrip(".")
    header = declared.header
    return Resource(
        place=replace(
            header,
            address=address,
            environment=module.environment.name,
            root=(module.root or ".") if module.steps else "",
        ),
        address=address,
        module_address=module.address,
        mode=mode,
        type=kind,
        name=name,
        provider=source_of(module.folder, kind),
        action=Action.KEEP if mode == "managed" else Action.READ,
        attributes=SourceAttributes(declared, Names(module, instance=instance), address),
        provider_key=provider_key,
    )
