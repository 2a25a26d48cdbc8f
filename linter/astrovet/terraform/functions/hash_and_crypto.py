"""Terraform's hash and crypto functions."""

from __future__ import annotations

from typing import Any

from astrovet.terraform.values.conversion import as_text


def base64sha256(text: Any) -> str:
    from base64 import b64encode

    return b64encode(bytes.fromhex(sha256(text))).decode()


def md5(text: Any) -> str:
    return _digest("md5", text)


def sha1(text: Any) -> str:
    return _digest("sha1", text)


def sha256(text: Any) -> str:
    return _digest("sha256", text)


def sha512(text: Any) -> str:
    return _digest("sha512", text)


def _digest(algorithm: str, text: Any) -> str:
    import hashlib

    return hashlib.new(algorithm, as_text(text).encode(), usedforsecurity=False).hexdigest()
