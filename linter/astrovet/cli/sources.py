"""The reading of the `.tf` files behind plans.

They are looked for in --source-dir, else where inputs show them, else beside the plan, else in the working directory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from astrovet.cli.bounds import displayed
from astrovet.cli.files import Disk
from astrovet.document import InputKind
from astrovet.formats.text_file import TextFile
from astrovet.readers.source_file import Role, SourceFile
from astrovet.terraform.file_names import module_files
from astrovet.terraform.plan.behind import Behind, Candidate
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.plan.shapes import ConfiguredModule
from astrovet.terraform.source.environment import InstalledModule

MODULES_FILE = os.path.join(".terraform", "modules", "modules.json")


def read_behind(
    plans: Sequence[Terraform],
    evaluated: Mapping[str, TextFile],
    source_dir: str | None,
    sources_of: Mapping[str, tuple[str, ...]],
    disk: Disk,
) -> Behind:
    """The sources behind the plans of a run.

    Args:
        plans: those, and what was evaluated from sources.
        evaluated: the sources that are inputs of the run, by path.
        source_dir: where the user says that the sources are.
        sources_of: the folders of root modules among the inputs that plans were made from, by the plans' paths.
        disk: where they are read from.
    """
    return Behind(
        [(plan, tuple(_candidates(plan, evaluated, source_dir, sources_of.get(plan.path, ()), disk))) for plan in plans]
    )


def _candidates(
    plan: Terraform,
    evaluated: Mapping[str, TextFile],
    source_dir: str | None,
    roots: Sequence[str],
    disk: Disk,
) -> Iterator[Candidate]:
    if plan.kind is InputKind.TERRAFORM_SOURCE:
        yield Candidate(displayed(plan.path), evaluated)
        return
    root = plan.configuration.root_module if plan.configuration is not None else ConfiguredModule()
    beside = tuple(folder for folder in (*roots, os.path.dirname(plan.path) or ".", ".") if disk.holds(folder))
    for folder in dict.fromkeys(beside if source_dir is None else (source_dir,)):
        files = dict(_read_module(folder, root, set(), disk))
        listed = os.path.join(folder, MODULES_FILE)
        installed = disk.file(listed).content if os.path.exists(listed) else ""
        files.update(_read_installed(folder, installed, disk) if installed else ())
        yield Candidate(displayed(folder), files, installed)


def _read_module(folder: str, module: ConfiguredModule, seen: set[str], disk: Disk) -> Iterator[tuple[str, TextFile]]:
    """The files of a module and of the local modules that it calls."""
    if folder not in seen:
        seen.add(folder)
        yield from _read_folder(folder, disk)
    for call in module.module_calls.values():
        if call.source.startswith(("./", "../")):
            yield from _read_module(os.path.normpath(os.path.join(folder, call.source)), call.module, seen, disk)


def _read_folder(folder: str, disk: Disk) -> Iterator[tuple[str, TextFile]]:
    for name in module_files(disk.names_in(folder)):
        file = disk.file(os.path.join(folder, name))
        if not file.fault:
            yield file.path, file


def fetched_modules(
    files: Sequence[SourceFile], disk: Disk
) -> tuple[dict[str, dict[str, InstalledModule]], list[SourceFile]]:
    """What `terraform init` fetched for the root modules among the files, by the folder of each, and its files."""
    installed: dict[str, dict[str, InstalledModule]] = {}
    files_of_modules: dict[str, SourceFile] = {}
    for folder in dict.fromkeys(os.path.dirname(file.path) or "." for file in files):
        listed = os.path.join(folder, MODULES_FILE)
        if os.path.isfile(listed) and disk.holds(folder):
            text = disk.file(listed).content
            installed[displayed(folder)] = {
                key: InstalledModule(source, displayed(os.path.join(folder, inner)), version)
                for key, source, inner, version in _listed(text)
            }
            known = {file.path for file in files}
            files_of_modules.update(
                (path, SourceFile(file, Role.BESIDE))
                for path, file in _read_installed(folder, text, disk)
                if path not in known
            )
    return installed, list(files_of_modules.values())


def _read_installed(folder: str, installed: str, disk: Disk) -> Iterator[tuple[str, TextFile]]:
    """The files of modules that `terraform init` fetched."""
    for _, _, inner, _ in _listed(installed):
        yield from _read_folder(os.path.normpath(os.path.join(folder, inner)), disk)


def _listed(installed: str) -> Iterator[tuple[str, str, str, str]]:
    """The key, the source, the folder and the version of each module of a `modules.json`."""
    import msgspec

    try:
        listed = msgspec.json.decode(installed.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, RecursionError):
        return
    modules = listed.get("Modules") if isinstance(listed, dict) else None
    for module in modules if isinstance(modules, list) else ():
        if isinstance(module, dict):
            key, source, inner, version = (module.get(name, "") for name in ("Key", "Source", "Dir", "Version"))
            are_texts = all(isinstance(text, str) for text in (key, source, inner, version))
            if are_texts and inner and not os.path.isabs(inner):
                yield key, source, inner, version
