"""Terraform's functions of IP networks."""

from __future__ import annotations

import re
from typing import Any

from astrovet.terraform.values.conversion import as_integer, as_text
from astrovet.terraform.values.refusal import RefusedError, UndecidedError


def cidrhost(prefix: Any, number: Any) -> str:
    network = _network(prefix)
    index = as_integer(number)
    first, last = int(network.network_address), int(network.broadcast_address)
    address = first + index if index >= 0 else last + 1 + index
    if not first <= address <= last:
        raise RefusedError("the range has no such address")
    return _address(network, address)


def cidrnetmask(prefix: Any) -> str:
    network = _network(prefix)
    if network.version != 4:
        raise RefusedError("an IPv6 range has no mask")
    return str(network.netmask)


def cidrsubnet(prefix: Any, newbits: Any, number: Any) -> str:
    network = _network(prefix)
    more, index = as_integer(newbits), as_integer(number)
    length = network.prefixlen + more
    if more < 0 or index < 0 or more > 32:
        raise UndecidedError("astrovet does not calculate with such parts of ranges")
    if length > network.max_prefixlen or index >= 2**more:
        raise RefusedError("the range has no such subnet")
    first = int(network.network_address) + (index << (network.max_prefixlen - length))
    return f"{_address(network, first)}/{length}"


def cidrsubnets(prefix: Any, *newbits: Any) -> list[str]:
    network = _network(prefix)
    subnets: list[str] = []
    position, end = int(network.network_address), int(network.broadcast_address)
    for bits in newbits:
        more = as_integer(bits)
        length = network.prefixlen + more
        if more > 32:
            raise UndecidedError("astrovet does not calculate with such parts of ranges")
        if more < 1 or length > network.max_prefixlen:
            raise RefusedError("the range has no such subnet")
        size = 1 << (network.max_prefixlen - length)
        position = -(-position // size) * size
        if position + size - 1 > end:
            raise RefusedError("the range has no room for all subnets")
        subnets.append(f"{_address(network, position)}/{length}")
        position += size
    return subnets


def _network(prefix: Any) -> Any:
    from ipaddress import ip_network

    text = as_text(prefix)
    if not re.fullmatch(r"[0-9a-fA-F:.]+/(0|[1-9][0-9]{0,2})", text):
        raise RefusedError("the text is no CIDR range")
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        if re.search(r"(?:^|\.)0[0-9]", text):
            raise UndecidedError("astrovet does not read numbers with zeros before them in addresses") from None
        raise RefusedError("the text is no CIDR range") from None
    if network.version == 6 and "." in text:
        raise UndecidedError("the text is no CIDR range that astrovet reads")
    return network


def _address(network: Any, number: int) -> str:
    from ipaddress import IPv4Address, IPv6Address

    if network.version == 4:
        return str(IPv4Address(number))
    address = IPv6Address(number)
    if address.ipv4_mapped is not None:
        raise UndecidedError("the range has IPv4 addresses in IPv6 form")
    return str(address)
