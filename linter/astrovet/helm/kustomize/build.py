"""What `kustomize build` makes of a kustomization and all that it builds on, in Kustomize's order."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from astrovet.budget import MAX_DEPTH, ExhaustedError, Meter
from astrovet.helm.kustomize.configured import configurations_of, in_doubt, with_images
from astrovet.helm.kustomize.generators import generated
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.names import Files, is_elsewhere, joined, resources_of
from astrovet.helm.kustomize.patches import Change, changes_of, patched
from astrovet.helm.kustomize.replacements import replaced
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.transformers import transformed, with_references, with_replicas
from astrovet.helm.kustomize.trees import is_list, is_map, word
from astrovet.helm.kustomize.variables import with_variables
from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed

MOST_CHANGES = 300_000
"""Objects that all steps of a run's builds look at, each as often as it is."""

ELSEWHERE = "a part of this overlay lies elsewhere"
NOT_HERE = "a part of this overlay is not in this repository"
REFUSED = "Kustomize refuses this overlay"
RUN = "a plug-in or a transformer of the kustomization changes what is deployed"
GENERATED = "a generator of the kustomization makes objects"


class Inflated(Struct, frozen=True):
    """A kustomization that inflates charts, and the namespace that what builds on it puts on them."""

    path: str
    namespace: Value[Tree] | None = None


class Built(Struct, frozen=True):
    """What a kustomization makes."""

    resources: tuple[Resource, ...] = ()
    charts: tuple[Inflated, ...] = ()
    changes: tuple[Change, ...] = ()
    """Patches that may change what charts make."""
    missing: Unknown | None = None
    """Why objects are missing."""
    variables: tuple[Value[Tree], ...] = ()
    """The items of `vars`."""
    references: tuple[Value[Tree], ...] = ()
    """Further fields in which these are filled in."""


