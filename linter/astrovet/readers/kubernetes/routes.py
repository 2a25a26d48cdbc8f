"""Ways from outside a cluster to its Services: Ingress, Gateway API, Istio, OpenShift, and those of controllers.

Fields: networking.k8s.io/v1 and the older extensions/v1beta1, gateway.networking.k8s.io, networking.istio.io,
route.openshift.io/v1, projectcontour.io/v1, traefik.io/v1alpha1, k8s.nginx.org/v1, getambassador.io/v3alpha1 and
elbv2.k8s.aws/v1beta1, as their documentation has them (November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from astrovet.model.kubernetes import BackEnd, Route
from astrovet.readers.kubernetes.manifests import Manifest, field, fields, is_internal, word
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, listed

INTERNAL_INGRESSES: Mapping[str, tuple[str, ...]] = {
    "alb.ingress.kubernetes.io/scheme": ("internal",),
    "appgw.ingress.kubernetes.io/use-private-ip": ("true",),
    "kubernetes.io/ingress.class": ("gce-internal",),
}
"""Annotations of an Ingress, with the values that ask for a load balancer inside the network."""

GATEWAY = "gateway.networking.k8s.io"
ISTIO = "networking.istio.io"


def routes(manifests: Iterable[Manifest]) -> Iterator[Route]:
    """Every way from outside; what routes only inside a mesh is none."""
    for manifest in manifests:
        read = _READERS.get((manifest.kind, manifest.group))
        if read is None or _stays_inside(manifest):
            continue
        yield Route(
            id=manifest.id,
            block=manifest.block,
            place=manifest.place,
            name=manifest.name,
            namespace=manifest.namespace,
            what=manifest.kind,
            back_ends=tuple(back_end for back_end in read(manifest) if not isinstance(back_end.service, Absent)),
            internal=is_internal(manifest, INTERNAL_INGRESSES),
        )


def _stays_inside(manifest: Manifest) -> bool:
    """A mesh takes what names no gateway, or a Service as its parent, for traffic between Pods."""
    match manifest.kind:
        case "VirtualService":
            return all(_is(gateway, "mesh") for gateway in fields(manifest.root, "spec", "gateways"))
        case "HTTPRoute" | "GRPCRoute":
            parents = fields(manifest.root, "spec", "parentRefs")
            return bool(parents) and all(_is(field(parent, "kind"), "Service") for parent in parents)
        case _:
            return False


def _is(value: Value[Tree], wanted: str) -> bool:
    match value:
        case Known(content):
            return content == wanted
        case Unknown() | Absent():
            return False


def _back_end(
    manifest: Manifest, target: Value[Tree], service: Value[str], namespace: Value[str] | None = None
) -> BackEnd:
    return BackEnd(service, namespace or manifest.namespace, target.place, False, Absent(target.place))


def _ingress(manifest: Manifest) -> Iterator[BackEnd]:
    spec = field(manifest.root, "spec")
    for rule in fields(spec, "rules"):
        for path in fields(rule, "http", "paths"):
            yield _ingress_back_end(manifest, field(path, "backend"))
    for name in ("defaultBackend", "backend"):  # the second is the old API's name
        yield replace(_ingress_back_end(manifest, field(spec, name)), default=True)


def _ingress_back_end(manifest: Manifest, target: Value[Tree]) -> BackEnd:
    """A back end of an Ingress; the old API names the Service in one field."""
    former = word(field(target, "serviceName"))
    current = word(field(target, "service", "name"))
    return _back_end(manifest, target, current if isinstance(former, Absent) else former)


def _gateway_route(manifest: Manifest) -> Iterator[BackEnd]:
    for rule in fields(manifest.root, "spec", "rules"):
        for target in fields(rule, "backendRefs"):
            kind, namespace = field(target, "kind"), word(field(target, "namespace"))
            if not isinstance(kind, Known) or _is(kind, "Service"):
                own = manifest.namespace if isinstance(namespace, Absent) else namespace
                yield _back_end(manifest, target, word(field(target, "name")), own)


def _gateway(manifest: Manifest) -> Iterator[BackEnd]:
    why = "the routes that attach to it say where it leads, and none is in these inputs"
    service = Unknown(why, manifest.place, how="scan them too")
    yield BackEnd(service, manifest.namespace, manifest.place, False, Absent(manifest.place))


def _virtual_service(manifest: Manifest) -> Iterator[BackEnd]:
    for protocol in ("http", "tls", "tcp"):
        for rule in fields(manifest.root, "spec", protocol):
            for target in (*fields(rule, "route"), *listed(at(rule, "mirrors"))):
                yield _host(manifest, field(target, "destination"))
            if not isinstance(mirror := at(rule, "mirror"), Absent):
                yield _host(manifest, mirror)


def _host(manifest: Manifest, target: Value[Tree]) -> BackEnd:
    """The Service of a host: `name`, `name.namespace`, `name.namespace.svc.cluster.local`; others are no Services."""
    host = word(field(target, "host"))
    match host:
        case Known(name, place):
            service, *rest = name.split(".")
            if len(rest) > 1 and rest[1] != "svc":
                return _back_end(manifest, target, Absent(place))
            return _back_end(manifest, target, Known(service, place), Known(rest[0], place) if rest else None)
        case Unknown() | Absent():
            return _back_end(manifest, target, host)


def _openshift_route(manifest: Manifest) -> Iterator[BackEnd]:
    spec = field(manifest.root, "spec")
    for target in (field(spec, "to"), *fields(spec, "alternateBackends")):
        yield _back_end(manifest, target, word(field(target, "name")))


def _contour(manifest: Manifest) -> Iterator[BackEnd]:
    spec = field(manifest.root, "spec")
    for owner in (*fields(spec, "routes"), field(spec, "tcpproxy")):
        for target in fields(owner, "services"):
            yield _back_end(manifest, target, word(field(target, "name")))


def _traefik(manifest: Manifest) -> Iterator[BackEnd]:
    for rule in fields(manifest.root, "spec", "routes"):
        for target in fields(rule, "services"):
            if not isinstance(kind := field(target, "kind"), Known) or _is(kind, "Service"):
                namespace = word(field(target, "namespace"))
                own = manifest.namespace if isinstance(namespace, Absent) else namespace
                yield _back_end(manifest, target, word(field(target, "name")), own)


def _nginx(manifest: Manifest) -> Iterator[BackEnd]:
    for target in fields(manifest.root, "spec", "upstreams"):
        service = word(field(target, "service"))
        match service:
            case Known(name, place) if "/" in name:
                namespace, _, plain = name.partition("/")
                yield _back_end(manifest, target, Known(plain, place), Known(namespace, place))
            case Known() | Unknown() | Absent():
                yield _back_end(manifest, target, service)


def _emissary(manifest: Manifest) -> Iterator[BackEnd]:
    """A Mapping names its Service as a host, with a scheme before it and a port after it."""
    target = field(manifest.root, "spec", "service")
    match word(target):
        case Known(written, place):
            host = written.rpartition("://")[2].partition("/")[0].partition(":")[0]
            service, *rest = host.split(".")
            yield _back_end(manifest, target, Known(service, place), Known(rest[0], place) if rest else None)
        case Unknown() | Absent() as nothing:
            yield _back_end(manifest, target, nothing)


def _target_groups(manifest: Manifest) -> Iterator[BackEnd]:
    target = field(manifest.root, "spec", "serviceRef")
    yield _back_end(manifest, target, word(field(target, "name")))


_READERS: Mapping[tuple[str, str], Callable[[Manifest], Iterator[BackEnd]]] = {
    ("Ingress", "networking.k8s.io"): _ingress,
    ("Ingress", "extensions"): _ingress,
    ("HTTPRoute", GATEWAY): _gateway_route,
    ("GRPCRoute", GATEWAY): _gateway_route,
    ("TLSRoute", GATEWAY): _gateway_route,
    ("TCPRoute", GATEWAY): _gateway_route,
    ("UDPRoute", GATEWAY): _gateway_route,
    ("Gateway", GATEWAY): _gateway,
    ("Gateway", ISTIO): _gateway,
    ("VirtualService", ISTIO): _virtual_service,
    ("Route", "route.openshift.io"): _openshift_route,
    ("HTTPProxy", "projectcontour.io"): _contour,
    **{
        (kind, group): _traefik
        for kind in ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP")
        for group in ("traefik.io", "traefik.containo.us")
    },
    **{(kind, "k8s.nginx.org"): _nginx for kind in ("VirtualServer", "VirtualServerRoute", "TransportServer")},
    ("Mapping", "getambassador.io"): _emissary,
    ("TCPMapping", "getambassador.io"): _emissary,
    ("TargetGroupBinding", "elbv2.k8s.aws"): _target_groups,
}
