"""A network policy must say who may reach the agents' Pods.

## Why

The agent chart ships no NetworkPolicy, and in a namespace without one every Pod of the cluster may talk to the
agents. What isolates the agents is the customer's part of the shared responsibility; where PCI DSS holds or no
inbound path is allowed, it has to be written down.

## Fix

Deny what comes in, in the agents' namespace. Agents only call out, so nothing breaks.

    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: deny-ingress
      namespace: airflow-agents
    spec:
      podSelector: {}
      policyTypes: [Ingress]

## Not reported

Runs in which no Kubernetes object of the agents' namespace is given: then its policies may well be elsewhere. A
policy of a network plug-in or a mesh (Cilium, Calico, Istio) counts where its labels select the agents, and
leaves the rule undecided where they do not tell.
"""

from astrovet import (
    Absent,
    Agent,
    Context,
    Known,
    NetworkPolicy,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_unknown,
    known_values,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.network.policies import is_about_ingress

REMEDY = "add a NetworkPolicy with `podSelector: {}` and `policyTypes: [Ingress]` to the namespace"


@rule(
    "NET008",
    "network-policy-missing",
    on=Agent,
    severity=Severity.MEDIUM,
    when=("no-vendor-inbound", "pci"),
    sources=("D:remote-execution-shared-responsibility", "S003-23"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    estate = context.estate
    if not estate.namespaces:
        yield not_applicable("no Kubernetes objects are in these inputs")
        return
    match agent.namespace:
        case Known(namespace, place):
            if namespace not in estate.namespaces:
                yield not_applicable("no Kubernetes objects of the agents' namespace are in these inputs")
                return
        case Unknown() as unknown:
            yield undecided(unknown)
            return
        case Absent():
            yield not_applicable("the values name no namespace")
            return
    protection = [_protects(policy, namespace) for policy in estate.of(NetworkPolicy)]
    if any(known_values(protection)):
        return
    gap = first_unknown(protection)
    message = "no network policy says who may reach the agents"
    yield fail(place, message, remedy=REMEDY) if gap is None else undecided(gap)


def _protects(policy: NetworkPolicy, namespace: str) -> Value[bool]:
    """Whether a policy says who may reach the agents of a namespace."""
    match policy.namespace:
        case Known(own, place) if own != namespace:
            return Known(False, place)
        case Unknown() as unknown:
            unclear: Unknown | None = unknown
        case Known() | Absent():
            unclear = None
    for condition in (is_about_ingress(policy), policy.covers_agents):
        match condition:
            case Known(False, place) | Absent(place):
                return Known(False, place)
            case Unknown() as unknown:
                unclear = unknown
            case Known():
                pass
    return unclear or Known(True, policy.place)
