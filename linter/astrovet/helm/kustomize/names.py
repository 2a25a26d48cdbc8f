"""What a kustomization names: folders, files and what lies elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from astrovet.document import Document
from astrovet.helm.conventions import KUSTOMIZATIONS
from astrovet.helm.kustomize.trees import is_map, word
from astrovet.place import Place
from astrovet.value import Absent, Known, List, Tree, Value, at, listed


class Files(Struct, frozen=True):
    """The files that a build can read."""

    read: Callable[[str], Sequence[Document] | None]
    """The documents of a file; None where it is not here."""
    text: Callable[[str], str | None]
    below: Callable[[str], Sequence[str]]
    """The YAML files below a folder."""

    def kustomization_in(self, folder: str) -> str | None:
        """The path of a folder's kustomization."""
        paths = (posixpath.join(folder, name) if folder != "." else name for name in KUSTOMIZATIONS)
        return next((path for path in paths if self.read(path) is not None), None)

    def root_of(self, path: str) -> Value[Tree]:
        """What a kustomization says."""
        documents = self.read(path)
        return documents[0].root if documents else Absent(Place(path))


def is_elsewhere(name: str) -> bool:
    """Whether a resource is fetched: an address, or what stands for one."""
    return bool(re.search(r"://|::|\A[\w.-]+@[\w.-]+:|\?(?:ref|version)=|\A(?:github|gitlab|bitbucket)\.\w+/", name))


def is_inline(patch: str) -> bool:
    """Whether an item of `patchesStrategicMerge` is a patch, not the name of a file with one."""
    return "\n" in patch or patch.lstrip().startswith("{")


def joined(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))


class Named(Struct, frozen=True):
    """What one kustomization names, as paths."""

    includes: tuple[str, ...]
    """Kustomizations that it builds on."""
    objects: tuple[str, ...]
    """Files of objects and of patches: they are nothing by themselves."""
    others: tuple[str, ...]
    """Files whose text it takes."""


def named(path: str, files: Files) -> Named:
    """What a kustomization names."""
    root, folder = files.root_of(path), posixpath.dirname(path) or "."
    includes, objects, others = [], [], []
    for name in resources_of(root):
        target = joined(folder, word(name))
        inner = None if not word(name) or is_elsewhere(word(name)) else files.kustomization_in(target)
        if inner is not None:
            includes.append(inner)
        elif word(name):
            objects.append(target)
    for name in listed(at(root, "components")) if is_map(root) else ():
        inner = files.kustomization_in(joined(folder, word(name))) if word(name) else None
        includes += [inner] if inner is not None else []
    objects += [joined(folder, name) for name in _patch_files(root)]
    others += [joined(folder, name.partition("=")[2] or name) for name in _text_files(root)]
    return Named(tuple(includes), tuple(objects), tuple(others))


def resources_of(root: Value[Tree]) -> tuple[Value[Tree], ...]:
    """`resources`, and `bases`, their older name."""
    if not is_map(root):
        return ()
    return (*listed(at(root, "resources")), *listed(at(root, "bases")))


def _patch_files(root: Value[Tree]) -> Iterator[str]:
    for key in ("patches", "patchesJson6902"):
        for patch in listed(at(root, key)) if is_map(root) else ():
            if is_map(patch) and word(patch, "path"):
                yield word(patch, "path")
    for named in listed(at(root, "configurations")) if is_map(root) else ():
        if word(named):
            yield word(named)
    for patch in listed(at(root, "patchesStrategicMerge")) if is_map(root) else ():
        if word(patch) and not is_inline(word(patch)):
            yield word(patch)


def _text_files(root: Value[Tree]) -> Iterator[str]:
    for key in ("configMapGenerator", "secretGenerator"):
        for generator in listed(at(root, key)) if is_map(root) else ():
            if is_map(generator):
                yield from (word(name) for inner in ("files", "envs") for name in _texts(at(generator, inner)))
                yield word(generator, "env")
    for replacement in listed(at(root, "replacements")) if is_map(root) else ():
        if is_map(replacement):
            yield word(replacement, "path")


def _texts(value: Value[Tree]) -> tuple[Value[Tree], ...]:
    return listed(value) if isinstance(value, Known) and isinstance(value.value, List) else ()
