"""The left edge: from what the user named to files. Nothing else of astrovet opens one for reading."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from io import BufferedReader
from typing import BinaryIO

from msgspec.structs import replace

from astrovet.cli.bounds import HOW, OUTSIDE, Bounds, bounds_of, displayed, shown_below
from astrovet.cli.ignored import Ignored
from astrovet.cli.project_files import is_of_project
from astrovet.cli.templates import chart_of, is_flow, is_template, may_install_agents, may_make_agents, needs_rendering
from astrovet.document import Note, Problem
from astrovet.formats.text_file import TextFile
from astrovet.helm.conventions import KUSTOMIZATIONS
from astrovet.helm.deployment_file import begins_as_deployment_file
from astrovet.place import Place
from astrovet.readers.source_file import (
    DOCKERFILES,
    PLAN_LIMIT,
    SOURCE_LIMIT,
    VALUES_LIMIT,
    Role,
    SizeLimit,
    SourceFile,
    faulty,
    may_be_manifest,
)
from astrovet.terraform.file_names import MODULE_FILES, SOURCES
from astrovet.terraform.plan.printed import may_be_terraform

LOOKED_AT = (".yaml", ".yml", ".json", "helmfile.yaml.gotmpl", *KUSTOMIZATIONS, *DOCKERFILES, *SOURCES)

PASSED_OVER = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
"""Folders that hold no inputs of their own; hidden ones (.git, .terraform, .venv) are passed over too."""

UNIT = "terragrunt.hcl"
PLAN_NAME = re.compile(r"(?:.*[-_.])?(?:tf)?(?:plan|state)(?:[-_.].*)?\.json", re.IGNORECASE)
"""What people call the JSON of a plan or a state."""

HEAD_BYTES = 8192
"""Of a JSON file that nobody named: enough to tell what it is, and all that most have."""


class Disk:
    """The disk as one run sees it: every file is opened once, whoever asks for it and however often.

    Only regular files of bounded size are opened, and only those that the user named or that lie in the
    repositories that hold what is scanned, whatever links lead there. What was refused is kept, to be told.
    """

    def __init__(self, stdin_name: str = "", bounds: Bounds | None = None, *, heeds_git: bool = True) -> None:
        self.refused: dict[str, Problem] = {}
        """Why files and folders that the run came to were not read, by path."""
        self.units: list[str] = []
        """The files of Terragrunt that walks came to."""
        self.empty_plans: list[str] = []
        """The files that are called like plans, and hold nothing, that walks came to."""
        self._stdin_name = stdin_name
        self._bounds = bounds or bounds_of((".",))
        self._opened: dict[str, TextFile] = {}
        self._asked_for: set[str] = set()
        self._real: dict[str, str] = {}
        """Folders without links on the way, by the names that were asked for."""
        self._ignored = Ignored(self.file) if heeds_git else None

    def file(self, name: str, limit: SizeLimit | None = None, *, is_named: bool = False) -> TextFile:
        """A file by its name; `-` is standard input. A fault is told later, beside other findings.

        Args:
            name: its path.
            limit: how large it may be; else its name tells.
            is_named: the user named it: it may lie anywhere.
        """
        path = name if name == "-" else displayed(name)
        self._asked_for.add(path)
        return self._once(name, path, limit, is_named=is_named)

    def _once(self, name: str, path: str, limit: SizeLimit | None = None, *, is_named: bool = False) -> TextFile:
        if path not in self._opened:
            file = self._read(name, path, limit or _limit_of(name), is_named=is_named or path in self._bounds.named)
            self._opened[path] = file
        return self._opened[path]

    def peek(self, name: str, limit: SizeLimit) -> str:
        """The text of a file that no verdict rests on, wherever it lies; empty where it cannot be read."""
        if not os.path.isfile(name):
            return ""
        file = self._read(name, displayed(name), limit, is_named=True)
        return "" if file.fault else file.data.decode("utf-8", "replace")

    def opened(self, path: str) -> TextFile | None:
        """A file that the run has opened already, by its path as reports show it."""
        return self._opened.get(path)

    @property
    def asked_for(self) -> frozenset[str]:
        """The files that something in the run asked for by name; a walk alone comes to many that nothing rests on."""
        return frozenset(self._asked_for)

    def json_of_use(self, name: str) -> TextFile | None:
        """A JSON file, where it begins as one that is an input does; of another long one no more is read."""
        path = displayed(name)
        if path not in self._opened:
            file = self._read(name, path, PLAN_LIMIT, is_named=path in self._bounds.named, is_wanted=_may_be_of_use)
            if file.fault or _may_be_of_use(file.data) or len(file.data) < HEAD_BYTES:
                self._opened[path] = file
        file_or_none = self._opened.get(path)
        return file_or_none if file_or_none is not None and _may_be_of_use(file_or_none.data) else None

    def _read(
        self,
        name: str,
        path: str,
        limit: SizeLimit,
        *,
        is_named: bool,
        is_wanted: Callable[[bytes], bool] | None = None,
    ) -> TextFile:
        """A file, read through the gate; of one that is not wanted by its beginning, the beginning."""
        try:
            if name == "-":
                if sys.stdin is None:
                    return TextFile(self._stdin_name, b"", "standard input is closed")
                return _limited(self._stdin_name, sys.stdin.buffer, limit, 0)
            real = self._without_links(name)
            if not is_named and not self._bounds.hold(real):
                os.stat(real)  # raises where there is nothing
                return self._refuse(path, f"this {OUTSIDE}, and was not read", HOW)
            with _opened(name if is_named else real, may_be_pipe=path in self._bounds.pipes) as stream:
                if is_wanted is not None:
                    head = stream.read(HEAD_BYTES)
                    if not is_wanted(head):
                        return TextFile(path, head)
                    stream.seek(0)
                file = _limited(path, stream, limit, os.fstat(stream.fileno()).st_size)
        except FileNotFoundError:
            return TextFile(path, b"", "there is no such file")
        except IsADirectoryError:
            return TextFile(path, b"", "this is a folder; a file is expected")
        except _IrregularError as error:
            return self._refuse(path, f"this is {error}, and was not read", "a regular file is expected here")
        except ValueError:
            return TextFile(path, b"", "this is no name of a file")
        except OSError as error:
            return self._refuse(path, f"it cannot be read ({error.strerror})", "")
        if file.fault and not file.data:  # else readers look at what it begins with, and tell where it matters
            return self._refuse(path, file.fault, file.how)
        return file

    def _refuse(self, path: str, why: str, how: str, *related: Note) -> TextFile:
        file = TextFile(path, b"", why, how)
        problem = faulty(SourceFile(file, Role.FOUND))
        self.refused[path] = replace(problem, related=related)
        return file

    def refuse(self, name: str, why: str, how: str) -> None:
        """Tell of a file that is there and is not read."""
        self._refuse(displayed(name), why, how)

    def _without_links(self, name: str) -> str:
        """The same path without links on the way."""
        folder, base = os.path.split(name)
        path = os.path.join(self._folder_without_links(folder), base)
        return os.path.realpath(path) if base in {"", ".", ".."} or os.path.islink(path) else path

    def _folder_without_links(self, folder: str) -> str:
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder or ".")
        return self._real[folder]

    def may_read(self, path: str) -> bool:
        """Whether a file is one that the user named, or lies where the run may read."""
        return displayed(path) in self._bounds.named or self._bounds.hold(self._without_links(path))

    def holds(self, folder: str) -> bool:
        """Whether what lies in a folder may be read."""
        return self._bounds.hold(self._folder_without_links(folder))

    def names_in(self, folder: str, *related: Note) -> list[str]:
        """The names in a folder, none where it is none. One that may not be read is told with what led there."""
        if not os.path.isdir(folder or "."):
            return []
        path = displayed(folder)
        if not self.holds(folder):
            self._refuse(path, f"this folder {OUTSIDE}, and what it holds was not read", HOW, *related)
            return []
        try:
            return sorted(os.listdir(folder or "."))
        except OSError as error:
            self._refuse(path, f"the folder cannot be read ({error.strerror})", "", *related)
            return []

    def below(self, folder: str, excluded: Sequence[str]) -> Iterator[SourceFile]:
        """The files below a folder that may be inputs, in the order of their names.

        A folder that cannot be listed is one of them, with its fault: what it holds must not look judged.
        """
        closed: list[OSError] = []
        ignored = self._ignored if self._ignored is not None and not self._ignored.folder(folder) else None
        for directory, folders, names in os.walk(folder, onerror=closed.append):
            folders[:] = sorted(
                name
                for name in folders
                if not name.startswith(".")
                and name not in PASSED_OVER
                and not is_excluded(os.path.join(directory, name), excluded)
                and not (ignored and ignored.folder(os.path.join(directory, name)))
            )
            for link in (os.path.join(directory, name) for name in folders):
                if os.path.islink(link) and not self.holds(link):
                    self._refuse(displayed(link), f"this folder {OUTSIDE}, and what it holds was not read", HOW)
            shown = displayed(directory)
            for name in sorted(names):
                path = os.path.join(directory, name)
                if name == UNIT and not is_excluded(path, excluded):
                    self.units.append(shown_below(shown, name))
                if not name.endswith(LOOKED_AT) or is_excluded(path, excluded):
                    continue
                if not os.path.exists(path) and not name.endswith(SOURCES):  # Terraform takes each of its files
                    continue
                if ignored and ignored.file(path):
                    continue
                is_json = name.endswith(".json") and not name.endswith(SOURCES)
                file = self.json_of_use(path) if is_json else self._once(path, shown_below(shown, name))
                if file is None:
                    if PLAN_NAME.fullmatch(name) and self._is_blank(path):
                        self.empty_plans.append(shown_below(shown, name))
                    continue
                yield from self.of_interest(file)
        for error in closed:
            fault = f"the folder cannot be read ({error.strerror})"
            yield SourceFile(TextFile(displayed(error.filename), b"", fault), Role.FOUND)

    def _is_blank(self, name: str) -> bool:
        file = self._opened.get(displayed(name))
        return file is not None and not file.fault and not file.data.strip()

    def of_interest(self, file: TextFile, *, is_alone: bool = False) -> Iterator[SourceFile]:
        """A file that need not concern us; none for a template of a chart that has nothing to do with agents."""
        if file.path.endswith(DOCKERFILES) and not is_of_project(file.path, file.data):
            return
        if is_flow(file.path, file.data):
            if may_install_agents(file.data):
                yield SourceFile(file, Role.FOUND, is_alone, is_template=True)
            return
        path = chart_of(file.path)
        is_open = is_template(file.path) and needs_rendering(file.data)
        if not is_open or may_make_agents(file.data, self._once(path, path).data):
            yield SourceFile(file, Role.FOUND, is_alone, is_open)

    def with_called_modules(self, files: Sequence[SourceFile]) -> list[SourceFile]:
        """The files, and those of the local modules that Terraform sources among them call from outside."""
        known = {file.path: file for file in files}
        folders = {os.path.dirname(file.path) for file in files if file.path.endswith(SOURCES)}
        pending = [file for file in files if file.path.endswith(MODULE_FILES)]
        while pending:
            file = pending.pop()
            for call in re.finditer(rb'"?source"?\s*[=:]\s*"(\.\.?/[^"$]*)"', file.data):
                folder = displayed(os.path.join(os.path.dirname(file.path), call[1].decode("utf-8", "replace")))
                if folder in folders:
                    continue
                folders.add(folder)
                for name in self.names_in(folder, _called_from(file, call.start())):
                    path = os.path.join(folder, name)
                    if name.endswith(MODULE_FILES) and displayed(path) not in known:
                        called = SourceFile(self.file(path), Role.FOUND)
                        known[called.path] = called
                        pending.append(called)
        return list(known.values())


def _called_from(file: SourceFile, start: int) -> Note:
    """The line of a module's source."""
    line = file.data.count(b"\n", 0, start) + 1
    return Note("called from here", Place(file.path, line, 1))


