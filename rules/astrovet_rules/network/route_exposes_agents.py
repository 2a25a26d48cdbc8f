"""No Ingress, route or gateway may lead from outside the cluster to the agents' Pods.

## Why

Remote Execution needs no way in: agents only call out. An Ingress, a route of a Gateway, of a mesh or of
OpenShift publishes the agents' health and metrics ports under a host name, where nobody expects them and no
sign-in protects them.

## Fix

Remove the route, or the back end that leads to the agents. What has to read their metrics reads them inside
the cluster, from a ClusterIP Service.

Before:

    kind: HTTPRoute
    spec:
      rules:
        - backendRefs:
            - {name: agent-metrics, port: 39091}
            - {name: portal, port: 8080}

After:

    kind: HTTPRoute
    spec:
      rules:
        - backendRefs:
            - {name: portal, port: 8080}

## Not reported

Back ends of other applications; what routes only inside a mesh (a VirtualService without a gateway, an
HTTPRoute whose parent is a Service). A default back end counts only where it is sure to be a Service of the
agents. A back end in a namespace of agents whose Service is not in the inputs is undecided. An Ingress that an
annotation keeps inside your network weighs less.
"""

from astrovet import (
    Absent,
    BackEnd,
    Context,
    Known,
    Route,
    Severity,
    Unknown,
    Verdicts,
    fail,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "remove this back end or the whole route; read metrics inside the cluster, from a ClusterIP Service"


@rule(
    "NET005",
    "route-exposes-agents",
    on=Route,
    severity=Severity.HIGH,
    raised={"no-vendor-inbound": Severity.CRITICAL},
    sources=("S003-23",),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(route: Route, context: Context) -> Verdicts:
    if not any(_may_lead_to_agents(back_end) for back_end in route.back_ends):
        yield not_applicable("it does not lead to agents")
        return
    match route.internal:
        case Known(True):
            severity = Severity.MEDIUM
        case Known() | Unknown() | Absent():
            severity = Severity.HIGH
    article = "an" if route.what[0] in "AEIOUH" else "a"
    for back_end in route.back_ends:
        match back_end.reaches_agents:
            case Known(True):
                message = f"{article} {route.what} leads to the agents"
                yield fail(back_end.place, message, remedy=REMEDY, severity=severity)
            case Unknown() as unknown:
                yield undecided(unknown)
            case Known() | Absent():
                pass


def _may_lead_to_agents(back_end: BackEnd) -> bool:
    match back_end.reaches_agents:
        case Known(reaches):
            return reaches
        case Unknown():
            return True
        case Absent():
            return False
