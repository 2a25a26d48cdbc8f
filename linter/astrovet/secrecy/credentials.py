"""Why the value of a variable is a secret: by what it looks like, by the fields in it, or by the variable's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astrovet.secrecy.names import (
    SECRET_FIELDS,
    plain_secret_name,
    secret_by_ending,
    secret_field,
    secret_name,
    weak_secret_name,
)
from astrovet.secrecy.patterns import nodes, pattern_kind
from astrovet.secrecy.placeholders import literal, stand_in, template
from astrovet.secrecy.showing import showable

SWITCHES = frozenset({
    "true", "false", "yes", "no", "on", "off", "none", "null", "enabled", "disabled", "required", "optional", "auto",
    "default", "always", "never",
})  # fmt: skip
NUMBER = r"[+-]?[0-9]*+\.?[0-9]*+(?:ms|[smhdwy]|min|days?|hours?)?"
READABLE = r"[vV]?[0-9]{1,8}[a-z]{0,4}|[A-Za-z]++[0-9]{1,4}"
"""Versions, sizes and dates (`v2`, `512mb`, `2024q`), and words with a number (`prod01`)."""
LOOKUP = (
    r"(?i)(?:aws-?)?(?:ssm|sm|asm|secretsmanager|secrets?|vault|kv|akv|keyvault|gsm|gcp|env|file|ref|op|k8s|sops|"
    r"doppler|credstash|conjur|lookup|param|parameter)://?\S++|(?i:ssm|vault|secretsmanager|env|file|secret|sops|kv):\S++"
)
HARMLESS_SHAPES = (
    r"(?:~|\.{1,2})?/(?:[\w.@{}$-]+/)*[\w.@{}$-]*",  # a path, or the name of a parameter
    r"[a-z][a-z0-9_.-]*(?:/[a-z0-9][a-z0-9_.-]*)+(?:[#:][\w.-]+)?",  # the same without the first stroke
    r"[A-Za-z]:\\\S*",
    LOOKUP,
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",  # an address for e-mail
    r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::[0-9]{1,5})?",  # a host
    r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)+\.[A-Z][A-Za-z0-9]*",  # a class
)

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
        if secret_field(field) and _is_telling(value) and (field.lower() != "auth" or not is_word(value)):
            # Only a field of the list is named: any other is a part of the value.
            return f"a JSON field `{field}`" if field in SECRET_FIELDS else "a secret-looking JSON field"
    for parameter, value in _parameters(text):
        if secret_field(parameter) and _is_telling(value):
            return "an address with a secret-looking parameter"
    if _is_secret_by_name(name, text):
        return "a value under a secret-looking name"
    return None


def hidden_by_name(name: str, text: str) -> bool:
    """Whether a value is hidden for the sake of its name: more often than a finding is made of it."""
    text = text.strip()
    return secret_name(name) and len(text) >= 4 and not showable(text) and literal(text) and not template(text)


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
    return literal(value) and value.lower() not in SWITCHES and not template(value) and not _names_something(value)


def _is_secret_by_name(name: str, text: str) -> bool:
    """Whether the name is enough: it is not for switches, numbers, short texts and addresses without password."""
    text = text.strip()
    if len(text) < 4 or showable(text) or re.fullmatch(NUMBER, text):
        return False
    if re.fullmatch(URI, text):
        return secret_by_ending(name) and _is_telling(text)
    if not _is_telling(text) or stand_in(text):
        return False
    if secret_name(name):
        is_pass = not plain_secret_name(name) and weak_secret_name(name)
        return plain_secret_name(name) or (is_pass and not is_word(text)) or is_random(text)
    return weak_secret_name(name) and is_random(text)


def is_word(text: str) -> bool:
    """Whether it reads like words: letters only, perhaps in several parts, perhaps with a number (`oauth2`)."""
    return re.fullmatch(r"[A-Za-z]++[0-9]?(?:[-_. ][A-Za-z]++[0-9]?)*+", text.strip()) is not None


def is_random(text: str) -> bool:
    """Whether a part of it mixes letters and digits as people do not, or is long and mixed."""
    parts = re.split(r"[-_.:/ ,;|]", text)
    return any(
        len(part) >= 4 and re.search("[A-Za-z]", part) and re.search("[0-9]", part) and not re.fullmatch(READABLE, part)
        for part in parts
    ) or (len(text) >= 12 and bool(re.search(r"[!@#$%^&*=+~?]", text)) and not is_word(text))


def _names_something(text: str) -> bool:
    """Whether the text says where a secret is, or what kind: a path, a lookup, an address, a class."""
    text = text.strip()
    return any(re.fullmatch(shape, text) for shape in HARMLESS_SHAPES)
