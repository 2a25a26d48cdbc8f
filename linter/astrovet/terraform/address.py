"""Terraform addresses, references and pointers, taken apart.

A key may hold anything, dots, quotes and brackets included: `module.team["mkt.sales"].astro_cluster.a[0]`.
So nothing is ever split at a dot; one pattern reads a name, an index or a quoted key at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

from msgspec import Struct

from astrovet.formats.hcl.strings import unquote


class Index(Struct, frozen=True):
    """What stands in brackets."""

    key: str | int | None
    """None for `[*]`: which instances there will be is not known yet."""


Part: TypeAlias = str | Index
"""A name, or what stands in brackets behind one."""


class ModuleStep(Struct, frozen=True):
    """One call on the way down: `module.team["a"]`."""

    name: str
    key: str | int | None = None


class Address(Struct, frozen=True):
    """The address of a resource or of one of its instances."""

    module: tuple[ModuleStep, ...]
    mode: Literal["managed", "data"]
    type: str
    name: str
    key: str | int | None = None


# A text, not a compiled pattern: most addresses have no key, and starting up stays fast.
_PART = r'(?s)(?:^|\.)(?P<name>[^\s.\[\]"]+)|\[(?:(?P<number>[0-9]{1,18})|"(?P<text>(?:[^"\\]|\\.)*+)"|\*)\]'

_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")

_NO_RESOURCE_TYPE = frozenset(
    {"count", "data", "each", "ephemeral", "local", "module", "output", "path", "provider", "self", "terraform"}
    | {"var", "variable"}
)


def parse(address: str) -> Address | None:
    """The address of a resource, taken apart; None where the text is no such address."""
    module, rest = split_module(split_reference(address) or ())
    match rest:
        case ("data", str(kind), str(name)):
            return Address(module, "data", kind, name)
        case ("data", str(kind), str(name), Index(key)):
            return Address(module, "data", kind, name, key)
        case (str(kind), str(name)) if kind not in _NO_RESOURCE_TYPE:
            return Address(module, "managed", kind, name)
        case (str(kind), str(name), Index(key)) if kind not in _NO_RESOURCE_TYPE:
            return Address(module, "managed", kind, name, key)
        case _:
            return None


def without_keys(address: str) -> str:
    """The address of the block that an instance comes from; text that is no address stays as it is."""
    parts = split_reference(address)
    if parts is None:
        return address
    return ".".join(part for part in parts if isinstance(part, str))


def block_address(module_block: str, mode: str, kind: str, name: str) -> str:
    """The address of a source block."""
    data = "data." if mode == "data" else ""
    prefix = f"{module_block}." if module_block else ""
    return f"{prefix}{data}{kind}.{name}"


def split_reference(reference: str) -> tuple[Part, ...] | None:
    """The names and keys of an address or a reference in order; None where it is malformed.

    `astro_cluster.this["us"].id` gives `("astro_cluster", "this", Index("us"), "id")`.
    """
    return _split(reference, unquote)


def split_pointer(pointer: str) -> tuple[str | int, ...] | None:
    """The keys and indexes that `place.step` built a pointer from; None where it is malformed."""
    parts = _split(pointer, _unescape)
    if parts is None:
        return None
    keys = [part.key if isinstance(part, Index) else part for part in parts]
    return tuple(key for key in keys if key is not None)


def split_module(parts: tuple[Part, ...]) -> tuple[tuple[ModuleStep, ...], tuple[Part, ...]]:
    """The module calls that parts begin with, and what follows them."""
    steps: list[ModuleStep] = []
    while True:
        match parts:
            case ("module", str(name), Index(key), *rest):
                steps.append(ModuleStep(name, key))
            case ("module", str(name), *rest):
                steps.append(ModuleStep(name))
            case _:
                return tuple(steps), parts
        parts = tuple(rest)


def _split(text: str, resolve: Callable[[str], str | None]) -> tuple[Part, ...] | None:
    if text.startswith("."):
        return None
    if _NAME_CHARACTERS.issuperset(text) and ".." not in text and not text.endswith("."):
        return tuple(text.split(".")) if text else ()
    parts: list[Part] = []
    position, pattern = 0, re.compile(_PART)
    while position < len(text):
        part = pattern.match(text, position)
        if part is None:
            return None
        position = part.end()
        match part.lastgroup:
            case "name":
                parts.append(part["name"])
            case "number":
                parts.append(Index(int(part["number"])))
            case "text":
                key = resolve(part["text"])
                if key is None:
                    return None
                parts.append(Index(key))
            case _:
                parts.append(Index(None))
    return tuple(parts)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
