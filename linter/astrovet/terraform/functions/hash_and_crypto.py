"""Terraform's hash and crypto functions."""

from __future__ import annotations

import re
from typing import Any

from astrovet.terraform.values.conversion import as_text
from astrovet.terraform.values.refusal import UndecidedError


def base64sha256(text: Any) -> str:
    from base64 import b64encode

    return b64encode(bytes.fromhex(sha256(text))).decode()


def base64sha512(text: Any) -> str:
    from base64 import b64encode

    return b64encode(bytes.fromhex(sha512(text))).decode()


def md5(text: Any) -> str:
    return _digest("md5", text)


def sha1(text: Any) -> str:
    return _digest("sha1", text)


def sha256(text: Any) -> str:
    return _digest("sha256", text)


def sha512(text: Any) -> str:
    return _digest("sha512", text)


def uuidv5(namespace: Any, name: Any) -> str:
    import uuid

    spaces = {"dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID}
    spaces["x500"] = uuid.NAMESPACE_X500
    written = as_text(namespace)
    if written not in spaces and not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", written):
        raise UndecidedError("the namespace is none that astrovet reads")
    return str(uuid.uuid5(spaces.get(written) or uuid.UUID(written), as_text(name)))


def of_bytes(algorithm: str, data: bytes) -> str:
    """The digest of what a file holds."""
    import hashlib

    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def base64_of_bytes(algorithm: str, data: bytes) -> str:
    """The same in Base64."""
    from base64 import b64encode

    return b64encode(bytes.fromhex(of_bytes(algorithm, data))).decode()


def _digest(algorithm: str, text: Any) -> str:
    return of_bytes(algorithm, as_text(text).encode())
