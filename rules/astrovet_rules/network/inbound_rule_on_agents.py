"""Where no inbound path is allowed, the agents' cluster may let in nobody from outside its own network.

## Why

Agents only call out. Whoever declares that the vendor, or anybody else, has no way in does not mean only the whole
world: a firewall rule for an office, a partner or a peered network is a way in as well, and somebody has to answer
for it.

## Fix

Remove the rule, or name a security group of the network in place of addresses.

Before:

    ingress {
      from_port   = 443
      to_port     = 443
      protocol    = "tcp"
      cidr_blocks = ["198.51.100.0/24"]
    }

After:

    ingress {
      from_port       = 443
      to_port         = 443
      protocol        = "tcp"
      security_groups = [aws_security_group.bastion.id]
    }

## Not reported

Sources that are groups, or ranges of the network that the firewall belongs to; rules that admit the whole world,
which NET001 reports; firewalls of clusters that run no agents. Firewall rules of Google and Azure do not show which
cluster they stand before: with a source from outside they are undecided. So is a private range where the ranges of
the network are not in the inputs.
"""

from collections.abc import Iterable, Iterator

from astrovet import (
    Absent,
    Context,
    InboundPath,
    Known,
    Opening,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_unknown,
    not_applicable,
    rule,
    undecided,
    when_known,
)
from astrovet_rules.network.openings import world_open
from astrovet_rules.tables.address_ranges import OWN_NETWORK, address_range, is_private, lies_in

REMEDY = "remove the rule, or name a group of the agents' own network"


@rule(
    "NET002",
    "inbound-rule-on-agents",
    on=InboundPath,
    severity=Severity.MEDIUM,
    when=("no-vendor-inbound",),
    sources=("S003-23", "S003-32"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(path: InboundPath, context: Context) -> Verdicts:
    match path.cluster.to:
        case Absent():
            yield not_applicable("no Kubernetes cluster uses it")
            return
        case Known(cluster):
            if cluster.is_without_agents:
                yield not_applicable("no agents run in its cluster")
                return
            unclear = cluster.runs_agents if isinstance(cluster.runs_agents, Unknown) else None
        case Unknown() as unknown:
            unclear = unknown
    match path.other_workloads:
        case Known((_, *_)):
            yield not_applicable("only other workloads use it")
            return
        case Unknown() as unknown:
            unclear = unclear or unknown
        case Known() | Absent():
            pass
    yield from when_known(path.openings, lambda openings: _from_outside(openings, path, unclear))


def _from_outside(openings: Iterable[Opening], path: InboundPath, unclear: Unknown | None) -> Verdicts:
    outcomes = [outcome for opening in openings for outcome in _judged(opening, path, unclear)]
    yield from dict.fromkeys(outcomes)


def _judged(opening: Opening, path: InboundPath, unclear: Unknown | None) -> Verdicts:
    """What one opening admits from outside; the whole world is for NET001 to report."""
    if world_open((opening,)):
        return
    for source in opening.sources:
        match _is_outside(source, path):
            case Known(True, place):
                if unclear is not None:
                    yield undecided(unclear)
                else:
                    message = f"somebody outside the agents' network is let in on {opening.ports}"
                    yield fail(place, message, remedy=REMEDY, about=opening.ports)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known() | Absent():
                pass


def _is_outside(source: Value[str], path: InboundPath) -> Value[bool]:
    """Whether a source does not belong to the network of the firewall."""
    own = list(_own_ranges(path))
    match source:
        case Known(text, place):
            addresses = address_range(text)
            if addresses is None:
                return Known(text.lower() not in OWN_NETWORK, place)
            known = [
                own_range
                for network in own
                if isinstance(network, Known) and (own_range := address_range(network.value))
            ]
            if lies_in(addresses, known):
                return Known(False, place)
            unknown = first_unknown(own)
            return (
                Unknown(unknown.why, place, how=unknown.how)
                if unknown and is_private(addresses)
                else Known(True, place)
            )
        case Unknown():
            same = any(isinstance(network, Unknown) and network.origins == source.origins != () for network in own)
            return Known(False, source.place) if same else source
        case Absent():
            return source


def _own_ranges(path: InboundPath) -> Iterator[Value[str]]:
    match path.network:
        case Known(ranges):
            yield from ranges
        case Unknown() as unknown:
            yield unknown
        case Absent():
            pass
