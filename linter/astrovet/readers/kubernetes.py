"""Objects inside a Kubernetes cluster, as Terraform's kubernetes provider writes them.

Attribute names and defaults: the provider facts in the design documents, section 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from astrovet.model.kubernetes import ExposedService, Ingress, Labels, NetworkPolicy
from astrovet.model.network import Opening
from astrovet.place import Place
from astrovet.readers.network import WORLD, ports_in_words
from astrovet.readers.settings import any_of, is_one_of, listed, or_default, texts
from astrovet.terraform.plan import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, at, text

INTERNAL_SERVICES: Mapping[str, tuple[str, ...]] = {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "cloud.google.com/load-balancer-type": ("internal",),
}
"""Annotations of a Service, with the values that ask for a load balancer inside the network."""

INTERNAL_INGRESSES: Mapping[str, tuple[str, ...]] = {
    "alb.ingress.kubernetes.io/scheme": ("internal",),
    "appgw.ingress.kubernetes.io/use-private-ip": ("true",),
    "kubernetes.io/ingress.class": ("gce-internal",),
}


def services(terraform: Terraform) -> Iterator[ExposedService]:
    """Every Service that will stand after apply."""
    for resource in _judged(terraform, "kubernetes_service"):
        yield ExposedService(
            id=resource.address,
            block=resource.block,
            place=resource.place,
            name=_name(resource),
            namespace=_namespace(resource),
            type=or_default(text(resource.attribute("spec", 0, "type")), "ClusterIP"),
            selector=_labels(resource.attribute("spec", 0, "selector")),
            source_ranges=_unless_empty(texts(resource.attribute("spec", 0, "load_balancer_source_ranges"))),
            external_addresses=_unless_empty(texts(resource.attribute("spec", 0, "external_ips"))),
            internal=_is_internal(resource, INTERNAL_SERVICES),
        )


def ingresses(terraform: Terraform) -> Iterator[Ingress]:
    """Every Ingress that will stand after apply."""
    for resource in _judged(terraform, "kubernetes_ingress"):
        rules = listed(resource.attribute("spec", 0, "rule"))
        paths = [path for rule in rules for http in _below(rule, "http") for path in _below(http, "path")]
        back_ends = [_service(back_end) for path in paths for back_end in _below(path, "backend")]
        default = [
            _service(each)
            for name in ("default_backend", "backend")  # the second is the old API's name
            for each in listed(resource.attribute("spec", 0, name))
        ]
        yield Ingress(
            id=resource.address,
            block=resource.block,
            place=resource.place,
            name=_name(resource),
            namespace=_namespace(resource),
            back_ends=Known(tuple(each for each in back_ends if not isinstance(each, Absent)), resource.place),
            default_back_end=next(iter(default), Absent(resource.place)),
            internal=_is_internal(resource, INTERNAL_INGRESSES),
        )


def network_policies(terraform: Terraform) -> Iterator[NetworkPolicy]:
    """Every NetworkPolicy that will stand after apply."""
    for resource in _judged(terraform, "kubernetes_network_policy"):
        yield NetworkPolicy(
            id=resource.address,
            block=resource.block,
            place=resource.place,
            name=_name(resource),
            namespace=_namespace(resource),
            selector=_pods(resource.attribute("spec", 0, "pod_selector", 0), resource.place),
            policy_types=texts(resource.attribute("spec", 0, "policy_types")),
            openings=_openings(resource.attribute("spec", 0, "ingress"), resource.place),
        )


def _judged(terraform: Terraform, kind: str) -> Iterator[Resource]:
    """Resources of a type, whose newer name ends with the version of the API."""
    return (each for each in terraform.resources if each.type in {kind, f"{kind}_v1"} and each.is_judged)


def _name(resource: Resource) -> Value[str]:
    return text(resource.attribute("metadata", 0, "name"))


def _namespace(resource: Resource) -> Value[str]:
    return or_default(text(resource.attribute("metadata", 0, "namespace")), "default")


def _below(block: Value[Tree], name: str) -> tuple[Value[Tree], ...]:
    """The nested blocks of a block; what is unknown stays one unknown block."""
    return listed(at(block, name))


def _service(back_end: Value[Tree]) -> Value[str]:
    """The Service of a back end; the old API names it in one attribute."""
    former = text(at(back_end, "service_name"))
    return text(at(back_end, "service", 0, "name")) if isinstance(former, Absent) else former


def _unless_empty(value: Value[tuple[Value[str], ...]]) -> Value[tuple[Value[str], ...]]:
    match value:
        case Known((), place):
            return Absent(place)
        case Known() | Unknown() | Absent():
            return value


def _labels(value: Value[Tree]) -> Value[Labels]:
    match value:
        case Known(Map(entries, unlisted), place):
            if not entries and unlisted is None:
                return Absent(place)
            return Known(Labels({key: text(entry.value) for key, entry in entries.items()}, unlisted), place)
        case Known(_, place):
            return Unknown("a map of labels is expected", place)
        case Unknown() | Absent():
            return value


def _pods(selector: Value[Tree], around: Place) -> Value[Labels]:
    """Which Pods a policy covers: without a label and an expression, all of its namespace."""
    if isinstance(selector, Unknown):
        return selector
    why = "it selects Pods by expressions, which are not judged; see whether they cover the agents"
    expressions = listed(at(selector, "match_expressions"))
    opened = Unknown(why, expressions[0].place) if expressions else None
    match _labels(at(selector, "match_labels")):
        case Known(labels, place):
            return Known(Labels(labels.values, labels.unlisted or opened), place)
        case Unknown() as unknown:
            return unknown
        case Absent():
            return Known(Labels({}, opened), around)


def _is_internal(resource: Resource, annotations: Mapping[str, tuple[str, ...]]) -> Value[bool]:
    """Whether an annotation asks for a load balancer inside the customer's network."""
    written = resource.attribute("metadata", 0, "annotations")
    return any_of((is_one_of(text(at(written, name)), values) for name, values in annotations.items()), resource.place)


