"""What the readers of all tools share: objects, names, files and placeholders."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from astrovet.document import Document
from astrovet.helm.release import Layer, Setting, SettingKind, ValuesFile
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, listed, text

TEMPLATE = "a template fills this in before Helm runs; astrovet does not execute templates"
LOCAL_CHART = "the chart lies in a folder, and its version in that folder's `Chart.yaml`"
OUTSIDE = "the values file lies outside of the repository"
REMOTE = "the values file is fetched from elsewhere; astrovet reads no remote files"
PATTERN = "a pattern stands for the values files; name each file to have them judged"
PACKAGED = "the values file lies inside the packaged chart"

_EXACT = r"=?\s*v?[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"


# --- Kubernetes objects


def objects(documents: Sequence[Document]) -> Iterator[Value[Tree]]:
    """The objects of a stream, also those inside a `List`."""
    for document in documents:
        match at(document.root, "kind"):
            case Known("List"):
                yield from listed(at(document.root, "items"))
            case Known() | Unknown() | Absent():
                yield document.root


def is_kind(root: Value[Tree], group: str, kind: str) -> bool:
    """Whether it is an object of this kind, in any version of the group."""
    match at(root, "apiVersion"), at(root, "kind"):
        case Known(str(version)), Known(str(name)):
            return name == kind and version.partition("/")[0] == group
        case _:
            return False


# --- values


def first(*values: Value[Tree]) -> Value[Tree]:
    """The first value that is there, else the last one."""
    for value in values:
        if not isinstance(value, Absent):
            return value
    return values[-1]


def is_true(value: Value[Tree]) -> bool:
    """Whether it is known to be true."""
    return isinstance(value, Known) and value.value is True


def label(value: Value[str]) -> str:
    """A name for an id: the text, `?` where it is not known."""
    return value.value if isinstance(value, Known) else "?"


def own(value: Value[Tree]) -> Value[str]:
    """A text that the tool itself uses (a name, a version, a path): Unknown where `{{ … }}` or `${…}` is in it."""
    match value:
        case Known(str(written), place) if is_filled_in(written):
            return Unknown(TEMPLATE, place)
        case Known() | Unknown() | Absent():
            return text(value)


def exact(version: Value[str]) -> Value[str]:
    """A version of a chart; Absent where it is a range, because that pins nothing."""
    match version:
        case Known(written, place) if not re.fullmatch(_EXACT, written.strip()):
            return Absent(place)
        case Known() | Unknown() | Absent():
            return version


def filled(value: Value[Tree], why: str) -> Value[Tree]:
    """The value with every text Unknown that holds `{{ … }}`, because the tool executes templates there."""
    match value:
        case Known(Map(found, unlisted)):
            plain = {
                key: Entry(key, entry.key_place, filled(entry.value, why))
                for key, entry in found.items()
                if _template(key) < 0
            }
            if len(plain) < len(found):
                unlisted = Unknown(why, value.place)
            return replace(value, value=Map(plain, unlisted))
        case Known(List(listed, is_set)):
            return replace(value, value=List(tuple(filled(item, why) for item in listed), is_set))
        case Known(str(written), place) if (start := _template(written)) >= 0:
            return Unknown(why, place, prefix=written[:start])
        case Known() | Unknown() | Absent():
            return value


def is_filled_in(written: str) -> bool:
    """Whether a text holds a placeholder that a later step fills in: `{{ … }}` or `${…}`."""
    return _template(written) >= 0 or "}" in written.partition("${")[2]


def _template(written: str) -> int:
    """Where `{{ … }}` begins in a text, -1 where it has none."""
    start = written.find("{{")
    return start if start >= 0 and written.find("}}", start) >= 0 else -1


# --- files


def in_repository(path: str, name: str) -> tuple[str, ...]:
    """Where a file can be that is named from the root of a repository: under every folder above `path`.

    The outermost folder comes first, because that is where the root mostly is. Empty where the name
    leads out of the repository.
    """
    inner = posixpath.normpath(name.lstrip("/"))
    if inner.partition("/")[0] == "..":
        return ()
    return tuple(posixpath.join(folder, inner) for folder in _folders_above(path))


def beside(path: str, name: str) -> tuple[str, ...]:
    """Where a file is that is named from the folder of `path`; empty for an absolute name."""
    if posixpath.isabs(name):
        return ()
    return (posixpath.normpath(posixpath.join(posixpath.dirname(path), name)),)


def _folders_above(path: str) -> list[str]:
    """Every folder that holds the file, the outermost first; the root of the disk is none."""
    *parts, _ = posixpath.normpath(path).split("/")
    outermost = 2 if posixpath.isabs(path) else parts.count("..")
    return ["/".join(parts[:count]) for count in range(outermost, len(parts) + 1)]


def values_file(candidates: tuple[str, ...], place: Place, *, optional: bool = False) -> Layer:
    """The layer of a values file; Unknown where no candidate is left."""
    return ValuesFile(candidates, place, optional) if candidates else Unknown(OUTSIDE, place)


def unread(name: str) -> str:
    """Why a values file of this name cannot be read; empty where it can be."""
    if is_filled_in(name):
        return TEMPLATE
    if "://" in name or "::" in name:
        return REMOTE
    return PATTERN if re.search(r"[*?\[]", name) else ""


# --- settings

# Helm applies all `--set` of a command line first, then all `--set-string`, then all `--set-file`
# (helm/helm, pkg/cli/values/options.go, 2026-11).
_ORDER = (SettingKind.TYPED, SettingKind.TEXT, SettingKind.FILE)


def in_helms_order(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Settings in the order in which Helm applies them; last, what can set anything."""
    return tuple(sorted(layers, key=lambda layer: _ORDER.index(layer.kind) if isinstance(layer, Setting) else 99))
