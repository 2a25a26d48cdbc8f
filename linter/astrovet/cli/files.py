"""The left edge: from what the user named to the bytes of files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from astrovet.declared.configuration import Config, ConfigError, ConfigProblem
from astrovet.declared.configuration_file import FILE_NAME, PYPROJECT, PYPROJECT_TABLE, read_config
from astrovet.place import Place
from astrovet.readers.source_file import Role, SourceFile
from astrovet.terraform.file_names import MODULE_FILES, SOURCES
from astrovet.terraform.plan.printed import may_be_terraform

LOOKED_AT = (".yaml", ".yml", ".json", ".tf", ".tfvars")

PASSED_OVER = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
"""Folders that hold no inputs of their own; hidden ones (.git, .terraform, .venv) are passed over too."""

HEAD_BYTES = 512
MAX_TEMPLATE_BYTES = 8 * 1024 * 1024


def read_named(name: str, role: Role, stdin_name: str) -> SourceFile:
    """A file that the user named; `-` is standard input. A fault is told later, beside other findings."""
    if name == "-":
        return SourceFile(stdin_name, sys.stdin.buffer.read(), role)
    try:
        with open(name, "rb") as stream:
            return SourceFile(displayed(name), stream.read(), role)
    except FileNotFoundError:
        return SourceFile(displayed(name), b"", role, "there is no such file")
    except IsADirectoryError:
        return SourceFile(displayed(name), b"", role, "this is a folder; a file is expected")
    except OSError as error:
        return SourceFile(displayed(name), b"", role, f"it cannot be read ({error.strerror})")


def read_below(folder: str, excluded: Sequence[str]) -> Iterator[SourceFile]:
    """The files below a folder that may be inputs, in the order of their names.

    A folder that cannot be listed is one of them, with its fault: what it holds must not look judged.
    """
    closed: list[OSError] = []
    for directory, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".")
            and each not in PASSED_OVER
            and not passed_over(os.path.join(directory, each), excluded)
        )
        for name in sorted(names):
            path = os.path.join(directory, name)
            if not name.endswith(LOOKED_AT) or passed_over(path, excluded) or not os.path.isfile(path):
                continue
            if name.endswith(".json") and not name.endswith(SOURCES) and not may_be_terraform(_head(path)):
                continue
            yield read_named(path, Role.FOUND, "")
    for error in closed:
        yield SourceFile(displayed(error.filename), b"", Role.FOUND, f"the folder cannot be read ({error.strerror})")


def project_of(path: str) -> str:
    """The folder in which a Terraform file's root module is looked for: the repository, else its own folder."""
    folder = os.path.dirname(os.path.abspath(path))
    top = folder
    while not os.path.exists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return displayed(folder)
        top = parent
    return displayed(top)


def with_called_modules(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files, and those of the local modules that Terraform sources among them call from outside."""
    found = {file.path: file for file in files}
    folders = {os.path.dirname(file.path) for file in files if file.path.endswith(SOURCES)}
    pending = [file for file in files if file.path.endswith(MODULE_FILES)]
    while pending:
        file = pending.pop()
        for target in re.findall(rb'"?source"?\s*[=:]\s*"(\.\.?/[^"$]*)"', file.data):
            folder = displayed(os.path.join(os.path.dirname(file.path), target.decode("utf-8", "replace")))
            if folder in folders or not os.path.isdir(folder):
                continue
            folders.add(folder)
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                if name.endswith(MODULE_FILES) and displayed(path) not in found:
                    read = read_named(path, Role.FOUND, "")
                    found[read.path] = read
                    pending.append(read)
    return list(found.values())


class Disk(Mapping[str, str]):
    """Further files that Terraform sources read (`file`, `templatefile`): only below the given folders.

    It lists nothing: a file is there when it is asked for.
    """

    def __init__(self, folders: Sequence[str]) -> None:
        self._tops = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)

    def __getitem__(self, path: str) -> str:
        real = os.path.realpath(path)
        if not real.startswith(self._tops):
            raise KeyError(path)
        try:
            with open(real, "rb") as stream:
                return stream.read(MAX_TEMPLATE_BYTES).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise KeyError(path) from None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def cache_folder() -> str:
    """Where compiled grammars are kept: the user's cache folder; empty where it cannot be written."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(home, "astrovet")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return ""
    return folder


def passed_over(path: str, excluded: Sequence[str]) -> bool:
    """Excluded by a glob, or a template of a Helm chart, which is not YAML yet."""
    shown = displayed(path)
    return any(_matches(shown, pattern) for pattern in excluded) or _is_template(shown)


def _matches(path: str, pattern: str) -> bool:
    """A glob over the whole path, the file's name, or a folder on the way."""
    parts = path.split("/")
    beginnings = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any(fnmatchcase(part, pattern.rstrip("/")) for part in (*parts, *beginnings))


def _is_template(path: str) -> bool:
    chart, found, _ = f"/{path}/".rpartition("/templates/")
    return bool(found) and os.path.isfile(os.path.join(chart[1:], "Chart.yaml"))


def displayed(path: str) -> str:
    """A path as reports show it: relative to the working directory where it lies below it, with `/`."""
    normal = os.path.normpath(path)
    if os.path.isabs(normal):
        relative = os.path.relpath(normal)
        if not relative.startswith(".."):
            normal = relative
    return normal.replace(os.sep, "/")


def config_finder(named: str | None) -> Callable[[str], Config]:
    """Gives the settings for an input: those of --config, else of the nearest file upwards in the repository.

    Raises ConfigError where a configuration cannot be used.
    """
    if named is not None:
        fixed = _read_config(named)
        return lambda _: fixed
    by_folder: dict[str, Config] = {}

    def of_folder(folder: str) -> Config:
        if folder not in by_folder:
            config, parent = _config_in(folder), os.path.dirname(folder)
            at_top = parent == folder or os.path.exists(os.path.join(folder, ".git"))
            by_folder[folder] = config or (Config() if at_top else of_folder(parent))
        return by_folder[folder]

    def of_input(path: str) -> Config:
        absolute = os.path.abspath(path)
        return of_folder(absolute if os.path.isdir(absolute) else os.path.dirname(absolute))

    return of_input


def _config_in(folder: str) -> Config | None:
    path = os.path.join(folder, FILE_NAME)
    if os.path.isfile(path):
        return _read_config(path)
    path = os.path.join(folder, PYPROJECT)
    if os.path.isfile(path):
        with open(path, "rb") as stream:
            data = stream.read()
        if PYPROJECT_TABLE in data:
            return read_config(displayed(path), data)
    return None


def _read_config(path: str) -> Config:
    file = read_named(path, Role.NAMED, "")
    if file.fault:
        raise ConfigError([ConfigProblem(Place(file.path), file.fault)])
    return read_config(file.path, file.data)


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""
