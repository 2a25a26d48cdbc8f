"""The `.tf` files behind a plan, read only where a verdict needs a line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from astrovet.cli.files import displayed
from astrovet.document import InputKind, Note
from astrovet.inputs.decode import decode
from astrovet.inputs.terraform_files import MODULE_FILES
from astrovet.inputs.terraform_json import ConfiguredModule
from astrovet.place import Place
from astrovet.terraform.plan import Terraform
from astrovet.terraform.positions import ModuleCall, Sources

MODULES_FILE = os.path.join(".terraform", "modules", "modules.json")


def locator(
    plans: Sequence[Terraform], source_dir: str | None, contents: dict[str, str]
) -> Callable[[Place], tuple[Place, tuple[Note, ...]]]:
    """A function from a plan's address to its source place; the text of files it opens goes to `contents`.

    The sources are looked for in --source-dir, else beside the plan, else in the working directory, and
    only taken where they hold a block of the plan.
    """
    plan_of: Mapping[str, Terraform] = {plan.path: plan for plan in plans}
    sources_of: dict[str, Sources | None] = {}

    def locate(place: Place) -> tuple[Place, tuple[Note, ...]]:
        plan = plan_of.get(place.path)
        if plan is None or place.has_lines or not place.address:
            return place, ()
        if plan.path not in sources_of:
            sources_of[plan.path] = _sources(plan, source_dir, contents)
        sources = sources_of[plan.path]
        return (sources.locate(place) if sources is not None else None) or (place, ())

    return locate


def _sources(plan: Terraform, source_dir: str | None, contents: dict[str, str]) -> Sources | None:
    if plan.kind is InputKind.TERRAFORM_SOURCE:
        folders = [plan.path]
    else:
        folders = [source_dir] if source_dir is not None else [os.path.dirname(plan.path) or ".", "."]
    root = plan.configuration.root_module if plan.configuration is not None else ConfiguredModule()
    for folder in dict.fromkeys(folders):
        files = dict(_read_module(folder, root, set()))
        installed = _read(os.path.join(folder, MODULES_FILE)) or ""
        if installed:
            files.update(_read_installed(folder, installed))
        sources = Sources(files, displayed(folder), _calls(root), installed)
        if any(sources.locate(resource.place) is not None for resource in plan.resources[:50]):
            contents.update(files)
            return sources
    return None


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
    for name in sorted(os.listdir(folder)):
        if name.endswith(MODULE_FILES):
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
