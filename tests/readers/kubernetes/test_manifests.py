"""Kubernetes manifests in all their forms: what is read, and where it stands."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any, TypeVar

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import (
    ExposedService,
    KubernetesSecret,
    NetworkPolicy,
    PodTemplate,
    Route,
    ServiceAccount,
)
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.readers.kubernetes.manifests import manifests_of_document
from astrovet.readers.kubernetes.objects import kubernetes_objects
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known, Unknown, Value
from support import plan_text, root_module, state

T = TypeVar("T")


def of_yaml(text: str) -> Estate:
    documents = read_yaml("k8s.yaml", dedent(text).lstrip("\n"))
    assert not [problem for document in documents for problem in document.problems]
    return kubernetes_objects(manifest for document in documents for manifest in manifests_of_document(document))


def of_sources(text: str) -> Estate:
    return read_data_plane(root_module({"main.tf": dedent(text).lstrip("\n")}, "."))


def of_plan(address: str, after: dict[str, Any]) -> Estate:
    return read_data_plane(read("plan.json", read_terraform("plan.json", plan_text({address: after}))))


def where(value: Value[Any]) -> str:
    return str(value.place)


SERVICE = """
    apiVersion: v1
    kind: Service
    metadata:
      name: agent-metrics
      namespace: airflow-agents
    spec:
      type: LoadBalancer
      selector:
        app: astro-agent
      externalIPs: [198.51.100.7]
      loadBalancerSourceRanges:
        - 203.0.113.0/24
