"""The `git` generators of an `ApplicationSet`, where the folders and files that they look for are among the inputs.

Each becomes a generator of a list with the same sets of parameters (argoproj/argo-cd,
applicationset/generators/git.go and applicationset/utils/utils.go, 2026-11).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import is_

from msgspec.structs import replace

from astrovet.helm.api_groups import ARGO
from astrovet.helm.wrappers.named_files import in_repository
from astrovet.helm.wrappers.objects import is_kind, is_true
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Value, at, listed, text

PLAIN = frozenset({"repoURL", "revision", "directories", "files", "requeueAfterSeconds", "template"})
"""What a generator says where its sets can be told; others change names or values."""
MOST_STARS = 4
NESTS = ("matrix", "merge")

Read = Callable[[str], Value[Tree] | None]


def with_git(path: str, root: Value[Tree], paths: Sequence[str], read: Read) -> Value[Tree]:
    """An ApplicationSet whose git generators are lists of what they find.

    Args:
        path: the file of the object.
        root: the object.
        paths: the YAML files among the inputs.
        read: gives what one of them says.
    """
    if not is_kind(root, ARGO, "ApplicationSet"):
        return root
    spec = at(root, "spec")
    generators = at(spec, "generators")
    if not isinstance(generators, Known) or not isinstance(generators.value, List):
        return root
    is_go = is_true(at(spec, "goTemplate"))
    made = _listed(generators, path, paths, read, is_go)
    return root if made is generators else _put(root, "spec", _put(spec, "generators", made))


def _put(value: Value[Tree], key: str, new: Value[Tree]) -> Value[Tree]:
    if not isinstance(value, Known) or not isinstance(value.value, Map):
        return value
    return replace(value, value=replace(value.value, entries={**value.value.entries, key: Entry(key, new.place, new)}))


def _listed(generators: Value[Tree], path: str, paths: Sequence[str], read: Read, is_go: bool) -> Value[Tree]:
    if not isinstance(generators, Known) or not isinstance(generators.value, List):
        return generators
    old = generators.value.items
    new = tuple(_generator(item, path, paths, read, is_go) for item in old)
    return generators if all(map(is_, new, old)) else replace(generators, value=List(new))


def _generator(generator: Value[Tree], path: str, paths: Sequence[str], read: Read, is_go: bool) -> Value[Tree]:
    for key in NESTS:
        inner = at(generator, key, "generators") if isinstance(generator, Known) else generator
        made = _listed(inner, path, paths, read, is_go)
        if made is not inner:
            return _put(generator, key, _put(at(generator, key), "generators", made))
    git = at(generator, "git") if isinstance(generator, Known) else generator
    if not isinstance(git, Known) or not isinstance(git.value, Map) or not git.value.entries.keys() <= PLAIN:
        return generator
    elements = _elements(git, path, paths, read, is_go)
    if elements is None:
        return generator
    entries = {"elements": Entry("elements", git.place, Known(List(elements), git.place))}
    if "template" in git.value.entries:
        entries["template"] = git.value.entries["template"]
    whole: Known[Tree] = Known(Map(entries), git.place)
    return replace(generator, value=Map({"list": Entry("list", git.place, whole)}))


def _elements(
    git: Value[Tree], path: str, paths: Sequence[str], read: Read, is_go: bool
) -> tuple[Value[Tree], ...] | None:
    """The sets of parameters; None where they cannot be told from the inputs."""
    folders, files = listed(at(git, "directories")), listed(at(git, "files"))
    if bool(folders) == bool(files):
        return None
    wanted = _patterns(folders or files)
    if wanted is None or (files and not all(pattern.endswith((".yaml", ".yml")) for pattern, _, _ in wanted)):
        return None
    for root in (posixpath.dirname(name) for name in in_repository(path, "any")):
        below = [name.removeprefix(f"{root}/") for name in paths if not root or name.startswith(f"{root}/")]
        matched = _matching(below if files else _folders(below), wanted, is_of_files=bool(files))
        if matched is None:
            return None
        if matched:
            places = dict(matched)
            made = [
                element
                for name in sorted(places)
                for element in (
                    _of_file(name, read(posixpath.join(root, name)), places[name], is_go)
                    if files
                    else (_element(_parameters(name, is_go), places[name]),)
                )
            ]
            return None if None in made else tuple(element for element in made if element is not None)
    return None


def _patterns(items: Sequence[Value[Tree]]) -> list[tuple[str, bool, Place]] | None:
    """The patterns, each with whether it leaves out; None where one is none that is understood here."""
    patterns = []
    for item in items:
        pattern = text(at(item, "path")) if isinstance(item, Known) else Absent(item.place)
        if not isinstance(pattern, Known) or re.search(r"[\[\]{}\\?]", pattern.value):
            return None
        if pattern.value.count("*") > MOST_STARS:
            return None
        patterns.append((pattern.value.rstrip("/"), is_true(at(item, "exclude")), pattern.place))
    return patterns


def _folders(paths: Sequence[str]) -> list[str]:
    folders: dict[str, None] = {}
    for path in paths:
        parts = path.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            folders["/".join(parts[:count])] = None
    return [folder for folder in folders if not any(part.startswith(".") for part in folder.split("/"))]


def _matching(
    names: Sequence[str], wanted: Sequence[tuple[str, bool, Place]], *, is_of_files: bool
) -> list[tuple[str, Place]] | None:
    """What the patterns mean. Of files None where Argo CD's old and new way of matching differ."""
    within = _meant(names, wanted, "[^/]*")
    return within if not is_of_files or within == _meant(names, wanted, ".*") else None


