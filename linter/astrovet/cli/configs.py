"""Which configuration holds for which input, and the reading of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from astrovet.cli.files import Disk
from astrovet.declared.configuration import (
    FILE_NAME,
    PYPROJECT,
    PYPROJECT_TABLE,
    SLIPS,
    Config,
    ConfigError,
    ConfigProblem,
)
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

    here = os.path.abspath(".")

    def of_folder(folder: str, *, is_absolute: bool) -> Config:
        if folder not in by_folder:
            config = _config_in(folder, disk, is_absolute=is_absolute)
            parent = os.path.dirname(folder)
            at_top = parent == folder or os.path.exists(os.path.join(folder, ".git"))
            by_folder[folder] = config or (Config() if at_top else of_folder(parent, is_absolute=is_absolute))
        return by_folder[folder]

    def of_input(path: str) -> Config:
        absolute = os.path.abspath(path)
        folder = absolute if os.path.isdir(absolute) else os.path.dirname(absolute)
        return of_folder(folder if disk.holds(folder) else here, is_absolute=os.path.isabs(path))

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


def _config_in(folder: str, disk: Disk, *, is_absolute: bool) -> Config | None:
    """The settings of a folder. Those of the working directory hold wherever that is.

    Of a folder above all that is scanned they are not read, and that is told: there is no repository that it is the
    top of, so it may be anybody's. It is called as the input is that asks: relative to the working directory, or not.
    """
    is_here = folder == os.path.abspath(".") and not disk.holds(folder)
    folder = folder if is_absolute else os.path.relpath(folder)
    path = os.path.join(folder, FILE_NAME)
    if _is_file(path):
        return _config(disk.file(path, is_named=is_here))
    for slip in SLIPS:
        if _is_file(other := os.path.join(folder, slip)) and (is_here or disk.holds(folder)):
            disk.refuse(other, "this looks like a configuration of astrovet, and was not read", f"call it {FILE_NAME}")
    path = os.path.join(folder, PYPROJECT)
    if _is_file(path) and (is_here or disk.holds(folder)):
        file = disk.file(path, is_named=is_here)  # the run tells where it cannot be read
        if PYPROJECT_TABLE in file.data:
            return _config(file)
    return None


def _is_file(path: str) -> bool:
    """Something that is no folder: a device or a pipe is refused when it is read, and told."""
    return os.path.exists(path) and not os.path.isdir(path)


def _config(file: TextFile) -> Config:
    if file.fault:
        raise ConfigError([ConfigProblem(Place(file.path), f"{file.fault}; {file.how}".removesuffix("; "))])
    from astrovet.declared.configuration_file import read_config  # many repositories have none

    return read_config(file)
