"""The identity of agents in the cloud may do only what their tasks need, and only the agents may act as it.

## Why

Every task runs with the identity of its agent. Where that may do everything, or everything in one service, a mistake
in one DAG or a dependency gone bad reaches every bucket, key and secret of the account. Where every account of the
cloud may act as it, nobody even has to get into the cluster.

## Fix

Name the actions and the resources.

Before:

    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]

After:

    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]
      Resource = [aws_s3_bucket.xcom.arn, "${aws_s3_bucket.xcom.arn}/*"]
    }]

## Not reported

All actions of a service on single resources; identities that no agent of the inputs uses; policies that are made
elsewhere, but for the widest of Amazon's own. Rights under conditions or a permissions boundary are undecided. Service
accounts of the cluster that may act as the identity, which LNK008 judges.
"""

from astrovet import (
    Absent,
    CloudIdentity,
    Context,
    Known,
    Severity,
    Unknown,
    Verdicts,
    fail,
    fail_if,
    not_applicable,
    rule,
    undecided,
    unless_unclear,
)

REMEDY = "name the actions and the resources that the tasks need"
TRUST = "let only the identity provider of the agents' cluster act as it, with their service accounts as condition"


@rule(
    "LNK012",
    "agent-identity-too-wide",
    on=CloudIdentity,
    severity=Severity.HIGH,
    sources=("S000-18", "CLOUD", "our inference"),
    controls=("PCI DSS v4 7.2", "SOC 2 CC6.1", "45 CFR 164.312(a)(1)"),
)
def check(identity: CloudIdentity, context: Context) -> Verdicts:
    match identity.used_by_agents:
        case Known(False) | Absent():
            yield not_applicable("no agents of the inputs use it")
        case Known() | Unknown() as used:
            yield from unless_unclear(used, _judge(identity))


def _judge(identity: CloudIdentity) -> Verdicts:
    for right in identity.rights:
        match right:
            case Known(wide):
                message = f"the agents' identity may do more than tasks need: {wide.what}"
                yield fail(wide.place, message, remedy=REMEDY, about=wide.what)
            case Unknown() as unknown:
                yield undecided(unknown, about="rights")
            case Absent():
                pass
    if identity.admits_every_account is not None:
        message = "every account of the cloud may act as the agents' identity"
        yield from fail_if(identity.admits_every_account, bool, message, remedy=TRUST, about="trust")
