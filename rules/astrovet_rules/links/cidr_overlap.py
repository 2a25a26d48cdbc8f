"""The address ranges of a cluster must not overlap those of its other half, or of networks it is connected to.

## Why

Networks with equal addresses cannot be connected: traffic for the one ends in the other. With private
connectivity that is found when the peering is set up, and with disaster recovery on the day when the second
cluster takes over and is to reach what the first one reached. A cluster's range cannot be changed later.

## Fix

Give each network a range of its own.

Before:

    vpc_subnet_range    = "172.20.0.0/20"
    is_dr_enabled       = true
    dr_region           = "eu-west-1"

After:

    vpc_subnet_range    = "172.20.0.0/20"
    is_dr_enabled       = true
    dr_region           = "eu-west-1"
    dr_vpc_subnet_range = "172.20.16.0/20"

## Not reported

Networks of your own where `private-connectivity` is not declared; the secondary ranges of both halves, for
Pods on AWS.
"""

from collections.abc import Iterator, Sequence

from astrovet import (
    Absent,
    AddressRange,
    Cluster,
    Context,
    Known,
    Note,
    Requirement,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_gap_only,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.tables.address_ranges import overlap

PODS = ("secondary_vpc_cidr", "dr_secondary_vpc_cidr")
VPC = "dr_vpc_subnet_range"
REMEDY = "give the two ranges that share no address"
UNSET = f"{VPC} is not set; on AWS the default is the range of the cluster itself"


@rule(
    "LNK011",
    "cidr-overlap",
    on=Cluster,
    severity=Severity.LOW,
    raised={"private-connectivity": Severity.HIGH},
    sources=("D:disaster-recovery-prepare", "S003-17"),
)
def check(cluster: Cluster, context: Context) -> Verdicts:
    is_connected = Requirement.PRIVATE_CONNECTIVITY in context.requires
    match cluster.disaster_recovery:
        case Known(True):
            yield from _halves(cluster)
        case Unknown() as unknown if any(not isinstance(given.value, Unknown) for given in cluster.standby_ranges):
            yield undecided(unknown)
        case Known() | Unknown() | Absent() if not is_connected:
            yield not_applicable("it shows no other half, and private-connectivity is not declared for it")
        case Known() | Unknown() | Absent():
            pass
    if is_connected:
        yield from first_gap_only(_networks(cluster, context))


def _halves(cluster: Cluster) -> Verdicts:
    for standby in cluster.standby_ranges:
        match standby.value, cluster.cloud:
            case Absent(place), Known("AWS") if standby.name == VPC:
                yield fail(place, UNSET, remedy=f"set {VPC} to a range of its own", about=VPC, is_raised=False)
            case Absent(), Unknown() as unknown if standby.name == VPC:
                yield undecided(unknown, about=VPC)
            case Known(_, place), _:
                others = [own for own in cluster.ranges if (own.name, standby.name) != PODS]
                for other in _overlapping(standby.value, others):
                    message = f"{standby.name} overlaps {other.name}"
                    related = (Note(other.name, other.value.place),)
                    yield fail(place, message, remedy=REMEDY, related=related, about=standby.name, is_raised=False)
                yield from (
                    undecided(own.value, about=standby.name) for own in others if isinstance(own.value, Unknown)
                )
            case Unknown() as unknown, _:
                yield undecided(unknown, about=standby.name)
            case Absent(), _:
                pass


def _networks(cluster: Cluster, context: Context) -> Verdicts:
    """The networks of the customer that the cluster may be connected to: all in the inputs."""
    for network in context.estate.customer_networks:
        match network.ranges:
            case Known(ranges):
                for addresses in (*ranges, *(own.value for own in cluster.ranges)):
                    if isinstance(addresses, Unknown):
                        yield undecided(addresses, about="network")
                for addresses in ranges:
                    for own in _overlapping(addresses, (*cluster.ranges, *cluster.standby_ranges)):
                        message = f"{own.name} overlaps the range of a network of yours"
                        related = (Note("the network", addresses.place),)
                        yield fail(
                            own.value.place, message, remedy=REMEDY, related=related, about=f"network {own.name}"
                        )
            case Unknown() as unknown:
                yield undecided(unknown, about="network")
            case Absent():
                pass


def _overlapping(value: Value[str], ranges: Sequence[AddressRange]) -> Iterator[AddressRange]:
    for named in ranges:
        match value, named.value:
            case Known(one), Known(other) if overlap(one, other):
                yield named
            case (Known() | Unknown() | Absent(), _):
                pass
