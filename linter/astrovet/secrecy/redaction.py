"""Taking secrets out of texts that are printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from operator import is_not
from typing import TypeVar, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from astrovet.secrecy.credentials import credential_kind
from astrovet.secrecy.names import secret_name
from astrovet.secrecy.patterns import pattern_kind

T = TypeVar("T")

SETTING = r"(?<![\w.-])([\w.-]++)(\s*+[:=]\s*+)(\S++)"

SEPARATORS = r"([\s`\"'\[\](),]+)"
KEY = r'(?<=\[")(?:[^"\\]|\\.)*+(?="\])'
"""The key of an instance or of a map, as addresses and pointers have it: `astro_deployment.team["a"]`."""
STEP = rf"{KEY}|(?<![^.\]])[^.\[\]]++(?![^.\[])"
"""In a pointer what stands between dots is a key too."""

REDACTED = "(secret)"

OURS = frozenset({"fingerprint", "rule", "sources", "version"})
"""Fields of what is shown that hold our own words."""
VALUES = frozenset({
    "message", "how", "remedy", "reason", "owner", "says", "title", "name", "value", "what", "proof",
})  # fmt: skip
"""Fields whose texts may quote a value anywhere."""
POINTERS = frozenset({"pointer"})
_WITHOUT_TEXT = frozenset({bool, int, float})


def without_secrets(text: str) -> str:
    """What people wrote, without the words that look like a secret or are set to a secret-looking name."""
    said = re.sub(SETTING, _without_setting, text)
    words = (REDACTED if pattern_kind(word) is not None else word for word in re.split(r"(\s+)", said))
    joined = "".join(words)
    return joined if credential_kind("", joined) is None else REDACTED


def without_credentials(text: str) -> str:
    """The text without what looks like a credential by itself: a token, a key, an address with a password."""
    if pattern_kind(text) is None:
        return text
    for separators in (SEPARATORS, r"(\s+)"):
        parts = re.split(separators, text)
        left = "".join(REDACTED if pattern_kind(part) is not None else part for part in parts)
        if pattern_kind(left) is None:
            return left
    return REDACTED


def without_value(assignment: str) -> str:
    """A setting like `name=value` by its name alone; nothing of it where it has none, for then it may be the value."""
    name, equals, _ = assignment.partition("=")
    return f"{without_credentials(name)}=…" if equals else "…"


class Redactor:
    """Takes known secrets out of a text, as a last line of defence: `redactor(text)`.

    Looks for each secret of six or more characters, also as JSON and as percent-encoding write it.
    Not a record, on purpose: a record's `repr` would print the secrets.
    """

    __slots__ = ("_forms", "_known", "_lengths", "_whole")

    _HEAD = 6

    def __init__(self, secrets: Iterable[str]) -> None:
        self._whole = frozenset(secrets) - {""}
        self._known: dict[tuple[str, str], str] = {}
        self._forms = {form for secret in self._whole for form in _written_forms(secret) if len(form) >= self._HEAD}
        # By the first characters of a secret: how long the ones are that begin so, the longest first.
        lengths: dict[str, set[int]] = {}
        for form in self._forms:
            lengths.setdefault(form[: self._HEAD], set()).add(len(form))
        self._lengths = {head: sorted(known, reverse=True) for head, known in lengths.items()}

    def __call__(self, text: str) -> str:
        """The text with every known secret replaced; overlapping ones are replaced as one."""
        pieces: list[str] = []
        hidden_to = 0  # everything before it is in `pieces`, shown or hidden
        for start in range(len(text) - self._HEAD + 1) if self._forms else ():
            lengths = self._lengths.get(text[start : start + self._HEAD], ())
            length = next((length for length in lengths if text[start : start + length] in self._forms), 0)
            if length:
                if start >= hidden_to:
                    pieces += (text[hidden_to:start], REDACTED)
                hidden_to = max(hidden_to, start + length)
        return "".join((*pieces, text[hidden_to:]))

    def named(self, text: str) -> str:
        """An id, an address or a sentence with such in it: no key in it is a secret, and nothing looks like one.

        Other words stay: a variable that is marked sensitive and holds "production" does not hide every
        path with this word.
        """
        return self._once(KEY, text)

    def pointer(self, text: str) -> str:
        """The same for the way to a value, each of whose steps may be a key."""
        return self._once(STEP, text)

    def _once(self, keys: str, text: str) -> str:
        known = self._known.get((keys, text))
        if known is None:
            hidden = re.sub(keys, self._key, text) if self._whole else text
            known = self._known[keys, text] = without_credentials(hidden)
        return known

    def _key(self, match: re.Match[str]) -> str:
        key = match[0].replace("$${", "${").replace("%%{", "%{")
        plain = re.sub(r"\\(.)", r"\1", key)
        is_hidden = key in self._whole or plain in self._whole or self(key) != key or self(plain) != plain
        return REDACTED if is_hidden else match[0]

    def record(self, record: T) -> T:
        """A record of what is shown, without secrets in it, however deep.

        Our own words and what nobody reads stay. What is said of a value, and what people call an object, may be
        a secret anywhere in it; ids, addresses and pointers may in their keys.
        """
        return cast("T", self._shown(record, "", {}))

    def _shown(self, value: object, field: str, done: dict[tuple[str, object], object]) -> object:
        """`done` has what a field held before, texts as they are and all else by identity: verdicts share much."""
        match value:
            case str() if field in OURS or isinstance(value, Enum):
                return value
            case str() if field in POINTERS:
                return self.pointer(value)
            case str():
                return self.named(self(value) if field in VALUES else value)
            case tuple():
                items = tuple([self._shown(item, field, done) for item in value])
                return items if any(map(is_not, items, value)) else value
            case dict():
                return {self._shown(key, "", done): self._shown(item, field, done) for key, item in value.items()}
            case Struct():
                changed: dict[str, object] = {}
                for name in value.__struct_fields__:
                    item = getattr(value, name)
                    if not item or type(item) in _WITHOUT_TEXT:
                        continue
                    key = (name, item if type(item) is str else id(item))
                    if key not in done:
                        done[key] = self._shown(item, name, done)
                    if done[key] is not item and done[key] != item:
                        changed[name] = done[key]
                return replace(value, **changed) if changed else value
            case _:
                return value


def _without_setting(setting: re.Match[str]) -> str:
    return f"{setting[1]}{setting[2]}{REDACTED}" if secret_name(setting[1]) else setting[0]


def _written_forms(secret: str) -> tuple[str, ...]:
    try:
        octets = secret.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which neither JSON nor a URI can carry
        return (secret,)
    percent = "".join(chr(octet) if chr(octet) in _UNRESERVED else f"%{octet:02X}" for octet in octets)
    return (secret, msgspec.json.encode(secret)[1:-1].decode(), percent)


_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
