"""No store of the execution plane may let everybody in.

## Why

Agents keep what tasks hand to each other, their logs and their DAGs in buckets of the customer: patient data and
card data in clear, as far as a task touches it. One public ACL, policy or role makes all of it readable for whoever
guesses the name of the bucket.

## Fix

Remove the grant, and let in only the roles of the agents and, where it shows task logs, Astro's. A block of public
access keeps later mistakes out.

Before:

    resource "aws_s3_bucket_acl" "logs" {
      bucket = aws_s3_bucket.logs.id
      acl    = "public-read"
    }

After:

    resource "aws_s3_bucket_public_access_block" "logs" {
      bucket                  = aws_s3_bucket.logs.id
      block_public_acls       = true
      block_public_policy     = true
      ignore_public_acls      = true
      restrict_public_buckets = true
    }

## Not reported

Grants that a block with all four switches, of the bucket or of the whole account, makes void, as Google's
`public_access_prevention = "enforced"` and a closed Azure account do; policies whose conditions name an
organization, a network or addresses. A policy whose text is known only after apply is undecided. With agents or
Remote Execution in the inputs all their stores are looked at, but for those that nothing of Astro names and that
belong to a web site, a load balancer or an audit trail; without, none is, unless `customer-execution-plane` is
declared.
Where every agent names its stores and all of them are in the inputs, nor is one that no reference, grant or policy
of its inputs ties to them.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    ObjectStore,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import described, named_at, uses, why_not_judged

REMEDY = "remove it, and let in only the roles of the agents"
REMEDIES = {
    "canned ACL": 'set acl to "private"',
    "container": 'set container_access_type to "private"',
}


@rule(
    "STO001",
    "store-public",
    on=ObjectStore,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL, "customer-execution-plane": Severity.CRITICAL},
    sources=("S003-09", "S003-26", "CLOUD", "PLAN"),
    controls=("45 CFR 164.312(a)(1)", "DORA Art. 9"),
)
def check(store: ObjectStore, context: Context) -> Verdicts:
    if why := why_not_judged(store, context):
        yield not_applicable(why)
        return
    match store.public_access_prevented:
        case Known(True):
            return
        case Unknown() as unknown:
            unclear: Unknown | None = unknown
        case Known() | Absent():
            unclear = None
    used_for = uses(store, context)
    for grant in store.grants:
        match grant.admits_everyone:
            case Known(True) if unclear is not None:
                yield undecided(unclear, grant.block)
            case Known(True):
                article = "an" if grant.what == "ACL" else "a"
                message = f"{article} {grant.what} lets everybody into {described(used_for)}"
                yield fail(
                    grant.place,
                    message,
                    remedy=REMEDIES.get(grant.what, REMEDY),
                    related=named_at(used_for),
                    about=grant.block,
                )
            case Unknown() as unknown:
                yield undecided(unknown, grant.block)
            case Known() | Absent():
                pass
