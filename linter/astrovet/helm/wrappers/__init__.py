"""Which releases a file of another tool installs: Argo CD, Flux, Helmfile, Kustomize.

Nothing here reads a disk or runs a tool: files that a tool would read are named, with the places where
they can be; what only a cluster, a generator or a template knows is Unknown, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.document import Document
from astrovet.helm.release import Release

_SIGNS = (b"argoproj.io", b"helm.toolkit.fluxcd.io", b"helmCharts", b"elmChartInflationGenerator")
_HELMFILE = rb"\breleases[\"']?\s*:"


def releases(path: str, documents: Sequence[Document]) -> tuple[Release, ...]:
    """The releases of every chart that the documents of one file install.

    Args:
        path: where the file is, from the working directory; files that it names are looked for from there.
        documents: all documents of the file.
    """
    from astrovet.helm.wrappers import argo, flux, helmfile, kustomize  # most runs have none

    found = [
        *argo.releases(path, documents),
        *flux.releases(path, documents),
        *helmfile.releases(path, documents),
        *kustomize.releases(path, documents),
    ]
    return _told_apart(found)


def may_be_wrapper(data: bytes) -> bool:
    """Whether a file's bytes may hold releases: where it says False, `releases` finds none.

    A cheap look before parsing. Text in UTF-16 or UTF-32 is always True.
    """
    if b"\0" in data[:4] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return any(sign in data for sign in _SIGNS) or re.search(_HELMFILE, data) is not None


def _told_apart(found: list[Release]) -> tuple[Release, ...]:
    """The releases, each with an id of its own: the second of one id ends in `[2]`."""
    seen: dict[str, int] = {}
    told = []
    for release in found:
        count = seen[release.id] = seen.get(release.id, 0) + 1
        told.append(release if count == 1 else replace(release, id=f"{release.id}[{count}]"))
    return tuple(told)
