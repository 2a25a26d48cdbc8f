"""A remote deployment's agent API must admit only the addresses that its agents come from.

## Why

Agents call the orchestration plane from the public addresses of the network they run in. Without
`allowed_ip_address_ranges` the API answers whoever holds an agent token, from anywhere, so a leaked token
is enough. This is a second lock on Astro's side; no connection into your network depends on it.

## Fix

List the addresses of the NAT gateways that the agents leave through. Private ranges (RFC 1918) admit nobody here,
unless the deployment is reached over a private connection: declare `private-connectivity` then.

Before:

    remote_execution = {
      enabled = true
    }

After:

    remote_execution = {
      enabled                   = true
      allowed_ip_address_ranges = ["${aws_eip.nat.public_ip}/32"]
    }

## Not reported

A list with elements that are known only after apply, if none of the known ones is open; where all are
unknown the verdict is undecided. Public ranges up to /16 (IPv6: /32) pass: the limit is astrovet's own.
"""

from astrovet import (
    Absent,
    Context,
    Deployment,
    Known,
    RemoteExecution,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    rule,
    undecided,
    when_known,
)
from astrovet_rules.tables.address_ranges import address_range, is_private, is_too_wide, is_world

HOW = "write an address, or one with the length of its network behind a slash, without spaces: 203.0.113.0/28"
REMEDY = "list the public addresses that the agents leave through, as narrow ranges"


@rule(
    "AST009",
    "remote-api-open",
    on=Deployment,
    severity=Severity.MEDIUM,
    raised={"pci": Severity.HIGH, "hipaa": Severity.HIGH, "customer-execution-plane": Severity.HIGH},
    sources=("TF", "C-14", "D:cli deployment create"),
    controls=("45 CFR 164.312(a)(1)", "SOC 2 CC6.6"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    yield from when_known(
        deployment.remote_execution,
        lambda remote: _judge(remote, is_private_fine=Requirement.PRIVATE_CONNECTIVITY in context.requires),
        absent="its tasks do not run in Remote Execution",
    )


def _judge(remote: RemoteExecution, *, is_private_fine: bool) -> Verdicts:
    match remote.allowed_ranges:
        case Absent(place) | Known((), place):
            yield fail(place, "no address range is set, so the agent API answers the whole world", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known(listed, place):
            known, gap = [text for text in listed if isinstance(text, Known)], first_unknown(listed)
            texts = known_values(known)
            ranges = [address_range(text) for text in texts]
            if is_world(texts):
                yield fail(place, "the agent API is open to the whole world", remedy=REMEDY)
            elif any(addresses is not None and is_too_wide(addresses) for addresses in ranges):
                yield fail(place, "a range of the agent API is wider than /16 (IPv6: /32)", remedy=REMEDY)
            elif not texts:
                yield undecided(gap or Unknown("no element of the list is known", place))
            elif None in ranges:
                where = next(text.place for text, addresses in zip(known, ranges, strict=True) if addresses is None)
                yield undecided(Unknown("this is neither an address nor an address range", where, how=HOW))
            elif (
                gap is None
                and not is_private_fine
                and all(addresses is not None and is_private(addresses) for addresses in ranges)
            ):
                yield fail(place, "all ranges are private, and agents arrive with public addresses", remedy=REMEDY)
