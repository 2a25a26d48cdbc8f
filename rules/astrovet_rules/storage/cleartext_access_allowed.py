"""A store of Astro's data plane must refuse requests without TLS, and versions of TLS below 1.2.

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
bucket of Amazon that nothing of Astro names. A policy whose text is known only after apply is undecided.
"""

from operator import not_

from astrovet import (
    Cloud,
    Context,
    ObjectStore,
    Severity,
    Verdicts,
    fail_if,
    not_applicable,
    rule,
)
from astrovet_rules.storage.uses import described, named_at, not_here, uses
from astrovet_rules.tables.object_stores import OLD_TLS

DENY = "add a statement to the bucket's policy that denies requests with aws:SecureTransport = false"
HTTPS_ONLY = "set https_traffic_only_enabled to true"
NEWER = 'set min_tls_version to "TLS1_2"'


@rule(
    "STO004",
    "cleartext-access-allowed",
    on=ObjectStore,
    severity=Severity.HIGH,
    raised={"pci": Severity.MEDIUM, "hipaa": Severity.MEDIUM},
    sources=("S000-37", "C-02", "CLOUD"),
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
