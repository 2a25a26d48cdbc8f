"""What Flux and Argo CD do to a folder that they build: a kustomization of their own over it, in their objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from astrovet.helm.api_groups import ARGO, FLUX_FOLDERS
from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, map_of, with_entry, with_items, word
from astrovet.value import Absent, Known, List, Tree, Value, at, listed, text

MARKS = (FLUX_FOLDERS.encode(), b"kustomize")
"""One of these stands in each file that may hold such an object."""

SAME_WORDS = ("patches", "patchesStrategicMerge", "patchesJson6902", "namePrefix", "nameSuffix", "components")
ARGO_WORDS = ("commonLabels", "commonAnnotations", "namespace")
SUBSTITUTE = f"{FLUX_FOLDERS}/substitute"
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?[=-]([^${}]*))?\}")


class Source(NamedTuple):
    """A ConfigMap or Secret with variables."""

    kind: str
    namespace: str
    name: str


class Around(Struct, frozen=True):
    """One object that builds a folder and changes what comes out."""

    name: str
    folder: str
    """From the root of the repository."""
    kustomization: Value[Tree]
    """What it does, in the words of a kustomization."""
    variables: Mapping[str, str] = {}
    """What it puts in the place of `${NAME}`."""
    sources: tuple[Source, ...] = ()
    """The objects that have further ones, those of the later over those of the earlier."""


def builds_of(root: Value[Tree]) -> Iterator[Around]:
    """The folders that an object builds with changes of its own; one that changes nothing is no matter."""
    group, kind = word(root, "apiVersion").partition("/")[0], word(root, "kind")
    name = word(root, "metadata", "name")
    if (group, kind) == (FLUX_FOLDERS, "Kustomization"):
        spec = at(root, "spec")
        changes = _kept(spec, (*SAME_WORDS, "images"))
        if word(spec, "targetNamespace"):
            changes["namespace"] = at(spec, "targetNamespace")
        common = at(spec, "commonMetadata")
        if is_map(at(common, "labels")):
            group_of_labels = map_of({"pairs": at(common, "labels")}, common.place)
            changes["labels"] = Known(List((group_of_labels,)), common.place)
        if is_map(at(common, "annotations")):
            changes["commonAnnotations"] = at(common, "annotations")
        variables = _texts(at(spec, "postBuild", "substitute"))
        namespace = word(root, "metadata", "namespace")
        sources = tuple(
            Source(word(source, "kind"), namespace, word(source, "name"))
            for source in listed(at(spec, "postBuild", "substituteFrom"))
            if is_map(source)
        )
        if changes or variables or sources:
            yield Around(name, word(spec, "path") or ".", map_of(changes, spec.place), variables, sources)
    elif (group, kind) == (ARGO, "Application"):
        spec = at(root, "spec")
        for source in (*listed(at(spec, "sources")), at(spec, "source")):
            changes = _kept(at(source, "kustomize"), (*SAME_WORDS, *ARGO_WORDS)) if is_map(source) else {}
            if changes and word(source, "path"):
                yield Around(name, word(source, "path"), map_of(changes, source.place))


def _kept(value: Value[Tree], words: Sequence[str]) -> dict[str, Value[Tree]]:
    return {key: inner for key in words if is_map(value) and not isinstance(inner := at(value, key), Absent)}


def _texts(value: Value[Tree]) -> dict[str, str]:
    texts = {key: text(entry.value) for key, entry in entries_of(value).items()}
    return {key: content.value for key, content in texts.items() if isinstance(content, Known)}


def variables_of(around: Around, objects: Sequence[Value[Tree]]) -> tuple[Mapping[str, str], bool]:
    """What is put in the place of `${NAME}`, and whether there may be more; what the object itself says wins.

    What a Secret holds is none of what is shown, so that it stays open.
    """
    texts: dict[str, str] = {}
    is_open = False
    for source in around.sources:
        held = [one for one in objects if source.kind == "ConfigMap" and _named(one) == source]
        is_open = is_open or not held
        for one in held:
            texts.update(_texts(at(one, "data")))
    return {**texts, **around.variables}, is_open


def _named(value: Value[Tree]) -> Source:
    return Source(word(value, "kind"), word(value, "metadata", "namespace"), word(value, "metadata", "name"))


def is_left_alone(value: Value[Tree]) -> bool:
    """Whether an object says that nothing is to be put into it."""
    return any(word(value, "metadata", key, SUBSTITUTE) == "disabled" for key in ("labels", "annotations"))


def substituted(value: Value[Tree], variables: Mapping[str, str], *, is_open: bool = False) -> Value[Tree]:
    """A value with texts in the place of `${NAME}`; a name without a text stays as it is.

    Where there may be further variables, the default of a name does not count.
    """
    match value:
        case Known() if is_list(value):
            return with_items(value, [substituted(item, variables, is_open=is_open) for item in listed(value)])
        case Known() if is_map(value):
            made: Value[Tree] = value
            for key, entry in entries_of(value).items():
                new = substituted(entry.value, variables, is_open=is_open)
                if new is not entry.value:
                    made = with_entry(made, key, new)
            return made
        case Known(str(content), place):
            filled = _PLACEHOLDER.sub(lambda match: _filled(match, variables, is_open=is_open), content)
            return Known(filled, place) if filled != content else value
        case _:
            return value


def _filled(match: re.Match[str], variables: Mapping[str, str], *, is_open: bool) -> str:
    name, default = match.groups()
    if name in variables:
        return variables[name]
    return match[0] if default is None or is_open else default
