"""What names and paths mean where an expression stands."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Protocol

from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.functions.filesystem import NoFiles
from astrovet.terraform.source.project import Project
from astrovet.terraform.values.steps import refused, walked
from astrovet.value import Tree, Unknown, Value


class Names(Protocol):
    """What references mean where an expression stands."""

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        """The value that a reference (`var.x`, `local.y`, `aws_s3_bucket.b.id`) has here."""

    def file(self, path: str) -> TextFile | None:
        """The file that this path leads to; None where it is not at hand."""

    def template(self, path: str) -> TextFile | None:
        """The same, read as a template."""

    def is_absent(self, path: str) -> bool:
        """Whether this path surely leads to no file."""

    def below(self, folder: str) -> Sequence[str] | None:
        """The files below a folder, by their paths from there; None where that cannot be told."""


class NoNames(NoFiles):
    """Where Terraform takes no reference: in the defaults of optional attributes, in variables of the environment.

    What stands there is not shown: in place of a name it may be a secret that somebody forgot to quote.
    """

    def __init__(self, what: str) -> None:
        self.what = what

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:  # noqa: ARG002  no name means anything
        return Unknown(f"{self.what} cannot refer to anything", place)


class TemplateNames(NoFiles):
    """The variables that `templatefile` passes; a template reads no further file."""

    def __init__(self, variables: Mapping[str, Value[Tree]]) -> None:
        self.variables = variables

    def resolve(self, root: str, steps: Sequence[str | int], place: Place) -> Value[Tree]:
        if root in self.variables:
            return walked(self.variables[root], *steps, place=place)
        return refused(f"the template is given no `{root}`", place)


class ProjectFiles:
    """The files that the expressions of a root module and of its modules can read; paths begin at the root."""

    project: Project
    root: str

    def file(self, path: str) -> TextFile | None:
        """The file that `path.module` or `path.root` leads to; None where it is not at hand."""
        return self.project.files.get(self._at(path))

    def template(self, path: str) -> TextFile | None:
        """The same, read as a template."""
        file = self.file(path)
        if file is not None:
            self.project.templates.add(file.path)
        return file

    def is_absent(self, path: str) -> bool:
        """Whether there surely is no such file."""
        listing = self.project.listing
        return listing is not None and listing.is_absent(self._at(path))

    def below(self, folder: str) -> Sequence[str] | None:
        """The files below a folder, by their paths from there; None where that cannot be told."""
        listing = self.project.listing
        return listing.below(self._at(folder)) if listing is not None else None

    def _at(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.root or ".", path))
