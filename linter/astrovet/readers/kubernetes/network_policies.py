"""Policies about who may reach which Pods, and whom these may reach: Kubernetes' own, and those of plug-ins and meshes.

Fields: networking.k8s.io/v1; of the others only which Pods they cover, as far as labels say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from astrovet.model.kubernetes import Egress, Exit, Labels, NetworkPolicy, PodPolicy
from astrovet.model.network import Opening
from astrovet.place import Place
from astrovet.readers.kubernetes.labels import AGENT_APP, APP
from astrovet.readers.kubernetes.manifests import Manifest, field, fields, labels, word, words
from astrovet.readers.openings import WORLD, ports_in_words
from astrovet.readers.settings import or_default
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, items, may_be, text

POLICY = "NetworkPolicy"

OTHER_POLICIES = {
    ("NetworkPolicy", "crd.projectcalico.org"): "",
    ("NetworkPolicy", "projectcalico.org"): "",
    ("GlobalNetworkPolicy", "crd.projectcalico.org"): "",
    ("GlobalNetworkPolicy", "projectcalico.org"): "",
    ("CiliumNetworkPolicy", "cilium.io"): "endpointSelector",
    ("CiliumClusterwideNetworkPolicy", "cilium.io"): "endpointSelector",
    ("AdminNetworkPolicy", "policy.networking.k8s.io"): "",
    ("BaselineAdminNetworkPolicy", "policy.networking.k8s.io"): "",
    ("ClusterNetworkPolicy", "policy.networking.k8s.io"): "",
    ("AuthorizationPolicy", "security.istio.io"): "selector",
}
"""Kinds of network plug-ins and meshes, with the field that selects Pods by labels; empty where it is none such."""


def network_policies(manifests: Iterable[Manifest]) -> Iterator[PodPolicy]:
    """Every policy, Kubernetes' own with what it admits and what it lets out."""
    for manifest in manifests:
        selecting = OTHER_POLICIES.get((manifest.kind, manifest.group))
        if selecting is not None:
            yield _other_policy(manifest, selecting)
        elif manifest.kind == POLICY and manifest.group == "networking.k8s.io":
            yield _network_policy(manifest)
            yield from _egress(manifest)


def _network_policy(manifest: Manifest) -> NetworkPolicy:
    spec = field(manifest.root, "spec")
    return NetworkPolicy(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        what=manifest.kind,
        selector=_pods(field(spec, "podSelector"), manifest.place),
        policy_types=_policy_types(spec),
        openings=_openings(field(spec, "ingress"), manifest.place),
        covers_agents=Absent(manifest.place),
    )


def _egress(manifest: Manifest) -> Iterator[Egress]:
    """What a policy lets out, if it is about that, or may be."""
    spec = field(manifest.root, "spec")
    is_about_egress = _is_about_egress(spec)
    if not may_be(is_about_egress):
        return
    exits = _exits(field(spec, "egress"), manifest.place)
    yield Egress(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        what=manifest.kind,
        selector=_pods(field(spec, "podSelector"), manifest.place),
        covers_agents=Absent(manifest.place),
        exits=is_about_egress if isinstance(is_about_egress, Unknown) else exits,
    )


def _other_policy(manifest: Manifest, selecting: str) -> NetworkPolicy:
    """A policy of another kind: that it may close the agents' Pods is all that matters of it."""
    why = f"which Pods a {manifest.kind} covers, and what it admits, is not judged"
    unread = Unknown(why, manifest.place, how="look there")
    return NetworkPolicy(
        id=manifest.id,
        block=manifest.block,
        place=manifest.place,
        name=manifest.name,
        namespace=manifest.namespace,
        what=manifest.kind,
        selector=_pods(field(manifest.root, "spec", selecting), manifest.place) if selecting else unread,
        policy_types=_directions(manifest, unread),
        openings=unread,
        covers_agents=Absent(manifest.place),
    )


def _policy_types(spec: Value[Tree]) -> Value[tuple[Value[str], ...]]:
    """Without types a policy is always about ingress, and about egress where it has rules for that."""
    match words(field(spec, "policyTypes")):
        case Absent(place):
            return Known((Known("Ingress", place, written=False),), place, written=False)
        case types:
            return types


def _is_about_egress(spec: Value[Tree]) -> Value[bool]:
    """Whether a policy is about egress; without types it is where it has a rule for that."""
    match words(field(spec, "policyTypes")):
        case Known(types, place):
            if any(isinstance(direction, Known) and direction.value == "Egress" for direction in types):
                return Known(True, place)
            return next((direction for direction in types if isinstance(direction, Unknown)), Known(False, place))
        case Unknown() as unknown:
            return unknown
        case Absent(place):
            return Known(bool(fields(spec, "egress")), place, written=False)


