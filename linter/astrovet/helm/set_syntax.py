"""Helm's `--set` language, which Terraform's `helm_release` uses for its `set` blocks too.

`workers[0].name=a,hosts={x,y}`: names are paths of keys and indexes, a comma begins the next
assignment, braces hold a list, a backslash takes the next character as it is.

Helm stops at a malformed assignment and installs nothing, so the whole tree is Unknown then. In two
cases Helm says nothing and sets nothing or too little; here they count as malformed: an empty name
(`a..b=1`, `=1`) and an assignment that ends in its name (`a[0]`, `a.`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from astrovet.budget import MAX_DEPTH, NESTED_TOO_DEEPLY, Budget, ExhaustedError
from astrovet.helm.release import REFUSED
from astrovet.helm.set_paths import MalformedError, Path, kept_of, put
from astrovet.place import Place
from astrovet.value import Absent, Known, Leaf, List, Tree, Unknown, Value

MAX_INDEX = 65536
"""Helm's own limit."""
MAX_NAME_LEVEL = 30
"""Helm's own limit for the dots of a name."""

INTO_A_FILE = "put the values into a file"


def parse_set(
    root: Value[Tree],
    assignment: str,
    place: Place,
    *,
    as_text: bool = False,
    sensitive: bool = False,
    written: bool = True,
    budget: Budget | None = None,
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
        budget: counts the lists and maps that it makes; exhausted, the whole root is Unknown.
    """

    def value(text: str) -> Value[Tree]:
        leaf = text if as_text else typed(text)
        return Absent(place, explicit=True) if leaf is None else Known(leaf, place, sensitive, written)

    return assign(root, assignment, place, value, sensitive=sensitive, written=written, budget=budget)


def assign(
    root: Value[Tree],
    assignment: str,
    place: Place,
    value: Callable[[str], Value[Tree]],
    *,
    sensitive: bool = False,
    written: bool = True,
    budget: Budget | None = None,
) -> Value[Tree]:
    """Apply `name=text` pairs like `parse_set`; `value` says what a text, or an item of a list, stands for."""

    def assigned() -> Value[Tree]:
        changed = root
        pairs = list(_assignments(assignment))
        last = pairs[-1][0] if pairs else ()
        for path, right in pairs:
            if isinstance(right, str):
                is_at_end = right == "" and path == last and assignment.endswith("=") and isinstance(path[-1], str)
                kept = kept_of(changed, path) if is_at_end else path
                new = value(right) if kept == path else Known(List(()), place, sensitive, written)
                changed = put(changed, kept, new, place, counted) if kept else changed
            else:
                items = Known(List(tuple(map(value, right))), place, sensitive, written)
                changed = put(changed, path, items, place, counted)
        return changed

    counted = budget or Budget()
    return applied(assigned, place, counted)


def applied(change: Callable[[], Value[Tree]], place: Place, budget: Budget) -> Value[Tree]:
    """The tree after a change; Unknown where Helm refuses it, or where it would be too large here."""
    try:
        return budget.evaluated(change, place, how=INTO_A_FILE)
    except MalformedError as malformed:
        return Unknown(f"{REFUSED}: {malformed}", place)


def set_value(
    root: Value[Tree],
    name: str,
    value: Value[Tree],
    place: Place,
    *,
    literal: bool = False,
    budget: Budget | None = None,
) -> Value[Tree]:
    """Set one value, which may be Unknown, at a `--set` name (`literal`: a `--set-literal` name).

    Otherwise like `parse_set`.
    """
    counted = budget or Budget()
    return applied(lambda: put(root, _whole_name(name, literal=literal), value, place, counted), place, counted)


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


class _Word(Struct, frozen=True, gc=False):
    text: str
    stop: str
    """The character that ended it; empty at the end of the text."""
    end: int
    """Where the text goes on after that character."""


def _word(text: str, start: int, stops: str, *, escapes: bool = True) -> _Word:
    """Read up to a stop character; a backslash takes the next character as it is."""
    characters: list[str] = []
    position = start
    while position < len(text):
        character = text[position]
        position += 1
        if character in stops:
            return _Word("".join(characters), character, position)
        if character == "\\" and escapes:
            character = text[position : position + 1]
            position += 1
        characters.append(character)
    return _Word("".join(characters), "", len(text))


def _assignments(text: str) -> list[tuple[Path, str | tuple[str, ...]]]:
    """Every name of the text with its value, or with the items of its list."""
    pairs: list[tuple[Path, str | tuple[str, ...]]] = []
    position = 0
    while position < len(text):
        path, position = read_name(text, position)
        if text.startswith("{", position):
            items, position = _items(text, position + 1)
            pairs.append((path, items))
        else:
            value = _word(text, position, ",")
            position = value.end
            pairs.append((path, value.text))
    return pairs


def read_name(text: str, start: int, *, literal: bool = False) -> tuple[Path, int]:
    """Read a name up to and with its equals sign; gives its path and where the text goes on.

    A name of `--set-literal` knows no escapes, and its comma is a character like any other.

    Raises:
        MalformedError: Helm does not take the name, or there is no equals sign.
        ExhaustedError: it has more levels than are followed here.
    """
    stops, escapes = ("=[.", False) if literal else ("=[,.", True)
    path: list[str | int] = []
    dots = 0
    word = _word(text, start, stops, escapes=escapes)
    while True:
        if len(path) > MAX_DEPTH:
            raise ExhaustedError(NESTED_TOO_DEEPLY)
        if not word.text:
            raise MalformedError("a name is empty")
        path.append(word.text)
        while word.stop == "[":
            index = _word(text, word.end, "]", escapes=escapes)
            path.append(_index(index))
            if len(path) > MAX_DEPTH:
                raise ExhaustedError(NESTED_TOO_DEEPLY)
            word = _word(text, index.end, "[.=", escapes=escapes)
            if word.text:
                raise MalformedError("text stands after the `]` of an index")
        match word.stop:
            case "=":
                return tuple(path), word.end
            case ".":
                # Helm counts the dots between keys, not the one after an index.
                dots += isinstance(path[-1], str)
                if dots > MAX_NAME_LEVEL:
                    raise MalformedError(f"a name is deeper than {MAX_NAME_LEVEL} levels")
                word = _word(text, word.end, stops, escapes=escapes)
            case _:
                raise MalformedError("a name has no value; a comma inside a value is written `\\,`")


def _whole_name(name: str, *, literal: bool) -> Path:
    path, end = read_name(f"{name}=", 0, literal=literal)
    if end <= len(name):
        raise MalformedError("the name holds an equals sign")
    return path


def _index(word: _Word) -> int:
    if not word.stop or not re.fullmatch(_INDEX, word.text) or not 0 <= int(word.text) <= MAX_INDEX:
        raise MalformedError(f"an index in `[ ]` must be a whole number from 0 to {MAX_INDEX}")
    return int(word.text)


def _items(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The items of a list in braces, and where the text goes on after it."""
    items: list[str] = []
    position = start
    while True:
        item = _word(text, position, ",}")
        position = item.end
        if not item.stop:
            raise MalformedError("a list in `{ }` is not closed")
        items.append(item.text)
        if item.stop == "}":
            return tuple(items), position + text.startswith(",", position)
