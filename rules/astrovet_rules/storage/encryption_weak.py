"""A store of Astro's data plane, and the Secrets of the agents' cluster, must be encrypted the way the cloud means it.

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

For a cluster name what is to be encrypted: `resources = ["secrets"]`.

## Not reported

Stores and clusters that say nothing of encryption: all three clouds encrypt what lies in a store with a key of their
own.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    KubernetesCluster,
    ObjectStore,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.storage.uses import described, named_at, not_here, uses
from astrovet_rules.tables.object_stores import AT_REST

REMEDY = 'set sse_algorithm to "aws:kms", or to "AES256" for the cloud\'s own key'
SECRETS_FIX = 'set resources to ["secrets"]'


@rule(
    "STO003",
    "encryption-weak",
    on=(ObjectStore, KubernetesCluster),
    severity=Severity.MEDIUM,
    raised={"hipaa": Severity.HIGH, "pci": Severity.HIGH},
    sources=("S000-37", "S003-50", "CLOUD"),
    controls=("45 CFR 164.312(a)(2)(iv)", "DORA Art. 9", "GDPR Art. 32"),
)
def check(subject: ObjectStore | KubernetesCluster, context: Context) -> Verdicts:
    yield from _cluster(subject, context) if isinstance(subject, KubernetesCluster) else _store(subject, context)


def _store(store: ObjectStore, context: Context) -> Verdicts:
    if why := not_here(store, context):
        yield not_applicable(why)
        return
    match store.encryption:
        case Known(encryption):
            match encryption.algorithm:
                case Known(name, place) if name not in AT_REST:
                    used_for = uses(store, context)
                    message = f"{described(used_for)} is encrypted with no algorithm that Amazon has"
                    yield fail(place, message, remedy=REMEDY, related=named_at(used_for))
                case Unknown() as unknown:
                    yield undecided(unknown)
                case Known() | Absent():
                    pass
        case Unknown() as unknown:
            yield undecided(unknown)
        case Absent():
            pass


def _cluster(cluster: KubernetesCluster, context: Context) -> Verdicts:
    if not context.estate.has_execution_plane or cluster.is_without_agents:
        yield not_applicable("no agents run in it")
        return
    match cluster.secrets_encryption:
        case Known(False, place):
            yield fail(place, "the encryption of the agents' cluster leaves Secrets out", remedy=SECRETS_FIX)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass
