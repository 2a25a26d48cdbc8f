"""What a run comes to beside its inputs, and does not read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from astrovet.cli.bounds import MODULES_OF_GIT, displayed, repository_of
from astrovet.cli.files import Disk, is_excluded
from astrovet.place import Place
from astrovet.readers.unread_places import UnreadPlaces

_PATH = re.compile(r"^[ \t]*path[ \t]*=[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


def looked_at(folders: Sequence[str], excluded: Sequence[str], disk: Disk) -> UnreadPlaces:
    """What lies in the folders that were scanned whole."""
    return UnreadPlaces(
        units=tuple(file for path in dict.fromkeys(disk.units) if not (file := disk.file(path)).fault),
        empty_plans=tuple(dict.fromkeys(disk.empty_plans)),
        submodules={
            path: place
            for folder in folders
            for path, place in _submodules(folder, disk)
            if not is_excluded(path, excluded)
        },
    )


def _submodules(folder: str, disk: Disk) -> Iterator[tuple[str, Place]]:
    """The submodules below a folder that nothing was checked out of."""
    top = repository_of(folder)
    listed = os.path.join(top, MODULES_OF_GIT)
    if not os.path.isfile(listed) or not disk.holds(top):
        return
    file, whole = disk.file(listed), os.path.join(os.path.abspath(folder), "")
    for entry in _PATH.finditer(file.content):
        path = os.path.normpath(os.path.join(top, entry[1]))
        is_there = os.path.isdir(path) and bool(os.listdir(path))
        if os.path.join(path, "").startswith(whole) and not is_there:
            line = file.content.count("\n", 0, entry.start(1)) + 1
            yield displayed(path), Place(file.path, line, 1, line, 2)