"""


def test_a_service_and_where_it_stands() -> None:
    (service,) = of_yaml(SERVICE).of(ExposedService)
    assert (service.id, str(service.place)) == ("k8s.yaml#Service/agent-metrics", "k8s.yaml:1:1")
    assert (state(service.namespace), where(service.namespace)) == ("airflow-agents", "k8s.yaml:5:14")
    assert (state(service.type), where(service.type)) == ("LoadBalancer", "k8s.yaml:7:9")
    assert isinstance(service.selector, Known)
    assert where(service.selector.value.values["app"]) == "k8s.yaml:9:10"
    assert where(service.external_addresses) == "k8s.yaml:10:16"
    assert where(service.source_ranges) == "k8s.yaml:12:5"


def test_the_documents_of_a_stream_with_what_helm_writes_between_them() -> None:
    objects = of_yaml(
        """
        ---
        # Source: agent/templates/namespace.yaml
        ---
        # Source: agent/templates/service.yaml
        apiVersion: v1
        kind: Service
        metadata: {name: a, namespace: one}
        ---
        null
        ---
        # Source: agent/templates/other.yaml
        apiVersion: v1
        kind: Service
        metadata: {name: b, namespace: two}
        """
    )
    assert [str(service.place) for service in objects.of(ExposedService)] == ["k8s.yaml:5:1", "k8s.yaml:12:1"]
    assert objects.namespaces == {"one", "two"}


@pytest.mark.parametrize(
    "head",
    [
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a, namespace: x}}\n",
        "apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a, namespace: x}\n",
    ],
)
def test_lists_hold_objects(head: str) -> None:
    documents = read_yaml("k8s.yaml", head)
    objects = kubernetes_objects(manifest for document in documents for manifest in manifests_of_document(document))
    assert [(service.id, str(service.place)) for service in objects.of(ExposedService)] == [
        ("k8s.yaml#Service/a", "k8s.yaml:4:3")
    ]


@pytest.mark.parametrize(
    "text",
    ["", "a: b\n", "[1, 2]\n", "apiVersion: v1\nkind: [Service]\n", "kind: Service\n", "apiVersion: v1\nkind: List\n"],
)
def test_what_is_no_manifest_gives_nothing(text: str) -> None:
    assert of_yaml(text) == Estate()


def test_services_of_other_groups_are_no_services() -> None:
    text = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a, namespace: x}\n"
    assert of_yaml(text) == Estate(namespaces=frozenset({"x"}))


def test_without_a_namespace_nobody_knows_it() -> None:
    (service,) = of_yaml("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n").of(ExposedService)
    assert isinstance(service.namespace, Unknown)
    assert "names no namespace" in service.namespace.why


def test_terraform_puts_what_names_no_namespace_into_default() -> None:
    objects = of_sources(
        """
        resource "kubernetes_manifest" "a" {
          manifest = { apiVersion = "v1", kind = "Service", metadata = { name = "a" } }
        }
        """
    )
    assert [state(service.namespace) for service in objects.of(ExposedService)] == ["default"]


@pytest.mark.parametrize("text", ["${APP}", "{{ .Values.app }}", "prefix-${APP}", "<your-app>"])
def test_text_that_a_later_step_fills_in_is_unknown(text: str) -> None:
    manifest = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": text}, "spec": {"selector": {"app": text}}}
    (service,) = of_yaml(json.dumps(manifest)).of(ExposedService)
    assert isinstance(service.name, Unknown)
    assert "later step" in service.name.why
    assert isinstance(service.selector, Known)
    assert isinstance(service.selector.value.values["app"], Unknown)


POD = {
    "hostNetwork": True,
    "initContainers": [{"name": "a", "ports": [{"hostPort": 1}]}],
    "containers": [{"name": "b", "ports": [{"containerPort": 2}, {"hostPort": 0}, {"hostPort": 3}]}],
}
TEMPLATE = {"metadata": {"labels": {"app": "astro-agent"}}, "spec": POD}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Pod", {"metadata": {"name": "a", "labels": {"app": "astro-agent"}}, "spec": POD}),
        ("Deployment", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE}}),
        ("DaemonSet", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE}}),
        ("StatefulSet", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE}}),
        ("ReplicaSet", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE}}),
        ("Job", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE}}),
        ("CronJob", {"metadata": {"name": "a"}, "spec": {"jobTemplate": {"spec": {"template": TEMPLATE}}}}),
    ],
)
def test_the_pods_of_every_kind(kind: str, body: dict[str, Any]) -> None:
    (pod_template,) = of_yaml(json.dumps({"apiVersion": "apps/v1", "kind": kind, **body})).of(PodTemplate)
    assert (pod_template.what, state(pod_template.name), state(pod_template.host_network)) == (kind, "a", True)
    assert isinstance(pod_template.labels, Known)
    assert {name: state(value) for name, value in pod_template.labels.value.values.items()} == {"app": "astro-agent"}
    assert [state(port) for port in pod_template.host_ports] == [3, 1]


def test_terraforms_pods_are_the_same() -> None:
    port = {"container_port": 2, "host_port": 0}
    pod = {
        "host_network": None,
        "container": [{"port": [port, {**port, "host_port": 3}]}, {"port": []}],
        "init_container": [{"port": [{**port, "host_port": 1}]}],
    }
    template = {"metadata": [{"labels": {"app": "astro-agent"}}], "spec": [pod]}
    after = {"metadata": [{"name": "a", "namespace": "x"}], "spec": [{"template": [template]}]}
    for kind in ("kubernetes_deployment", "kubernetes_daemon_set_v1", "kubernetes_daemonset"):
        (pod_template,) = of_plan(f"{kind}.a", after).of(PodTemplate)
        assert (state(pod_template.host_network), [state(port) for port in pod_template.host_ports]) == (False, [3, 1])
        assert isinstance(pod_template.labels, Known)


def test_a_secret_is_its_keys() -> None:
    (secret,) = of_yaml(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: agent-token, namespace: x}
        stringData: {token: not-a-real-one}
        data: {other: bm90LWEtcmVhbC1vbmU=}
        """
    ).of(KubernetesSecret)
    assert (state(secret.type), state(secret.keys)) == ("Opaque", ("other", "token"))
    assert "real" not in repr(secret)
    after = {"metadata": [{"name": "a", "namespace": "x"}], "data": {"token": "not-a-real-one"}, "type": "Opaque"}
    (planned,) = of_plan("kubernetes_secret_v1.a", after).of(KubernetesSecret)
    assert state(planned.keys) == ("token",)
    assert "real" not in repr(planned)


def test_what_stands_in_clear_text_is_told_by_key() -> None:
    (secret,) = of_yaml(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: agent-token, namespace: x}
        stringData: {password: kestrel-41-harbour, user: claims, token: <token>, key: "{{ .Values.key }}"}
        data: {uri: cG9zdGdyZXM6Ly91OmtzNDFAZGIv, user: Ym90, api-key: Q0hBTkdFX01F, broken: kestrel-41}
        """
    ).of(KubernetesSecret)
    assert {key: clear.kind for key, clear in secret.clear.items()} == {
        "password": "a value under a secret-looking name",
        "user": "",
        "uri": "a URI with a password",
        "broken": "",
    }
    assert "kestrel" not in repr(secret)


def test_a_plan_does_not_tell_a_literal_from_what_is_put_in() -> None:
    after = {"metadata": [{"name": "a", "namespace": "x"}], "data": {"password": "kestrel-41"}, "type": "Opaque"}
    (secret,) = of_plan("kubernetes_secret_v1.a", after).of(KubernetesSecret)
    assert not secret.clear


def test_a_service_account_has_annotations() -> None:
    (account,) = of_yaml(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: agent
          namespace: x
          annotations:
            eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/agent
        """
    ).of(ServiceAccount)
    assert isinstance(account.annotations, Known)
    assert list(account.annotations.value.entries) == ["eks.amazonaws.com/role-arn"]


