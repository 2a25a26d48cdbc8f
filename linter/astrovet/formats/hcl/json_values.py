"""JSON as values that know where they stand.

HCL allows what other readers of JSON lose: the same key twice, and a place for each key.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct

from astrovet.formats.hcl.tokens import MisreadError

MAX_JSON_DEPTH = 450
"""Objects and arrays within one another. Files that people or their tools write stay below thirty."""


class Text(Struct, frozen=True):
    """A string, its escapes resolved."""

    text: str
    start: int
    end: int
    """One past the closing quote."""


class Scalar(Struct, frozen=True):
    """A number or a word, as it is written."""

    text: str
    start: int
    end: int


class Array(Struct, frozen=True):
    items: tuple[Json, ...]
    start: int
    end: int


class Member(Struct, frozen=True):
    key: Text
    value: Json


class Object(Struct, frozen=True):
    members: tuple[Member, ...]
    """In the order of the file; a key that stands there twice is listed twice."""
    start: int
    end: int


Json: TypeAlias = Text | Scalar | Array | Object


def read_json(content: str) -> tuple[Json | None, MisreadError | None]:
    """The value that a text holds, and the first fault in it.

    After a fault the value holds what stood before it; it is None where not even a beginning was read.
    """
    opened = [_Open("", 0)]
    try:
        position = _read(content, opened)
    except MisreadError as misread:
        while len(opened) > 1:
            _close(opened, misread.offset)
        return opened[0].only(), misread
    token = _token(content, position)
    return opened[0].only(), None if token.lastgroup == "end" else _fault(token, "nothing is expected after the value")


_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<text>"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+")
  | (?P<scalar>(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.+-]))
  | (?P<open>[\[{])
  | (?P<close>[\]}])
  | (?P<comma>,)
  | (?P<colon>:)
  | (?P<end>\Z)
  | (?P<fault>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = r"\\u(?P<high>[dD][89abAB]..)\\u(?P<low>[dD][c-fC-F]..)|\\u(?P<code>....)|\\(?P<letter>.)"
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _Open(Struct):
    """An object or an array whose end was not reached yet; for the file itself `bracket` is empty."""

    bracket: str
    start: int
    key: Text | None = None
    members: list[Member] = []
    items: list[Json] = []

    def add(self, value: Json) -> None:
        if self.key is None:
            self.items.append(value)
        else:
            self.members.append(Member(self.key, value))
            self.key = None

    def only(self) -> Json | None:
        return self.items[0] if self.items else None


def _read(content: str, opened: list[_Open]) -> int:
    """Read one value with all that is open on a stack; returns the offset past it."""
    position = 0
    while True:
        token = _take_value(content, position, opened)
        position = token.end()
        while len(opened) > 1:
            # A value is complete here, or an empty object or array was just opened.
            token = _token(content, position)
            inner = opened[-1]
            empty = not inner.items and not inner.members and inner.key is None
            if token.lastgroup == "close" and token[token.lastgroup] == ("]" if inner.bracket == "[" else "}"):
                position = token.end()
                _close(opened, position)
            elif token.lastgroup == "comma" and not empty:
                position = token.end()
                break
            elif empty:
                break
            else:
                closer = "]" if inner.bracket == "[" else "}"
                raise _fault(token, f"`,` or `{closer}` is expected here")
        if len(opened) == 1:
            return position


def _take_value(content: str, position: int, opened: list[_Open]) -> re.Match[str]:
    """Take a value, or the bracket that opens one, with the key before it where it stands in an object."""
    inner = opened[-1]
    if inner.bracket == "{":
        token = _token(content, position)
        if token.lastgroup != "text":
            raise _fault(token, "a key in double quotes is expected here")
        key = _text(token)
        token = _token(content, token.end())
        if token.lastgroup != "colon":
            raise _fault(token, "`:` is expected here")
        inner.key, position = key, token.end()
    token = _token(content, position)
    match token.lastgroup:
        case "text":
            inner.add(_text(token))
        case "scalar":
            inner.add(Scalar(token["scalar"], token.start("scalar"), token.end()))
        case "open":
            opened.append(_Open(token["open"], token.start("open")))
            if len(opened) > MAX_JSON_DEPTH + 1:
                raise _fault(token, f"this is nested more than {MAX_JSON_DEPTH} levels deep, which is not read")
        case _:
            raise _fault(token, "a value is expected here")
    return token


def _close(opened: list[_Open], end: int) -> None:
    inner = opened.pop()
    made = Array(tuple(inner.items), inner.start, end)
    opened[-1].add(made if inner.bracket == "[" else Object(tuple(inner.members), inner.start, end))


def _token(content: str, position: int) -> re.Match[str]:
    token = _TOKEN.match(content, position)
    assert token is not None  # noqa: S101  every character is matched, and so is the end
    return token


def _fault(token: re.Match[str], message: str) -> MisreadError:
    kind = token.lastgroup or "end"
    if token[kind] == '"':
        message = "this text is no JSON: it has no closing quote, a line break or an escape that JSON does not know"
    return MisreadError(token.start(kind), message)


def _text(token: re.Match[str]) -> Text:
    raw = token["text"][1:-1]
    return Text(re.sub(_ESCAPE, _unescaped, raw) if "\\" in raw else raw, token.start("text"), token.end())


def _unescaped(escape: re.Match[str]) -> str:
    if escape["letter"]:
        return _LETTERS.get(escape["letter"], escape["letter"])
    if escape["high"]:
        return chr(0x10000 + ((int(escape["high"], 16) - 0xD800) << 10) + int(escape["low"], 16) - 0xDC00)
    code = int(escape["code"], 16)
    # Half of a pair is no character; Go reads it as the replacement character.
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
