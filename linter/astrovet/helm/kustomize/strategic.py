"""Strategic merge patches: maps are merged, lists of Kubernetes' own kinds by their keys, all else is replaced.

Kinds without a schema (HelmRelease, Application) have no keys for lists: these are replaced whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from astrovet.helm.kustomize.trees import entries_of, is_list, is_map, with_entry, with_items, word
from astrovet.helm.merging import in_place_of
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, listed, text

DIRECTIVE = "$patch"
PROTOCOL = "protocol"
"""Ports are told apart by it, too; no other item that has a key has one."""

LIST_KEYS: Mapping[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "secrets": ("name",),
    "ports": ("containerPort", "port"),
}
"""Fields of Kubernetes' own kinds that hold lists whose items are told apart by a key: the first that they have."""

PLAIN_GROUPS = ("", "apps", "batch")
"""The API groups of the kinds whose lists have such keys."""


def has_list_keys(api_version: str) -> bool:
    """Whether lists of an object's kind are merged by keys."""
    return (api_version.rpartition("/")[0] if "/" in api_version else "") in PLAIN_GROUPS


def merged(below: Value[Tree], patch: Value[Tree], *, by_keys: bool, field: str = "") -> Value[Tree] | None:
    """What is there after a patch; None where it takes it away."""
    match patch:
        case Absent():
            return None
        case Known(Map()):
            return _map(below, patch, by_keys=by_keys)
        case Known(List(items)) if by_keys and field in LIST_KEYS:
            return _list(below, patch, items, field)
        case Known() | Unknown():
            return patch


def _map(below: Value[Tree], patch: Known[Tree], *, by_keys: bool) -> Value[Tree] | None:
    directive = word(patch, DIRECTIVE)
    entries = {key: inner for key, inner in entries_of(patch).items() if key != DIRECTIVE}
    if directive == "delete":
        return None
    if directive == "replace":
        return replace(patch, value=Map(entries))
    lower = entries_of(below)
    unlisted = below if isinstance(below, Unknown) else None
    if isinstance(below, Known) and isinstance(below.value, Map):
        unlisted = below.value.unlisted
    result: dict[str, Entry] = dict(lower)
    for key, inner in entries.items():
        under = lower[key].value if key in lower else unlisted or Absent(patch.place)
        value = merged(under, inner.value, by_keys=by_keys, field=key)
        if value is None:
            result.pop(key, None)
        elif key in lower and not (is_map(value) and is_map(under)):
            result[key] = in_place_of(lower[key], replace(inner, value=value))
        else:
            result[key] = replace(inner, value=value)
    base = below if is_map(below) and isinstance(below, Known) else patch
    return replace(base, value=Map(result, unlisted))


def _list(below: Value[Tree], patch: Known[Tree], items: Sequence[Value[Tree]], field: str) -> Value[Tree] | None:
    """Items with the key of one beneath are merged into it; what the patch does not name comes last."""
    if any(_replaces_all(item) for item in items):
        return with_items(patch, [item for item in items if not _replaces_all(item)])
    if not is_list(below):
        new = [merged(Absent(item.place), item, by_keys=True) for item in items]
        return with_items(patch, [item for item in new if item is not None])
    beneath = list(listed(below))
    made: list[Value[Tree] | None] = []
    for item in items:
        if word(item, DIRECTIVE) == "replace":
            continue  # Kustomize leaves what is there
        index = _same(beneath, item, LIST_KEYS[field])
        if index is None and field == "ports" and _is_dropped(beneath, item):
            continue
        under = Absent(item.place) if index is None else beneath.pop(index)
        made.append(merged(under, item, by_keys=True))
    return with_items(patch, [item for item in (*made, *beneath) if item is not None])


def _replaces_all(item: Value[Tree]) -> bool:
    """Whether an item says nothing but that the list takes the place of the one beneath."""
    return word(item, DIRECTIVE) == "replace" and len(entries_of(item)) == 1


def _same(items: Sequence[Value[Tree]], wanted: Value[Tree], keys: Sequence[str]) -> int | None:
    key = next((key for key in keys if key in entries_of(wanted)), "")
    name = text(at(wanted, key)) if key else Absent(wanted.place)
    for index, item in enumerate(items):
        other = text(at(item, key))
        is_same = isinstance(name, Known) and isinstance(other, Known) and other.value == name.value
        if is_same and word(item, PROTOCOL) == word(wanted, PROTOCOL):
            return index
    return None


def _is_dropped(items: Sequence[Value[Tree]], wanted: Value[Tree]) -> bool:
    """Whether Kustomize drops a port: of one number, one names its protocol and the other one does not."""
    bare = with_entry(wanted, PROTOCOL, None)
    same = [item for item in items if _same((with_entry(item, PROTOCOL, None),), bare, LIST_KEYS["ports"]) is not None]
    return any((PROTOCOL in entries_of(item)) != (PROTOCOL in entries_of(wanted)) for item in same)