def test_manifests_inside_terraform_are_read_where_they_stand() -> None:
    objects = of_sources(
        """
        resource "kubernetes_manifest" "a" {
          manifest = {
            apiVersion = "v1"
            kind       = "Service"
            metadata   = { name = "a", namespace = "x" }
            spec       = { type = "NodePort" }
          }
        }

        resource "kubectl_manifest" "b" {
          yaml_body = <<-EOT
            apiVersion: v1
            kind: Service
            metadata: {name: b, namespace: y}
            spec:
              type: LoadBalancer
          EOT
        }

        resource "kubectl_manifest" "unknown" {
          yaml_body = var.manifest
        }

        variable "manifest" {}
        """
    )
    assert [(service.id, where(service.type)) for service in objects.of(ExposedService)] == [
        ("kubernetes_manifest.a", "main.tf:6:27"),
        ("kubectl_manifest.b", "main.tf:16:13"),
    ]


def test_a_manifest_in_a_plan() -> None:
    manifest = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "x"}}
    (service,) = of_plan("kubernetes_manifest.a", {"manifest": manifest}).of(ExposedService)
    assert (service.id, state(service.namespace), service.name.place.pointer) == (
        "kubernetes_manifest.a",
        "x",
        "manifest.metadata.name",
    )


# --- routes


