"""What may be printed for the sake of its name: a region, an image, a host, a description.

These tell people where to look. What stands under such a name is shown where it has the form of what the name
announces, and does not look like a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from astrovet.secrecy.credentials import credential_kind, is_random
from astrovet.secrecy.names import secret_field
from astrovet.secrecy.redaction import without_secrets
from astrovet.secrecy.showing import NOT_SHOWN, SHOWABLE_SCHEMES, showable
from astrovet.value import Known, shape

LONGEST = 300
LONGEST_NAME = 120

_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_VERSION = r"[A-Za-z0-9][A-Za-z0-9._+-]*"
_COMMIT = r"[0-9a-f]{7,12}|[0-9a-f]{40}"
"""What builds call an image by; a secret under these names would be no image's."""
_HOST = r"(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?(?::[0-9]{1,5})?"
_DOMAIN = r"(?:\*\.)?(?:[a-z0-9-]{1,24}\.)+[a-z]{2,24}\.?(?::[0-9]{1,5})?"
"""A name of the DNS, whose parts may well be made up: `cl3k9x2.registry.example.com`."""
_IMAGE = (
    rf"(?P<host>{_HOST})(?P<rest>(?:/[a-z0-9._-]+)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]*))?(?:@sha256:[0-9a-f]{64})?"
)

_SHAPES: Mapping[str, str] = {
    "region": rf"{_NAME}(?: {_NAME}){{0,3}}",  # Azure's: West Europe
    "location": rf"{_NAME}(?: {_NAME}){{0,3}}",
    "zone": _NAME,
    "namespace": _NAME,
    "tag": _VERSION,
    "version": _VERSION,
    "runtime": _VERSION,
    "image": _IMAGE,
    "repository": _IMAGE,
    "registry": _IMAGE,
    "host": _HOST,
    "hostname": _HOST,
    "domain": _HOST,
    "fqdn": _HOST,
    "endpoint": _HOST,
}
"""By the last word of a name, in the singular."""


def showable_as(name: str, text: str) -> bool:
    """Whether the text may be printed where it stands under this name."""
    if showable(text):
        return True
    if not text.isprintable() or len(text) > LONGEST or secret_field(name) or credential_kind(name, text) is not None:
        return False
    if name == "description":
        return without_secrets(text) == text and not any(map(is_random, re.split(r"[^\w-]+", text)))
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    kind = words[-1].lower().removesuffix("s") if words else ""
    form = re.fullmatch(_SHAPES[kind], text) if kind in _SHAPES and len(text) <= LONGEST_NAME else None
    if form is None:
        return False
    if _SHAPES[kind] == _IMAGE:
        return _is_host(form["host"]) and not is_random(form["rest"]) and _is_tag(form["tag"] or "")
    if _SHAPES[kind] == _HOST:
        return _is_host(text)
    return _is_tag(text) if kind == "tag" else not is_random(text)


def _is_host(text: str) -> bool:
    return re.fullmatch(_DOMAIN, text) is not None or not is_random(text)


def _is_tag(text: str) -> bool:
    return re.fullmatch(_COMMIT, text) is not None or not is_random(text)


def shown(known: Known[Any], name: str = "") -> str:
    """How a message mentions a value: in quotes where it may be printed, else by what it is.

    `name` is what it stands under, where that may say that it is harmless.
    """
    match known.value:
        case _ if known.sensitive:
            return NOT_SHOWN
        case bool(flag):
            return f'"{str(flag).lower()}"'
        case str() | int() | float() as leaf:
            content = str(leaf)
        case tree:
            return shape(tree)
    if showable_as(name, content):
        return f'"{content}"'
    scheme, separator, _ = content.partition("://")
    article = SHOWABLE_SCHEMES.get(scheme.lower()) if separator else None
    return f"{article} {scheme.lower()}:// address" if article else NOT_SHOWN
