"""JSON patches (RFC 6902), over values that keep their places.

Libraries for it take plain JSON and give plain JSON: of what they make nobody knows where it stands. So there
are a few lines of ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.helm.kustomize.trees import entry, is_map, word
from astrovet.helm.merging import in_place_of
from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, listed


class Refused(Exception):  # noqa: N818  what Kustomize does, not an error of ours
    """Kustomize stops here. The reason never holds a value of the input."""

    def __init__(self, why: str, place: Place) -> None:
        super().__init__(why)
        self.why, self.place = why, place


def applied(root: Value[Tree], patch: Value[Tree]) -> Value[Tree]:
    """What a list of operations makes of a value. Raises Refused where one does not fit."""
    for operation in listed(patch):
        root = _operation(root, operation)
    return root


def _operation(root: Value[Tree], operation: Value[Tree]) -> Value[Tree]:
    name, place = word(operation, "op"), operation.place
    path = pointer(word(operation, "path"), place)
    match name:
        case "add" | "replace":
            return _put(root, path, _given(operation), place, name == "add")
        case "remove":
            return _put(root, path, None, place, is_new=False)
        case "copy" | "move":
            source = pointer(word(operation, "from"), place)
            value = _get(root, source, place)
            kept = root if name == "copy" else _put(root, source, None, place, is_new=False)
            return _put(kept, path, value, place, is_new=True)
        case "test":
            if not _equal(_get(root, path, place), _given(operation)):
                raise Refused("a `test` of a JSON patch fails", place)
            return root
        case _:
            raise Refused("a JSON patch has an operation that there is not", place)


def _given(operation: Value[Tree]) -> Value[Tree]:
    value = at(operation, "value")
    return replace(value, explicit=True) if isinstance(value, Absent) else value


def pointer(path: str, place: Place) -> tuple[str, ...]:
    """The steps of a JSON pointer."""
    if path and not path.startswith("/"):
        raise Refused("a path of a JSON patch does not begin with a slash", place)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def _get(root: Value[Tree], path: Sequence[str], place: Place) -> Value[Tree]:
    for part in path:
        match root:
            case Known(List(items)):
                root = items[_index(part, len(items), place, is_new=False)]
            case Known(Map(entries, unlisted)):
                if part not in entries and unlisted is None:
                    raise Refused(MISSING, place)
                root = at(root, part)
            case Unknown():
                return root
            case Known() | Absent():
                raise Refused(MISSING, place)
    return root


MISSING = "a JSON patch names what the object does not have"


def _put(root: Value[Tree], path: Sequence[str], new: Value[Tree] | None, place: Place, is_new: bool) -> Value[Tree]:
    """With another value at a path: added, or in the place of what is there; None takes it away."""
    if not path:
        if new is None:
            raise Refused("a JSON patch removes the whole object", place)
        return new
    match root:
        case Known(List(items)):
            index = _index(path[0], len(items), place, is_new=is_new and len(path) == 1)
            if len(path) > 1:
                items = (*items[:index], _put(items[index], path[1:], new, place, is_new), *items[index + 1 :])
            else:
                after = items[index if is_new else index + 1 :]
                items = (*items[:index], *(() if new is None else (new,)), *after)
            return replace(root, value=List(items))
        case Known(Map(entries) as tree):
            return replace(root, value=_in_map(tree, entries.get(path[0]), path, new, place, is_new))
        case Unknown():
            return _in_the_open(root, path, new, place, is_new)
        case Known() | Absent():
            raise Refused(MISSING, place)


def _in_the_open(
    root: Unknown, path: Sequence[str], new: Value[Tree] | None, place: Place, is_new: bool
) -> Value[Tree]:
    """What is known of a value that is not, once something is put into it; a number may mean an item of a list."""
    if path[0] == "-" or path[0].removeprefix("-").isdecimal():
        return root
    inner = new if len(path) == 1 else _put(root, path[1:], new, place, is_new)
    if inner is None:
        inner = Absent(place)
    return Known(Map({path[0]: entry(path[0], inner, place)}, root), place)


def _in_map(
    tree: Map, under: Entry | None, path: Sequence[str], new: Value[Tree] | None, place: Place, is_new: bool
) -> Map:
    key, rest = path[0], path[1:]
    entries = dict(tree.entries)
    if under is None and tree.unlisted is None and (rest or not is_new):
        raise Refused(MISSING, place)
    if not rest:
        if new is None:
            entries.pop(key, None)
        else:
            added = entry(key, new, new.place if new.place.has_lines else place)
            entries[key] = added if under is None else in_place_of(under, added)
    elif under is not None:
        entries[key] = replace(under, value=_put(under.value, rest, new, place, is_new))
    elif tree.unlisted is not None:
        entries[key] = entry(key, _put(tree.unlisted, rest, new, place, is_new), place)
    return replace(tree, entries=entries)


def _index(part: str, length: int, place: Place, *, is_new: bool) -> int:
    """A place in a list: a number, from the end where it is negative, and `-` after the last one."""
    if part == "-" and is_new:
        return length
    digits = part.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Refused(MISSING, place)
    index = int(part)
    most = length if is_new else length - 1
    index += length + is_new if index < 0 else 0
    if not 0 <= index <= most:
        raise Refused(MISSING, place)
    return index


def _equal(left: Value[Tree], right: Value[Tree]) -> bool:
    """Whether two values are the same; what is not known may be."""
    match left, right:
        case (Unknown(), _) | (_, Unknown()):
            return True
        case Known(Map(entries)), Known(Map(others)):
            same_keys = entries.keys() == others.keys()
            return same_keys and all(_equal(inner.value, others[key].value) for key, inner in entries.items())
        case Known(List(items)), Known(List(other_items)):
            return len(items) == len(other_items) and all(map(_equal, items, other_items))
        case Known(one), Known(other):
            return not is_map(left) and type(one) is type(other) and one == other
        case _:
            return isinstance(left, Absent) and isinstance(right, Absent)
