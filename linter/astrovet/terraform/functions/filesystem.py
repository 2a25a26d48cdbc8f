"""Terraform's filesystem functions."""

from __future__ import annotations

from typing import Any

from astrovet.terraform.values.conversion import as_text


def basename(path: Any) -> str:
    text = as_text(path)
    if not text:
        return "."
    return text.rstrip("/").rpartition("/")[2] or "/"


def dirname(path: Any) -> str:
    from posixpath import normpath

    folder = normpath("".join(as_text(path).rpartition("/")[:2]) or ".")
    return folder[1:] if folder.startswith("//") else folder
