"""What Astro keeps in a store must survive a mistake: no `force_destroy`, and versions where history counts.

## Why

With `force_destroy` a `terraform destroy`, a renamed resource or a changed bucket name deletes the bucket with all
its objects; without, the cloud refuses while there are any. Where audit history or recovery is required, versions
also keep what was overwritten or deleted.

## Fix

Before:

    resource "aws_s3_bucket" "logs" {
      bucket        = "acme-airflow-logs"
      force_destroy = true
    }

After:

    resource "aws_s3_bucket" "logs" {
      bucket = "acme-airflow-logs"
    }

    resource "aws_s3_bucket_versioning" "logs" {
      bucket = aws_s3_bucket.logs.id
      versioning_configuration {
        status = "Enabled"
      }
    }

## Not reported

Stores that nothing of Astro names, and those that only development deployments use. Versions are asked for only where
`audit-retention` or `dora` is declared, and not of a store for XCom values alone, which tasks make anew.
"""

from astrovet import (
    Absent,
    Cloud,
    Context,
    Known,
    ObjectStore,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    fail_if,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import SOMETHING, XCOMS, Use, described, for_development, named_at, not_here, uses

KEEP = "remove force_destroy"
VERSIONS = {
    Cloud.AMAZON: 'add an aws_s3_bucket_versioning with the status "Enabled"',
    Cloud.GOOGLE: "add versioning with enabled = true",
    Cloud.AZURE: "set versioning_enabled in blob_properties to true",
}
HISTORY_COUNTS = frozenset({Requirement.AUDIT_RETENTION, Requirement.DORA})


@rule(
    "STO005",
    "store-easily-lost",
    on=ObjectStore,
    severity=Severity.LOW,
    raised={"audit-retention": Severity.MEDIUM, "dora": Severity.MEDIUM, "pci": Severity.MEDIUM},
    sources=("S003-49", "CLOUD"),
    controls=("DORA Art. 11 and 12",),
)
def check(store: ObjectStore, context: Context) -> Verdicts:
    used_for = uses(store, context)
    if why := not_here(store, context) or ("" if used_for else "nothing of Astro names this store"):
        yield not_applicable(why)
        return
    if for_development(used_for, context):
        yield not_applicable("only development deployments use it")
        return
    message = f"force_destroy lets {described(used_for)} go with all that it holds"
    yield from fail_if(store.force_destroy, bool, message, remedy=KEEP, related=named_at(used_for))
    if context.requires & HISTORY_COUNTS and any(use.what != XCOMS for use in used_for):
        yield from _versions(store, used_for)


def _versions(store: ObjectStore, used_for: tuple[Use, ...]) -> Verdicts:
    match store.versioning:
        case Known(False, place) | Absent(place) if all(use.what in {XCOMS, SOMETHING} for use in used_for):
            why = "it has no versions, and whether more than XCom values is kept in it cannot be told from the inputs"
            yield undecided(Unknown(why, place), "versioning")
        case Known(False, place) | Absent(place):
            message = f"{described(used_for)} keeps no earlier versions of its objects"
            yield fail(place, message, remedy=VERSIONS[store.cloud], related=named_at(used_for), about="versioning")
        case Unknown() as unknown:
            yield undecided(unknown, "versioning")
        case Known():
            pass
