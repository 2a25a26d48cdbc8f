"""Setting a value at a path of keys and indexes in a tree, as Helm's `--set` flags do."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from astrovet.budget import Budget
from astrovet.helm.merging import in_place_of
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, shape

Path: TypeAlias = tuple[str | int, ...]


class MalformedError(Exception):
    """The way out of a half-read assignment: Helm refuses the assignment; the text says why without quoting it."""


def kept_of(root: Value[Tree], path: Path) -> Path:
    """As much of the path as Helm sets for a text that ends with `=`.

    There it loses an item that a list does not have yet, and with it what would be set inside: `a[0].b=` sets `a` to a
    list without items. Source: `listItem` in pkg/strvals/parser.go of helm/helm, v3.12.0 and v4.2.3.
    """
    here: Value[Tree] = root
    for number, step in enumerate(path[:-1]):
        match here, step:
            case Known(List(items)), int() if step < len(items):
                here = items[step]
            case (Known(List()), int()) | (Unknown(), _):
                return () if isinstance(here, Known) else path
            case Absent(), int():
                return path[:number] if number and isinstance(path[number - 1], str) else ()
            case Known(Map(entries)), str() if step in entries:
                here = entries[step].value
            case Known(Map()), str():
                here = Absent(root.place)
            case Known(), _:
                return path
            case _:
                here = Absent(root.place)
    return path


def put(root: Value[Tree], path: Path, new: Value[Tree], place: Place, budget: Budget) -> Value[Tree]:
    """The tree with the new value at the path; what it puts aside stays in `Entry.replaced`.

    Raises:
        MalformedError: a step of the path does not fit what is there, as Helm says too.
        ExhaustedError: there is too much to copy.
    """
    return _put(Absent(place) if isinstance(root, Absent) else root, path, new, place, budget)


def _put(old: Value[Tree], path: Path, new: Value[Tree], place: Place, budget: Budget) -> Value[Tree]:
    """The old value with the new one at the path; Absent and not explicit, it is created."""
    match path:
        case (str() as key, *rest):
            return _put_key(old, key, tuple(rest), new, place, budget)
        case (int() as index, *rest):
            return _put_index(old, index, tuple(rest), new, place, budget)
        case _:
            return new


def _put_key(old: Value[Tree], key: str, rest: Path, new: Value[Tree], place: Place, budget: Budget) -> Value[Tree]:
    match old:
        case Known(Map() as tree):
            holder: Known[Tree] = old
        case Unknown():
            tree = Map({}, unlisted=old)
            holder = Known(tree, old.place)
        case Absent(explicit=False):
            tree = Map({})
            holder = Known(tree, place)
        case Known() | Absent():
            raise MalformedError(f"it sets a key inside {_what(old)}")
    budget.elements.spend(1 + len(tree.entries))
    entry = tree.entries.get(key)
    if entry is None:
        changed = Entry(key, place, _put(tree.unlisted or Absent(place), rest, new, place, budget))
    elif rest:
        changed = replace(entry, value=_put(entry.value, rest, new, place, budget))
    else:
        changed = in_place_of(entry, Entry(key, place, new))
    entries = {**tree.entries, key: changed}
    return Known(Map(entries, tree.unlisted), holder.place, holder.sensitive, holder.written)


def _put_index(old: Value[Tree], index: int, rest: Path, new: Value[Tree], place: Place, budget: Budget) -> Value[Tree]:
    match old:
        case Known(List(items)):
            holder: Known[Tree] = old
        case Unknown():
            return old
        case Absent(explicit=False):
            items = ()
            holder = Known(List(()), place)
        case Known() | Absent():
            raise MalformedError(f"it sets an item inside {_what(old)}")
    budget.elements.spend(max(index + 1, len(items)))
    hole = Absent(place, explicit=True)
    items += (hole,) * (index + 1 - len(items))
    item = _put(_beneath(items[index], rest, place), rest, new, place, budget)
    grown = List((*items[:index], item, *items[index + 1 :]))
    return Known(grown, holder.place, holder.sensitive, holder.written)


def _beneath(item: Value[Tree], rest: Path, place: Place) -> Value[Tree]:
    """What a path goes on from inside a list: Helm replaces null, and for a key all that is no map."""
    match item:
        case Known(Map()) | Unknown():
            return item
        case Known() if not (rest and isinstance(rest[0], str)):
            return item
        case Known() | Absent():
            return Absent(place)


def _what(value: Known[Tree] | Absent) -> str:
    return shape(value.value) if isinstance(value, Known) else "null"
