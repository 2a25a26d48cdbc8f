"""Taking secrets out of texts that are printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from astrovet.secrecy.credentials import credential_kind
from astrovet.secrecy.names import secret_name
from astrovet.secrecy.patterns import pattern_kind

SETTING = r"(?<![\w.-])([\w.-]++)(\s*+[:=]\s*+)(\S++)"

REDACTED = "(secret)"


def without_secrets(text: str) -> str:
    """What people wrote, without the words that look like a secret or are set to a secret-looking name."""
    said = re.sub(SETTING, _without_value, text)
    words = (REDACTED if pattern_kind(word) is not None else word for word in re.split(r"(\s+)", said))
    joined = "".join(words)
    return joined if credential_kind("", joined) is None else REDACTED


class Redactor:
    """Takes known secrets out of a text, as a last line of defence: `redactor(text)`.

    Looks for each secret of six or more characters, also as JSON and as percent-encoding write it.
    Not a record, on purpose: a record's `repr` would print the secrets.
    """

    __slots__ = ("_forms", "_lengths")

    _HEAD = 6

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms = {form for secret in secrets for form in _written_forms(secret) if len(form) >= self._HEAD}
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


def _without_value(setting: re.Match[str]) -> str:
    return f"{setting[1]}{setting[2]}{REDACTED}" if secret_name(setting[1]) else setting[0]


def _written_forms(secret: str) -> tuple[str, ...]:
    try:
        octets = secret.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which neither JSON nor a URI can carry
        return (secret,)
    percent = "".join(chr(octet) if chr(octet) in _UNRESERVED else f"%{octet:02X}" for octet in octets)
    return (secret, msgspec.json.encode(secret)[1:-1].decode(), percent)


_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
