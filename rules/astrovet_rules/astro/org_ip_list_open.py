"""The organization's address list must not admit the whole world.

## Why

The list says from which addresses Astro's user interface and API answer at all. Empty, or with a range that
is everybody, it limits nobody: a stolen token or password works from anywhere. A list that is there and open
is worse than none, since everybody believes that it limits something.

## Fix

List the public addresses of your offices, VPN and pipelines; that of the machine that runs Terraform has to
be among them.

Before:

    resource "astro_allowed_ip_address_ranges" "this" {
      ip_address_ranges = ["0.0.0.0/0"]
    }

After:

    resource "astro_allowed_ip_address_ranges" "this" {
      ip_address_ranges = ["198.51.100.0/24", "203.0.113.17/32"]
    }

## Not reported

An organization without the resource, for many set the list elsewhere. Elements known only after apply, if
none of the others is open; where all are unknown the verdict is undecided.
"""

from astrovet import (
    Absent,
    AddressList,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.tables.address_ranges import address_range, is_world

REMEDY = "list the public addresses that your people and pipelines come from, as narrow ranges"


@rule(
    "AST010",
    "org-ip-list-open",
    on=AddressList,
    severity=Severity.HIGH,
    raised={"pci": Severity.CRITICAL},
    sources=("TF",),
    controls=("45 CFR 164.312(a)(1)", "SOC 2 CC6.6"),
)
def check(addresses: AddressList, context: Context) -> Verdicts:
    if addresses.removal is not None:
        yield not_applicable("the plan takes it away, which AST011 judges")
        return
    match addresses.ranges:
        case Absent(place) | Known((), place):
            yield fail(place, "the list is empty, so the organization answers the whole world", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(listed, place):
            texts, gap = known_values(listed), first_unknown(listed)
            if is_world(texts):
                yield fail(place, "the list admits the whole world", remedy=REMEDY)
            elif gap is not None and not texts:
                yield undecided(gap)
            elif None in map(address_range, texts):
                yield undecided(Unknown("an element of the list is no address range", place))
