"""The releases that files of other tools declare, each patch laid over what it changes."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.helm.release import Release, Setting
from astrovet.helm.wrappers import may_be_wrapper, releases
from astrovet.readers.yaml_files import YamlFile
from astrovet.value import Absent, Known


class WrappedRelease(Struct, frozen=True):
    """A release, and the files that declare it."""

    release: Release
    paths: tuple[str, ...]
    complete: bool = True
    """Whether the files show all of it: not where they patch something that is not here."""
    is_built: bool = False
    """An overlay makes it: patches are in it already."""


def declared_releases(yaml_file: YamlFile) -> tuple[Release, ...]:
    """The releases that one file declares."""
    return tuple(releases(yaml_file.path, yaml_file.documents))


def wrapped_releases(
    yaml_files: Sequence[YamlFile],
    read: Callable[[YamlFile], Sequence[Release]] = declared_releases,
    governed: Container[str] = (),
) -> Iterator[WrappedRelease]:
    """The releases of every chart that these files install, in the files' order.

    What is patched counts as it is with each of its patches, and not by itself: like a base of values files.
    `read` gives those of one file. In `governed` folders a kustomization says what is deployed: a patch that it
    does not name there is none.
    """
    declared = [
        WrappedRelease(release, (yaml_file.path,), complete=not release.patches)
        for yaml_file in yaml_files
        if yaml_file.documents and may_be_wrapper(yaml_file.file.data)
        for release in read(yaml_file)
        if not (release.patches and posixpath.dirname(yaml_file.path) in governed)
    ]
    wholes = [release for release in declared if release.complete]
    unders = [None if release.complete else _patched(release, wholes) for release in declared]
    for release, under in zip(declared, unders, strict=True):
        if under is not None:
            yield _laid_over(release, under)
        elif release not in unders:
            yield release


def _patched(patch: WrappedRelease, wholes: Sequence[WrappedRelease]) -> WrappedRelease | None:
    """What a patch changes: of several releases of its name the one that lies nearest, if one does."""
    named = [
        whole
        for whole in wholes
        if whole.release.tool == patch.release.tool and whole.release.id.endswith(f"/{patch.release.patches}")
    ]
    shared = [len(posixpath.commonpath((whole.paths[0], patch.paths[0]))) for whole in named]
    nearest = [whole for whole, length in zip(named, shared, strict=True) if length == max(shared)]
    return nearest[0] if len(nearest) == 1 else None


def _laid_over(patch: WrappedRelease, under: WrappedRelease) -> WrappedRelease:
    above, below = patch.release, under.release
    layers = (*below.layers, *above.layers)
    return WrappedRelease(
        release=replace(
            below,
            id=above.id,
            place=above.place,
            namespace=below.namespace if isinstance(above.namespace, Absent) else above.namespace,
            version=above.version if isinstance(above.version, Known) else below.version,
            layers=tuple(sorted(layers, key=lambda layer: isinstance(layer, Setting))),  # these go over all values
        ),
        paths=(*under.paths, *patch.paths),
    )
