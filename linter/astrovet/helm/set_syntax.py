"""Helm's `--set` language, which Terraform's `helm_release` uses for its `set` blocks too.

`workers[0].name=a,hosts={x,y}`: names are paths of keys and indexes, a comma begins the next
assignment, braces hold a list, a backslash takes the next character as it is.

Helm stops at a malformed assignment and installs nothing, so the whole tree is Unknown then. In two
cases Helm says nothing and sets nothing or too little; here they count as malformed: an empty name
(`a..b=1`, `=1`) and an assignment that ends in its name (`a[0]`, `a.`).
"""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Absent, Entry, Known, Leaf, List, Map, Tree, Unknown, Value, shape

MAX_INDEX = 65536
"""Helm's own limit."""
MAX_NAME_LEVEL = 30
"""Helm's own limit for the dots of a name."""

Path: TypeAlias = tuple[str | int, ...]


def parse_set(
    root: Value[Tree],
    assignment: str,
    place: Place,
    *,
    as_text: bool = False,
    sensitive: bool = False,
    written: bool = True,
) -> Value[Tree]:
    """Apply what stands after `--set` (with `as_text`, after `--set-string`) to a tree.

    An Absent root begins as an empty map. Of an Unknown root, what is set here is known and all else
    stays unknown; an index into an unknown list leaves the list unknown. An assignment that Helm
    refuses makes the whole root Unknown.

    Args:
        root: the values so far.
        assignment: the text, `name=value` or several of them.
        place: where it stands; the place of all it sets.
        as_text: values stay text.
        sensitive: the input marks it sensitive.
        written: the text stands in the input itself.
    """

    def value(text: str) -> Value[Tree]:
        leaf = text if as_text else typed(text)
        return Absent(place, explicit=True) if leaf is None else Known(leaf, place, sensitive, written)

    try:
        for path, right in _assignments(assignment):
            if isinstance(right, str):
                root = _set(root, path, value(right), place)
            else:
                items = Known(List(tuple(map(value, right))), place, sensitive, written)
                root = _set(root, path, items, place)
    except _Malformed as malformed:
        return _refused(malformed, place)
    return root


def set_value(root: Value[Tree], name: str, value: Value[Tree], place: Place) -> Value[Tree]:
    """Set one value, which may be Unknown, at a `--set` name; otherwise like `parse_set`."""
    try:
        return _set(root, _whole_name(name), value, place)
    except _Malformed as malformed:
        return _refused(malformed, place)


def typed(text: str) -> Leaf | None:
    """What an unquoted `--set` value is: a boolean, null (None), a whole number of 64 bits, or text.

    A number with a leading zero and a number with a fraction stay text.
    """
    word = text.casefold()
    if word in ("true", "false"):
        return word == "true"
    if word == "null":
        return None
    if text == "0" or re.fullmatch(_INTEGER, text):
        number = int(text)
        return number if -(2**63) <= number < 2**63 else text
    return text


_INTEGER = r"[-+]0{0,99}[0-9]{1,19}|[1-9][0-9]{0,18}"
_INDEX = r"[-+]?0{0,99}[0-9]{1,5}"


class _Malformed(Exception):  # noqa: N818 - the way out of a half-read assignment
    """Helm refuses the assignment; the text says why without quoting it."""


def _refused(malformed: _Malformed, place: Place) -> Unknown:
    return Unknown(f"Helm does not take this `set`: {malformed}", place)


class _Word(Struct, frozen=True, gc=False):
    text: str
    stop: str
    """The character that ended it; empty at the end of the text."""
    end: int
    """Where the text goes on after that character."""


def _word(text: str, start: int, stops: str) -> _Word:
    """Read up to a stop character; a backslash takes the next character as it is."""
    characters: list[str] = []
    position = start
    while position < len(text):
        character = text[position]
        position += 1
        if character in stops:
            return _Word("".join(characters), character, position)
        if character == "\\":
            character = text[position : position + 1]
            position += 1
        characters.append(character)
    return _Word("".join(characters), "", len(text))


