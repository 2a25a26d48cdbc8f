"""Terraform's filesystem functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from astrovet.place import Place
from astrovet.terraform.functions.arguments import Arguments
from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.plain_data import moved
from astrovet.terraform.values.unknowns import unknown
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, text


class Files(Protocol):
    """The files that the module of an expression can read."""

    def file(self, path: str) -> str | None:
        """The content of a file; None where it is not at hand."""

    def fill(self, template: str, variables: Mapping[str, Value[Tree]], place: Place) -> Value[Tree]:
        """What a template makes of these variables."""


class NoFiles:
    """Where there is no module."""

    def file(self, path: str) -> str | None:  # noqa: ARG002
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
    match _content("file", arguments, place, files):
        case str(content):
            return Known(content, place)
        case Unknown() as lost:
            return lost


def fileexists(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    match _content("fileexists", arguments, place, files):
        case str():
            return Known(True, place, written=False)
        case Unknown() as lost:
            return lost


def templatefile(arguments: Arguments, place: Place, files: Files) -> Value[Tree]:
    match _content("templatefile", arguments, place, files), arguments[1]:
        case str(content), Known(Map(entries, None)):
            variables = {name: entry.value for name, entry in entries.items()}
            return moved(files.fill(content, variables, place), place)
        case str(), variables_value:
            return unknown("the template's variables are not known", place, variables_value)
        case lost, _:
            return lost


def _content(name: str, arguments: Arguments, place: Place, files: Files) -> str | Unknown:
    match text(arguments[0]):
        case Known(path):
            content = files.file(path)
            return content if content is not None else Unknown(f"{name} reads a file that is not at hand", place)
        case Unknown() as lost:
            return unknown("", place, lost)
        case Absent():
            return Unknown(f"{name} is called without a path", place)
