"""Helm values of Astro Private Cloud become a platform."""

from __future__ import annotations

from astrovet.model.platform import Platform
from astrovet.place import Place
from astrovet.readers.kubernetes.manifests import word
from astrovet.value import Tree, Value, at


def read_platform(path: str, within: tuple[str, ...], values: Value[Tree], place: Place) -> Platform:
    """The platform that the values in a file describe.

    Args:
        path: of the file.
        within: the keys that the values stand below; none where they are the whole file.
        values: those of the platform's chart.
        place: where a finding about the whole platform points.
    """
    identity = "#".join(filter(None, (path, ".".join(within))))
    return Platform(
        id=identity,
        block=identity,
        place=place,
        name=word(at(values, "global", "baseDomain")),
        plane=word(at(values, "global", "plane", "mode")),
    )
