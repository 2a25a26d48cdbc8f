"""The files of a repository, those of modules by their folders."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from astrovet.budget import Budget
from astrovet.formats.text_file import TextFile
from astrovet.terraform.file_names import module_files
from astrovet.terraform.source.declared import Folder, read_folder


class Project:
    """All files of a repository, those of modules by their folders, and what evaluating them may cost together."""

    def __init__(self, files: Mapping[str, TextFile], budget: Budget | None = None) -> None:
        self.files = files
        self.budget = budget or Budget()
        self._contents: dict[str, dict[str, TextFile]] = {}
        self._folders: dict[str, Folder] = {}
        for path in module_files(files.keys()):
            self._contents.setdefault(posixpath.dirname(path), {})[path] = files[path]

    @property
    def folders(self) -> Sequence[str]:
        """Those with sources directly in them."""
        return sorted(self._contents)

    def contents(self, path: str) -> Mapping[str, TextFile]:
        """The sources directly in a folder, by path."""
        return self._contents.get("" if path == "." else path.rstrip("/"), {})

    def folder(self, path: str) -> Folder:
        if path not in self._folders:
            self._folders[path] = read_folder(self.contents(path), path)
        return self._folders[path]
