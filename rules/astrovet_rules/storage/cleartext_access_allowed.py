"""A store of the execution plane must refuse requests without TLS, and versions of TLS below 1.2 or what is declared.

## Why

The agents' clients use HTTPS; a script with an old address or a wrong option does not, and then XComs and logs cross
the network in clear, with the signature that opens the store. Azure refuses clear text by a setting of the account;
Amazon takes both until a policy of the bucket denies the one.

## Fix

Before:

    resource "azurerm_storage_account" "agents" {
      https_traffic_only_enabled = false
      min_tls_version            = "TLS1_0"
    }

After:

    resource "azurerm_storage_account" "agents" {
      https_traffic_only_enabled = true
      min_tls_version            = "TLS1_2"
    }

For a bucket of Amazon add this statement to its policy:

    {
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": ["arn:aws:s3:::acme-airflow-logs", "arn:aws:s3:::acme-airflow-logs/*"],
      "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    }

## Not reported

Google Cloud Storage, which always speaks TLS; Azure accounts that leave both settings out, whose defaults are good; a
bucket of Amazon that nothing of Astro names. Where `min-tls: "1.3"` is declared, whether Amazon or Google turns
TLS 1.2 away is undecided. A policy whose text is known only after apply is undecided.
"""

from operator import not_

from astrovet import (
    Absent,
    Cloud,
    Context,
    Known,
    Note,
    ObjectStore,
    Severity,
    Unknown,
    Verdicts,
    fail,
    fail_if,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import described, named_at, not_here, uses
from astrovet_rules.tables.object_stores import OLD_TLS

DENY = "add a statement to the bucket's policy that denies requests with aws:SecureTransport = false"
HTTPS_ONLY = "set https_traffic_only_enabled to true"
NEWEST, AZURE_NEWEST = "1.3", "TLS1_3"
NEWEST_ONLY = f'set min_tls_version to "{AZURE_NEWEST}"'
DECLARED = "and min-tls is 1.3"
NEWER = 'set min_tls_version to "TLS1_2"'


@rule(
    "STO004",
    "cleartext-access-allowed",
    on=ObjectStore,
    severity=Severity.HIGH,
    raised={"pci": Severity.MEDIUM, "hipaa": Severity.MEDIUM},
    sources=("S000-37", "S000-40", "C-02", "CLOUD"),
    controls=("45 CFR 164.312(e)(1)", "DORA Art. 9", "SOC 2 CC6.7"),
)
def check(store: ObjectStore, context: Context) -> Verdicts:
    if why := not_here(store, context):
        yield not_applicable(why)
        return
    used_for = uses(store, context)
    related = named_at(used_for)
    is_amazon = store.cloud is Cloud.AMAZON
    if is_amazon and not used_for:
        yield not_applicable("nothing of Astro names this bucket")
        return
    message = f"{described(used_for)} also takes requests in clear text"
    remedy, severity = (DENY, Severity.LOW) if is_amazon else (HTTPS_ONLY, Severity.HIGH)
    yield from fail_if(store.tls_only, not_, message, remedy=remedy, severity=severity, related=related)
    message = f"{described(used_for)} takes versions of TLS below 1.2"
    yield from fail_if(store.minimum_tls, OLD_TLS.__contains__, message, remedy=NEWER, related=related)
    if context.facts.min_tls == NEWEST:
        yield from _newest(store, described(used_for), related)


def _newest(store: ObjectStore, what: str, related: tuple[Note, ...]) -> Verdicts:
    """Whether it turns away all but TLS 1.3, where that is declared."""
    match store.minimum_tls:
        case Known(version) if version in OLD_TLS:
            pass  # which is reported already
        case Known(version) if version == AZURE_NEWEST:
            pass
        case Known(_, place):
            yield fail(place, f"{what} also takes TLS 1.2, {DECLARED}", remedy=NEWEST_ONLY, related=related)
        case Absent(place) if store.cloud is Cloud.AZURE:
            yield fail(place, f"{what} also takes TLS 1.2, {DECLARED}", remedy=NEWEST_ONLY, related=related)
        case Unknown() as unknown:
            yield undecided(unknown, "min-tls")
        case Absent(place):
            why = f"whether {what} turns TLS 1.2 away cannot be told from the inputs"
            yield undecided(Unknown(why, place), "min-tls")