def test_back_ends_of_the_gateway_api() -> None:
    (route,) = of_yaml(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: a, namespace: edge}
        spec:
          rules:
            - backendRefs:
                - {name: own, port: 80}
                - {name: other, namespace: x, port: 80}
                - {name: bucket, group: example.com, kind: Bucket}
        """
    ).of(Route)
    assert [
        (state(back_end.service), state(back_end.namespace), str(back_end.place)) for back_end in route.back_ends
    ] == [
        ("own", "edge", "k8s.yaml:7:11"),
        ("other", "x", "k8s.yaml:8:11"),
    ]


@pytest.mark.parametrize(
    ("host", "service", "namespace"),
    [
        ("agents", "agents", "edge"),
        ("agents.x", "agents", "x"),
        ("agents.x.svc", "agents", "x"),
        ("agents.x.svc.cluster.local", "agents", "x"),
    ],
)
def test_hosts_of_a_mesh(host: str, service: str, namespace: str) -> None:
    routes = of_yaml(json.dumps(virtual_service(host, ["public"]))).of(Route)
    assert [(state(end.service), state(end.namespace)) for route in routes for end in route.back_ends] == [
        (service, namespace)
    ]


def virtual_service(host: str, gateways: list[str] | None) -> dict[str, Any]:
    spec: dict[str, Any] = {"hosts": ["a.example.com"], "tcp": [{"route": [{"destination": {"host": host}}]}]}
    if gateways is not None:
        spec["gateways"] = gateways
    metadata = {"name": "a", "namespace": "edge"}
    return {"apiVersion": "networking.istio.io/v1beta1", "kind": "VirtualService", "metadata": metadata, "spec": spec}


@pytest.mark.parametrize("gateways", [None, [], ["mesh"]])
def test_what_stays_in_the_mesh_is_no_route(gateways: list[str] | None) -> None:
    assert of_yaml(json.dumps(virtual_service("agents", gateways))).of(Route) == ()


def test_hosts_outside_the_cluster_are_no_services() -> None:
    (route,) = of_yaml(json.dumps(virtual_service("api.example.com", ["mesh", "egress"]))).of(Route)
    assert route.back_ends == ()


def test_unknown_rules_are_an_unknown_back_end() -> None:
    objects = of_sources(
        """
        variable "rules" {}
        resource "kubernetes_manifest" "a" {
          manifest = {
            apiVersion = "gateway.networking.k8s.io/v1"
            kind       = "HTTPRoute"
            metadata   = { name = "a", namespace = "x" }
            spec       = { rules = var.rules }
          }
        }
        """
    )
    assert [state(end.service) for route in objects.of(Route) for end in route.back_ends] == ["?"]


# --- policies


def policy(spec: dict[str, Any], kind: str = "NetworkPolicy", version: str = "networking.k8s.io/v1") -> Any:
    manifest = {"apiVersion": version, "kind": kind, "metadata": {"name": "a", "namespace": "x"}, "spec": spec}
    (policy,) = of_yaml(json.dumps(manifest)).of(NetworkPolicy)
    return policy


def test_in_terraforms_json_a_block_that_stands_alone_need_not_stand_in_a_list() -> None:
    rule = {"from": {"ip_block": {"cidr": "10.0.0.0/8"}}, "ports": {"port": 80}}
    spec = {"pod_selector": {}, "policy_types": ["Ingress"], "ingress": rule}
    named = {"name": "a", "namespace": "x", "labels": {"to": "here"}}
    block = {"resource": {"kubernetes_network_policy": {"n": {"metadata": named, "spec": spec}}}}
    (policy,) = read_data_plane(root_module({"main.tf.json": json.dumps(block)}, ".")).of(NetworkPolicy)
    assert isinstance(policy.openings, Known)
    assert [(opening.ports, [state(source) for source in opening.sources]) for opening in policy.openings.value] == [
        ("tcp 80", ["10.0.0.0/8"])
    ]


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ({}, ["Ingress"]),
        ({"policyTypes": []}, ["Ingress"]),
        ({"egress": [{}]}, ["Ingress"]),
        ({"policyTypes": ["Egress"]}, ["Egress"]),
        ({"policyTypes": ["Egress", "${MORE}"]}, ["Egress", "?"]),
    ],
)
def test_what_a_policy_is_about(spec: dict[str, Any], types: list[str]) -> None:
    parsed = policy({"podSelector": {}, **spec})
    assert [state(kind) for kind in parsed.policy_types.value] == types


@pytest.mark.parametrize(
    ("ingress", "openings"),
    [
        (None, []),
        ([], []),
        ([{}], [("all ports", ["0.0.0.0/0"])]),
        ([{"from": []}], [("all ports", ["0.0.0.0/0"])]),
        ([{"from": [{"podSelector": {}}]}], [("all ports", [])]),
        ([{"from": [{"namespaceSelector": {}, "podSelector": {}}]}], [("all ports", [])]),
        ([{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 80}]}], [("tcp 80", ["10.0.0.0/8"])]),
        ([{"ports": [{"port": 1, "endPort": 9, "protocol": "UDP"}]}], [("udp 1 to 9", ["0.0.0.0/0"])]),
    ],
)
def test_whom_a_policy_admits(ingress: object, openings: object) -> None:
    parsed = policy({"podSelector": {}, "ingress": ingress})
    assert [
        (opening.ports, [state(source) for source in opening.sources]) for opening in parsed.openings.value
    ] == openings


@pytest.mark.parametrize(
    ("selector", "labels", "is_open"),
    [
        ({}, {}, False),
        ({"matchLabels": {"a": "b"}}, {"a": "b"}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}, {"a": "b"}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "c"]}]}, {}, True),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}], "matchLabels": {"c": "d"}}, {"c": "d"}, True),
    ],
)
def test_which_pods_a_policy_covers(selector: dict[str, Any], labels: dict[str, str], is_open: bool) -> None:
    covered = policy({"podSelector": selector}).selector.value
    assert {name: state(value) for name, value in covered.values.items()} == labels
    assert (covered.unlisted is not None) is is_open


def test_policies_of_plug_ins_cover_pods_too() -> None:
    cilium = policy({"endpointSelector": {"matchLabels": {"app": "a"}}}, "CiliumNetworkPolicy", "cilium.io/v2")
    assert (cilium.what, list(cilium.selector.value.values), state(cilium.openings)) == (
        "CiliumNetworkPolicy",
        ["app"],
        "?",
    )
    egress = policy({"endpointSelector": {}, "egress": []}, "CiliumNetworkPolicy", "cilium.io/v2")
    assert [state(kind) for kind in egress.policy_types.value] == ["Egress"]
    calico = policy({"selector": "all()"}, "GlobalNetworkPolicy", "crd.projectcalico.org/v1")
    assert (state(calico.selector), state(calico.namespace)) == ("?", "-")
