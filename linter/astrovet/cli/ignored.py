"""What git ignores is no part of a repository: a walk passes it over, as git, ripgrep and ruff do.

Folders are passed over whole. In a folder that is not, only YAML is: Terraform takes all of its files in a folder,
ignored or not, and plans are made to be scanned and never to be committed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from astrovet.cli.bounds import repository_of
from astrovet.formats.text_file import TextFile

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"
PASSED_OVER = (".yaml", ".yml")
WILDCARDS = r"\*++(?!$)"
"""Those that do not end a pattern."""
MAX_WILDCARDS = 2
"""Each further one multiplies the time that a pattern takes by the length of the path, unless google-re2 is there. A
pattern with more ignores nothing; where it would take back what others ignore, none of those before it holds."""


class Ignored:
    """The patterns of a repository, each file of them read once."""

    def __init__(self, read: Callable[[str], TextFile]) -> None:
        """`read` gives a file by its path."""
        self._read = read
        self._known: dict[str, tuple[tuple[str, GitIgnoreSpec], ...]] = {}

    def folder(self, path: str) -> bool:
        """Whether git ignores a folder."""
        return self._is_ignored(path, is_folder=True)

    def file(self, path: str) -> bool:
        """Whether git ignores a file and a walk passes it over for that."""
        return path.endswith(PASSED_OVER) and self._is_ignored(path, is_folder=False)

    def _is_ignored(self, path: str, *, is_folder: bool) -> bool:
        absolute = os.path.abspath(path)
        for base, patterns in self._patterns(os.path.dirname(absolute)):
            relative = os.path.relpath(absolute, base).replace(os.sep, "/")
            verdict = patterns.check_file(f"{relative}/" if is_folder else relative).include
            if verdict is not None:
                return verdict
        return False

    def _patterns(self, folder: str) -> tuple[tuple[str, GitIgnoreSpec], ...]:
        """Those that hold in a folder, with the folders that they are relative to, the nearest first."""
        if folder not in self._known:
            top = repository_of(folder)
            is_git = os.path.exists(os.path.join(top, ".git"))
            above = self._patterns(os.path.dirname(folder)) if is_git and folder != top else ()
            self._known[folder] = (*self._own(folder), *above) if is_git else ()
        return self._known[folder]

    def _own(self, folder: str) -> tuple[tuple[str, GitIgnoreSpec], ...]:
        path = os.path.join(folder, NAME)
        if not os.path.isfile(path):
            return ()
        import re

        from pathspec import GitIgnoreSpec  # many repositories ignore nothing

        patterns: list[str] = []
        for line in self._read(path).content.splitlines():
            try:
                GitIgnoreSpec.from_lines([line])
            except (ValueError, re.error):  # it is no pattern: git takes it for one that nothing matches
                continue
            if len(re.findall(WILDCARDS, line.rstrip())) <= MAX_WILDCARDS:
                patterns.append(line)
            elif line.startswith("!"):
                patterns.append("!*")
        return ((folder, GitIgnoreSpec.from_lines(patterns)),)
