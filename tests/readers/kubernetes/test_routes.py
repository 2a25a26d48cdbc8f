"""What leads into a cluster from outside: to which Services, and whether only the customer's network may call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.kubernetes import Route
from astrovet.readers.kubernetes.manifests import manifests_of_document
from astrovet.readers.kubernetes.routes import routes
from astrovet.value import Absent, Unknown
from support import cut, state

INGRESS = "networking.k8s.io/v1"
GATEWAY = "gateway.networking.k8s.io/v1"
ISTIO = "networking.istio.io/v1"
TRAEFIK = "traefik.io/v1alpha1"
CONTOUR = "projectcontour.io/v1"
NGINX = "k8s.nginx.org/v1"


def object_of(version: str, kind: str, spec: object, **metadata: object) -> str:
    head = {"name": "in", "namespace": "web", **metadata}
    return json.dumps({"apiVersion": version, "kind": kind, "metadata": head, "spec": spec})


def read(text: str) -> list[Route]:
    (document,) = read_yaml("route.yaml", text)
    return list(routes(manifests_of_document(document)))


def ends(version: str, kind: str, spec: object) -> list[str]:
    """The back ends of the one route as `service@namespace`, a default one with a star."""
    (route,) = read(object_of(version, kind, spec))
    return [
        f"{state(end.service)}@{state(end.namespace)}{'*' if end.default else ''}" for end in route.back_ends
    ]  # fmt: skip


def paths(*back_ends: object) -> dict[str, Any]:
    return {"rules": [{"http": {"paths": [{"backend": back_end} for back_end in back_ends]}}]}


def refers(**target: str) -> dict[str, Any]:
    return {"rules": [{"backendRefs": [target]}]}


def to_host(host: str) -> dict[str, Any]:
    return {"destination": {"host": host}}


SERVICE = {"service": {"name": "a"}}
ROUTES: list[tuple[str, str, Any, list[str]]] = [
    (INGRESS, "Ingress", paths(SERVICE, {"service": {"name": "b"}}), ["a@web", "b@web"]),
    (INGRESS, "Ingress", {"defaultBackend": SERVICE}, ["a@web*"]),
    (INGRESS, "Ingress", {"backend": {"serviceName": "a"}, **paths(SERVICE)}, ["a@web", "a@web*"]),
    (INGRESS, "Ingress", paths({"serviceName": "${WHO}"}, {"resource": {"name": "bucket"}}, "${REST}"), ["?@web"] * 2),
    (INGRESS, "Ingress", {"rules": [{"host": "a"}]}, []),
    ("extensions/v1beta1", "Ingress", paths({"serviceName": "a"}), ["a@web"]),
    (GATEWAY, "HTTPRoute", refers(name="a"), ["a@web"]),
    (GATEWAY, "GRPCRoute", refers(name="a", kind="Service", namespace="b"), ["a@b"]),
    (GATEWAY, "TLSRoute", refers(name="a", namespace="${WHERE}"), ["a@?"]),
    (GATEWAY, "TCPRoute", refers(name="a", kind="ServiceImport"), []),
    (GATEWAY, "UDPRoute", {"rules": [{"backendRefs": [{"kind": 1, "name": "a"}]}]}, []),
    (GATEWAY, "HTTPRoute", {"rules": [{"backendRefs": "${TARGETS}"}, {}]}, ["?@?"]),
    (GATEWAY, "Gateway", {}, ["?@web"]),
    (ISTIO, "Gateway", {}, ["?@web"]),
    ("route.openshift.io/v1", "Route", {"to": {"name": "a"}}, ["a@web"]),
    ("route.openshift.io/v1", "Route", {"to": {"name": "a"}, "alternateBackends": [{"name": "b"}]}, ["a@web", "b@web"]),
    (CONTOUR, "HTTPProxy", {"routes": [{"services": [{"name": "a"}, {"name": "b"}]}]}, ["a@web", "b@web"]),
    (CONTOUR, "HTTPProxy", {"tcpproxy": {"services": [{"name": "a"}]}}, ["a@web"]),
    (CONTOUR, "HTTPProxy", {"routes": [{}]}, []),
    (TRAEFIK, "IngressRoute", {"routes": [{"services": [{"name": "a"}]}]}, ["a@web"]),
    (TRAEFIK, "IngressRouteTCP", {"routes": [{"services": [{"name": "a", "namespace": "b"}]}]}, ["a@b"]),
    (TRAEFIK, "IngressRouteUDP", {"routes": [{"services": [{"name": "a", "kind": "Service"}]}]}, ["a@web"]),
    (TRAEFIK, "IngressRoute", {"routes": [{"services": [{"name": "a", "kind": "TraefikService"}]}]}, []),
    ("traefik.containo.us/v1alpha1", "IngressRoute", {"routes": [{"services": [{"name": "a"}]}]}, ["a@web"]),
    ("traefik.containo.us/v1alpha1", "IngressRouteTCP", {"routes": [{"services": [{"name": "a"}]}]}, ["a@web"]),
    ("traefik.containo.us/v1alpha1", "IngressRouteUDP", {"routes": [{"services": [{"name": "a"}]}]}, ["a@web"]),
    (NGINX, "VirtualServer", {"upstreams": [{"service": "a"}, {"service": "b/c/d"}]}, ["a@web", "c/d@b"]),
    (NGINX, "VirtualServerRoute", {"upstreams": [{"service": "b/a"}]}, ["a@b"]),
    (NGINX, "TransportServer", {"upstreams": [{"service": "${WHO}"}, {"name": "none"}]}, ["?@web"]),
    ("getambassador.io/v3alpha1", "Mapping", {"service": "a"}, ["a@web"]),
    ("getambassador.io/v3alpha1", "Mapping", {"service": "https://a.b:8443/path:1/more"}, ["a@b"]),
    ("getambassador.io/v3alpha1", "TCPMapping", {"service": "a.b.svc:80"}, ["a@b"]),
    ("getambassador.io/v3alpha1", "Mapping", {"service": "${WHO}"}, ["?@web"]),
    ("getambassador.io/v3alpha1", "Mapping", {}, []),
    ("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", {"serviceRef": {"name": "a"}}, ["a@web"]),
]  # fmt: skip


@pytest.mark.parametrize(("version", "kind", "spec", "expected"), ROUTES)
def test_where_a_route_leads(version: str, kind: str, spec: object, expected: list[str]) -> None:
    assert ends(version, kind, spec) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        *(
            ({protocol: [{"route": [to_host("a"), to_host("b")]}]}, ["a@web", "b@web"])
            for protocol in ("http", "tls", "tcp")
        ),
        ({"http": [{"mirrors": [to_host("a"), to_host("b")]}]}, ["a@web", "b@web"]),
        ({"http": [{"mirror": {"host": "a"}, "route": [to_host("b")]}]}, ["b@web", "a@web"]),
        ({"http": [{"route": [to_host("a.b")]}]}, ["a@b"]),
        ({"http": [{"route": [to_host("a.b.svc")]}]}, ["a@b"]),
        ({"http": [{"route": [to_host("a.b.svc.cluster.local")]}]}, ["a@b"]),
        ({"http": [{"route": [to_host("api.example.com")]}]}, []),
        ({"http": [{"route": [to_host("${WHO}")]}]}, ["?@web"]),
        ({"http": [{"redirect": {}}]}, []),
    ],
)
def test_where_a_virtual_service_leads(spec: dict[str, Any], expected: list[str]) -> None:
    assert ends(ISTIO, "VirtualService", {"gateways": ["public"], **spec}) == expected


@pytest.mark.parametrize(
    ("version", "kind", "spec", "is_a_way_in"),
    [
        (ISTIO, "VirtualService", {}, False),
        (ISTIO, "VirtualService", {"gateways": []}, False),
        (ISTIO, "VirtualService", {"gateways": ["mesh"]}, False),
        (ISTIO, "VirtualService", {"gateways": ["mesh", "public"]}, True),
        (ISTIO, "VirtualService", {"gateways": ["${GATEWAY}"]}, True),
        (GATEWAY, "HTTPRoute", {}, True),
        (GATEWAY, "HTTPRoute", {"parentRefs": [{"kind": "Service", "name": "a"}]}, False),
        (GATEWAY, "GRPCRoute", {"parentRefs": [{"kind": "Service", "name": "a"}]}, False),
        (GATEWAY, "HTTPRoute", {"parentRefs": [{"kind": "Service"}, {"name": "public"}]}, True),
        (GATEWAY, "TCPRoute", {"parentRefs": [{"kind": "Service", "name": "a"}]}, True),
        ("example.com/v1", "Ingress", {}, False),
        ("v1", "Gateway", {}, False),
        (GATEWAY, "GatewayClass", {}, False),
    ],
)
def test_which_objects_lead_in_from_outside(version: str, kind: str, spec: object, is_a_way_in: bool) -> None:
    assert [route.what for route in read(object_of(version, kind, spec))] == [kind] * is_a_way_in


def test_what_stays_inside_does_not_end_the_reading() -> None:
    inside = json.loads(object_of(ISTIO, "VirtualService", {}))
    ways = [inside, json.loads(object_of(INGRESS, "Ingress", {}))]
    assert [route.what for route in read(json.dumps({"apiVersion": "v1", "kind": "List", "items": ways}))] == [
        "Ingress"
    ]


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({}, False),
        ({"alb.ingress.kubernetes.io/scheme": "internal"}, True),
        ({"alb.ingress.kubernetes.io/scheme": "internet-facing"}, False),
        ({"alb.ingress.kubernetes.io/scheme": "${SCHEME}"}, "?"),
        ({"appgw.ingress.kubernetes.io/use-private-ip": "true"}, True),
        ({"appgw.ingress.kubernetes.io/use-private-ip": True}, True),
        ({"appgw.ingress.kubernetes.io/use-private-ip": "false"}, False),
        ({"kubernetes.io/ingress.class": "gce-internal"}, True),
        ({"kubernetes.io/ingress.class": "gce"}, False),
    ],
)
def test_which_annotations_keep_a_way_inside_the_network(annotations: Mapping[str, Any], expected: object) -> None:
    (route,) = read(object_of(INGRESS, "Ingress", {}, annotations=annotations))
    assert state(route.internal) == expected


def test_what_is_said_of_a_route() -> None:
    text = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: public
spec:
  rules:
    - http:
        paths:
          - backend: {service: {name: agents}}
"""
    (route,) = read(text)
    (end,) = route.back_ends
    assert (route.id, route.block, route.what) == ("route.yaml#Ingress/public",) * 2 + ("Ingress",)
    assert (state(route.name), state(route.namespace), str(route.place)) == ("public", "?", "route.yaml:1:1")
    assert end.namespace is route.namespace
    assert cut(text, end.place) == "{service: {name: agents}}"
    assert end.reaches_agents == Absent(end.place)


def test_the_routes_of_a_gateway_say_where_it_leads() -> None:
    (route,) = read(object_of(GATEWAY, "Gateway", {}))
    (end,) = route.back_ends
    why = "the routes that attach to it say where it leads, and none is in these inputs"
    assert end.service == Unknown(why, route.place, how="scan them too")
    assert (end.place, end.default, end.reaches_agents) == (route.place, False, Absent(route.place))
