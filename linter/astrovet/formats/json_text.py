"""JSON that stands inside a text, as Airflow's settings have it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from astrovet.budget import MAX_DEPTH
from astrovet.place import Layout, Place, step
from astrovet.secrecy import template
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, may_hold_document, shape

SHELL_VARIABLE = r"\$[A-Za-z_]"
"""Airflow itself fills in `$NAME`, so that a text which is no JSON as it stands may become some."""

_WORD = r'"(?:[^"\\]|\\.)*+"|[{}\[\]]|[^\s{}\[\],:"]++'
_ESCAPE = r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\."


class JsonText(Struct, frozen=True):
    """A setting that has to be a text that holds JSON."""

    raw: Value[Tree]
    """As it stands in the input."""
    content: Value[Tree]
    """Parsed; Unknown where it is a template, or no JSON."""
    fault: str = ""
    """Why it is not JSON, without its content; empty where it is, or where that is unknown."""
    repeated: tuple[Place, ...] = ()
    """Keys that stand a second time in their map; the last one counts."""


def json_text(raw: Value[Tree]) -> JsonText:
    """Parse a text that should hold JSON.

    Every key and value in it has its own place where the text has a layout, else the place of the
    whole text. What is no JSON has the place where that shows.
    """
    match raw:
        case Known(str(text), place):
            if not text.strip():
                return JsonText(raw, Absent(place, explicit=True))
            reader = _Reader(raw, text)
            try:
                msgspec.json.decode(text)
                content = reader.value(next(reader.tokens), place.pointer, 0)
            except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
                if template(text) or re.search(SHELL_VARIABLE, text):
                    return JsonText(raw, Unknown("a later step fills this text in (it holds a template)", place))
                reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
                return JsonText(raw, Unknown("the text is no JSON", _fault_place(text, raw, reason)), reason)
            return JsonText(raw, raw.document or content, repeated=tuple(reader.repeated))
        case Known(tree, place):
            fault = f"{shape(tree)} stands where a text that holds JSON is expected"
            return JsonText(raw, Unknown(fault, place), fault)
        case Unknown(document=Known() as tree):
            return JsonText(raw, tree)
        case Unknown() | Absent():
            return JsonText(raw, raw)


class _Reader:
    """Builds the tree of a text that is known to be JSON, so that tokens alone say what is what."""

    def __init__(self, origin: Known[Tree], text: str) -> None:
        self.origin = origin
        self.tokens: Iterator[re.Match[str]] = re.finditer(_WORD, text)
        self.repeated: list[Place] = []

    def value(self, token: re.Match[str], pointer: str, depth: int) -> Value[Tree]:
        """The value that begins with this token."""
        if depth > MAX_DEPTH:
            raise RecursionError
        match token[0]:
            case "{":
                entries, last = self.entries(pointer, depth + 1)
                return self.known(Map(entries), self.place(token.start(), last.end(), pointer))
            case "[":
                items, last = self.items(pointer, depth + 1)
                return self.known(List(items), self.place(token.start(), last.end(), pointer))
            case "null":
                return Absent(self.place(*token.span(), pointer), explicit=True)
            case written:
                leaf = msgspec.json.decode(written)
                layout = _layout_within(self.origin.layout, token, leaf) if isinstance(leaf, str) else None
                return self.known(leaf, self.place(*token.span(), pointer), layout)

    def entries(self, pointer: str, depth: int) -> tuple[dict[str, Entry], re.Match[str]]:
        entries: dict[str, Entry] = {}
        while (token := next(self.tokens))[0] != "}":
            key: str = msgspec.json.decode(token[0])
            below = step(pointer, key)
            place = self.place(*token.span(), below)
            if key in entries:
                self.repeated.append(place)
            entries[key] = Entry(key, place, self.value(next(self.tokens), below, depth))
        return entries, token

    def items(self, pointer: str, depth: int) -> tuple[tuple[Value[Tree], ...], re.Match[str]]:
        items: list[Value[Tree]] = []
        while (token := next(self.tokens))[0] != "]":
            items.append(self.value(token, step(pointer, len(items)), depth))
        return tuple(items), token

    def known(self, tree: Tree, place: Place, layout: Layout | None = None) -> Known[Tree]:
        return Known(tree, place, self.origin.sensitive, self.origin.written, layout)

    def place(self, start: int, end: int, pointer: str) -> Place:
        if self.origin.layout is None:
            return replace(self.origin.place, pointer=pointer)
        return self.origin.layout.place(self.origin.place, start, end, pointer)


def _layout_within(layout: Layout | None, token: re.Match[str], text: str) -> Layout | None:
    """The layout of a string that may hold a document of its own, such as JSON in JSON."""
    if layout is None or not may_hold_document(text):
        return None
    start, end = token.start() + 1, token.end() - 1
    pieces = [(0, start)]
    for escape in re.compile(_ESCAPE).finditer(token.string, start, end):
        offset, before = pieces[-1]
        offset += escape.start() - before
        pieces += ((offset, escape.start()), (offset + 1, escape.end()))
    return layout.part(pieces, len(text))


def _fault_place(text: str, raw: Known[Tree], reason: str) -> Place:
    """The character where the parser gave up, where it says so and the text has a layout."""
    byte = re.search(r"\(byte ([0-9]+)\)", reason)
    if byte is None or raw.layout is None:
        return raw.place
    offset = len(text.encode()[: int(byte[1])].decode(errors="ignore"))
    return raw.layout.place(raw.place, offset, offset + 1, raw.place.pointer)