def _meant(names: Sequence[str], wanted: Sequence[tuple[str, bool, Place]], star: str) -> list[tuple[str, Place]]:
    compiled = [
        (re.compile(star.join(map(re.escape, re.split(r"\*+", pattern)))), is_out, place)
        for pattern, is_out, place in wanted
    ]
    meant = []
    for name in names:
        hits = [(is_out, place) for pattern, is_out, place in compiled if pattern.fullmatch(name)]
        if hits and not any(is_out for is_out, _ in hits):
            meant.append((name, hits[0][1]))
    return meant


def _normal(name: str) -> str:
    return re.sub(r"[^-a-z0-9.]", "-", name.lower())[:253].strip("-.")


def _parameters(folder: str, is_go: bool, file: str = "") -> dict[str, str | dict[str, str]]:
    """What a generator tells of a folder, and of a file in it."""
    base = posixpath.basename(folder)
    inner = {"path": folder, "basename": base, "basenameNormalized": _normal(base)}
    if file:
        inner |= {"filename": file, "filenameNormalized": _normal(file)}
    if is_go:
        return {"path": inner}
    flat: dict[str, str | dict[str, str]] = {f"path.{key}": value for key, value in inner.items() if key != "path"}
    segments = {f"path[{number}]": part for number, part in enumerate(folder.split("/"))}
    return {**flat, **segments, "path": folder}


def _element(parameters: Mapping[str, str | dict[str, str]], place: Place) -> Known[Tree]:
    entries = {}
    for key, value in parameters.items():
        inner: Known[Tree] = _element(value, place) if isinstance(value, dict) else Known(value, place)
        entries[key] = Entry(key, place, inner)
    return Known(Map(entries), place)


def _of_file(path: str, content: Value[Tree] | None, place: Place, is_go: bool) -> Iterator[Value[Tree] | None]:
    """The sets that one file gives: one for a map, one for each map of a list; None for what is neither."""
    own = _element(_parameters(posixpath.dirname(path), is_go, posixpath.basename(path)), place)
    is_list = isinstance(content, Known) and isinstance(content.value, List)
    for one in listed(content) if is_list and content is not None else (content,):
        match one, own:
            case Known(Map(entries, None)), Known(Map(told)):
                is_flat = all(
                    isinstance(entry.value, Known) and isinstance(entry.value.value, str) for entry in entries.values()
                )
                yield replace(one, value=Map({**entries, **told})) if is_go or is_flat else None
            case _:
                yield None