def _directions(manifest: Manifest, unread: Unknown) -> Value[tuple[Value[str], ...]]:
    """A policy that only has rules for egress is not about ingress; one that surely closes the Pods is.

    Of any other one it is not known what it admits.
    """
    place, spec = unread.place, field(manifest.root, "spec")
    direction: Value[str] = unread
    match spec:
        case Known(Map(entries)) if any(key.startswith("egress") for key in entries):
            if not any(key.startswith("ingress") for key in entries):
                direction = Known("Egress", place, written=False)
        case Known() | Unknown() | Absent():
            pass
    if _closes(manifest.group, spec):
        direction = Known("Ingress", place, written=False)
    return Known((direction,), place, written=False)


def _closes(group: str, spec: Value[Tree]) -> bool:
    """Whether a policy surely keeps everybody out but Pods that it names by labels, or callers that it names.

    Cilium: rules with `fromEndpoints` alone; an empty rule admits nobody. Istio: ALLOW, with `from` in every rule,
    or without any rule (docs.cilium.io, policy language; istio.io, AuthorizationPolicy; 2026-11).
    """
    match group:
        case "cilium.io":
            rules = field(spec, "ingress")
            return isinstance(items(rules), Known) and all(map(_is_closed_by_cilium, fields(rules)))
        case "security.istio.io":
            action = or_default(word(field(spec, "action")), "ALLOW")
            allows = isinstance(action, Known) and action.value == "ALLOW"
            return allows and all(map(_is_closed_by_istio, fields(spec, "rules")))
        case _:
            return False


def _is_closed_by_cilium(rule: Value[Tree]) -> bool:
    match rule:
        case Known(Map(entries, None)):
            named = field(rule, "fromEndpoints")
            peers = items(named)
            is_plain = not (entries.keys() - {"fromEndpoints", "toPorts"})
            by_labels = isinstance(peers, Known) and all(_has_entries(peer) for peer in peers.value)
            return is_plain and (not entries or by_labels)
        case Known() | Unknown() | Absent():
            return False


def _is_closed_by_istio(rule: Value[Tree]) -> bool:
    """Whether every way to match a rule names callers, none of them by a lone wildcard."""
    ways = fields(rule, "from")
    return bool(ways) and all(_names_callers(field(way, "source")) for way in ways)


def _names_callers(source: Value[Tree]) -> bool:
    listed = [words(field(source, key)) for key in ("principals", "namespaces", "serviceAccounts")]
    names = [name for value in listed if isinstance(value, Known) for name in value.value]
    return bool(names) and all(isinstance(name, Known) and name.value != "*" for name in names)


def _has_entries(value: Value[Tree]) -> bool:
    """Whether a selector asks for something."""
    return isinstance(value, Known) and isinstance(value.value, Map) and bool(value.value.entries)


def _pods(selector: Value[Tree], around: Place) -> Value[Labels]:
    """Which Pods a policy covers: without a label and an expression, all of its namespace."""
    plain = labels(field(selector, "matchLabels"))
    if isinstance(plain, Unknown):
        return plain
    written = plain.value if isinstance(plain, Known) else Labels({})
    values: dict[str, Value[str]] = dict(written.values)
    unlisted = written.unlisted
    for expression in fields(selector, "matchExpressions"):
        if not _narrows(values, expression):
            why = "it selects Pods by expressions, which are not judged"
            unlisted = Unknown(why, expression.place, how="see whether they cover the agents")
    place = plain.place if isinstance(plain, Known) else around
    return Known(Labels(values, unlisted), place)


def _narrows(values: dict[str, Value[str]], expression: Value[Tree]) -> bool:
    """Put what an expression asks of a label to the labels; False where it cannot be said so."""
    key, wanted = text(field(expression, "key")), _wanted(expression)
    if not isinstance(key, Known) or wanted is None:
        return False
    name, place = key.value, expression.place
    if isinstance(wanted, frozenset):
        if name not in values and name != APP and len(wanted) != 1:
            return False
        values[name] = _of_both(values.get(name), wanted, place)
        return True
    if name != APP:
        return False
    if wanted.values is None or AGENT_APP in wanted.values:
        values[APP] = Known("", place)  # whatever it selects, it is no agent
    return True


class Excluded(Struct, frozen=True):
    """The values that a label must not have; None: it must not be there."""

    values: frozenset[str] | None


