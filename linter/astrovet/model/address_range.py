"""Ranges of addresses that clusters and networks take."""

from __future__ import annotations

from msgspec import Struct

from astrovet.place import Place
from astrovet.value import Value


class AddressRange(Struct, frozen=True):
    """One range of a cluster of Astro."""

    name: str
    """The provider's attribute, e.g. `vpc_subnet_range`."""
    value: Value[str]
    """In CIDR form; Absent where the author leaves it out, and the service chooses."""


class CustomerNetwork(Struct, frozen=True):
    """A network of the customer, or a part of one: Amazon's VPC, Google's subnetwork, Azure's virtual network."""

    place: Place
    ranges: Value[tuple[Value[str], ...]]
