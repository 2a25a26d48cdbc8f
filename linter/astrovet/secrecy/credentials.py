"""Why the value of a variable is a secret: by what it looks like, by the fields in it, or by the variable's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astrovet.secrecy.names import SECRET_FIELDS, secret_by_ending, secret_field, secret_name
from astrovet.secrecy.patterns import nodes, pattern_kind
from astrovet.secrecy.placeholders import literal, template
from astrovet.secrecy.showing import showable

URI = r"[A-Za-z][A-Za-z0-9+.-]*+://\S*+"


def credential_kind(name: str, text: str) -> str | None:
    """Why the literal text of the environment variable `name` is a secret; None where it is none.

    The answer completes "it holds ...": "a GitHub token", "a JSON field `password`", "a value under a
    secret-looking name".
    """
    kind = pattern_kind(text)
    if kind is not None:
        return f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}"
    for field, value in _fields(text):
        if secret_field(field) and _is_telling(value):
            # Only a field of the list is named: any other is a part of the value.
            return f"a JSON field `{field}`" if field in SECRET_FIELDS else "a secret-looking JSON field"
    for parameter, value in _parameters(text):
        if secret_field(parameter) and _is_telling(value):
            return "an address with a secret-looking parameter"
    if secret_name(name) and _is_secret_by_name(name, text):
        return "a value under a secret-looking name"
    return None


def _fields(text: str) -> Iterator[tuple[str, str]]:
    return ((key, node) for key, node in nodes(text) if key and isinstance(node, str))


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    """The query parameters of a URI; for Airflow's `__extra__`, which is JSON, the fields in it too."""
    if "?" not in text or not re.fullmatch(URI, text.strip()):
        return
    from urllib.parse import unquote_plus  # rarely needed, slow to import

    for pair in text.partition("?")[2].partition("#")[0].split("&"):
        parameter, _, value = pair.partition("=")
        decoded = unquote_plus(value)
        yield unquote_plus(parameter), decoded
        yield from _fields(decoded)


def _is_telling(value: str) -> bool:
    """Whether the value of a secret-looking field is one: literal, no switch, nothing filled in from elsewhere."""
    return literal(value) and value.lower() not in ("true", "false") and not template(value)


def _is_secret_by_name(name: str, text: str) -> bool:
    """Whether the name is enough: it is not for switches, numbers, short texts and addresses without password."""
    text = text.strip()
    if len(text) < 4 or showable(text) or re.fullmatch(r"[+-]?[0-9]*+\.?[0-9]*+", text):
        return False
    if re.fullmatch(URI, text) and not secret_by_ending(name):
        return False
    return _is_telling(text)
