"""Which releases a file of another tool installs. `TOOLS` is the table of the tools, and each has a module here.

Nothing here reads a disk or runs a tool: files that a tool would read are named, with the places where
they can be; what only a cluster, a generator or a template knows is Unknown, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Document
from astrovet.helm.api_groups import ARGO, FLUX_RELEASES
from astrovet.helm.release import Release
from astrovet.value import Tree, Value


class Tool(Struct, frozen=True):
    """A tool that installs charts, and how its files are known at a glance."""

    reader: str
    """The module here whose `releases(path, documents)` gives the releases of one file, and none of others' files."""
    marks: tuple[bytes, ...]
    """One of these stands in each of its files."""
    form: bytes = b""
    """A pattern that stands there too, where other files have the mark as well."""

    def may_have_written(self, data: bytes) -> bool:
        """Whether these can be the bytes of one of its files."""
        has_mark = any(mark in data for mark in self.marks)
        return has_mark and (not self.form or re.search(self.form, data) is not None)


TOOLS = (
    Tool("argo", (ARGO.encode(),)),
    Tool("flux", (FLUX_RELEASES.encode(),)),
    Tool("helmfile", (b"releases",), rb"\breleases[\"']?\s*:"),
    Tool("kustomize", (b"helmCharts", b"elmChartInflationGenerator")),
)


def releases(path: str, documents: Sequence[Document], elsewhere: Sequence[Value[Tree]] = ()) -> tuple[Release, ...]:
    """The releases of every chart that the documents of one file install.

    Args:
        path: where the file is, from the working directory; files that it names are looked for from there.
        documents: all documents of the file.
        elsewhere: the objects in other files that it can name.
    """
    from importlib import import_module  # most runs have no such file

    readers = (import_module(f"astrovet.helm.wrappers.{tool.reader}") for tool in TOOLS)
    return told_apart(release for reader in readers for release in _of_reader(reader, path, documents, elsewhere))


def _of_reader(
    reader: ModuleType, path: str, documents: Sequence[Document], elsewhere: Sequence[Value[Tree]]
) -> Iterator[Release]:
    if reader.__name__.endswith(".flux"):
        yield from reader.releases(path, documents, elsewhere)
    else:
        yield from reader.releases(path, documents)


def releases_of_object(
    path: str, root: Value[Tree], neighbours: Sequence[Value[Tree]], elsewhere: Sequence[Value[Tree]]
) -> tuple[Release, ...]:
    """The releases of one object of Kubernetes.

    Args:
        path: the file that it comes from.
        root: the object.
        neighbours: the objects beside it, which it can name.
        elsewhere: the objects in other files that it can name.
    """
    from astrovet.helm.wrappers import argo, flux  # most runs have no such object

    return (*argo.of_object(path, root), *flux.of_object(path, root, neighbours, elsewhere))


def may_be_wrapper(data: bytes) -> bool:
    """Whether a file's bytes may hold releases: where it says False, `releases` finds none.

    A cheap look before parsing. Text in UTF-16 or UTF-32 is always True.
    """
    if b"\0" in data[:4] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return any(tool.may_have_written(data) for tool in TOOLS)


def told_apart(releases: Iterable[Release]) -> tuple[Release, ...]:
    """The releases, each with an id of its own: the second of one id ends in `[2]`."""
    seen: dict[str, int] = {}
    told = []
    for release in releases:
        count = seen[release.id] = seen.get(release.id, 0) + 1
        told.append(release if count == 1 else replace(release, id=f"{release.id}[{count}]"))
    return tuple(told)
