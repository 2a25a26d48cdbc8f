"""The Terraform sources that a run evaluates, with what they are evaluated by."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from astrovet.cli.bounds import displayed, project_of
from astrovet.cli.files import Disk
from astrovet.cli.files_below import FilesBelow
from astrovet.declared.configuration import Config, ConfigError, ConfigProblem
from astrovet.readers.source_file import Role, SourceFile, TerraformSources
from astrovet.terraform.file_names import SOURCES
from astrovet.terraform.source.environment import NONE, Environment, InstalledModule, VariableTexts

TF_VAR = "TF_VAR_"
SELECTED = os.path.join(".terraform", "environment")


def sources_of(
    files: Sequence[SourceFile],
    exclude: Sequence[str],
    var_files: Sequence[str],
    source_dir: str | None,
    folders: Sequence[str],
    config_of: Callable[[str], Config],
    disk: Disk,
    *,
    heeds_environment: bool,
) -> TerraformSources:
    """The Terraform sources to evaluate: those found, and around a named one its whole project.

    With `heeds_environment` the values and the workspace count that Terraform's environment variables give.
    """
    of_terraform = [file for file in files if file.path.endswith(SOURCES) and not file.fault]
    if not of_terraform:
        return TerraformSources()
    named = [file for file in of_terraform if file.is_alone]
    tops = tuple(dict.fromkeys(project_of(file.path) for file in named))
    around = [file for top in tops for file in disk.below(top, exclude) if file.path.endswith(SOURCES)]
    given = [SourceFile(disk.file(name), Role.NAMED) for name in var_files]
    by_hand = Environment("", tuple(file.path for file in given))
    if heeds_environment:
        by_hand = replace(by_hand, workspace=os.environ.get("TF_WORKSPACE") or None, variables=_variables())
    environments = _environments((*around, *of_terraform), by_hand, config_of, disk)
    named_there = dict.fromkeys(path for uses in environments.values() for use in uses for path in use.var_files)
    given += [SourceFile(disk.file(path), Role.NAMED) for path in named_there if path not in by_hand.var_files]
    every = disk.with_called_modules(list({file.path: file for file in (*around, *of_terraform, *given)}.values()))
    installed, fetched = _fetched(every, disk)
    return TerraformSources(
        files=(*every, *fetched),
        installed=installed,
        others=FilesBelow(disk),
        listing=FilesBelow(disk),
        named=frozenset(map(displayed, folders)) - {"."},
        environment=by_hand,
        environments=environments,
        folders=frozenset(os.path.dirname(file.path) for file in named) if len(named) == len(of_terraform) else None,
        covered=frozenset({displayed(source_dir)}) if source_dir is not None else frozenset(),
    )


def _fetched(files: Sequence[SourceFile], disk: Disk) -> tuple[dict[str, dict[str, InstalledModule]], list[SourceFile]]:
    if not any(os.path.isdir(os.path.join(os.path.dirname(file.path), ".terraform")) for file in files):
        return {}, []
    from astrovet.cli.sources import fetched_modules  # it brings the HCL scanner along

    return fetched_modules(files, disk)


def _variables() -> VariableTexts:
    given = os.environ.items()
    return VariableTexts({name.removeprefix(TF_VAR): text for name, text in given if name.startswith(TF_VAR)})


def _selected(folder: str, disk: Disk) -> str | None:
    """The workspace that `terraform workspace select` noted in the folder of a root module."""
    path = os.path.join(folder, SELECTED)
    if not (os.path.isfile(path) and disk.holds(folder)):
        return None
    return disk.file(path).content.strip() or None


def _environments(
    files: Sequence[SourceFile], by_hand: Environment, config_of: Callable[[str], Config], disk: Disk
) -> dict[str, tuple[Environment, ...]]:
    """The environments that the configuration declares, by the folder of their root module.

    Variable files given by hand have the last word in each; a workspace counts where none is declared. One that is
    selected in a folder counts where nothing else names one.
    Raises ConfigError for a root module that is not there.
    """
    declared: dict[str, tuple[Environment, ...]] = {}
    for folder in dict.fromkeys(os.path.dirname(file.path) or "." for file in files):
        uses = config_of(folder).environments
        for use in uses:
            if not os.path.isdir(use.root):
                raise ConfigError(
                    [ConfigProblem(use.place, f"there is no folder {displayed(use.root)} of a root module")]
                )
        of_this = [use.environment for use in uses if os.path.abspath(use.root) == os.path.abspath(folder)]
        workspace = by_hand.workspace or _selected(folder, disk)
        if of_this or workspace != by_hand.workspace:
            declared[folder] = tuple(
                Environment(
                    environment.name,
                    (*map(displayed, environment.var_files), *by_hand.var_files),
                    workspace if environment.workspace is None else environment.workspace,
                    by_hand.variables,
                )
                for environment in of_this or (NONE,)
            )
    return declared
