"""What keeps a store closed to the public must be switched on.

## Why

A store without public grants today is one careless policy away from being open. The clouds have switches that make
such a mistake void; a block of public access with one of its four switches left out, which then is off, or an Azure
account with the defaults of its resource, looks protected and is not.

## Fix

Switch all of them on.

Before:

    resource "aws_s3_bucket_public_access_block" "xcom" {
      bucket              = aws_s3_bucket.xcom.id
      block_public_policy = true
    }

After:

    resource "aws_s3_bucket_public_access_block" "xcom" {
      bucket                  = aws_s3_bucket.xcom.id
      block_public_acls       = true
      block_public_policy     = true
      ignore_public_acls      = true
      restrict_public_buckets = true
    }

On Google Cloud set `uniform_bucket_level_access = true`, on Azure `allow_nested_items_to_be_public = false` and
either `public_network_access_enabled = false` or a `default_action` of `Deny`.

## Not reported

Buckets of an account whose own block has all four switches on; Google buckets with
`public_access_prevention = "enforced"`, which no ACL can open; Azure accounts with a private endpoint, as to the
network. An Amazon bucket of Astro's without any block is only mentioned (info): since April 2023 new buckets are
closed by default.
"""

from astrovet import (
    Absent,
    Cloud,
    Context,
    Known,
    ObjectStore,
    PublicAccessGuard,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import described, named_at, not_here, uses
from astrovet_rules.tables.object_stores import OFF_WHEN_CLOSED

NETWORK = "public_network_access_enabled"
DENY = ', or the default_action of its network rules to "Deny"'
ADD = "add an aws_s3_bucket_public_access_block with its four attributes set to true"


@rule(
    "STO002",
    "public-guard-off",
    on=ObjectStore,
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("CLOUD", "PLAN"),
    controls=("DORA Art. 9",),
)
def check(store: ObjectStore, context: Context) -> Verdicts:
    if why := not_here(store, context):
        yield not_applicable(why)
        return
    match store.cloud, store.public_access_prevented:
        case Cloud.AMAZON | Cloud.GOOGLE, Known(True):
            return
        case (_, Known() | Unknown() | Absent()):
            pass
    used_for = uses(store, context)
    match store.guards:
        case Known(guards):
            yield from _open(guards, store, context)
        case Absent(place) if used_for:
            message = f"nothing here keeps {described(used_for)} closed to the public but the cloud's default"
            yield fail(place, message, remedy=ADD, severity=Severity.INFO, related=named_at(used_for))
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _open(guards: tuple[PublicAccessGuard, ...], store: ObjectStore, context: Context) -> Verdicts:
    """One finding for the switches of a store that are off; what is unknown counts only where all others are on."""
    off = [guard for guard in guards if isinstance(guard.closed, Known) and not guard.closed.value]
    if off:
        used_for = uses(store, context)
        wanted = "false" if off[0].name in OFF_WHEN_CLOSED else "true"
        names, verb = _listed([guard.name for guard in off]), "is" if len(off) == 1 else "are"
        message = f"{names} {verb} not {wanted} on {described(used_for)}"
        remedy = f"set {names} to {wanted}" + (DENY if NETWORK in names else "")
        yield fail(off[0].closed.place, message, remedy=remedy, related=named_at(used_for))
        return
    for guard in guards:
        if isinstance(guard.closed, Unknown):
            yield undecided(guard.closed, guard.name)


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
