"""No Service may make the agents' Pods reachable from outside their cluster.

## Why

Remote Execution needs no way in: agents only call out. A Service of type LoadBalancer or NodePort, or one with
external addresses, gives the agents' Pods an address outside the cluster, and with it their health and metrics
ports and whatever a sidecar listens on. Where a contract says that the vendor has no inbound path, one such
Service breaks it.

## Fix

Make it a ClusterIP Service, which other Pods of the cluster still reach, or remove it. To look at one Pod by
hand, `kubectl port-forward` needs no Service.

Before:

    kind: Service
    metadata:
      name: agent-metrics
      namespace: airflow-agents
    spec:
      type: LoadBalancer
      selector:
        app: astro-agent

After:

    kind: Service
    metadata:
      name: agent-metrics
      namespace: airflow-agents
    spec:
      type: ClusterIP
      selector:
        app: astro-agent

## Not reported

ClusterIP and headless Services, and those of type ExternalName; Services that select another application. A
load balancer that an annotation keeps inside your network weighs less. The agents' Pods are those with the
label `app: astro-agent`; a selector without that label counts in a namespace of agents where it speaks of an
agent (its name, `component: worker`), and is undecided there where it does not.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Context,
    ExposedService,
    Known,
    Outcome,
    Place,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "make it `type: ClusterIP` without external addresses, or remove it; agents only call out"
INTERNAL_FIX = "make it `type: ClusterIP`, or remove it; nothing needs to call the agents"
EXPOSING = {"LoadBalancer": "a load balancer", "NodePort": "a port of every node"}


@rule(
    "NET004",
    "service-exposes-agents",
    on=ExposedService,
    severity=Severity.HIGH,
    raised={"no-vendor-inbound": Severity.CRITICAL},
    sources=("S003-23", "S000-42"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(service: ExposedService, context: Context) -> Verdicts:
    exposures = tuple(_exposures(service))
    match service.reaches_agents:
        case Known(True):
            yield from exposures
        case Known(False) | Absent():
            yield not_applicable("it does not lead to agents")
        case Unknown() as unknown if exposures:
            yield undecided(unknown)
        case Known() | Unknown():
            pass


def _exposures(service: ExposedService) -> Iterator[Outcome]:
    """In which ways the Service is reached from outside."""
    match service.type:
        case Known(kind, place) if kind in EXPOSING:
            yield from _exposed(service, kind, place)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known("ExternalName") | Absent():
            return
        case Known():
            pass
    match service.external_addresses:
        case Known(_, place):
            yield fail(place, "addresses outside the cluster lead to the agents", remedy=REMEDY, about="externalIPs")
        case Unknown() as unknown:
            yield undecided(unknown, "externalIPs")
        case Absent():
            pass


def _exposed(service: ExposedService, kind: str, place: Place) -> Iterator[Outcome]:
    inside = service.internal if kind == "LoadBalancer" else Absent(place)
    match inside:
        case Known(True):
            message = "a load balancer inside the network leads to the agents"
            yield fail(place, message, remedy=INTERNAL_FIX, severity=Severity.MEDIUM, about=kind)
        case Known() | Absent() | Unknown():
            yield fail(place, f"{EXPOSING[kind]} leads to the agents", remedy=REMEDY, about=kind)
