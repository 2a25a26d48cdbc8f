"""The address ranges of the virtual network that a security group belongs to.

Attribute names: general knowledge of the aws provider (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from astrovet.value import Absent, Known, Unknown, Value, at, listed, text

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform
    from astrovet.terraform.references import References
    from astrovet.terraform.resource import Resource


NETWORK = ("aws_vpc",)
FURTHER_RANGE = "aws_vpc_ipv4_cidr_block_association"

UNTOLD = "which ranges the network of this firewall has cannot be told from the inputs"


class Networks:
    """The virtual networks of one plan, state or root module."""

    def __init__(self, terraform: Terraform, references: References) -> None:
        self._references = references
        self._resources = terraform.by_address
        self._networks = terraform.of_types(NETWORK)
        self._further = terraform.of_types((FURTHER_RANGE,))

    def ranges(self, firewall: Resource, groups: Sequence[str]) -> Value[tuple[Value[str], ...]]:
        """The ranges of the network of the one group that a firewall resource is, or adds a rule to."""
        networks = [self._network_of(self._resources[group]) for group in groups if group in self._resources]
        if len(networks) != 1 or networks[0] is None:
            return Unknown(UNTOLD, firewall.place)
        return Known(tuple(self._ranges_of(networks[0])), networks[0].place)

    def _network_of(self, resource: Resource) -> Resource | None:
        targets = self._references.origins(resource, "vpc_id", NETWORK).targets
        if len(targets) == 1:
            return targets[0]
        match text(resource.attribute("vpc_id")):
            case Known(identity):
                same = (network for network in self._networks if _is(text(network.computed("id")), identity))
                return next(same, None)
            case Unknown() | Absent():
                return None

    def _ranges_of(self, network: Resource) -> Iterator[Value[str]]:
        first = text(network.computed("cidr_block"))
        ranges = [first]
        if network.mode == "managed" or isinstance(first, Known):  # data that is not read has only unknown parts
            ranges += [text(network.attribute("ipv6_cidr_block"))]
            ranges += [
                text(at(association, "cidr_block"))
                for association in listed(network.attribute("cidr_block_associations"))
            ]
        ranges += [
            text(further.attribute("cidr_block")) for further in self._further if self._network_of(further) is network
        ]
        yield from (written for written in ranges if not isinstance(written, Absent))


def _is(value: Value[str], wanted: str) -> bool:
    match value:
        case Known(content):
            return content == wanted
        case Unknown() | Absent():
            return False