def _wanted(expression: Value[Tree]) -> frozenset[str] | Excluded | None:
    """The values that an expression asks for, or keeps out; None where that is not known."""
    operator, listed = text(field(expression, "operator")), words(field(expression, "values"))
    known = [value.value for value in listed.value if isinstance(value, Known)] if isinstance(listed, Known) else []
    is_whole = isinstance(listed, Known) and len(known) == len(listed.value)
    match operator:
        case Known("In") if is_whole:
            return frozenset(known)
        case Known("NotIn") if is_whole:
            return Excluded(frozenset(known))
        case Known("DoesNotExist"):
            return Excluded(None)
        case Known("Exists"):
            return Excluded(frozenset())
        case _:
            return None


def _of_both(label: Value[str] | None, wanted: frozenset[str], place: Place) -> Value[str]:
    """What a label has to be that an expression is about too: of several values an agent's, if that is among them."""
    match label:
        case Known(name):
            return label if name in wanted else Known("", place)  # no Pod has both
        case Unknown():
            return label
        case Absent() | None:
            return Known(AGENT_APP if AGENT_APP in wanted else min(wanted, default=""), place)


def _openings(rules: Value[Tree], place: Place) -> Value[tuple[Opening, ...]]:
    """What the ingress rules admit; a rule that names no peer admits everybody."""
    if isinstance(rules, Unknown):
        return rules
    openings = [opening for rule in fields(rules) for opening in _admitted(rule)]
    return Known(tuple(openings), place)


def _admitted(rule: Value[Tree]) -> Iterator[Opening]:
    place = rule.place
    if isinstance(rule, Unknown):
        yield Opening(place, "some ports", (rule,))
        return
    peers = fields(rule, "from")
    sources = tuple(source for peer in peers for source in _peer(peer))
    everybody = () if peers else (Known(WORLD, place, written=False),)
    for ports in dict.fromkeys(_ports(rule)):
        yield Opening(place, ports, (*sources, *everybody))


def _exits(rules: Value[Tree], place: Place) -> Value[tuple[Exit, ...]]:
    """What the egress rules let out; without any rule nothing gets out."""
    if isinstance(rules, Unknown):
        return rules
    return Known(tuple(map(_let_out, fields(rules))), place)


def _let_out(rule: Value[Tree]) -> Exit:
    """What one egress rule lets out; one that names no peer leads everywhere."""
    if isinstance(rule, Unknown):
        return Exit(rule.place, rule, (rule,))
    destinations = tuple(address for peer in fields(rule, "to") for address in _destination(peer))
    everywhere = () if fields(rule, "to") else (Known(WORLD, rule.place, written=False),)
    return Exit(rule.place, _is_empty(field(rule, "ports")), (*destinations, *everywhere))


def _destination(peer: Value[Tree]) -> Iterator[Value[str]]:
    """The addresses of a peer, unless some of them are left out."""
    exceptions = _is_empty(field(peer, "ipBlock", "except"))
    match exceptions:
        case Known(True) | Absent():
            yield from _peer(peer)
        case Unknown() as unknown:
            yield unknown
        case Known():
            pass


def _is_empty(value: Value[Tree]) -> Value[bool]:
    """Whether a list has no item, or is not there."""
    match items(value):
        case Known(listed, place):
            return Known(not listed, place)
        case Unknown() as unknown:
            return unknown
        case Absent(place):
            return Known(True, place)


def _peer(peer: Value[Tree]) -> Iterator[Value[str]]:
    """The addresses of a peer. A peer that names nothing is taken for everybody."""
    if isinstance(peer, Unknown):
        yield peer
        return
    block = field(peer, "ipBlock", "cidr")
    selectors = [field(peer, name) for name in ("podSelector", "namespaceSelector")]
    if not isinstance(block, Absent):
        yield word(block)
    elif all(_is_missing(selector) for selector in selectors):
        yield Known(WORLD, peer.place, written=False)


def _is_missing(value: Value[Tree]) -> bool:
    """Whether a selector is not there; an empty one is there, and selects everything."""
    match value:
        case Known(List(())) | Absent():
            return True
        case Known() | Unknown():
            return False


def _ports(rule: Value[Tree]) -> Iterator[str]:
    ports = fields(rule, "ports")
    if not ports:
        yield "all ports"
    for port in ports:
        protocol = or_default(word(field(port, "protocol")), "TCP")
        yield ports_in_words(protocol, word(field(port, "port")), word(field(port, "endPort")))
