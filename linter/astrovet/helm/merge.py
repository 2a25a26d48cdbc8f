"""Helm's merging of values: several layers to one tree, each value knowing the layer that set it.

Maps are merged key by key; lists and single values are replaced whole; null takes a key away. That is
what Helm does with its `-f` files. The chart's own defaults come last in Helm, under the files merged
among themselves: `merge((defaults, merge(files)))`.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, shape


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
        match entry.value:
            case Absent(explicit=False) if key in lower.entries:
                entries[key] = lower.entries[key]
            case Known() | Unknown() | Absent():
                beneath = lower.entries[key].value if key in lower.entries else lower.unlisted
                value = entry.value if beneath is None else _over(beneath, entry.value)
                entries[key] = replace(entry, value=value)
    return Map(entries, unlisted=upper.unlisted or lower.unlisted)
