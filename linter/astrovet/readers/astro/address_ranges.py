"""The ranges of addresses that clusters of Astro and networks of the customer take.

Attribute names: the astro provider 1.5.2; of the other providers general knowledge (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.model.address_range import AddressRange, CustomerNetwork
from astrovet.readers.settings import texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Action, Resource
from astrovet.value import Absent, Known, Unknown, Value, text

RANGES = (
    *("vpc_subnet_range", "secondary_vpc_cidr"),
    *("pod_subnet_range", "service_subnet_range", "service_peering_range"),
)
STANDBY = "dr_"
"""Before the name of a range: that of the second cluster, in the other region."""

ONE_RANGE = {"aws_vpc": "cidr_block", "google_compute_subnetwork": "ip_cidr_range"}
SEVERAL_RANGES = {"azurerm_virtual_network": "address_space"}
"""The networks of the customer, with the attribute that holds their ranges."""


def cluster_ranges(cluster: Resource) -> tuple[AddressRange, ...]:
    """Those of a cluster itself."""
    return tuple(AddressRange(name, text(cluster.attribute(name))) for name in RANGES)


def standby_ranges(cluster: Resource) -> tuple[AddressRange, ...]:
    """Those of its other half, which takes over in a disaster; none of a cluster that is only read."""
    if cluster.mode == "data":
        return ()
    names = (f"{STANDBY}{name}" for name in RANGES)
    return tuple(AddressRange(name, text(cluster.attribute(name))) for name in names)


def customer_networks(terraform: Terraform) -> Iterator[CustomerNetwork]:
    """The networks of the customer that will stand after apply, and those that are only read."""
    for resource in terraform.of_types((*ONE_RANGE, *SEVERAL_RANGES)):
        if resource.is_judged or resource.action is Action.READ:
            if resource.type in ONE_RANGE:
                yield CustomerNetwork(resource.place, _alone(text(resource.attribute(ONE_RANGE[resource.type]))))
            elif resource.type in SEVERAL_RANGES:
                yield CustomerNetwork(resource.place, texts(resource.attribute(SEVERAL_RANGES[resource.type])))


def _alone(value: Value[str]) -> Value[tuple[Value[str], ...]]:
    match value:
        case Known(_, place):
            return Known((value,), place)
        case Unknown() | Absent():
            return value
