"""Secrets that objects of Astro are given, and whether the configuration writes them out."""

from __future__ import annotations

from msgspec import Struct

from astrovet.value import Value


class Secret(Struct, frozen=True):
    """One value that is a secret, or may be one."""

    name: str
    """How it is called: the name of a variable, or of an attribute."""
    value: Value[str]
    is_marked: Value[bool]
    """Whether it is kept as a secret."""
    is_written: Value[bool]
    """Whether it stands in the configuration itself; Unknown where the input does not show that."""