def _assignments(text: str) -> list[tuple[Path, str | tuple[str, ...]]]:
    """Every name of the text with its value, or with the items of its list."""
    found: list[tuple[Path, str | tuple[str, ...]]] = []
    position = 0
    while position < len(text):
        path, position = _name(text, position)
        if text.startswith("{", position):
            items, position = _items(text, position + 1)
            found.append((path, items))
        else:
            value = _word(text, position, ",")
            position = value.end
            found.append((path, value.text))
    return found


def _name(text: str, start: int) -> tuple[Path, int]:
    """Read a name up to and with its equals sign."""
    path: list[str | int] = []
    dots = 0
    word = _word(text, start, "=[,.")
    while True:
        if not word.text:
            raise _Malformed("a name is empty")
        path.append(word.text)
        while word.stop == "[":
            index = _word(text, word.end, "]")
            path.append(_index(index))
            word = _word(text, index.end, "[.=")
            if word.text:
                raise _Malformed("text stands after the `]` of an index")
        match word.stop:
            case "=":
                return tuple(path), word.end
            case ".":
                # Helm counts the dots between keys, not the one after an index.
                dots += isinstance(path[-1], str)
                if dots > MAX_NAME_LEVEL:
                    raise _Malformed(f"a name is deeper than {MAX_NAME_LEVEL} levels")
                word = _word(text, word.end, "=[,.")
            case _:
                raise _Malformed("a name has no value; a comma inside a value is written `\\,`")


def _whole_name(name: str) -> Path:
    path, end = _name(f"{name}=", 0)
    if end <= len(name):
        raise _Malformed("the name holds an equals sign")
    return path


def _index(word: _Word) -> int:
    if not word.stop or not re.fullmatch(_INDEX, word.text) or not 0 <= int(word.text) <= MAX_INDEX:
        raise _Malformed(f"an index in `[ ]` must be a whole number from 0 to {MAX_INDEX}")
    return int(word.text)


def _items(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The items of a list in braces, and where the text goes on after it."""
    items: list[str] = []
    position = start
    while True:
        item = _word(text, position, ",}")
        position = item.end
        if not item.stop:
            raise _Malformed("a list in `{ }` is not closed")
        items.append(item.text)
        if item.stop == "}":
            return tuple(items), position + text.startswith(",", position)


def _set(root: Value[Tree], path: Path, new: Value[Tree], place: Place) -> Value[Tree]:
    return _put(Absent(place) if isinstance(root, Absent) else root, path, new, place)


def _put(old: Value[Tree], path: Path, new: Value[Tree], place: Place) -> Value[Tree]:
    """The old value with the new one at the path; Absent and not explicit, it is created."""
    match path:
        case (str() as key, *rest):
            return _put_key(old, key, tuple(rest), new, place)
        case (int() as index, *rest):
            return _put_index(old, index, tuple(rest), new, place)
        case _:
            return new


def _put_key(old: Value[Tree], key: str, rest: Path, new: Value[Tree], place: Place) -> Value[Tree]:
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
            raise _Malformed(f"it sets a key inside {_what(old)}")
    entry = tree.entries.get(key)
    below = entry.value if entry is not None else (tree.unlisted or Absent(place))
    key_place = entry.key_place if entry is not None and rest else place
    entries = {**tree.entries, key: Entry(key, key_place, _put(below, rest, new, place))}
    return Known(Map(entries, tree.unlisted), holder.place, holder.sensitive, holder.written)


def _put_index(old: Value[Tree], index: int, rest: Path, new: Value[Tree], place: Place) -> Value[Tree]:
    match old:
        case Known(List(items)):
            holder: Known[Tree] = old
        case Unknown():
            return old
        case Absent(explicit=False):
            items = ()
            holder = Known(List(()), place)
        case Known() | Absent():
            raise _Malformed(f"it sets an item inside {_what(old)}")
    hole = Absent(place, explicit=True)
    items += (hole,) * (index + 1 - len(items))
    item = _put(_beneath(items[index], rest, place), rest, new, place)
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
