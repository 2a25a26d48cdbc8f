"""Files as the command line read them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from astrovet.document import Problem, ProblemKind
from astrovet.formats.text_file import TextFile
from astrovet.place import Place
from astrovet.terraform.listing import Listing
from astrovet.terraform.source.environment import NONE, Environment, InstalledModule


class Role(StrEnum):
    """How a file came into the run."""

    PLAN = "plan"
    """Given with --plan: a plan or a state."""
    VALUES = "values"
    """Given with --values: one layer of the one set."""
    NAMED = "named"
    """Named as a path."""
    FOUND = "found"
    """Found below a folder: it need not concern us."""
    BESIDE = "beside"
    """Beside a file that was named: it counts only where both belong together."""


class SourceFile(Struct, frozen=True):
    """A file of the run, and how it came into it."""

    file: TextFile
    role: Role
    is_alone: bool = False
    """It was named itself, not found below a folder."""
    is_template: bool = False
    """It is a template of a chart that is no YAML before Helm fills it in."""

    @classmethod
    def of(cls, path: str, data: bytes, role: Role) -> SourceFile:
        """A file of these bytes."""
        return cls(TextFile(path, data), role)

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def data(self) -> bytes:
        return self.file.data

    @property
    def fault(self) -> str:
        """Why it could not be read from the disk."""
        return self.file.fault

    @property
    def is_named(self) -> bool:
        """The user spoke of this file: what cannot be used of it must be told."""
        return self.role not in {Role.FOUND, Role.BESIDE}


class SizeLimit(Struct, frozen=True):
    """How large a file may be."""

    size: int
    how: str
    """What to do about one that is larger."""
    looked_at: int = 0
    """How much of one that is larger is read, to tell whether it matters."""

    @property
    def why(self) -> str:
        return f"the file is larger than {self.size >> 20} MiB"


MEBIBYTE = 1 << 20
VALUES_LIMIT = SizeLimit(8 * MEBIBYTE, "no values file is as large; check what it is", 8 * MEBIBYTE)
PLAN_LIMIT = SizeLimit(256 * MEBIBYTE, "split the root module, or plan parts of it", 8192)
SOURCE_LIMIT = SizeLimit(16 * MEBIBYTE, "no source of Terraform is as large; check what it is")


DOCKERFILES = ("Dockerfile", "Dockerfile.client")
"""What the images of an Astro project are built from; agents run the second."""


class TerraformSources(Struct, frozen=True):
    """The Terraform sources of a run."""

    files: tuple[SourceFile, ...] = ()
    """Sources and variable files."""
    others: Mapping[str, TextFile] = {}
    """Further files that expressions read, by path."""
    listing: Listing | None = None
    """Which files there are at all; None where nobody can tell."""
    environment: Environment = NONE
    """What is given by hand, and holds for every root module."""
    environments: Mapping[str, tuple[Environment, ...]] = {}
    """For each of which to evaluate a root module, by its folder; for all others there is `environment`."""
    folders: frozenset[str] | None = None
    """Judge only root modules that these folders belong to; None: all."""
    named: frozenset[str] = frozenset()
    """Folders that the user named: a root module there is read, whatever it holds."""
    covered: frozenset[str] = frozenset()
    """Root modules that a plan was made from, wherever the plan lies."""
    installed: Mapping[str, Mapping[str, InstalledModule]] = {}
    """What `terraform init` fetched, by root module and by the names of the calls with dots."""


def may_be_manifest(data: bytes) -> bool:
    """Whether the bytes of a JSON file may be objects of Kubernetes: the field stands first there."""
    return b'"apiVersion"' in data[:8192]


def is_dockerfile(path: str) -> bool:
    """Whether a file says how an image is built, by its name."""
    return posixpath.basename(path) in DOCKERFILES


def faulty(file: SourceFile) -> Problem:
    """What to say of a file that could not be read from the disk."""
    return unreadable(file.path, file.fault, file.file.how or "check the name, and that you may read it")


def unreadable(path: str, message: str, remedy: str) -> Problem:
    """A file that cannot be used."""
    return Problem(ProblemKind.UNREADABLE, message, remedy, Place(path))
