"""YAML as Terraform's functions write and read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from astrovet.budget import MAX_DEPTH, Budget
from astrovet.terraform.values.conversion import as_text, exact_number
from astrovet.terraform.values.plain_data import plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.value import Tree, Value

_WIDTH = 80
_PRINTABLE = r"\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
_LITERAL = re.compile(rf"[\n{_PRINTABLE}]*\n[\n{_PRINTABLE}]*")
_YAML_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def yaml_text(value: Value[Tree]) -> str:
    """The YAML text of a whole value: quoted texts, block style, sorted keys.

    Raises:
        UndecidedError: a part of it is unknown, or has a form that astrovet does not write.
    """
    data = plain(value)
    if isinstance(data, dict | list) and data:
        return _yaml_block(data, 0, 0)
    text = _yaml_leaf(data, 2, 0)
    # Go's writer closes a document that is one plain scalar.
    return text + "\n" if isinstance(data, str | dict | list) else text + "\n...\n"


def _yaml_block(data: Any, indent: int, column: int) -> str:
    """A map or a list that is not empty; its first line begins at `column`, which is inside a list or at 0."""
    lines: list[str] = []
    for index, (lead, item) in enumerate(_yaml_entries(data)):
        before = (" " * indent if index or not column else "") + lead
        nested = isinstance(item, dict | list) and bool(item)
        if not nested:
            space = "" if lead.endswith(" ") else " "
            start = indent + len(lead) + len(space)
            lines.append(before + space + _yaml_leaf(item, indent + 2, start) + "\n")
        elif isinstance(data, list):
            lines.append(before + _yaml_block(item, indent + 2, indent + 2))
        else:
            lines.append(before + "\n" + _yaml_block(item, indent if isinstance(item, list) else indent + 2, 0))
    return "".join(lines)


def _yaml_entries(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, list):
        yield from (("- ", item) for item in data)
        return
    for key, item in sorted(data.items()):
        if len(key.encode()) > 100 or not re.fullmatch(rf"[{_PRINTABLE}]*", key):
            raise UndecidedError("astrovet does not write keys of this form as YAML")
        yield _yaml_quoted(key, 0, 0, fold=False) + ":", item


def _yaml_leaf(data: Any, indent: int, column: int) -> str:
    if data is None:
        return "null"
    if isinstance(data, dict):
        return "{}"
    if isinstance(data, list):
        return "[]"
    if not isinstance(data, str):
        return as_text(data)
    if _LITERAL.fullmatch(data) and " \n" not in data and not data.endswith(" "):
        return _yaml_literal(data, indent)
    return _yaml_quoted(data, indent, column, fold=True)


def _yaml_literal(text: str, indent: int) -> str:
    if text == "\n" or text.endswith("\n\n"):
        raise UndecidedError("astrovet does not write a text that ends with empty lines as YAML")
    header = "|" + ("2" if text[0] in " \n" else "") + ("" if text.endswith("\n") else "-")
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([header, *(" " * indent + line if line else "" for line in lines)])


def _yaml_quoted(text: str, indent: int, column: int, *, fold: bool) -> str:
    """Double quotes; a line that has passed the width ends at the next single space."""
    pieces = ['"']
    column += 1
    after_space = False
    for index, character in enumerate(text):
        if character == " ":
            if fold and not after_space and column > _WIDTH and 0 < index < len(text) - 1:
                pieces.append("\n" + " " * indent + ("\\" if text[index + 1] == " " else ""))
                column = indent + (text[index + 1] == " ")
            else:
                pieces.append(" ")
                column += 1
            after_space = True
            continue
        written = _yaml_escape(character)
        pieces.append(written)
        column += len(written)
        after_space = False
    return "".join(pieces) + '"'


def _yaml_escape(character: str) -> str:
    if character in _YAML_ESCAPES:
        return _YAML_ESCAPES[character]
    if re.match(f"[{_PRINTABLE}]", character):
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


_YAML_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
}
_YAML_REFUSED = re.compile(r"[+-]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?", re.ASCII)
_YAML_NUMBER = re.compile(r"[+-]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][+-]?[0-9]+)?", re.ASCII)


def read_yaml(budget: Budget, text: str) -> Any:
    """The data that a YAML text of one document holds, by Terraform's rules: `yes` is true, `017` is 17.

    Raises:
        UndecidedError: it is none, or holds what astrovet does not read as Terraform does (tags, dates).
    """
    from ruamel.yaml.error import YAMLError

    from astrovet.formats.yaml.events import c_events, pure_events

    if "\ufeff" in text:
        raise UndecidedError("the YAML text holds a byte-order mark")
    try:
        try:
            events = list(c_events(text))
        except ImportError:
            events = list(pure_events(text))
    except (YAMLError, RecursionError, ValueError):
        raise RefusedError("the text is no YAML") from None
    if sum(type(event).__name__ == "DocumentStartEvent" for event in events) != 1:
        raise RefusedError("the text is not one YAML document")
    nodes = [event for event in events if not type(event).__name__.startswith(("Stream", "Document"))]
    return _YamlReader(nodes, budget).read(0)


class _YamlReader:
    """Goes once through the events of one document."""

    def __init__(self, events: list[Any], budget: Budget) -> None:
        self._next: Callable[[], Any] = iter(events).__next__
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._budget = budget

    def read(self, depth: int) -> Any:
        return self._read(self._next(), depth)

    def _read(self, event: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise UndecidedError("the YAML text is nested too deeply")
        before = self._nodes
        self._count(1)
        name = type(event).__name__
        if name == "AliasEvent":
            if event.anchor not in self._anchors:
                raise RefusedError("an alias in the YAML text has no anchor")
            data, nodes = self._anchors[event.anchor]
            self._count(nodes)
            return data
        if event.tag is not None:
            raise UndecidedError("astrovet does not evaluate tags in YAML texts")
        if name == "MappingStartEvent":
            data = self._mapping(depth)
        elif name == "SequenceStartEvent":
            data = self._sequence(depth)
        else:
            data = _yaml_scalar(event.value) if event.implicit[0] else event.value
        if event.anchor is not None:
            self._anchors[event.anchor] = (data, self._nodes - before)
        return data

    def _count(self, nodes: int) -> None:
        self._budget.elements.spend(nodes)
        self._nodes += nodes

    def _sequence(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while type(event := self._next()).__name__ != "SequenceEndEvent":
            items.append(self._read(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while type(event := self._next()).__name__ != "MappingEndEvent":
            is_merge = getattr(event, "value", None) == "<<" and event.implicit[0]
            key = self._read(event, depth + 1)
            item = self.read(depth + 1)
            if not is_merge:
                entries[as_text(key)] = item
            elif isinstance(item, dict):
                entries.update(item)
            else:
                raise UndecidedError("what is merged in the YAML text is no map")
        return entries


def _is_day(text: str) -> bool:
    """Whether it is a date as the versions of policies are: Terraform makes the beginning of that day of it."""
    from datetime import date

    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _yaml_scalar(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in _YAML_WORDS:
        return _YAML_WORDS[text]
    if _is_day(text):
        return f"{text}T00:00:00Z"
    if _YAML_REFUSED.fullmatch(text):
        raise UndecidedError("astrovet does not evaluate dates and infinities in YAML texts")
    for prefix, digits, base in (("0x", r"[0-9a-fA-F]{1,}", 16), ("0o", r"[0-7]{1,}", 8)):
        if text.startswith(prefix) and re.fullmatch(digits, text[2:]):
            number = int(text[2:], base)
            if number >= 2**63:
                raise UndecidedError("a number in the YAML text is too large")
            return number
    return exact_number(text) if _YAML_NUMBER.fullmatch(text) else text
