"""A network policy of the agents' Pods may not admit everybody.

## Why

A NetworkPolicy looks like protection. One with a rule without `from`, or with a range that is the whole world,
lets every Pod of the cluster, and whatever reaches its network, talk to the agents' Pods, and overrides a
default that denies: policies only ever add to what is allowed.

## Fix

Name who may come in: the namespace of your monitoring, and nobody else. A policy without any rule denies all.

Before:

    spec:
      podSelector:
        matchLabels:
          app: astro-agent
      policyTypes: [Ingress]
      ingress:
        - {}

After:

    spec:
      podSelector:
        matchLabels:
          app: astro-agent
      policyTypes: [Ingress]
      ingress:
        - from:
            - namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: monitoring

## Not reported

Rules whose peers are Pods or namespaces; policies about egress; policies that cover other Pods, or all Pods of a
namespace that they do not name. Policies of a network plug-in (Cilium, Calico) and of a mesh are not judged.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    NetworkPolicy,
    Opening,
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
from astrovet_rules.network.policies import is_about_ingress

REMEDY = "name who may come in (`namespaceSelector`, `podSelector`), or remove the rule"


@rule(
    "NET006",
    "network-policy-admits",
    on=NetworkPolicy,
    severity=Severity.MEDIUM,
    raised={"no-vendor-inbound": Severity.HIGH, "pci": Severity.HIGH},
    sources=("D:remote-execution-shared-responsibility", "S003-23"),
    controls=("PCI DSS v4 1.3.1", "DORA Art. 9", "SOC 2 CC6.6"),
)
def check(policy: NetworkPolicy, context: Context) -> Verdicts:
    if policy.what != "NetworkPolicy":
        yield not_applicable(f"what a {policy.what} admits is not judged")
        return
    if policy.is_anybodys:
        yield not_applicable("it names neither agents nor a namespace")
        return
    match is_about_ingress(policy):
        case Known(False) | Absent():
            yield not_applicable("it is not about ingress")
            return
        case Unknown() as unknown:
            unclear: Unknown | None = unknown
        case Known():
            unclear = None
    match policy.covers_agents:
        case Known(False) | Absent():
            yield not_applicable("it does not cover agents")
            return
        case Unknown() as unknown:
            unclear = unknown
        case Known():
            pass
    yield from when_known(policy.openings, lambda openings: _to_the_world(openings, unclear))


def _to_the_world(openings: tuple[Opening, ...], unclear: Unknown | None) -> Verdicts:
    for ports, place in world_open(openings).items():
        if unclear is not None:
            yield undecided(unclear)
        else:
            yield fail(place, f"the policy admits everybody on {ports}", remedy=REMEDY, about=ports)
    yield from map(undecided, unknown_sources(openings))
