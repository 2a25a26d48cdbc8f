"""The `.tf` files behind a plan, read only where a verdict needs a line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from astrovet.cli.files import displayed
from astrovet.document import InputKind, Note
from astrovet.formats.decode import decode
from astrovet.place import Place
from astrovet.terraform.address import split_module, split_reference
from astrovet.terraform.file_names import module_files
from astrovet.terraform.plan.positions import ModuleCall, Sources
from astrovet.terraform.plan.printed import ConfiguredModule
from astrovet.terraform.plan.resources import Terraform

FETCHED = "/.terraform/"
"""Where Terraform puts modules of others: what their authors accept is not accepted here."""
MODULES_FILE = os.path.join(".terraform", "modules", "modules.json")


class Behind:
    """The sources behind the plans of a run; what is read of them goes to `contents`.

    They are looked for in --source-dir, else beside the plan, else in the working directory, and only
    taken where they hold a block of the plan.
    """

    def __init__(self, plans: Sequence[Terraform], source_dir: str | None, contents: dict[str, str]) -> None:
        self._plans: Mapping[str, Terraform] = {plan.path: plan for plan in plans}
        self._source_dir = source_dir
        self._contents = contents
        self._sources: dict[str, Sources | None] = {}
        self._callers: dict[tuple[str, str], set[str]] | None = None
        self._files: dict[tuple[str, str], dict[str, str]] = {}

    def locate(self, place: Place) -> tuple[Place, tuple[Note, ...]]:
        """The source place of an address, and the module calls that lead there, nearest first."""
        if place.has_lines:
            return place, self._calls(place)
        plan = self._plans.get(place.path)
        sources = self._of(plan) if plan is not None and place.address else None
        return (sources.locate(place) if sources is not None else None) or (place, ())

    def texts(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        """Path and text of the sources whose text is wanted, modules that `terraform init` fetched left out."""
        for plan in self._plans.values():
            if plan.kind is InputKind.TERRAFORM_SOURCE:
                continue  # its sources are inputs of the run
            for folder in self._folders(plan):
                files = {path: text for path, text in self._below(plan, folder).items() if FETCHED not in f"/{path}"}
                found = {path: text for path, text in files.items() if wanted(text)}
                if found and self._of(plan) is not None and found.keys() <= self._contents.keys():
                    yield from found.items()

    def _calls(self, place: Place) -> tuple[Note, ...]:
        """The calls that lead to a place in evaluated sources; none where they are those of several root modules."""
        if not place.address.startswith("module."):
            return ()
        if self._callers is None:
            self._callers = {}
            for plan in self._plans.values():
                for each in plan.resources if plan.kind is InputKind.TERRAFORM_SOURCE else ():
                    self._callers.setdefault((each.place.path, _module(each.address)), set()).add(plan.path)
        callers = self._callers.get((place.path, _module(place.address)), set())
        sources = self._of(self._plans[next(iter(callers))]) if len(callers) == 1 else None
        return sources.calls(place.address) if sources is not None else ()

    def _of(self, plan: Terraform) -> Sources | None:
        if plan.path not in self._sources:
            self._sources[plan.path] = self._find(plan)
        return self._sources[plan.path]

    def _find(self, plan: Terraform) -> Sources | None:
        for folder in self._folders(plan):
            files = self._below(plan, folder)
            installed = _read(os.path.join(folder, MODULES_FILE)) or ""
            sources = Sources(files, displayed(folder), _calls(_root(plan)), installed)
            if any(sources.locate(resource.place) is not None for resource in plan.resources[:50]):
                self._contents.update(files)
                return sources
        return None

    def _folders(self, plan: Terraform) -> tuple[str, ...]:
        if plan.kind is InputKind.TERRAFORM_SOURCE:
            return (plan.path,)
        if self._source_dir is not None:
            return (self._source_dir,)
        return tuple(dict.fromkeys((os.path.dirname(plan.path) or ".", ".")))

    def _below(self, plan: Terraform, folder: str) -> dict[str, str]:
        """The files of a root module in this folder and of the modules that it calls."""
        key = plan.path, folder
        if key not in self._files:
            self._files[key] = dict(_read_module(folder, _root(plan), set()))
            installed = _read(os.path.join(folder, MODULES_FILE))
            self._files[key].update(_read_installed(folder, installed) if installed else ())
        return self._files[key]


def _root(plan: Terraform) -> ConfiguredModule:
    return plan.configuration.root_module if plan.configuration is not None else ConfiguredModule()


def _module(address: str) -> str:
    """The module part of an address."""
    modules, _ = split_module(split_reference(address) or ())
    return repr(modules)


def _read_module(folder: str, module: ConfiguredModule, seen: set[str]) -> Iterator[tuple[str, str]]:
    """The files of a module and of the local modules that it calls."""
    if folder not in seen:
        seen.add(folder)
        yield from _read_folder(folder)
    for call in module.module_calls.values():
        if call.source.startswith(("./", "../")):
            yield from _read_module(os.path.normpath(os.path.join(folder, call.source)), call.module, seen)


def _read_folder(folder: str) -> Iterator[tuple[str, str]]:
    if not os.path.isdir(folder):
        return
    for name in module_files(sorted(os.listdir(folder))):
        path = os.path.join(folder, name)
        content = _read(path)
        if content is not None:
            yield displayed(path), content


def _read_installed(folder: str, installed: str) -> Iterator[tuple[str, str]]:
    """The files of modules that `terraform init` fetched."""
    import msgspec

    try:
        modules = msgspec.json.decode(installed.encode()).get("Modules", [])
    except (msgspec.DecodeError, AttributeError):
        return
    for module in modules:
        inner = module.get("Dir", "") if isinstance(module, dict) else ""
        if isinstance(inner, str) and inner and not os.path.isabs(inner):
            yield from _read_folder(os.path.normpath(os.path.join(folder, inner)))


def _read(path: str) -> str | None:
    try:
        with open(path, "rb") as stream:
            return decode(path, stream.read()).content
    except OSError:
        return None


def _calls(module: ConfiguredModule) -> tuple[ModuleCall, ...]:
    return tuple(ModuleCall(name, call.source, _calls(call.module)) for name, call in module.module_calls.items())
