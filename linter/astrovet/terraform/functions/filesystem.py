"""Terraform's filesystem functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments, text_of
from astrovet.terraform.functions.file_patterns import matches, steps_of
from astrovet.terraform.values.common_type import as_set
from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.plain_data import listed, moved
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import STRING
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, text


class Files(Protocol):
    """The files that the module of an expression can read."""

    def file(self, path: str) -> TextFile | None:
        """A file; None where it is not at hand."""

    def template(self, path: str) -> TextFile | None:
        """The same, read as a template."""

    def is_absent(self, path: str) -> bool:
        """Whether there surely is no such file."""

    def below(self, folder: str) -> Sequence[str] | None:
        """The files below a folder, by their paths from there; None where that cannot be told."""

    def fill(self, template: str, variables: Mapping[str, Value[Tree]], place: Place) -> Value[Tree]:
        """What a template makes of these variables."""


class NoFiles:
    """Where there is no module."""

    def file(self, path: str) -> TextFile | None:  # noqa: ARG002
        return None

    def template(self, path: str) -> TextFile | None:
        return self.file(path)

    def is_absent(self, path: str) -> bool:  # noqa: ARG002
        return False

    def below(self, folder: str) -> Sequence[str] | None:  # noqa: ARG002
        return None

    def fill(self, template: str, variables: Mapping[str, Value[Tree]], place: Place) -> Value[Tree]:  # noqa: ARG002
        return Unknown("there is no module whose template it is", place)


def basename(path: Any) -> str:
    whole = as_text(path)
    if not whole:
        return "."
    return whole.rstrip("/").rpartition("/")[2] or "/"


def dirname(path: Any) -> str:
    from posixpath import normpath

    folder = normpath("".join(as_text(path).rpartition("/")[:2]) or ".")
    return folder[1:] if folder.startswith("//") else folder


def file(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    """The content counts as written: it is as literal as what stands in the sources."""
    match _opened("file", arguments, place, files):
        case TextFile() as opened:
            return Known(opened.content, place)
        case Unknown() as lost:
            return lost


def file_read_by(name: str, body: Callable[[bytes], str]) -> Callable[[Arguments, Place, Files], Value[Tree]]:
    """A function of that name, of what a file holds."""

    def of_file(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
        match _opened(name, arguments, place, files):
            case TextFile() as opened:
                return Known(body(opened.data), place, written=False)
            case Unknown() as lost:
                return lost

    return of_file


def fileexists(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    match _opened("fileexists", arguments, place, files):
        case TextFile():
            return Known(True, place, written=False)
        case Unknown(is_refused=True) if isinstance(arguments[0], Known):
            return Known(False, place, written=False)
        case Unknown() as lost:
            return lost


def fileset(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    folder, pattern = text_of(arguments[0]), text_of(arguments[1])
    steps = steps_of(pattern)
    names = files.below(folder)
    if names is None:
        return Unknown("fileset looks into a folder that is not at hand", place)
    matching = [Known(name, place, written=False) for name in names if matches(steps, name)]
    return as_set(matching, place) if matching else listed((), place, is_set=True, element=STRING)


def pathexpand(path: Any) -> str:
    whole = as_text(path)
    if whole.startswith("~"):
        raise UndecidedError("the home folder of whoever runs Terraform does not stand in the sources")
    return whole


def templatefile(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    match _opened("templatefile", arguments, place, files):
        case TextFile() as opened:
            return _filled(opened.content, arguments[1], place, files)
        case Unknown() as lost:
            return lost


def templatestring(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    return _filled(text_of(arguments[0]), arguments[1], place, files)


def _filled(content: str, variables: Value[Tree], place: Place, files: Files) -> Value[Tree]:
    match variables:
        case Known(Map(entries, None)):
            given = {name: entry.value for name, entry in entries.items()}
            return moved(files.fill(content, given, place), place)
        case Known(Map()) | Unknown():
            return unknown("the template's variables are not known", place, variables)
        case Known() | Absent():
            return refused("the template's variables are no map", place)


def _opened(name: str, arguments: Arguments, place: Place, files: Files) -> TextFile | Unknown:
    match text(arguments[0]):
        case Known(path):
            opened = files.template(path) if name == "templatefile" else files.file(path)
            if opened is None and files.is_absent(path):
                return refused(f"{name} reads a file that does not exist", place)
            return opened if opened is not None else Unknown(f"{name} reads a file that is not at hand", place)
        case Unknown() as lost:
            return unknown("", place, lost)
        case Absent():
            return refused(f"{name} is called without a path", place)
