"""Which configuration holds for which input, and the reading of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from astrovet.cli.files import Disk
from astrovet.declared.configuration import FILE_NAME, PYPROJECT, PYPROJECT_TABLE, Config, ConfigError, ConfigProblem
from astrovet.formats.text_file import TextFile
from astrovet.place import Place


def config_finder(named: str | None, disk: Disk) -> Callable[[str], Config]:
    """Gives the settings for an input: those of --config, else of the nearest file upwards in the repository.

    Raises ConfigError where a configuration cannot be used.
    """
    if named is not None:
        fixed = _config(disk.file(named))
        return lambda _: fixed
    by_folder: dict[str, Config] = {}

    def of_folder(folder: str) -> Config:
        if folder not in by_folder:
            config, parent = _config_in(folder, disk), os.path.dirname(folder)
            at_top = parent == folder or os.path.exists(os.path.join(folder, ".git"))
            by_folder[folder] = config or (Config() if at_top else of_folder(parent))
        return by_folder[folder]

    def of_input(path: str) -> Config:
        absolute = os.path.abspath(path)
        return of_folder(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))

    return of_input


def settled(config_of: Callable[[str], Config], paths: Iterable[str]) -> Callable[[str], Config]:
    """The same for these paths, with everything read, so that whoever judges opens nothing.

    Any other path has the settings of the nearest folder above it that is known, else those that hold where the
    run began. A configuration that cannot be used is told when it is asked for.
    """
    known: dict[str, Config | ConfigError] = {}
    by_folder: dict[str, Config | ConfigError] = {}
    pending = list(dict.fromkeys(paths))
    while pending:
        path = pending.pop()
        known[path] = by_folder[os.path.dirname(path)] = config = _tried(config_of, path)
        if isinstance(config, Config) and config.path and config.path not in known:
            pending.append(config.path)
    here = _tried(config_of, ".")

    def of_path(path: str) -> Config:
        config, folder = known.get(path), os.path.dirname(path)
        while config is None:
            config = by_folder.get(folder) if folder else here
            folder = os.path.dirname(folder) if os.path.dirname(folder) != folder else ""
        if isinstance(config, ConfigError):
            raise config
        return config

    return of_path


def _tried(config_of: Callable[[str], Config], path: str) -> Config | ConfigError:
    try:
        return config_of(path)
    except ConfigError as error:
        return error


def _config_in(folder: str, disk: Disk) -> Config | None:
    path = os.path.join(folder, FILE_NAME)
    if os.path.isfile(path):
        return _config(disk.file(path))
    path = os.path.join(folder, PYPROJECT)
    if os.path.isfile(path):
        file = disk.file(path)
        if PYPROJECT_TABLE in file.data:
            return _config(file)
    return None


def _config(file: TextFile) -> Config:
    if file.fault:
        raise ConfigError([ConfigProblem(Place(file.path), file.fault)])
    from astrovet.declared.configuration_file import read_config  # many repositories have none

    return read_config(file)
