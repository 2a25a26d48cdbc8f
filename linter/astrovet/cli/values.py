"""What the command line and the configuration say of Helm values."""

from __future__ import annotations

import os
import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from astrovet.cli.bounds import displayed
from astrovet.cli.files import Disk
from astrovet.cli.files_below import FilesBelow, is_utf8
from astrovet.declared.configuration import Config, DeclaredAgent
from astrovet.formats.text_file import TextFile
from astrovet.helm.conventions import BASE_WORDS, ENDINGS, FOLDERS_OF_ENVIRONMENTS, environment_of
from astrovet.helm.release import Setting, SettingKind, ValuesFile
from astrovet.place import Place
from astrovet.readers.agent.helm_inputs import AgentLayers, HelmInputs
from astrovet.readers.source_file import Role, SourceFile
from astrovet.secrecy import without_credentials
from astrovet.value import Known

_NAME = r"[A-Za-z_][\w.\[\]-]{0,80}"
"""What may be shown of a flag: the name that it sets, never the value."""


def settings(flags: Mapping[SettingKind, Sequence[str]]) -> tuple[Setting, ...]:
    """The settings that are given by hand, in Helm's order."""
    from astrovet.helm.set_flags import FLAG_ORDER  # rarely needed

    return tuple(
        Setting(kind, "", Known(argument, _place(kind, argument)), _place(kind, argument))
        for kind in FLAG_ORDER
        for argument in flags.get(kind, ())
    )


def files_of_flag(names: str) -> tuple[str, ...]:
    """The files of one flag: with commas between them it names several, as Helm's does."""
    return (names,) if "," not in names or os.path.exists(names) else tuple(filter(None, names.split(",")))


def _place(kind: SettingKind, argument: str) -> Place:
    name, equals, _ = argument.partition("=")
    is_shown = equals and re.fullmatch(_NAME, name) and without_credentials(name) == name
    return Place(f"--{kind} {name}" if is_shown else f"--{kind}")


def helm_inputs(
    files: Sequence[SourceFile],
    folders: Sequence[str],
    given: tuple[Setting, ...],
    config_of: Callable[[str], Config],
    disk: Disk,
) -> HelmInputs:
    """What is known of the values files of a run besides the files themselves.

    Args:
        files: the files of the run.
        folders: the folders that are scanned whole.
        given: what is set by hand.
        config_of: the settings for an input.
        disk: where files are that these name.
    """
    of_yaml = [file.path for file in files if file.path.endswith(ENDINGS) and file.role is not Role.VALUES]
    looked_in = tuple(dict.fromkeys((*folders, *(os.path.dirname(path) or "." for path in of_yaml))))
    by_hand = {path: file for setting in given for path, file in _files_of(setting, disk)}
    paths = frozenset(of_yaml)
    whole = tuple(os.path.join(os.path.abspath(folder), "") for folder in folders)
    agents: dict[Place, AgentLayers] = {}
    for folder in looked_in:
        config = config_of(folder)
        for agent in config.agents:
            is_below = os.path.abspath(config.path).startswith(whole) if whole else False
            if is_below or any(displayed(layer.value) in paths for layer in agent.values):
                agents[agent.place] = _agent(agent)
    return HelmInputs(given, tuple(agents.values()), ChainMap(by_hand, FilesBelow(disk, tells=True)))  # type: ignore[arg-type]


def _files_of(setting: Setting, disk: Disk) -> Iterator[tuple[str, TextFile]]:
    """The file that a `--set-file` names; where it is not there, what it sets is unknown, with that reason."""
    if setting.kind is SettingKind.FILE and isinstance(setting.value, Known):
        path = str(setting.value.value).partition("=")[2]
        file = disk.file(path if path != "-" else "./-")
        if not file.fault and is_utf8(file):
            yield path, file


def _agent(agent: DeclaredAgent) -> AgentLayers:
    files = (ValuesFile((displayed(layer.value),), layer.place) for layer in agent.values)
    given = (Setting(SettingKind.TYPED, "", setting, setting.place) for setting in agent.settings)
    return AgentLayers(agent.name, (*files, *given), agent.deployment, agent.cluster, agent.place)


def beside(path: str, known: Iterable[str], disk: Disk) -> Iterator[SourceFile]:
    """The files around a named one that belong to it by their names, but for those that are in the run."""
    if not path.endswith(ENDINGS):
        return
    seen = set(known)
    for other in map(displayed, _around(path, disk)):
        if other not in seen and (environment_of(displayed(path), other) or environment_of(other, displayed(path))):
            seen.add(other)
            yield SourceFile(disk.file(other), Role.BESIDE)


def _around(path: str, disk: Disk) -> Iterator[str]:
    """The YAML files in the folders where a layer over this one, or the one under it, can lie."""
    folder = os.path.dirname(path)
    parents = [folder, os.path.join(folder, ".."), os.path.join(folder, "..", "..")]
    folders = [*parents, *(os.path.join(parent, word) for parent in parents[1:] for word in BASE_WORDS)]
    for top in (folder, parents[1]) if os.path.basename(os.path.abspath(folder or ".")) in BASE_WORDS else (folder,):
        folders += _folders_in(top, disk)
        for word in FOLDERS_OF_ENVIRONMENTS:
            folders += _folders_in(os.path.join(top, word), disk)
    for searched in folders:
        for name in _names_in(searched, disk):
            if name.endswith(ENDINGS):
                yield os.path.join(searched, name)


def _folders_in(folder: str, disk: Disk) -> list[str]:
    paths = [os.path.join(folder, name) for name in _names_in(folder, disk) if not name.startswith(".")]
    return [path for path in paths if os.path.isdir(path)]


def _names_in(folder: str, disk: Disk) -> list[str]:
    """Nobody named the folder: where it lies outside of the repository there is nothing to tell."""
    return disk.names_in(folder) if disk.holds(folder) else []
