"""The files of a repository, those of modules by their folders."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property

from astrovet.budget import Budget
from astrovet.formats.text_file import TextFile
from astrovet.terraform.file_names import module_files
from astrovet.terraform.listing import Listing
from astrovet.terraform.source.declared import Folder, read_folder
from astrovet.terraform.source.environment import InstalledModule
from astrovet.terraform.source.provider_types import Schema, schema_of

AUTOMATIC = ("terraform.tfvars", "terraform.tfvars.json")
"""Variable files that are read before all others, in this order."""

AUTOMATIC_ENDINGS = (".auto.tfvars", ".auto.tfvars.json")


FETCHED = "/.terraform/"


class Project:
    """All files of a repository, those of modules by their folders, and what evaluating them may cost together."""

    def __init__(
        self,
        files: Mapping[str, TextFile],
        budget: Budget | None = None,
        listing: Listing | None = None,
        installed: Mapping[str, Mapping[str, InstalledModule]] | None = None,
    ) -> None:
        """`installed` has what `terraform init` fetched, by root module and by the names of the calls with dots."""
        self.files, self.listing = files, listing
        self.installed = installed or {}
        self.budget = budget or Budget()
        self.templates: set[str] = set()
        """Files that expressions read as templates, by path: what they hold as they stand is nobody's input."""
        self.referred: dict[tuple[str, str], tuple[str, ...]] = {}
        """What expressions refer to, by their folder and text: each instance of a block asks again."""
        self._schemas: dict[str, Schema | None] = {}
        self._contents: dict[str, dict[str, TextFile]] = {}
        self._folders: dict[str, Folder] = {}
        for path in module_files(files.keys()):
            self._contents.setdefault(posixpath.dirname(path), {})[path] = files[path]

    def apart(self) -> Project:
        """The same files, evaluated on an account of their own."""
        apart = copy(self)
        apart.budget = Budget()
        return apart

    @cached_property
    def by_path(self) -> Mapping[str, TextFile]:
        """All files by their shortest paths."""
        return {posixpath.normpath(path): file for path, file in self.files.items()}

    def automatic_files(self, folder: str) -> list[str]:
        """The variable files of a folder that need not be named, in the order in which they are read."""
        beside = self._automatic.get(folder, [])
        named = [path for name in AUTOMATIC for path in beside if posixpath.basename(path) == name]
        return named + [path for path in beside if path.endswith(AUTOMATIC_ENDINGS)]

    @cached_property
    def _automatic(self) -> Mapping[str, list[str]]:
        """By the folder in which they lie."""
        by_folder: dict[str, list[str]] = {}
        for path in sorted(self.by_path):
            if path.endswith((*AUTOMATIC, *AUTOMATIC_ENDINGS)):
                by_folder.setdefault(posixpath.dirname(path) or ".", []).append(path)
        return by_folder

    @property
    def folders(self) -> Sequence[str]:
        """Those with sources directly in them, but for what `terraform init` fetched."""
        return sorted(folder for folder in self._contents if FETCHED not in f"/{folder}/")

    def contents(self, path: str) -> Mapping[str, TextFile]:
        """The sources directly in a folder, by path."""
        return self._contents.get("" if path == "." else path.rstrip("/"), {})

    def schema(self, kind: str) -> Schema | None:
        """The schema of a type of resource; None where it is not known."""
        if kind not in self._schemas:
            self._schemas[kind] = schema_of(kind)
        return self._schemas[kind]

    def folder(self, path: str) -> Folder:
        if path not in self._folders:
            self._folders[path] = read_folder(self.contents(path), path)
        return self._folders[path]

    def fetched(self, root: str, calls: Sequence[str]) -> InstalledModule | None:
        """What `terraform init` fetched for a call of a root module, or of a module below it: the names on the way."""
        return self.installed.get(root or ".", {}).get(".".join(calls))
