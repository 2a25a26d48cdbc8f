"""Few people own the organization, and none from outside.

## Why

An owner of the organization is an owner of every workspace, reads every variable that is not secret, makes
tokens and names further owners. Each of them is one more account whose loss is the loss of everything.

The limit of 3 is astrovet's own; no source of Astronomer's names one.

## Fix

Give people the role that their work needs, in the workspaces where they work.

Before:

    resource "astro_team" "analysts" {
      name              = "analysts"
      organization_role = "ORGANIZATION_OWNER"
    }

After:

    resource "astro_team" "analysts" {
      name              = "analysts"
      organization_role = "ORGANIZATION_MEMBER"
      workspace_roles   = [{ workspace_id = astro_workspace.analytics.id, role = "WORKSPACE_AUTHOR" }]
    }

Another limit goes into `.astrovet.yaml`, as `organization-owners` below `limits`; the domains of the addresses
whose people may be owners as `owner-domains`.

## Not reported

A team counts as one, however many people it has, and so do several grants to one user or address. Owners whom
somebody named by hand are not in Terraform, and so not counted.
"""

from astrovet import (
    Absent,
    Context,
    Fail,
    Known,
    Note,
    Organization,
    RoleGrant,
    Severity,
    Unknown,
    Verdicts,
    fail,
    rule,
    undecided,
)
from astrovet_rules.tables.roles import OWNER

FEWER = "give all but a few of them a lesser organization_role, and roles in the workspaces where they work"
INSIDE = "take the role away, or list the domain below owner-domains if its people may own the organization"


@rule(
    "AST008",
    "owner-sprawl",
    on=Organization,
    severity=Severity.MEDIUM,
    sources=("S000-11", "S000-32"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 7.2", "SOC 2 CC6.1"),
)
def check(organization: Organization, context: Context) -> Verdicts:
    owners = [grant for grant in organization.grants if isinstance(grant.role, Known) and grant.role.value == OWNER]
    yield from _count(organization, owners, context)
    for grant in owners:
        yield from _origin(grant, context.owner_domains)
    for grant in organization.grants:
        is_foreign = any(isinstance(outcome, Fail) for outcome in _origin(grant, context.owner_domains))
        if isinstance(grant.role, Unknown) and is_foreign:
            yield undecided(grant.role, about=grant.block)


def _count(organization: Organization, owners: list[RoleGrant], context: Context) -> Verdicts:
    limit = context.limits.organization_owners
    sure = {_holder(grant): grant for grant in reversed(owners)}
    open_roles = [(grant, grant.role) for grant in organization.grants if isinstance(grant.role, Unknown)]
    holders = [grant.holder for grant in owners if isinstance(grant.holder, Unknown) and grant.holder.is_unset]
    if len(sure) > limit:
        first, *others = sorted(sure.values(), key=owners.index)
        blocks = {grant.block: grant for grant in others if grant.block != first.block}
        notes = tuple(Note("another owner", grant.role.place) for grant in list(blocks.values())[:5])
        message = f"{len(sure)} users, teams or invited people own the organization; the limit is {limit}"
        yield fail(first.role.place, message, remedy=FEWER, related=notes)
    elif len({*sure, *(_holder(grant) for grant, _ in open_roles)}) > limit:
        yield undecided(open_roles[0][1])
    elif holders:
        yield undecided(holders[0])
    elif owners and context.estate.is_partial(organization.place.path):
        yield undecided(Unknown("this plan does not show everything, so there may be more owners", organization.place))


def _holder(grant: RoleGrant) -> str:
    """Who it is; a grant to somebody unknown counts for itself."""
    return grant.holder.value if isinstance(grant.holder, Known) else grant.id


def _origin(grant: RoleGrant, domains: frozenset[str]) -> Verdicts:
    match grant.email:
        case Known(address, place) if domains and address.rpartition("@")[2].lower() not in domains:
            message = "an owner is invited from a domain that is not among owner-domains"
            yield fail(place, message, remedy=INSIDE, severity=Severity.HIGH, about=grant.block)
        case Unknown() as unknown if domains:
            yield undecided(unknown, about=grant.block)
        case Known() | Unknown() | Absent():
            pass
