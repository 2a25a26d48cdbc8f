"""The left edge: from what the user named to files. Nothing else of astrovet opens one for reading."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from astrovet.formats.text_file import TextFile
from astrovet.readers.source_file import Role, SourceFile
from astrovet.terraform.file_names import MODULE_FILES, SOURCES
from astrovet.terraform.plan.printed import may_be_terraform

LOOKED_AT = (".yaml", ".yml", ".json", *SOURCES)

PASSED_OVER = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
"""Folders that hold no inputs of their own; hidden ones (.git, .terraform, .venv) are passed over too."""

HEAD_BYTES = 8192
"""Of a JSON file that nobody named: enough to tell what it is, and all that most have."""
MAX_TEMPLATE_BYTES = 8 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Disk:
    """The disk as one run sees it: every file is opened once, whoever asks for it and however often."""

    def __init__(self, stdin_name: str = "") -> None:
        self._stdin_name = stdin_name
        self._opened: dict[str, TextFile] = {}

    def file(self, name: str) -> TextFile:
        """A file by its name; `-` is standard input. A fault is told later, beside other findings."""
        path = name if name == "-" else displayed(name)
        if path not in self._opened:
            self._opened[path] = self._open(name, path)
        return self._opened[path]

    def _open(self, name: str, path: str) -> TextFile:
        if name == "-":
            return TextFile(self._stdin_name, sys.stdin.buffer.read())
        try:
            with open(name, "rb") as stream:
                return TextFile(path, stream.read())
        except FileNotFoundError:
            return TextFile(path, b"", "there is no such file")
        except IsADirectoryError:
            return TextFile(path, b"", "this is a folder; a file is expected")
        except OSError as error:
            return TextFile(path, b"", f"it cannot be read ({error.strerror})")

    def file_that_may_be_terraform(self, name: str) -> TextFile | None:
        """A JSON file, where it begins as a plan or a state does; of a long one that does not, no more is read."""
        path = displayed(name)
        if path not in self._opened:
            try:
                with open(name, "rb") as stream:
                    head = stream.read(HEAD_BYTES)
                    is_wanted = may_be_terraform(head)
                    if is_wanted or len(head) < HEAD_BYTES:
                        self._opened[path] = TextFile(path, head + (stream.read() if is_wanted else b""))
            except OSError:
                return None
        file = self._opened.get(path)
        return file if file is not None and may_be_terraform(file.data) else None

    def below(self, folder: str, excluded: Sequence[str]) -> Iterator[SourceFile]:
        """The files below a folder that may be inputs, in the order of their names.

        A folder that cannot be listed is one of them, with its fault: what it holds must not look judged.
        """
        closed: list[OSError] = []
        for directory, folders, names in os.walk(folder, onerror=closed.append):
            folders[:] = sorted(
                name
                for name in folders
                if not name.startswith(".")
                and name not in PASSED_OVER
                and not passed_over(os.path.join(directory, name), excluded)
            )
            for name in sorted(names):
                path = os.path.join(directory, name)
                if not name.endswith(LOOKED_AT) or passed_over(path, excluded) or not os.path.isfile(path):
                    continue
                is_json = name.endswith(".json") and not name.endswith(SOURCES)
                file = self.file_that_may_be_terraform(path) if is_json else self.file(path)
                if file is not None:
                    yield SourceFile(file, Role.FOUND)
        for error in closed:
            fault = f"the folder cannot be read ({error.strerror})"
            yield SourceFile(TextFile(displayed(error.filename), b"", fault), Role.FOUND)

    def with_called_modules(self, files: Sequence[SourceFile]) -> list[SourceFile]:
        """The files, and those of the local modules that Terraform sources among them call from outside."""
        known = {file.path: file for file in files}
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
                    if name.endswith(MODULE_FILES) and displayed(path) not in known:
                        called = SourceFile(self.file(path), Role.FOUND)
                        known[called.path] = called
                        pending.append(called)
        return list(known.values())


class FilesBelow(Mapping[str, TextFile]):
    """Further files that inputs name (`file`, `templatefile`, layers of values): only below the given folders.

    It lists nothing: a file is there when it is asked for, and only where it is UTF-8 of no excessive size.
    """

    def __init__(self, disk: Disk, folders: Sequence[str]) -> None:
        self._disk = disk
        self._tops = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)

    def __getitem__(self, path: str) -> TextFile:
        real = os.path.realpath(path)
        if not real.startswith(self._tops) or not _is_readable(real):
            raise KeyError(path)
        file = self._disk.file(path)
        if file.fault or not is_utf8(file):
            raise KeyError(path)
        return file

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _is_readable(path: str) -> bool:
    try:
        return os.path.isfile(path) and os.path.getsize(path) <= MAX_TEMPLATE_BYTES
    except OSError:
        return False


def is_utf8(file: TextFile) -> bool:
    """Whether its bytes are text as Terraform and Helm read it."""
    return not file.decoded.problems or (bool(file.content) and file.data.startswith(BYTE_ORDER_MARK))


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
    chart, templates, _ = f"/{path}/".rpartition("/templates/")
    return bool(templates) and os.path.isfile(os.path.join(chart[1:], "Chart.yaml"))


def displayed(path: str) -> str:
    """A path as reports show it: relative to the working directory where it lies below it, with `/`."""
    normal = os.path.normpath(path)
    if os.path.isabs(normal):
        relative = os.path.relpath(normal)
        if not relative.startswith(".."):
            normal = relative
    return normal.replace(os.sep, "/")
