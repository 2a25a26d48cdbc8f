"""A store of the execution plane, and the Secrets of the agents' cluster, must be encrypted the way the cloud means it.

## Why

XComs, task logs and Secrets hold what tasks work on. HIPAA and PCI DSS ask for encryption at rest; the agents' XCom
backend adds none of its own, so the store's has to do. An algorithm that the cloud does not know, or an
`encryption_config` that leaves Secrets out, is protection on paper only.

## Fix

Before:

    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aes-128"
      }
    }

After:

    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = aws_kms_key.data.arn
      }
    }

For a cluster name what is to be encrypted: `resources = ["secrets"]`. Where `customer-managed-keys: true` is declared,
every store and the Secrets of the cluster need a key that you manage.

## Not reported

Stores and clusters that say nothing of encryption, unless `customer-managed-keys` is declared: all three clouds
encrypt what lies in a store with a key of their own, and that is no key of yours.
"""

from operator import not_

from astrovet import (
    Absent,
    Context,
    Known,
    KubernetesCluster,
    Note,
    ObjectStore,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    fail_if,
    not_applicable,
    rule,
    undecided,
    unless_unclear,
    when_known,
)
from astrovet_rules.storage.uses import described, named_at, not_here, uses
from astrovet_rules.tables.object_stores import AT_REST

REMEDY = 'set sse_algorithm to "aws:kms", or to "AES256" for the cloud\'s own key'
OWN_KEY = "name a key that you manage: kms_master_key_id, default_kms_key_name or customer_managed_key"
OWN_KEY_OF_CLUSTER = "name a key that you manage: encryption_config, database_encryption or key_management_service"
DECLARED = "and customer-managed-keys is declared"
SECRETS_FIX = 'set resources to ["secrets"]'


@rule(
    "STO003",
    "encryption-weak",
    on=(ObjectStore, KubernetesCluster),
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("S000-37", "S000-40", "S003-50", "CLOUD"),
    controls=("45 CFR 164.312(a)(2)(iv)", "DORA Art. 9", "GDPR Art. 32", "PCI DSS v4 3.5.1", "DORA Art. 9(4)(d)"),
)
def check(subject: ObjectStore | KubernetesCluster, context: Context) -> Verdicts:
    yield from _cluster(subject, context) if isinstance(subject, KubernetesCluster) else _store(subject, context)


def _store(store: ObjectStore, context: Context) -> Verdicts:
    if why := not_here(store, context):
        yield not_applicable(why)
        return
    used_for = uses(store, context)
    message, related = f"{described(used_for)} is encrypted with no algorithm that Amazon has", named_at(used_for)
    yield from when_known(
        store.encryption,
        lambda encryption: fail_if(
            encryption.algorithm, lambda name: name not in AT_REST, message, remedy=REMEDY, related=related
        ),
    )
    if context.facts.customer_managed_keys:
        match store.encryption:
            case Known(encryption):
                own = encryption.customer_key
            case Unknown() | Absent() as unsaid:
                own = unsaid
        yield from _keyed(own, f"{described(used_for)} is not encrypted with a key of yours", OWN_KEY, related)


def _cluster(cluster: KubernetesCluster, context: Context) -> Verdicts:
    if not context.estate.has_execution_plane or cluster.is_without_agents:
        yield not_applicable("no agents run in it")
        return
    message = "the encryption of the agents' cluster leaves Secrets out"
    outcomes = [*fail_if(cluster.secrets_encryption, not_, message, remedy=SECRETS_FIX)]
    if context.facts.customer_managed_keys and isinstance(cluster.secrets_encryption, Absent):
        message = "the Secrets of the agents' cluster are not encrypted with a key of yours"
        outcomes += _keyed(cluster.secrets_encryption, message, OWN_KEY_OF_CLUSTER, ())
    yield from unless_unclear(cluster.runs_agents, outcomes)


def _keyed(own: Value[bool], message: str, remedy: str, related: tuple[Note, ...]) -> Verdicts:
    """Whether a key of the customer is named, where that is declared."""
    told = f"{message}, {DECLARED}"
    match own:
        case Known(True):
            pass
        case Known(_, place) | Absent(place):
            yield fail(place, told, remedy=remedy, severity=Severity.HIGH, related=related, about="key")
        case Unknown() as unknown:
            yield undecided(unknown, "key")
