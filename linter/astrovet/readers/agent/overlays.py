"""The overlays among the files of a run: what each makes, and which files are nothing but parts of one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from astrovet.document import Document
from astrovet.helm.api_groups import ARGO, FLUX_RELEASES
from astrovet.helm.conventions import is_kustomization
from astrovet.helm.kustomize.around import MARKS, Around, builds_of, is_left_alone, substituted, variables_of
from astrovet.helm.kustomize.names import Files, Named, named
from astrovet.helm.kustomize.trees import paths_in, with_inner, word
from astrovet.helm.wrappers.named_files import in_repository
from astrovet.readers.agent.wrapped_releases import WrappedRelease
from astrovet.readers.source_file import SourceFile
from astrovet.readers.yaml_files import YamlFile, YamlFiles
from astrovet.value import Absent, Known, Tree, Unknown, Value, at

if TYPE_CHECKING:
    from astrovet.helm.kustomize.build import Builder, Built
    from astrovet.helm.kustomize.resources import Resource
    from astrovet.helm.release import Release


NAMED_OBJECTS = re.compile(rb"source\.toolkit\.fluxcd\.io|\bkind[\"']?: *[\"']?(?:ConfigMap|Secret)\b")


class Overlay(Struct, frozen=True):
    """A kustomization that no other one includes."""

    path: str
    kustomizations: tuple[str, ...]
    """All that it is built from, itself among them."""
    objects: tuple[str, ...]
    """The files of objects and patches that it takes."""
    texts: tuple[str, ...]
    """The files that its generators take."""
    around: Around | None = None
    """The object of another tool that builds a folder with changes of its own."""
    declared_in: str = ""
    """The file of that object."""

    @property
    def files(self) -> tuple[str, ...]:
        return (*self.objects, *self.texts, *self.kustomizations, self.declared_in or self.path)


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
        built = tuple(self._built_by_others(files))
        included = {inner for names in self._named.values() for inner in names.includes}
        included |= {overlay.kustomizations[0] for overlay in built if overlay.kustomizations}
        every = [*built, *(self._overlay(path) for path in starts if path not in included)]
        self.overlays = tuple(overlay for overlay in every if not self._is_component(overlay.path))
        takes = (path for overlay in every for path in (*overlay.objects, *overlay.kustomizations))
        self.parts = frozenset(takes)
        """The files that are judged as parts of what an overlay makes, and not by themselves."""
        self.folders = frozenset(posixpath.dirname(path) for path in self._named)
        """Those with a kustomization: what it does not name there is not deployed with it."""

    def built(self, overlay: Overlay) -> Built:
        """What an overlay makes."""
        if overlay.path not in self._made:
            self._made[overlay.path] = self._make(overlay)
        return self._made[overlay.path]

    def speaks_of(self, overlay: Overlay, words: Collection[str]) -> bool:
        """Whether one of these words stands in one of its files."""
        texts = [self._yaml_files.data(path) for path in overlay.files]
        return any(word.encode() in content for word in words for content in texts)

    def namespace_of(self, overlay: Overlay) -> str:
        """The namespace that it puts its objects into; empty where it says none."""
        around = overlay.around
        root = around.kustomization if around is not None else self._files.root_of(overlay.path)
        return word(root, "namespace") if isinstance(root, Known) else ""

    def _make(self, overlay: Overlay) -> Built:
        around = overlay.around
        if around is None:
            return self._builder.overlay(overlay.path)
        made = self._builder.around(around.folder, overlay.declared_in, around.kustomization)
        if not (around.variables or around.sources):
            return made
        variables, is_open = variables_of(around, self.elsewhere if around.sources else ())
        filled = (
            resource
            if is_left_alone(resource.root)
            else replace(resource, root=substituted(resource.root, variables, is_open=is_open))
            for resource in made.resources
        )
        return replace(made, resources=tuple(filled))

    def _built_by_others(self, files: Sequence[SourceFile]) -> Iterator[Overlay]:
        """The folders that objects of Flux and Argo CD build with changes of their own."""
        for file in files:
            if not any(mark in file.data for mark in MARKS) or is_kustomization(file.path):
                continue
            for document in self._read(file.path) or ():
                for around in builds_of(document.root):
                    overlay = self._around(file.path, around)
                    if overlay is not None:
                        yield overlay

    def _around(self, path: str, around: Around) -> Overlay | None:
        folders = [folder or "." for folder in in_repository(path, around.folder)]
        folder = next((folder for folder in folders if self._files.kustomization_in(folder)), None)
        identity = f"{path}#{around.name}"
        if folder is not None:
            inner = self._overlay(self._files.kustomization_in(folder) or "")
            return replace(inner, path=identity, around=replace(around, folder=folder), declared_in=path)
        for folder in folders:
            below = tuple(other for other in self._below(folder) if other != path)
            if below and folder != ".":
                return Overlay(identity, (), below, (), replace(around, folder=folder), path)
        return None

    def releases_in(self, yaml_file: YamlFile) -> tuple[Release, ...]:
        """The releases that one file declares, with what stands in others."""
        from astrovet.helm.wrappers import releases
        from astrovet.helm.wrappers.helmfile_parts import bases_of

        documents, data = yaml_file.documents, yaml_file.file.data
        if b"releases" in data and b"apiVersion" not in data:  # of Helmfile
            bases = bases_of(yaml_file.path, documents, self._yaml_files.read_by_newer)
            documents = (*bases, *self._yaml_files.read_by_newer(yaml_file.path))
        elsewhere: tuple[Value[Tree], ...] = ()
        if ARGO.encode() in data:
            roots = (self.overridden(yaml_file.path, document.root) for document in documents)
            documents = tuple(replace(document, root=root) for document, root in zip(documents, roots, strict=True))
        if FLUX_RELEASES.encode() in data and (b"chartRef" in data or b"valuesFrom" in data):
            elsewhere = self.elsewhere
        return releases(yaml_file.path, documents, elsewhere)

    def releases(self, overlay: Overlay) -> Iterator[WrappedRelease]:
        """The releases that an overlay makes."""
        from astrovet.helm.wrappers import releases, releases_of_object, told_apart

        built = self.built(overlay)
        roots = [resource.root for resource in built.resources]
        others = self.elsewhere if any(_names_others(root) for root in roots) else ()
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
            for release in releases_of_object(
                resource.path, self.overridden(resource.path, resource.root), roots, others
            )
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

    def overridden(self, path: str, root: Value[Tree]) -> Value[Tree]:
        """An Application with what files beside its charts put over it; an ApplicationSet with what is found for it."""
        from astrovet.helm.wrappers.argo import with_overrides  # most runs have no such object
        from astrovet.helm.wrappers.git_generators import with_git

        read = self._yaml_files.values_of
        return with_git(path, with_overrides(path, root, read), self._paths, read)

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(self._yaml_files)

    @cached_property
    def elsewhere(self) -> tuple[Value[Tree], ...]:
        """The objects that a release can name wherever they stand: sources of charts, ConfigMaps, Secrets."""
        from astrovet.helm.wrappers.objects import kubernetes_objects

        paths = [path for path in self._yaml_files if NAMED_OBJECTS.search(self._yaml_files.data(path))]
        return tuple(root for path in paths for root in kubernetes_objects(self._read(path) or ()))

    def made(self) -> dict[str, MadeObjects]:
        """What the overlays make, by keys that no file has."""
        return {f"{overlay.path}#": self._made_objects(overlay) for overlay in self.overlays}

    def _made_objects(self, overlay: Overlay) -> MadeObjects:
        def documents() -> Sequence[Document]:
            resources = self.built(overlay).resources
            return [Document(overlay.path, _settled(resource)) for resource in resources]

        parts = (*overlay.objects, *overlay.kustomizations)
        data = b"\n".join(map(self._yaml_files.data, (*parts, overlay.declared_in)))
        return MadeObjects(frozenset(parts), data, documents)

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
        return is_kustomization(path) and word(self._files.root_of(path), "kind") == "Component"

    def _read(self, path: str) -> Sequence[Document] | None:
        yaml_file = self._yaml_files.find(path)
        if yaml_file is None:
            return None
        if yaml_file.documents:
            return self._yaml_files.read_by_newer(path)
        return (Document(path, yaml_file.values),)

    def _below(self, folder: str) -> Sequence[str]:
        prefix = "" if folder == "." else f"{folder}/"
        below = (path for path in self._yaml_files if path.startswith(prefix) and not is_kustomization(path))
        return [path for path in below if b"apiVersion" in self._yaml_files.data(path)]


def _names_others(root: Value[Tree]) -> bool:
    """Whether an object takes its chart or values from another one."""
    if word(root, "kind") != "HelmRelease":
        return False
    spec = at(root, "spec")
    return any(not isinstance(at(spec, key), Absent) for key in ("chartRef", "valuesFrom"))


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
