"""An organization's address list has one owner in Terraform, and stays.

## Why

Astro has one list for each organization, and the resource stands for all of it: what it does not name is
removed. Two of them take turns removing each other's ranges, which opens the organization or locks people out.
Deleting the resource removes its ranges, and while the list is empty everybody is let in.

## Fix

Keep one resource for an organization, with all ranges in it:

    resource "astro_allowed_ip_address_ranges" "this" {
      ip_address_ranges = concat(var.office_ranges, var.pipeline_ranges)
    }

Give the resource a new address with a `moved` block, not by removing one and adding another:

    moved {
      from = astro_allowed_ip_address_ranges.offices
      to   = astro_allowed_ip_address_ranges.this
    }

## Not reported

Lists of different organizations, each with a provider of its own; a moved address. Two lists are only seen
as two where one plan, state or root module has both.
"""

from astrovet import AddressList, Context, Note, Removal, Severity, Verdicts, fail, rule, undecided

JOIN = "put all ranges into one astro_allowed_ip_address_ranges, and remove the other from the state"
KEEP = "keep the resource in the configuration; if its address changed, write a moved block"
FORGET = "keep the resource in the configuration, or take care of the list elsewhere from now on"


@rule(
    "AST011",
    "org-ip-list-unsafe-change",
    on=AddressList,
    severity=Severity.HIGH,
    raised={"pci": Severity.CRITICAL, "hipaa": Severity.CRITICAL},
    sources=("TF",),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 1.3.1"),
)
def check(addresses: AddressList, context: Context) -> Verdicts:
    match addresses.removal:
        case Removal.DELETED:
            message = "the plan deletes the address list; an empty list lets everybody in"
            yield fail(addresses.place, message, remedy=KEEP, about="removal")
        case Removal.FORGOTTEN:
            message = "the plan forgets the address list, and nobody will notice when it changes"
            yield fail(addresses.place, message, remedy=FORGET, about="removal")
        case None if addresses.rivals:
            notes = tuple(Note("the same organization's list", place) for place in addresses.rivals[:3])
            message = "a second list of the same organization: each removes what the other one has"
            yield fail(addresses.place, message, remedy=JOIN, severity=Severity.HIGH, related=notes, is_raised=False)
        case None if addresses.doubt is not None:
            yield undecided(addresses.doubt)
        case None:
            pass
