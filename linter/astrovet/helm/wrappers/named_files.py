"""Values files that a file of a tool names: where they can be, and why one cannot be read."""

from __future__ import annotations

import posixpath
import re

from astrovet.helm.release import Layer, ValuesFile
from astrovet.helm.wrappers.placeholders import TEMPLATE, filled_in, is_filled_in
from astrovet.place import Place
from astrovet.value import Unknown

OUTSIDE = "the values file lies outside of the repository"
REMOTE = "the values file is fetched from elsewhere"
NO_REMOTE_FILES = "astrovet reads no remote files"
PATTERN = "a pattern stands for the values files"
NAME_THEM = "name each file to have them judged"
PACKAGED = "the values file lies inside the packaged chart"


def in_repository(path: str, name: str) -> tuple[str, ...]:
    """Where a file can be that is named from the root of a repository: under every folder above `path`.

    The outermost folder comes first, because that is where the root mostly is. Empty where the name
    leads out of the repository.
    """
    inner = posixpath.normpath(name.lstrip("/"))
    if inner.partition("/")[0] == "..":
        return ()
    return tuple(posixpath.join(folder, inner) for folder in _folders_above(path))


def beside(path: str, name: str) -> tuple[str, ...]:
    """Where a file is that is named from the folder of `path`; empty for an absolute name."""
    if posixpath.isabs(name):
        return ()
    return (posixpath.normpath(posixpath.join(posixpath.dirname(path), name)),)


def _folders_above(path: str) -> list[str]:
    """Every folder that holds the file, the outermost first; the root of the disk is none."""
    *parts, _ = posixpath.normpath(path).split("/")
    outermost = 2 if posixpath.isabs(path) else parts.count("..")
    return ["/".join(parts[:count]) for count in range(outermost, len(parts) + 1)]


def values_file(candidates: tuple[str, ...], place: Place, *, optional: bool = False) -> Layer:
    """The layer of a values file; Unknown where no candidate is left."""
    return ValuesFile(candidates, place, optional) if candidates else Unknown(OUTSIDE, place)


def unread(name: str, place: Place) -> Unknown | None:
    """Why a values file of this name cannot be read; None where it can be."""
    if is_filled_in(name):
        return filled_in(TEMPLATE, place)
    if "://" in name or "::" in name:
        return Unknown(REMOTE, place, how=NO_REMOTE_FILES)
    return Unknown(PATTERN, place, how=NAME_THEM) if re.search(r"[*?\[]", name) else None
