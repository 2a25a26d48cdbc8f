"""What a run may read: what the user named, and what lies in the repositories that hold what is scanned."""

from __future__ import annotations

import os
from collections.abc import Iterable

from msgspec import Struct

from astrovet.place import Root

OUTSIDE = "lies outside of the repository that is scanned"
MODULES_OF_GIT = ".gitmodules"
HOW = "name its folder with --include-outside if it belongs to what is scanned"


class Bounds(Struct, frozen=True):
    """What a run may read. What is scanned may name other files; these count only in here."""

    tops: tuple[str, ...]
    """Folders below which everything may be read, without links on the way."""
    named: frozenset[str] = frozenset()
    """Files that the user named on the command line, wherever they lie, as reports show their paths."""
    pipes: frozenset[str] = frozenset()
    """Those of them that may be pipes, as `<(…)` in a shell is."""

    def hold(self, real: str) -> bool:
        """Whether a path without links lies in one of the folders."""
        return any(real == top or real.startswith(os.path.join(top, "")) for top in self.tops)


def bounds_of(
    scanned: Iterable[str],
    *,
    included: Iterable[str] = (),
    named: Iterable[str] = (),
    pipes: Iterable[str] = (),
    follows: bool = True,
) -> Bounds:
    """The bounds of a run.

    Args:
        scanned: the files and folders that are scanned: their repositories may be read, else their own folders.
        included: further folders that may be read.
        named: the files that the user named.
        pipes: those that the user named where a pipe is as good as a file.
        follows: whether a folder that is scanned may itself be a link to elsewhere.
    """
    tops: dict[str, None] = {}
    for path in scanned:
        is_folder = os.path.isdir(path)
        tops[os.path.realpath(repository_of(path if is_folder else os.path.dirname(path)))] = None
        if is_folder and follows:
            tops[os.path.realpath(repository_of(os.path.realpath(path)))] = None
    tops.update((os.path.realpath(folder), None) for folder in included)
    of_pipes = frozenset(map(displayed, pipes))
    return Bounds(tuple(tops), frozenset(map(displayed, named)) | of_pipes, of_pipes)


def project_of(path: str) -> str:
    """The folder in which a Terraform file's root module is looked for: the repository, else its own folder."""
    return displayed(repository_of(os.path.dirname(path)))


def repository_of(folder: str) -> str:
    """The folder with `.git` that is or holds a folder; that itself where there is none."""
    folder = top = os.path.abspath(folder)
    while not os.path.exists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return folder
        top = parent
    return top


def has_submodules(folder: str) -> bool:
    """Whether the repository that holds a folder names some."""
    return os.path.isfile(os.path.join(repository_of(folder), MODULES_OF_GIT))


def root_of(scanned: Iterable[str]) -> Root:
    """The root from which paths count: that of the working directory's repository, or, where all that is scanned
    lies in another one, of that. The working directory itself where there is neither.
    """
    tops = {repository_of(path if os.path.isdir(path) else os.path.dirname(path)) for path in scanned}
    own = repository_of(".")
    other = next(iter(tops)) if len(tops) == 1 else own
    is_apart = not os.path.join(other, "").startswith(os.path.join(own, ""))
    if other != own and _is_repository(other) and (is_apart or not _is_repository(own)):
        return Root(tops=(displayed(other), os.path.relpath(other).replace(os.sep, "/")))
    return Root(os.path.relpath(".", own).replace(os.sep, "/"))


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def shown_below(folder: str, name: str) -> str:
    """What `displayed` makes of a file in a folder, by what it made of the folder."""
    return name if folder == "." else f"{folder.rstrip('/')}/{name}"


def displayed(path: str) -> str:
    """A path as reports show it, with `/`: relative to the working directory in the repository that this lies in.

    Elsewhere as it is written.
    """
    normal = os.path.normpath(path)
    if os.path.isabs(normal) or normal.startswith(".."):
        whole = os.path.abspath(normal)
        relative = os.path.relpath(whole)
        if not relative.startswith("..") or os.path.join(whole, "").startswith(os.path.join(repository_of("."), "")):
            normal = relative
    return normal.replace(os.sep, "/")
