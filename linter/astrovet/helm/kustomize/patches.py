"""Patches of a kustomization, whatever field names them: strategic or of JSON, inline or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from astrovet.formats.embedded import embedded_yaml
from astrovet.helm.kustomize.json_patch import Refused, applied
from astrovet.helm.kustomize.names import Files, is_inline, joined
from astrovet.helm.kustomize.resources import Resource, Target, meant
from astrovet.helm.kustomize.strategic import DIRECTIVE, has_list_keys, merged
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, map_of, with_entry, with_inner, word
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, boolean, listed, text

NOT_HERE = "the patch that the kustomization names is not here"
OPEN_TARGET = "whether a patch means this object is not known"
WRAPPING = {"HelmRelease": "helm.toolkit.fluxcd.io/v2", "Application": "argoproj.io/v1alpha1"}
"""Kinds of objects that install charts, with a version of their API, where a target names none."""


class Change(Struct, frozen=True):
    """One patch."""

    patch: Value[Tree]
    """A list of operations, or a part of an object."""
    target: Target | None
    """None: the patch itself names its object."""
    may_rename: bool = False
    may_change_kind: bool = False

    @property
    def is_json(self) -> bool:
        return is_list(self.patch)


def changes_of(root: Value[Tree], folder: str, files: Files, *, late: bool) -> Iterator[Change]:
    """The patches of a kustomization in their order. `patchesJson6902` come late: after names are changed."""
    if late:
        for patch in listed(at(root, "patchesJson6902")):
            yield from _changes(patch, folder, files)
        return
    for named in listed(at(root, "patchesStrategicMerge")):
        content = text(named)
        if is_map(named):
            yield Change(named, None)
        elif isinstance(content, Known) and is_inline(content.value):
            yield from (Change(part, None) for part in _documents(content))
        else:
            yield from (Change(part, None) for part in _of_file(named, folder, files))
    for patch in listed(at(root, "patches")):
        yield from _changes(patch, folder, files)


def inline_changes(root: Value[Tree]) -> Iterator[Change]:
    """The patches that stand in a value, in the words of a kustomization; in files there are none."""
    nowhere = Files(lambda _: None, lambda _: None, lambda _: ())
    yield from changes_of(root, ".", nowhere, late=False)
    yield from changes_of(root, ".", nowhere, late=True)


def _changes(patch: Value[Tree], folder: str, files: Files) -> Iterator[Change]:
    selector, inline = at(patch, "target"), at(patch, "patch")
    target = Target.of(selector) if is_map(selector) else None
    written = text(inline) if not (is_map(inline) or is_list(inline)) else Absent(patch.place)
    if is_map(inline) or is_list(inline):
        parts: tuple[Value[Tree], ...] = (inline,)  # Flux and Helmfile take values, too
    elif isinstance(written, Known):
        parts = _documents(written)
    else:
        parts = _of_file(at(patch, "path"), folder, files)
    options = at(patch, "options")
    renames, changes_kind = (_is_true(options, key) for key in ("allowNameChange", "allowKindChange"))
    for part in parts:
        yield Change(part, target, renames, changes_kind)


def _is_true(options: Value[Tree], key: str) -> bool:
    flag = boolean(at(options, key)) if is_map(options) else Absent(options.place)
    return isinstance(flag, Known) and flag.value


def _documents(content: Known[str]) -> tuple[Value[Tree], ...]:
    return tuple(document.root for document in embedded_yaml(content) if not isinstance(document.root, Absent))


def _of_file(named: Value[Tree], folder: str, files: Files) -> tuple[Value[Tree], ...]:
    documents = files.read(joined(folder, word(named))) if word(named) else None
    if not documents:
        return (Unknown(NOT_HERE, named.place, how="scan it too"),)
    return tuple(document.root for document in documents if not isinstance(document.root, Absent))


def patched(resources: Sequence[Resource], change: Change, may_miss: Unknown | None, *, opens: bool) -> list[Resource]:
    """The objects with one patch applied. Raises Refused where Kustomize would stop.

    Args:
        resources: the objects.
        change: the patch.
        may_miss: set where the object that a patch names may be one that is not here.
        opens: whether such a patch counts as a part of that object.
    """
    made: list[Resource | None] = list(resources)
    if isinstance(change.patch, Unknown):
        return [resource.with_doubt(change.patch) for resource in resources]
    if change.target is not None:
        indexes = list(meant(resources, change.target))
    else:
        indexes = [(index, True) for index, resource in enumerate(resources) if resource.is_meant_by(change.patch)]
        if not indexes and may_miss is None:
            raise Refused("no object is the one that a patch names", change.patch.place)
    for index, is_sure in indexes:
        resource = resources[index]
        if is_sure:
            made[index] = _changed(resource, change)
        else:
            made[index] = resource.with_doubt(Unknown(OPEN_TARGET, change.patch.place))
    left = [resource for resource in made if resource is not None]
    if not indexes and opens and may_miss is not None:
        part = _part(change, may_miss)
        left += [part] if part is not None else []
    return left


def _changed(resource: Resource, change: Change) -> Resource | None:
    """An object with a patch applied; None where it is deleted."""
    if change.is_json:
        return replace(resource, root=applied(resource.root, change.patch))
    root = merged(resource.root, change.patch, by_keys=has_list_keys(resource.api_version))
    if root is None:
        return None
    old = resource.root
    kept = {"name": change.may_rename and bool(word(root, "metadata", "name")), "namespace": False}
    for key, changes in kept.items():
        if not changes:
            own = at(old, "metadata", key)
            root = with_inner(root, ("metadata", key), None if isinstance(own, Absent) else own)
    if not change.may_change_kind:
        for key in ("apiVersion", "kind"):
            root = with_entry(root, key, at(old, key))
    former = (
        dict.fromkeys((*resource.former, (resource.name, resource.namespace))) if change.may_rename else resource.former
    )
    return replace(resource, root=root, former=tuple(former))


def _part(change: Change, unknown: Unknown) -> Resource | None:
    """What a patch says of an object that lies elsewhere."""
    if not change.is_json:
        if not is_map(change.patch) or DIRECTIVE in entries_of(change.patch):
            return None
        root = change.patch
        if change.target is not None and change.target.name:
            root = with_inner(root, ("metadata", "name"), Known(change.target.name, change.patch.place, written=False))
        return Resource(opened(root, unknown), change.patch.place.path, is_partial=True)
    target = change.target
    if target is None or target.kind not in WRAPPING:
        return None
    place = change.patch.place
    metadata: dict[str, Value[Tree]] = {
        key: Known(value, place, written=False)
        for key, value in (("name", target.name), ("namespace", target.namespace))
        if value
    }
    root = map_of(
        {
            "apiVersion": Known(WRAPPING[target.kind], place, written=False),
            "kind": Known(target.kind, place, written=False),
            "metadata": opened(map_of(metadata, place), unknown),
            "spec": unknown,
        },
        place,
    )
    return Resource(applied(root, change.patch), place.path, is_partial=True)


def opened(value: Value[Tree], unknown: Unknown) -> Value[Tree]:
    """A value in which every map may hold more."""
    match value:
        case Known(Map(entries)):
            inner = {key: replace(entry, value=opened(entry.value, unknown)) for key, entry in entries.items()}
            return replace(value, value=Map(inner, unknown))
        case Known(List()) | Known() | Unknown() | Absent():
            return value
