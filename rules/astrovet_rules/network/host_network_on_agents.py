"""The agents' Pods may take neither the network nor a port of their node.

## Why

A Pod with `hostNetwork: true`, or with a `hostPort`, is reached at the address of its node: no Service, no
Ingress and, with most network plug-ins, no NetworkPolicy stands before it. On the network of the node, tasks
also reach the node's metadata service and whatever listens on its loopback address.

## Fix

Remove `hostNetwork` and `hostPort`. What runs beside an agent in its Pod reaches it on localhost; other Pods
reach it by its Pod address.

Before:

    workers:
      - name: default
        extraContainers:
          - name: statsd
            image: registry.example.com/statsd-exporter:v0.28.0
            ports:
              - {containerPort: 9102, hostPort: 9102}

After:

    workers:
      - name: default
        extraContainers:
          - name: statsd
            image: registry.example.com/statsd-exporter:v0.28.0
            ports:
              - {containerPort: 9102}

## Not reported

`hostPort: 0`, which takes none; Pods of other products, such as a DaemonSet that collects logs.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    PodTemplate,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "remove it; Pods reach each other without it, and nothing outside needs to call the agents"


@rule(
    "NET007",
    "host-network-on-agents",
    on=PodTemplate,
    severity=Severity.HIGH,
    sources=("S003-23", "PSS"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(pods: PodTemplate, context: Context) -> Verdicts:
    match pods.runs_agents:
        case Known(True):
            unclear = None
        case Known() | Absent():
            yield not_applicable("these are no Pods of agents")
            return
        case Unknown() as unknown:
            unclear = unknown
    match pods.host_network:
        case Known(True, place):
            message = "the agents' Pods share the network of their node"
            yield fail(place, message, remedy=REMEDY, about="hostNetwork") if unclear is None else undecided(unclear)
            return  # all their ports are the node's then
        case Unknown() as unknown:
            yield undecided(unknown, "hostNetwork")
        case Known() | Absent():
            pass
    for port in pods.host_ports:
        match port:
            case Known(number, place):
                message = "the agents' Pods take a port of their node"
                yield fail(place, message, remedy=REMEDY, about=str(number)) if unclear is None else undecided(unclear)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Absent():
                pass
