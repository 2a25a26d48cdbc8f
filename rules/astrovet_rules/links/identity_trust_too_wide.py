"""Only the service accounts of the agents may act as the agents' identity in the cloud.

## Why

The identity of the agents reads the secrets backend, the XCom bucket and the data. A trust policy that admits
every service account of a namespace that others use, or of the whole cluster, gives all of that to whoever
may start a Pod there, in place of the tasks alone.

## Fix

Name the namespace and the service accounts.

Before:

    "StringLike" = { "${local.issuer}:sub" = "system:serviceaccount:*:*" }

After:

    "StringEquals" = {
      "${local.issuer}:sub" = [
        "system:serviceaccount:airflow-agents:claims-prod-worker-default",
        "system:serviceaccount:airflow-agents:claims-prod-triggerer",
      ]
    }

## Not reported

Lists of names, and names that begin alike, as those that the chart makes; identities that no agent of the
inputs uses. All service accounts of one namespace that is not `default` weigh less.
"""

from collections.abc import Iterable

from astrovet import (
    Absent,
    CloudIdentity,
    Context,
    Known,
    Severity,
    TrustedAccounts,
    Unknown,
    Value,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
    when_known,
)

REMEDY = "name the namespace and the service accounts of the agents"
DEFAULT = "default"


@rule(
    "LNK008",
    "identity-trust-too-wide",
    on=CloudIdentity,
    severity=Severity.HIGH,
    raised={"pci": Severity.CRITICAL},
    sources=("S000-18", "FIELD"),
    controls=("PCI DSS v4 7.2",),
)
def check(identity: CloudIdentity, context: Context) -> Verdicts:
    outcomes = tuple(_judge(identity))
    match identity.used_by_agents:
        case Known(True):
            yield from outcomes
        case Unknown() as unknown if outcomes:
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            yield not_applicable("no agents of the inputs use it")


def _judge(identity: CloudIdentity) -> Verdicts:
    yield from when_known(identity.trusted, _trusted)


def _trusted(trusted: Iterable[Value[TrustedAccounts]]) -> Verdicts:
    for accounts in trusted:
        yield from when_known(accounts, _accounts)


def _accounts(accounts: TrustedAccounts) -> Verdicts:
    if accounts.in_any_namespace:
        message = "service accounts of more than one namespace may act as this identity"
        yield fail(accounts.place, message, remedy=REMEDY)
    elif accounts.name == "*" and accounts.namespace == DEFAULT:
        message = "every service account of the namespace default may act as this identity"
        yield fail(accounts.place, message, remedy=REMEDY)
    elif accounts.name == "*":
        message = "every service account of a namespace may act as this identity"
        yield fail(accounts.place, message, remedy=REMEDY, severity=Severity.LOW, is_raised=False)