def _openings(rules: Value[Tree], place: Place) -> Value[tuple[Opening, ...]]:
    """What the ingress rules admit; a rule that names no peer admits everybody."""
    if isinstance(rules, Unknown):
        return rules
    found = [opening for rule in listed(rules) for opening in _admitted(rule, place)]
    return Known(tuple(found), place)


def _admitted(rule: Value[Tree], around: Place) -> Iterator[Opening]:
    place = rule.place
    peers = listed(at(rule, "from"))
    sources = tuple(source for peer in peers for source in _peer(peer))
    everybody = () if peers or isinstance(rule, Unknown) else (Known(WORLD, around, written=False),)
    if isinstance(rule, Unknown):
        yield Opening(place, "some ports", (rule,))
        return
    for words in dict.fromkeys(_ports(at(rule, "ports"))):
        yield Opening(place, words, (*sources, *everybody))


def _peer(peer: Value[Tree]) -> Iterator[Value[str]]:
    """The addresses of a peer. A peer that names nothing is taken for everybody."""
    if isinstance(peer, Unknown):
        yield peer
        return
    block = at(peer, "ip_block", 0)
    selectors = [at(peer, name) for name in ("pod_selector", "namespace_selector")]
    if not isinstance(block, Absent):
        yield text(at(block, "cidr"))
    elif all(_is_empty(each) for each in selectors):
        yield Known(WORLD, peer.place, written=False)


def _is_empty(value: Value[Tree]) -> bool:
    match value:
        case Known(List(())) | Absent():
            return True
        case Known() | Unknown():
            return False


def _ports(ports: Value[Tree]) -> Iterator[str]:
    found = listed(ports)
    if not found:
        yield "all ports"
    for each in found:
        protocol = or_default(text(at(each, "protocol")), "TCP")
        yield ports_in_words(protocol, text(at(each, "port")), text(at(each, "end_port")))
