"""Address ranges: what means the whole world, what is private, what is wide.

Sources: RFC 1918 and RFC 4193 for private ranges; the documentation of the aws, google and azurerm
providers for the words of their firewalls, read November 2026. The widths are limits of our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

WORLD_FORMS = frozenset({"0.0.0.0/0", "::/0", "*", "internet", "any"})
"""The usual forms of everybody, Azure's words in small letters; the others are found by their numbers."""

BITS = {4: 32, 6: 128}
"""The length of an address, by the version of IP."""

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

OWN_NETWORK = frozenset({"virtualnetwork", "azureloadbalancer"})
"""Azure's words, in small letters, for what does not come from outside."""

WIDEST_PUBLIC = {4: 16, 6: 32}
"""The shortest prefix of a public range that still says who is let in, by the version of IP."""

_GLANCE = 7
"""Ranges with longer prefixes cover the world only where there are hundreds of them."""


class Range(NamedTuple):
    """A stretch of addresses, as numbers, both ends included."""

    version: int
    first: int
    last: int


def address_range(text: str) -> Range | None:
    """The range that a text means; a single address is a range of one. None where it means none.

    Octets that are left out are 0 (`10/8`), and a host part is cut off, as firewalls do.
    """
    from ipaddress import ip_network  # only for texts that have to be taken apart: it is slow to load

    address, slash, length = text.strip().partition("/")
    if slash and ":" not in address:
        address += ".0" * (3 - address.count("."))
    try:
        network = ip_network(f"{address}{slash}{length}", strict=False)
    except ValueError:
        return None
    return Range(network.version, int(network.network_address), int(network.broadcast_address))


def overlap(one: str, other: str) -> bool:
    """Whether two ranges share an address; False where one of the texts means no range."""
    first, second = address_range(one), address_range(other)
    if first is None or second is None or first.version != second.version:
        return False
    return first.first <= second.last and second.first <= first.last


def is_world(texts: Iterable[str]) -> bool:
    """Whether a word or a range means the whole world, or several ranges together cover it."""
    given = [text.strip().lower() for text in texts]
    if any(text in WORLD_FORMS for text in given):
        return True
    wide = [address_range(text) for text in given if _may_be_wide(text)]
    return any(
        _cover(sorted(stretch for stretch in wide if stretch and stretch.version == version)) for version in BITS
    )


def is_private(addresses: Range) -> bool:
    """Whether all of the addresses are private, so that nobody has one on the internet."""
    return lies_in(addresses, (private for private in map(address_range, PRIVATE) if private))


def is_too_wide(addresses: Range) -> bool:
    """Whether strangers have an address in a range that is not private."""
    widest = 2 ** (BITS[addresses.version] - WIDEST_PUBLIC[addresses.version])
    return addresses.last - addresses.first >= widest and not is_private(addresses)


def lies_in(addresses: Range, networks: Iterable[Range]) -> bool:
    """Whether all of the addresses belong to one of the networks."""
    return any(
        network.version == addresses.version and network.first <= addresses.first and addresses.last <= network.last
        for network in networks
    )


def _may_be_wide(text: str) -> bool:
    _, slash, length = text.partition("/")
    return bool(slash) and not (length.isdecimal() and int(length) > _GLANCE)


def _cover(ranges: list[Range]) -> bool:
    """Whether ranges of one version, in order, leave no address out."""
    reached = 0
    for stretch in ranges:
        if stretch.first > reached:
            return False
        reached = max(reached, stretch.last + 1)
    return bool(ranges) and reached == 2 ** BITS[ranges[0].version]
