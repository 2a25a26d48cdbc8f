"""Under `hipaa` and `pci`, who reads XComs and logs must be recorded, and no foreign account let in.

## Why

Both laws ask who looked at protected data. A store records nobody who reads it until that is switched on, and then an
incident cannot be told from a quiet week. A policy that lets in another account hands the data to whoever runs that
account, and to everybody whom it lets in.

## Fix

Record who reads the store, and remove accounts that are not yours from its policy.

Before:

    resource "aws_s3_bucket" "xcom" {
      bucket = "acme-airflow-xcom"
    }

After:

    resource "aws_s3_bucket" "xcom" {
      bucket = "acme-airflow-xcom"
    }

    resource "aws_s3_bucket_logging" "xcom" {
      bucket        = aws_s3_bucket.xcom.id
      target_bucket = "acme-access-logs"
      target_prefix = "xcom/"
    }

On Google Cloud a `google_project_iam_audit_config` of `DATA_READ` does the same, or the block `logging` of the
bucket; on Azure an `azurerm_monitor_diagnostic_setting` of the account or of its `blobServices`.

## Not reported

Stores that nothing of Astro names, and those that only development deployments use; buckets of which a trail
(`aws_cloudtrail`) records who reads their objects. Which accounts are yours is told by the roles in the agents'
annotations: without one of them, whose an account is stays undecided, and so does one that reads task logs which Astro
shows, for its role lies in an account of Astronomer's. On Google Cloud and Azure the account of a grant cannot be told
by its name.
"""

import re

from astrovet import (
    Absent,
    Agent,
    Cloud,
    Context,
    IdentityKind,
    Known,
    ObjectStore,
    Scopes,
    Severity,
    Unknown,
    Verdicts,
    fail,
    known_values,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import (
    LOGS,
    SOMETHING,
    XCOMS,
    Use,
    described,
    for_development,
    named_at,
    not_here,
    uses,
)

REMEDY = {
    Cloud.AMAZON: "add an aws_s3_bucket_logging, or a trail that records what is done with objects",
    Cloud.GOOGLE: "add a google_project_iam_audit_config for storage.googleapis.com with the log type DATA_READ",
    Cloud.AZURE: "add an azurerm_monitor_diagnostic_setting for its blobServices with the category StorageRead",
}
KEEP_OUT = "let in roles of your own account only"
ARN = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):")


@rule(
    "STO008",
    "store-unaudited",
    on=ObjectStore,
    severity=Severity.LOW,
    when=("hipaa", "pci"),
    sources=("S003-09", "S003-26", "CLOUD", "our inference"),
    controls=("45 CFR 164.312(b)", "45 CFR 164.312(a)(1)", "PCI DSS v4 7.2"),
)
def check(store: ObjectStore, context: Context) -> Verdicts:
    kept = tuple(use for use in uses(store, context) if use.what in {LOGS, XCOMS, SOMETHING})
    if why := not_here(store, context) or ("" if kept else "nothing of Astro keeps XCom values or logs in it"):
        yield not_applicable(why)
        return
    if for_development(kept, context):
        yield not_applicable("only development deployments use it")
        return
    match store.access_logged:
        case Absent(place):
            message = f"nothing records who reads {described(kept)}"
            yield fail(place, message, remedy=REMEDY[store.cloud], related=named_at(kept), about="logging")
        case Unknown() as unknown:
            yield undecided(unknown, "logging")
        case Known():
            pass
    yield from _accounts(store, kept, context)


def _accounts(store: ObjectStore, kept: tuple[Use, ...], context: Context) -> Verdicts:
    own = context.scopes.once(_own_accounts)
    what = described(kept)
    for account in store.admitted_accounts:
        match account:
            case Known(number, place) if not own:
                why = f"whether an account that the policy of {what} lets in is yours cannot be told from the inputs"
                yield undecided(Unknown(why, place, how="see whose account it is"), number)
            case Known(number, place) if number not in own and any(use.what == LOGS for use in kept):
                why = f"whether the account that the policy of {what} lets in is Astro's cannot be told from the inputs"
                yield undecided(Unknown(why, place, how="see whose account it is"), number)
            case Known(number, place) if number not in own:
                message = f"the policy of {what} lets in an account that is none of the agents' own"
                severity, related = Severity.MEDIUM, named_at(kept)
                yield fail(place, message, remedy=KEEP_OUT, severity=severity, related=related, about=number)
            case Unknown() as unknown:
                yield undecided(unknown, "account")
            case Known() | Absent():
                pass


def _own_accounts(scopes: Scopes) -> frozenset[str]:
    """The accounts that the agents' roles lie in."""
    roles = known_values(
        identity.value for agent in scopes.estate.of(Agent) for identity in agent.cloud_identities(IdentityKind.AMAZON)
    )
    return frozenset(match["account"] for role in roles if (match := ARN.match(role)))
