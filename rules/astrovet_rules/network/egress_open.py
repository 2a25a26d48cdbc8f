"""A network policy of the agents' Pods may not let everything out.

## Why

Agents call out: to Astro, to a few services of the cloud, to the stores of the data. Policies only ever add to
what is allowed, so one rule that leads everywhere undoes all others, and code that should not run in a task can
carry away the data that the task may read, to any address.

## Fix

Name where agents have to go, DNS and the addresses of Astro's API among them, and nothing else.

Before:

    spec:
      podSelector:
        matchLabels:
          app: astro-agent
      policyTypes: [Egress]
      egress:
        - {}

After:

    spec:
      podSelector:
        matchLabels:
          app: astro-agent
      policyTypes: [Egress]
      egress:
        - to:
            - namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: kube-system
          ports:
            - {protocol: UDP, port: 53}
        - to:
            - ipBlock:
                cidr: 10.20.0.0/16
          ports:
            - {port: 443}

## Not reported

Agents that no policy about egress covers; rules that name a port or leave a range out (`except`); policies that
cover other Pods, or all Pods of a namespace that they do not name. Policies of a network plug-in (Cilium, Calico)
and of a mesh are not judged.
"""

from astrovet import (
    Absent,
    Context,
    Egress,
    Exit,
    Known,
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
    when_known,
)
from astrovet_rules.tables.address_ranges import is_world

REMEDY = "name where agents have to go (`to`) and on which ports, or remove the rule"


@rule(
    "NET011",
    "egress-open",
    on=Egress,
    severity=Severity.LOW,
    when=("pci", "hipaa", "customer-execution-plane"),
    sources=("S000-42", "S003-11", "our inference"),
    controls=("DORA Art. 9", "SOC 2 CC6.7"),
)
def check(egress: Egress, context: Context) -> Verdicts:
    if egress.is_anybodys:
        yield not_applicable("it names neither agents nor a namespace")
        return
    match egress.covers_agents:
        case Known(False) | Absent():
            yield not_applicable("it does not cover agents")
            return
        case Unknown() as unknown:
            unclear: Unknown | None = unknown
        case Known():
            unclear = None
    yield from when_known(egress.exits, lambda exits: _ways_out(exits, unclear))


def _ways_out(exits: tuple[Exit, ...], unclear: Unknown | None) -> Verdicts:
    for way in exits:
        match _lets_everything_out(way):
            case Known(True, place):
                message = "the policy lets everything out"
                yield fail(place, message, remedy=REMEDY) if unclear is None else undecided(unclear)
            case Unknown() as unknown:
                yield undecided(unclear or unknown)
            case Known() | Absent():
                pass


def _lets_everything_out(way: Exit) -> Value[bool]:
    """Whether a rule leads to every address and opens every port."""
    match way.every_port, _leads_everywhere(way):
        case (Known(False, place), _) | (_, Known(False, place)):
            return Known(False, place)
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            return unknown
        case (Known() | Absent(), _):
            return Known(True, way.place)


def _leads_everywhere(way: Exit) -> Value[bool]:
    if is_world(known_values(way.destinations)):
        return Known(True, way.place)
    return first_unknown(way.destinations) or Known(False, way.place)
