"""No firewall around the agents may admit the whole world.

## Why

Remote Execution needs no way in: agents only call out. A security group or firewall rule with a source of
`0.0.0.0/0` lets everybody try the nodes, and with them whatever the tasks can read. Where a contract says
that the vendor has no inbound path, one such rule breaks it.

## Fix

Remove the rule, or name who may come in: a security group, or the ranges of your own network.

Before:

    resource "aws_vpc_security_group_ingress_rule" "metrics" {
      security_group_id = aws_security_group.agents.id
      cidr_ipv4         = "0.0.0.0/0"
      ip_protocol       = "tcp"
      from_port         = 9102
      to_port           = 9102
    }

After:

    resource "aws_vpc_security_group_ingress_rule" "metrics" {
      security_group_id            = aws_security_group.agents.id
      referenced_security_group_id = aws_security_group.monitoring.id
      ip_protocol                  = "tcp"
      from_port                    = 9102
      to_port                      = 9102
    }

## Not reported

Rules about egress, rules that deny, sources that are groups, prefix lists or service tags; a group that only
other workloads use, a database for instance. A group that a load balancer uses is undecided. Inputs without
Remote Execution, unless `no-vendor-inbound` or `customer-execution-plane` is declared. A `dynamic` block over a
collection that is known only after apply: a plan shows it as if no block were there. A rule of Azure or
Google that another one with a higher priority overrides is reported all the same.
"""

from astrovet import (
    Absent,
    Context,
    InboundPath,
    Known,
    Opening,
    Requirement,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
    when_known,
)
from astrovet_rules.network.openings import unknown_sources, world_open

REMEDY = "remove the rule, or name the group or the ranges of your own network that may come in"
CLOSED_BY_DECLARATION = frozenset({Requirement.NO_VENDOR_INBOUND, Requirement.CUSTOMER_EXECUTION_PLANE})


@rule(
    "NET001",
    "firewall-open-to-world",
    on=InboundPath,
    severity=Severity.HIGH,
    raised={
        "no-vendor-inbound": Severity.CRITICAL,
        "pci": Severity.CRITICAL,
        "customer-execution-plane": Severity.CRITICAL,
    },
    sources=("S003-23", "S000-42", "PLAN", "CLOUD"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(path: InboundPath, context: Context) -> Verdicts:
    if not context.estate.has_execution_plane and not context.requires & CLOSED_BY_DECLARATION:
        yield not_applicable("no Remote Execution is in these inputs, and no closed network is declared")
        return
    unclear: Unknown | None = None
    match path.cluster.to:
        case Known(cluster) if cluster.is_without_agents:
            yield not_applicable("no agents run in its cluster")
            return
        case Known(cluster) if isinstance(cluster.runs_agents, Unknown):
            unclear = cluster.runs_agents
        case Known() | Unknown() | Absent():
            pass
    match path.other_workloads:
        case Known((_, *_)):
            yield not_applicable("only other workloads use it")
            return
        case Known() | Absent():
            pass
        case Unknown() as unknown:
            unclear = unclear or unknown
    yield from when_known(path.openings, lambda openings: _to_the_world(openings, unclear))


def _to_the_world(openings: tuple[Opening, ...], unclear: Unknown | None) -> Verdicts:
    for ports, place in world_open(openings).items():
        if unclear is not None:
            yield undecided(unclear)
        else:
            yield fail(place, f"the whole world is let in on {ports}", remedy=REMEDY, about=ports)
    yield from map(undecided, unknown_sources(openings))
