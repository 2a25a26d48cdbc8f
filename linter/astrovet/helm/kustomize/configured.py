"""`images`, and the files of `configurations`, which tell Kustomize what further fields it works on.

Fields and order: kubernetes-sigs/kustomize, api/filters/imagetag and api/internal/target (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from astrovet.helm.kustomize.names import Files, joined
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, with_entry, with_items, word
from astrovet.place import Place
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed

LISTS = ("containers", "initContainers")
"""Fields in whose items an image is one, wherever they stand."""

CONFIGURED: Mapping[str, tuple[str, ...]] = {
    "commonAnnotations": ("commonAnnotations",),
    "commonLabels": ("commonLabels", "labels"),
    "labels": ("labels",),
    "namePrefix": ("namePrefix",),
    "nameSuffix": ("nameSuffix",),
    "namespace": ("namespace",),
    "replicas": ("replicas",),
}
"""What a configuration says of fields, and the words of a kustomization that work on them."""

OPEN = "`configurations` of the kustomization let it change further fields of this object"


def configurations_of(kustomization: Value[Tree], folder: str, files: Files) -> tuple[Value[Tree], ...]:
    """What the files of `configurations` say; Unknown for one that is not here."""
    roots: list[Value[Tree]] = []
    for named in listed(at(kustomization, "configurations")):
        documents = files.read(joined(folder, word(named))) if word(named) else None
        roots += [document.root for document in documents] if documents else [Unknown(OPEN, named.place)]
    return tuple(roots)


def with_images(
    resources: Sequence[Resource], kustomization: Value[Tree], configurations: Sequence[Value[Tree]]
) -> list[Resource]:
    """The objects with the images that a kustomization puts in the place of others."""
    made = list(resources)
    fields = [field for root in configurations if is_map(root) for field in listed(at(root, "images"))]
    for image in listed(at(kustomization, "images")):
        for index, resource in enumerate(made):
            if resource.kind == "CustomResourceDefinition":
                continue
            root = _everywhere(resource.root, image)
            for field in fields:
                if is_of(field, resource):
                    root = _at_field(root, word(field, "path").strip("/").split("/"), image)
            if root is not resource.root:
                made[index] = replace(resource, root=root)
    return made


def in_doubt(
    resources: Sequence[Resource], kustomization: Value[Tree], configurations: Sequence[Value[Tree]]
) -> list[Resource]:
    """The objects, with a doubt on those in which a configuration names fields that are worked on."""
    made = list(resources)
    for root in configurations:
        for key, words in CONFIGURED.items():
            if not any(not isinstance(at(kustomization, used), Absent) for used in words):
                continue
            for field in (root,) if isinstance(root, Unknown) else listed(at(root, key)):
                if word(field, "path").startswith("metadata/"):
                    continue  # as Kustomize does by itself
                doubt = Unknown(OPEN, field.place)
                made = [one.with_doubt(doubt) if is_of(field, one) else one for one in made]
    return made


def is_of(field: Value[Tree], resource: Resource) -> bool:
    """Whether a field is one of an object's; of one that names no kind all have it."""
    group = resource.api_version.rpartition("/")[0]
    return word(field, "kind") in {"", resource.kind} and word(field, "group") in {"", group}


def _everywhere(value: Value[Tree], image: Value[Tree]) -> Value[Tree]:
    """A value with the images replaced in all lists of containers."""
    if is_list(value) and isinstance(value, Known):
        items = [_everywhere(item, image) for item in listed(value)]
        is_same = all(new is old for new, old in zip(items, listed(value), strict=True))
        return value if is_same else with_items(value, items)
    made = value
    for key, entry in entries_of(value).items():
        new = _at_field(entry.value, ("image",), image) if key in LISTS else _everywhere(entry.value, image)
        if new is not entry.value:
            made = with_entry(made, key, new)
    return made


def _at_field(value: Value[Tree], path: Sequence[str], image: Value[Tree]) -> Value[Tree]:
    """A value with the image at a path replaced; in lists in each item."""
    if not path:
        return _replaced(value, image)
    if is_list(value) and isinstance(value, Known):
        items = [_at_field(item, path, image) for item in listed(value)]
        is_same = all(new is old for new, old in zip(items, listed(value), strict=True))
        return value if is_same else with_items(value, items)
    key = path[0].removesuffix("[]")
    inner = at(value, key) if is_map(value) else Absent(value.place)
    if isinstance(inner, Absent):
        return value
    new = _at_field(inner, path[1:], image)
    return value if new is inner else with_entry(value, key, new)


def _replaced(value: Value[Tree], image: Value[Tree]) -> Value[Tree]:
    """An image, with another name, tag or digest where it has the name that is meant."""
    if not isinstance(value, Known) or not isinstance(value.value, str) or not word(image, "name"):
        return value
    written = re.fullmatch(rf"({re.escape(word(image, 'name'))})(:[\w.{{}}-]*)?(@sha256:[\w.{{}}-]*)?", value.value)
    if written is None:
        return value
    given = {key: at(image, key) for key in ("newName", "newTag", "digest", "tagSuffix")}
    unknown = next((part for part in given.values() if isinstance(part, Unknown)), None)
    if unknown is not None:
        return unknown
    new_name, new_tag, new_digest, suffix = (word(part) for part in given.values())
    name, tag, digest = written[1], written[2] or "", written[3] or ""
    if new_tag or new_digest:
        tag, digest = new_tag and f":{new_tag}", new_digest and f"@{new_digest}"
    elif suffix:
        tag, digest = f"{tag or ':'}{suffix}", ""
    place = next(_places(given), value.place)
    return Known(f"{new_name or name}{tag}{digest}", place)


def _places(given: Mapping[str, Value[Tree]]) -> Iterator[Place]:
    """Where the parts stand, what says most of the image first."""
    for key in ("newTag", "digest", "tagSuffix", "newName"):
        if isinstance(part := given[key], Known):
            yield part.place
