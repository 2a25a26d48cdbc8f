"""Helm's merging of values: several layers to one tree, each value knowing the layer that set it.

Maps are merged key by key; lists and single values are replaced whole; null takes a key away. That is
what Helm does with its `-f` files. The chart's own defaults come last in Helm, under the files merged
among themselves: `merge((defaults, merge(files)))`.

What a later layer puts aside is remembered where it stood: `Entry.replaced`, and for null
`Absent.earlier`.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, shape


def merge(layers: Sequence[Value[Tree]]) -> Value[Tree]:
    """Merge layers of values; a later layer wins.

    A key that null took away stays as an entry with `Absent(explicit=True)`, so that its place is
    known. An Absent layer is nothing; no layer at all is Absent. A layer that is no map is Unknown,
    because Helm refuses it. Under an Unknown layer, only what later layers say is settled; all else
    is Unknown with that layer's reason and place.
    """
    merged: Value[Tree] = Absent(Place(""))
    for layer in layers:
        match layer:
            case Absent():
                continue
            case Known(Map()):
                upper: Known[Tree] = layer
            case Known(tree, place):
                refused = Unknown(f"{shape(tree)} stands where Helm expects a map of values", place)
                upper = Known(Map({}, unlisted=refused), place)
            case Unknown(_, place):
                upper = Known(Map({}, unlisted=layer), place)
        merged = _over(merged, upper)
    return merged


def _over(lower: Value[Tree], upper: Value[Tree]) -> Value[Tree]:
    """What is there when a later layer says `upper` where an earlier one said `lower`."""
    match upper:
        case Absent(explicit=False):
            return lower
        case Known(Map() as tree):
            return _map_over(lower, upper, tree)
        case Known() | Unknown() | Absent():
            return upper


def _map_over(lower: Value[Tree], upper: Known[Tree], tree: Map) -> Value[Tree]:
    match lower:
        case Known(Map() as below):
            sensitive, written = upper.sensitive or lower.sensitive, upper.written and lower.written
            return Known(_merge_maps(below, tree), upper.place, sensitive, written)
        case Unknown():
            # The earlier layer may hold a map here; then its keys are still there.
            return replace(upper, value=_merge_maps(Map({}, unlisted=lower), tree))
        case Known() | Absent():
            return upper


def _merge_maps(lower: Map, upper: Map) -> Map:
    entries = dict(lower.entries)
    if upper.unlisted is not None:
        for key, entry in lower.entries.items():
            entries[key] = replace(entry, value=upper.unlisted)
    for key, entry in upper.entries.items():
        if key in lower.entries:
            entries[key] = _entry_over(lower.entries[key], entry)
        elif lower.unlisted is not None:
            entries[key] = replace(entry, value=_over(lower.unlisted, entry.value))
        else:
            entries[key] = entry
    return Map(entries, unlisted=upper.unlisted or lower.unlisted)


def _entry_over(lower: Entry, upper: Entry) -> Entry:
    """A key of a later layer over the same key of an earlier one."""
    match upper.value:
        case Absent(explicit=False):
            return lower
        case Known(Map()) if isinstance(lower.value, Known) and isinstance(lower.value.value, Map):
            merged = _over(lower.value, upper.value)
            return replace(upper, value=merged, replaced=upper.replaced + lower.replaced)
        case Unknown():
            # It may be a map, and leave what is below it.
            return replace(upper, replaced=upper.replaced + lower.replaced)
        case Known() | Absent():
            return in_place_of(lower, replace(upper, value=_over(lower.value, upper.value)))


def in_place_of(lower: Entry, upper: Entry) -> Entry:
    """A key that puts aside whole what an earlier layer set, and remembers it."""
    match lower.value:
        case Known():
            aside: tuple[Value[Tree], ...] = (lower.value,)
            earlier = lower.key_place if lower.key_place.has_lines else None
        case Absent():
            aside, earlier = (), lower.value.earlier
        case Unknown():
            aside, earlier = (), None
    value = upper.value
    if isinstance(value, Absent) and value.earlier is None:
        value = replace(value, earlier=earlier)
    return replace(upper, value=value, replaced=upper.replaced + aside + lower.replaced)