class _IrregularError(Exception):
    """What stands in a file's place is none; the text says what it is."""


def _opened(name: str, *, may_be_pipe: bool) -> BufferedReader:
    """A regular file, opened such that nothing else is waited for, even where one takes its place meanwhile."""
    mode = os.stat(name).st_mode
    if stat.S_ISFIFO(mode) and may_be_pipe:
        return open(name, "rb")  # the user wants what will be written into it
    _check(mode)
    descriptor = os.open(name, os.O_RDONLY | _AT_ONCE)
    try:
        _check(os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


_AT_ONCE: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)


def _check(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if not stat.S_ISREG(mode):
        what = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise _IrregularError(what)


def _may_be_of_use(data: bytes) -> bool:
    return may_be_terraform(data) or may_be_manifest(data) or begins_as_deployment_file(data)


def _limit_of(name: str) -> SizeLimit:
    if name.endswith(SOURCES):
        return SOURCE_LIMIT
    return VALUES_LIMIT if name.endswith((".yaml", ".yml", *DOCKERFILES)) else PLAN_LIMIT


def _limited(path: str, stream: BinaryIO, limit: SizeLimit, size: int) -> TextFile:
    """The file, if it is not larger than its limit, whatever its size is said to be; else what it begins with."""
    if size > limit.size:
        return TextFile(path, stream.read(limit.looked_at), limit.why, limit.how)
    parts: list[bytes] = []
    left = limit.size + 1
    while left and (part := stream.read(min(left, max(size + 1, 65536)))):
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    return TextFile(path, data) if left else TextFile(path, data[: limit.looked_at], limit.why, limit.how)


def is_excluded(path: str, excluded: Sequence[str]) -> bool:
    """Whether a glob leaves it out."""
    shown = displayed(path)
    return any(_matches(shown, pattern) for pattern in excluded)


def _matches(path: str, pattern: str) -> bool:
    """A glob over the whole path, the file's name, or a folder on the way."""
    parts = path.split("/")
    beginnings = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any(fnmatchcase(part, pattern.rstrip("/")) for part in (*parts, *beginnings))
