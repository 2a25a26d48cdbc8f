"""ConfigMaps and Secrets that a kustomization makes of files and literals.

Their names get a hash of what they hold at the end of a build; here they keep the name that others use for them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from astrovet.formats.layout import text_of_file
from astrovet.helm.kustomize.json_patch import Refused
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.trees import entries_of, map_of, with_entry, word
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, listed, text

GENERATORS = (("configMapGenerator", "ConfigMap", "data"), ("secretGenerator", "Secret", "stringData"))
"""What makes objects of which kind, and where these hold their texts."""

NOT_HERE = "the file that a generator of the kustomization names is not here"


Texts: TypeAlias = Callable[[str], str | None]
"""Gives the text of a file; None where it is not here."""


def generated(
    resources: Sequence[Resource], kustomization: Value[Tree], folder: str, path: str, texts: Texts
) -> list[Resource]:
    """The objects with those that the generators make, or add to."""
    made = list(resources)
    for key, kind, field in GENERATORS:
        for generator in listed(at(kustomization, key)):
            made = _with(made, _object(kustomization, generator, kind, field, folder, path, texts), generator, field)
    return made


def _with(resources: list[Resource], new: Resource, generator: Value[Tree], field: str) -> list[Resource]:
    behavior = word(generator, "behavior") or "create"
    index = next(
        (index for index, resource in enumerate(resources) if resource.is_meant_by(new.root)),
        None,
    )
    if behavior == "create":
        if index is not None:
            raise Refused("a generator makes an object that is there already", generator.place)
        return [*resources, new]
    if index is None:
        raise Refused("a generator changes an object that is not there", generator.place)
    old = resources[index]
    data = at(new.root, field)
    if behavior == "merge":
        data = at(old.root, field)
        if not isinstance(data, Known):
            data = map_of({}, new.root.place)
        for name, entry in entries_of(at(new.root, field)).items():
            data = with_entry(data, name, entry.value)
    changed = replace(old, root=with_entry(old.root, field, data))
    return [*resources[:index], changed, *resources[index + 1 :]]


def _object(
    kustomization: Value[Tree], generator: Value[Tree], kind: str, field: str, folder: str, path: str, texts: Texts
) -> Resource:
    place = generator.place
    name, namespace = at(generator, "name"), at(generator, "namespace")
    metadata: dict[str, Value[Tree]] = {"name": name}
    if isinstance(namespace, Known):
        metadata["namespace"] = namespace
    options = (at(kustomization, "generatorOptions"), at(generator, "options"))
    for key in ("labels", "annotations"):
        pairs = {pair: entry.value for option in options for pair, entry in entries_of(at(option, key)).items()}
        if pairs:
            metadata[key] = map_of(pairs, place)
    data = {key: Entry(key, value.place, value) for key, value in _data(generator, folder, texts)}
    root: dict[str, Value[Tree]] = {
        "apiVersion": Known("v1", place, written=False),
        "kind": Known(kind, place, written=False),
        "metadata": map_of(metadata, place),
        field: Known(Map(data), place),
    }
    if kind == "Secret" and isinstance(kept := at(generator, "type"), Known):
        root["type"] = kept
    return Resource(map_of(root, place), path)


def _data(generator: Value[Tree], folder: str, texts: Texts) -> Iterator[tuple[str, Value[Tree]]]:
    for key in ("envs", "env"):
        for named in listed(at(generator, key)) if key == "envs" else (at(generator, key),):
            yield from _variables(named, folder, texts)
    for named in listed(at(generator, "files")):
        written = word(named)
        name, equals, file = written.partition("=")
        if not equals:
            name, file = posixpath.basename(written), written
        yield name, _content(posixpath.normpath(posixpath.join(folder, file)), named.place, texts)
    for literal in listed(at(generator, "literals")):
        match text(literal):
            case Known(written, place):
                name, _, value = written.partition("=")
                yield name, Known(_unquoted(value), place)
            case Unknown() | Absent():
                pass


def _variables(named: Value[Tree], folder: str, texts: Texts) -> Iterator[tuple[str, Value[Tree]]]:
    file = word(named)
    if not file:
        return
    path = posixpath.normpath(posixpath.join(folder, file))
    content = texts(path)
    for number, line in enumerate((content or "").splitlines(), start=1):
        name, equals, value = line.lstrip().partition("=")
        if equals and not name.startswith("#"):
            yield name, Known(value, Place(path, number, 1, number, len(line) + 1))


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _content(path: str, place: Place, texts: Texts) -> Value[Tree]:
    """The text of a file, every character of which stands where it stands in the file."""
    content = texts(path)
    if content is None:
        return Unknown(NOT_HERE, place, how="scan it too")
    return text_of_file(path, content)