class Builder:
    """Builds kustomizations, each once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._built: dict[str, Built] = {}
        self._meter = Meter("objects that overlays change", MOST_CHANGES)

    def overlay(self, path: str) -> Built:
        """What an overlay makes in the end."""
        return self._finished(self._build(path, ()), path)

    def around(self, folder: str, path: str, kustomization: Value[Tree]) -> Built:
        """What another tool makes of a folder, with patches and the like of its own over it.

        Args:
            folder: of a kustomization, or of plain manifests.
            path: the file that says so.
            kustomization: what it says, in the words of a kustomization.
        """
        inner = self._files.kustomization_in(folder)
        if inner is not None:
            base = self._build(inner, ())
        else:
            plain: Built = Built()
            for below in self._files.below(folder):
                plain = self._with_file(plain, below, Place(path), folder)
            base = plain
        built = self._transformed(self._with_components(base, kustomization, folder, ()), kustomization, path, folder)
        return self._finished(built, path)

    def _finished(self, built: Built, path: str) -> Built:
        """With what Kustomize does in the end: names that refer, and variables."""
        built = replace(built, resources=tuple(with_references(built.resources)))
        fill = partial(with_variables, variables=built.variables, fields=built.references, missing=built.missing)
        return self._doing(built, self._files.root_of(path), path, fill) if built.variables else built

    def _build(self, path: str, above: tuple[str, ...]) -> Built:
        if path not in self._built:
            self._built[path] = self._onto(Built(), path, above)
        return self._built[path]

    def _onto(self, built: Built, path: str, above: tuple[str, ...]) -> Built:
        """With what a kustomization adds and changes. A component works on what is there."""
        root, folder = self._files.root_of(path), posixpath.dirname(path) or "."
        if path in above or len(above) > MAX_DEPTH:
            return replace(built, missing=_refusal("it contains itself", root.place, path))
        if not is_map(root):
            return replace(built, missing=Unknown(NOT_HERE, root.place, how=f"mend {path} first"))
        inside = (*above, path)
        for resource in resources_of(root):
            built = self._with_resource(built, resource, folder, inside)
        built = self._doing(built, root, path, lambda made: generated(made, root, folder, path, self._files.text))
        if listed(at(root, "generators")):
            built = replace(built, missing=built.missing or _undecided(GENERATED, root, "generators", path))
        if listed(at(root, "helmCharts")) or listed(at(root, "helmChartInflationGenerator")):
            built = replace(built, charts=(*built.charts, Inflated(path)))
        built = self._with_components(built, root, folder, inside)
        return self._transformed(built, root, path, folder)

    def _with_resource(self, built: Built, resource: Value[Tree], folder: str, above: tuple[str, ...]) -> Built:
        name = word(resource)
        if not name or is_elsewhere(name):
            how = _how(folder)
            return replace(built, missing=built.missing or Unknown(ELSEWHERE, resource.place, how=how))
        target = joined(folder, name)
        inner = self._files.kustomization_in(target)
        if inner is None:
            return self._with_file(built, target, resource.place, folder)
        base = self._build(inner, above)
        return self._with(built, base, resource.place, folder)

    def _with_components(self, built: Built, root: Value[Tree], folder: str, above: tuple[str, ...]) -> Built:
        for component in listed(at(root, "components")):
            name = word(component)
            inner = self._files.kustomization_in(joined(folder, name)) if name and not is_elsewhere(name) else None
            if inner is None:
                unknown = Unknown(NOT_HERE, component.place, how=_how(folder))
                built = _doubted(replace(built, missing=built.missing or unknown), unknown)
            else:
                built = self._onto(built, inner, above)
        return built

    def _with_file(self, built: Built, path: str, place: Place, folder: str) -> Built:
        documents = self._files.read(path)
        if not documents:
            return replace(built, missing=built.missing or Unknown(NOT_HERE, place, how=_how(folder)))
        objects = tuple(Resource(root, path) for document in documents for root in _objects(document.root))
        broken = next((document.root for document in documents if isinstance(document.root, Unknown)), None)
        return self._with(built, Built(objects, missing=broken), place, folder)

    def _with(self, built: Built, base: Built, place: Place, folder: str) -> Built:
        """Both together; of two objects of one name the first one stays, for Kustomize takes no two."""
        known = {resource.identity for resource in built.resources}
        new = [resource for resource in base.resources if resource.identity not in known]
        made = replace(
            built,
            resources=(*built.resources, *new),
            charts=tuple(dict.fromkeys((*built.charts, *base.charts))),
            changes=(*built.changes, *base.changes),
            missing=built.missing or base.missing,
            variables=(*built.variables, *base.variables),
            references=(*built.references, *base.references),
        )
        if len(new) == len(base.resources):
            return made
        return _doubted(made, _refusal("two objects have one name", place, folder))

    def _transformed(self, built: Built, root: Value[Tree], path: str, folder: str) -> Built:
        built = self._patched(built, root, path, folder)
        built = self._doing(built, root, path, lambda made: transformed(made, root))
        namespace = at(root, "namespace")
        if word(namespace):
            built = replace(built, charts=tuple(replace(chart, namespace=namespace) for chart in built.charts))
        built = self._patched(built, root, path, folder, late=True)
        configurations = configurations_of(root, folder, self._files)
        fields = (field for one in configurations for field in listed(at(one, "varReference")))
        built = replace(
            built,
            variables=(*built.variables, *listed(at(root, "vars"))),
            references=(*built.references, *fields),
        )
        built = self._doing(built, root, path, partial(with_replicas, kustomization=root))
        for work in (with_images, in_doubt):
            step = partial(work, kustomization=root, configurations=configurations)
            built = self._doing(built, root, path, step)
        for replacement in self._replacements(root, folder):
            built = self._doing(built, root, path, partial(replaced, replacement=replacement))
        for key in ("transformers", "openapi"):
            value = at(root, key)
            if isinstance(value, Unknown) or (is_list(value) and listed(value)) or is_map(value):
                built = _doubted(built, _undecided(RUN, root, key, path))
        return built

    def _patched(self, built: Built, root: Value[Tree], path: str, folder: str, *, late: bool = False) -> Built:
        for change in changes_of(root, folder, self._files, late=late):
            is_plain = change.target is None and any(one.is_meant_by(change.patch) for one in built.resources)
            if built.charts and not is_plain:
                built = replace(built, changes=(*built.changes, change))
            may_miss = built.missing or (Unknown(RUN, root.place) if built.charts else None)
            step = partial(patched, change=change, may_miss=may_miss, opens=built.missing is not None)
            built = self._doing(built, root, path, step)
        return built

    def _replacements(self, root: Value[Tree], folder: str) -> Iterator[Value[Tree]]:
        for replacement in listed(at(root, "replacements")):
            file = word(replacement, "path") if is_map(replacement) else ""
            if not file:
                yield replacement
                continue
            for document in self._files.read(joined(folder, file)) or ():
                yield from listed(document.root) if is_list(document.root) else (document.root,)

    def _doing(
        self, built: Built, root: Value[Tree], path: str, step: Callable[[Sequence[Resource]], list[Resource]]
    ) -> Built:
        """With a step done; where Kustomize would stop, all that it makes is in doubt."""
        try:
            self._meter.spend(len(built.resources) + 1)
            return replace(built, resources=tuple(step(built.resources)))
        except Refused as refused:
            return _doubted(built, _refusal(refused.why, refused.place, posixpath.dirname(path)))
        except ExhaustedError as error:
            return _doubted(built, Unknown(error.why, root.place, how=_how(posixpath.dirname(path))))


def _doubted(built: Built, unknown: Unknown) -> Built:
    return replace(built, resources=tuple(resource.with_doubt(unknown) for resource in built.resources))


def _refusal(why: str, place: Place, folder: str) -> Unknown:
    return Unknown(f"{REFUSED}: {why}", place, how=f"see what `kustomize build {folder or '.'}` says")


def _undecided(why: str, root: Value[Tree], key: str, path: str) -> Unknown:
    return Unknown(why, at(root, key).place, how=_how(posixpath.dirname(path)))


def _how(folder: str) -> str:
    return f"scan what it makes: kustomize build {folder or '.'} | astrovet scan -"


def _objects(root: Value[Tree]) -> Iterator[Value[Tree]]:
    """The objects of a document; those of a list one by one."""
    if not is_map(root):
        return
    if word(root, "kind").endswith("List") and isinstance(at(root, "items"), Known):
        yield from (item for item in listed(at(root, "items")) if is_map(item))
    elif not isinstance(at(root, "kind"), Absent):
        yield root
