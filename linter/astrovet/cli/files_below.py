"""Further files that inputs name, and no walk finds: each is read when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from astrovet.cli.bounds import displayed
from astrovet.cli.files import Disk
from astrovet.formats.text_file import TextFile
from astrovet.readers.source_file import VALUES_LIMIT

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MAX_LISTED = 10_000
"""Files below a folder that `fileset` looks through."""


class FilesBelow(Mapping[str, TextFile]):
    """Further files that inputs name (`file`, `templatefile`, layers of values), where these may be read.

    It lists nothing: a file is there when it is asked for, and only where it is UTF-8 of no excessive size.
    With `tells`, one that lies outside of the repository is there with this fault; else it is as if there were none.
    """

    def __init__(self, disk: Disk, *, tells: bool = False) -> None:
        self._disk = disk
        self._tells = tells

    def __getitem__(self, path: str) -> TextFile:
        if not _is_readable(path):
            raise KeyError(path)
        if not self._tells and not self._disk.may_read(path):
            raise KeyError(path)
        file = self._disk.file(path, VALUES_LIMIT)
        if not (self._tells and path in self._disk.refused) and (file.fault or not is_utf8(file)):
            raise KeyError(path)
        return file

    def is_absent(self, path: str) -> bool:
        """Whether there surely is no file of that name, in a place where the run may look."""
        return self._disk.may_read(path) and not os.path.lexists(path)

    def below(self, folder: str) -> Sequence[str] | None:
        """The files below a folder, by their paths from there; None where it may not be listed, or holds too many."""
        if not self._disk.holds(folder):
            return None
        if not os.path.isdir(folder):
            return ()
        closed: list[OSError] = []
        paths: list[str] = []
        for directory, _, names in os.walk(folder, onerror=closed.append):
            paths += (displayed(os.path.relpath(os.path.join(directory, name), folder)) for name in names)
            if closed or len(paths) > MAX_LISTED or not self._disk.holds(directory):
                return None
        return sorted(paths)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _is_readable(path: str) -> bool:
    try:
        return os.path.isfile(path) and os.path.getsize(path) <= VALUES_LIMIT.size
    except OSError:
        return False


def is_utf8(file: TextFile) -> bool:
    """Whether its bytes are text as Terraform and Helm read it."""
    return not file.decoded.problems or (bool(file.content) and file.data.startswith(BYTE_ORDER_MARK))
