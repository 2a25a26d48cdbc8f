"""The overlays among the files of a run: what each makes, and which files are nothing but parts of one."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Document
from astrovet.helm.conventions import is_kustomization
from astrovet.helm.kustomize.names import Files, Named, named
from astrovet.helm.kustomize.trees import paths_in, with_inner, word
from astrovet.readers.agent.wrapped_releases import WrappedRelease
from astrovet.readers.source_file import SourceFile
from astrovet.readers.yaml_files import YamlFiles
from astrovet.value import Absent, Known, Tree, Unknown, Value, at

if TYPE_CHECKING:
    from astrovet.helm.kustomize.build import Builder, Built
    from astrovet.helm.kustomize.resources import Resource


class Overlay(Struct, frozen=True):
    """A kustomization that no other one includes."""

    path: str
    kustomizations: tuple[str, ...]
    """All that it is built from, itself among them."""
    objects: tuple[str, ...]
    """The files of objects and patches that it takes."""
    texts: tuple[str, ...]
    """The files that its generators take."""

    @property
    def files(self) -> tuple[str, ...]:
        return (*self.objects, *self.texts, *self.kustomizations)


class MadeObjects(Struct, frozen=True):
    """The objects that an overlay makes."""

    parts: frozenset[str]
    """The files that it makes them of."""
    data: bytes
    """What all these say, one after the other."""
    documents: Callable[[], Sequence[Document]]
    """The objects; built when they are asked for."""


class Overlays:
    """The overlays of a run, each built when it is asked for."""

    def __init__(self, files: Sequence[SourceFile], yaml_files: YamlFiles) -> None:
        self._yaml_files = yaml_files
        self._named: dict[str, Named] = {}
        self._files = Files(self._read, yaml_files.text, self._below)
        self._made: dict[str, Built] = {}
        starts = dict.fromkeys(self._starts(files))
        for path in starts:
            self._known(path)
        included = {inner for names in self._named.values() for inner in names.includes}
        every = {path: self._overlay(path) for path in starts if path not in included}
        self.overlays = tuple(overlay for overlay in every.values() if not self._is_component(overlay.path))
        self.parts = frozenset(
            path for overlay in every.values() for path in (*overlay.objects, *overlay.kustomizations)
        )
        """The files that are judged as parts of what an overlay makes, and not by themselves."""
        self.folders = frozenset(posixpath.dirname(path) for path in self._named)
        """Those with a kustomization: what it does not name there is not deployed with it."""

    def built(self, overlay: Overlay) -> Built:
        """What an overlay makes."""
        if overlay.path not in self._made:
            self._made[overlay.path] = self._builder.overlay(overlay.path)
        return self._made[overlay.path]

    def releases(self, overlay: Overlay) -> Iterator[WrappedRelease]:
        """The releases that an overlay makes."""
        from astrovet.helm.wrappers import releases, releases_of_object, told_apart

        built = self.built(overlay)
        roots = [resource.root for resource in built.resources]
        wrapped = [
            WrappedRelease(
                release=replace(
                    release,
                    id=overlay.path + release.id.removeprefix(resource.path),
                    layers=(*release.layers, *(() if resource.unsettled is None else (resource.unsettled,))),
                ),
                paths=tuple(dict.fromkeys(paths_in(resource.root))),
                complete=not resource.is_partial,
                is_built=True,
            )
            for resource in built.resources
            for release in releases_of_object(resource.path, resource.root, roots)
        ]
        for chart in built.charts:
            documents = self._read(chart.path) or ()
            for release in releases(chart.path, documents):
                namespace = chart.namespace
                known = release.namespace if namespace is None else Known(word(namespace), namespace.place)
                identity = overlay.path + release.id.removeprefix(chart.path)
                wrapped.append(
                    WrappedRelease(replace(release, id=identity, namespace=known, changes=built.changes), (chart.path,))
                )
        told = told_apart(release.release for release in wrapped)
        yield from (replace(one, release=release) for one, release in zip(wrapped, told, strict=True))

    def made(self) -> dict[str, MadeObjects]:
        """What the overlays make, by keys that no file has."""
        return {f"{overlay.path}#": self._made_objects(overlay) for overlay in self.overlays}

    def _made_objects(self, overlay: Overlay) -> MadeObjects:
        def documents() -> Sequence[Document]:
            resources = self.built(overlay).resources
            return [Document(overlay.path, _settled(resource)) for resource in resources]

        parts = (*overlay.objects, *overlay.kustomizations)
        return MadeObjects(frozenset(parts), b"\n".join(map(self._yaml_files.data, parts)), documents)

    @cached_property
    def _builder(self) -> Builder:
        from astrovet.helm.kustomize.build import Builder

        return Builder(self._files)

    def _starts(self, files: Iterable[SourceFile]) -> Iterator[str]:
        """The kustomizations of a run, and those beside a file that was named."""
        for file in files:
            if is_kustomization(file.path):
                yield file.path
            elif file.is_alone or file.is_named:
                beside = self._files.kustomization_in(posixpath.dirname(file.path) or ".")
                if beside is not None and file.path in self._known(beside).objects:
                    yield beside

    def _known(self, path: str) -> Named:
        if path not in self._named:
            self._named[path] = named(path, self._files)
        return self._named[path]

    def _overlay(self, path: str) -> Overlay:
        kustomizations = {path: None}
        pending = [path]
        while pending:
            for inner in self._known(pending.pop()).includes:
                if inner not in kustomizations:
                    kustomizations[inner] = None
                    pending.append(inner)
        names = [self._known(inner) for inner in kustomizations]
        objects = dict.fromkeys(file for one in names for file in one.objects)
        texts = dict.fromkeys(file for one in names for file in one.others)
        return Overlay(path, tuple(kustomizations), tuple(objects), tuple(texts))

    def _is_component(self, path: str) -> bool:
        return word(self._files.root_of(path), "kind") == "Component"

    def _read(self, path: str) -> Sequence[Document] | None:
        yaml_file = self._yaml_files.find(path)
        if yaml_file is None:
            return None
        if yaml_file.documents:
            return yaml_file.documents
        return (Document(path, yaml_file.values),)

    def _below(self, folder: str) -> Sequence[str]:
        prefix = "" if folder == "." else f"{folder}/"
        return [path for path in self._yaml_files if path.startswith(prefix)]


def _settled(resource: Resource) -> Value[Tree]:
    """An object; where a step of the build is in doubt, its name alone is sure."""
    if resource.unsettled is None:
        return resource.root
    root: Value[Tree] = resource.root
    for part in ("spec", "data", "stringData"):
        match root:
            case Known() if part == "spec" or not isinstance(at(root, part), Absent):
                root = with_inner(root, (part,), resource.unsettled)
            case Known() | Unknown() | Absent():
                pass
    return root
