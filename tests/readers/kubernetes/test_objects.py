"""Services, Pods, Secrets, ConfigMaps and ServiceAccounts as manifests write them."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.estate import Estate
from astrovet.model.kubernetes import ConfigMap, ExposedService, KubernetesSecret, PodTemplate, ServiceAccount
from astrovet.readers.kubernetes.manifests import manifests_of_document
from astrovet.readers.kubernetes.objects import kubernetes_objects
from astrovet.value import Absent, Known
from support import plain, state


def read(kind: str, version: str = "v1", annotations: Any = None, **content: Any) -> Estate:
    head = {"name": "n", "namespace": "s", "annotations": annotations or {}}
    (document,) = read_yaml("k.yaml", json.dumps({"apiVersion": version, "kind": kind, "metadata": head, **content}))
    return kubernetes_objects(manifests_of_document(document))


@pytest.mark.parametrize(
    ("kind", "version", "model"),
    [
        ("Service", "v1", ExposedService),
        ("Pod", "v1", PodTemplate),
        ("Secret", "v1", KubernetesSecret),
        ("ConfigMap", "v1", ConfigMap),
        ("ServiceAccount", "v1", ServiceAccount),
    ],
)
def test_every_kind_says_what_it_is_called_and_where_it_stands(kind: str, version: str, model: Any) -> None:
    (one,) = read(kind, version).objects
    assert isinstance(one, model)
    assert (one.id, one.block, str(one.place)) == (f"k.yaml#{kind}/n", f"k.yaml#{kind}/n", "k.yaml:1:1")
    assert (state(one.name), state(one.namespace)) == ("n", "s")
    if model is not PodTemplate:
        assert read(kind, "example.com/v1").objects == ()


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({}, False),
        ({"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"}, True),
        ({"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"}, False),
        ({"service.beta.kubernetes.io/aws-load-balancer-internal": "true"}, True),
        ({"service.beta.kubernetes.io/aws-load-balancer-internal": "0.0.0.0/0"}, True),
        ({"service.beta.kubernetes.io/aws-load-balancer-internal": "false"}, False),
        ({"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}, True),
        ({"service.beta.kubernetes.io/azure-load-balancer-internal": "${X}"}, "?"),
        ({"networking.gke.io/load-balancer-type": "Internal"}, True),
        ({"networking.gke.io/load-balancer-type": "External"}, False),
        ({"cloud.google.com/load-balancer-type": "Internal"}, True),
    ],
)
def test_which_annotations_keep_a_service_inside_the_network(annotations: Any, expected: object) -> None:
    (service,) = read("Service", annotations=annotations).of(ExposedService)
    assert state(service.internal) == expected


def test_what_a_service_says() -> None:
    spec = {
        "type": "LoadBalancer", "selector": {"app": "a"},
        "loadBalancerSourceRanges": ["10.0.0.0/8"], "externalIPs": ["192.0.2.1"],
    }  # fmt: skip
    (service,) = read("Service", spec=spec).of(ExposedService)
    assert isinstance(service.selector, Known)
    assert {key: state(value) for key, value in service.selector.value.values.items()} == {"app": "a"}
    lists = service.source_ranges, service.external_addresses
    assert [[state(one) for one in listed.value] for listed in lists if isinstance(listed, Known)] == [
        ["10.0.0.0/8"], ["192.0.2.1"],
    ]  # fmt: skip
    assert (state(service.type), service.reaches_agents) == ("LoadBalancer", Absent(service.place))
    (service,) = read("Service").of(ExposedService)
    assert [state(value) for value in (service.type, service.selector, service.source_ranges)] == [
        "ClusterIP",
        "-",
        "-",
    ]


TEMPLATE = {
    "metadata": {"labels": {"a": "b"}},
    "spec": {
        "hostNetwork": True,
        "containers": [{"ports": [{"hostPort": 80}, {"hostPort": 0}, {"containerPort": 1}]}, {}],
        "initContainers": [{"ports": [{"hostPort": "${PORT}"}]}],
        "ephemeralContainers": [{"ports": [{"hostPort": 81}]}],
    },
}
ORDINARY = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("Pod", {"spec": TEMPLATE["spec"]}),
        *((kind, {"spec": {"template": TEMPLATE}}) for kind in ORDINARY),
        ("CronJob", {"spec": {"jobTemplate": {"spec": {"template": TEMPLATE}}}}),
    ],
)
def test_where_kinds_describe_their_pods(kind: str, content: Any) -> None:
    (pods,) = read(kind, **content).of(PodTemplate)
    assert (pods.what, state(pods.host_network), [state(port) for port in pods.host_ports]) == (kind, True, [80, "?"])
    assert isinstance(pods.labels, Known) is (kind != "Pod")
    assert pods.runs_agents == Absent(pods.place)
    (pods,) = read(kind).of(PodTemplate)
    assert (state(pods.host_network), pods.host_ports, state(pods.labels)) == (False, (), "-")


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ({}, ()),
        ({"data": {"a": "x"}, "stringData": {"b": "y"}, "binaryData": {"c": "z"}}, ("a", "b", "c")),
        ({"data": "text"}, "?"),
        ({"data": None, "stringData": {"a": "b"}}, ("a",)),
    ],
)
def test_the_keys_of_a_secret(content: Any, keys: object) -> None:
    (secret,) = read("Secret", **content).of(KubernetesSecret)
    assert state(secret.keys) == keys
    assert state(secret.type) == "Opaque"
    assert state(read("Secret", type="kubernetes.io/tls").of(KubernetesSecret)[0].type) == "kubernetes.io/tls"


PLAIN = "correct-horse-battery"
ENCODED = b64encode(PLAIN.encode()).decode()


@pytest.mark.parametrize(
    ("kind", "content", "clear"),
    [
        ("Secret", {"data": {"a": ENCODED}}, ["a"]),
        ("Secret", {"binaryData": {"a": ENCODED}}, ["a"]),
        ("Secret", {"data": {"a": f"{ENCODED[:8]}\n{ENCODED[8:]}"}}, ["a"]),
        ("Secret", {"data": {"a": b64encode(b"${PASSWORD}").decode()}}, []),
        ("Secret", {"data": {"a": b64encode(b"\xff\xfe").decode()}}, ["a"]),
        ("Secret", {"stringData": {"a": PLAIN}}, ["a"]),
        ("Secret", {"stringData": {"a": "${PASSWORD}", "b": "", "c": "{{ password }}"}}, []),
        ("Secret", {"data": {"a": ENCODED}, "stringData": {"a": "${PASSWORD}"}}, []),
        ("Secret", {"data": {"a": "${cGFzc3dk}", "b": None}}, []),
        ("Secret", {"data": "text"}, []),
        ("ConfigMap", {"data": {"a": PLAIN}, "binaryData": {"b": ENCODED}}, ["a", "b"]),
        ("ConfigMap", {"stringData": {"a": PLAIN}}, []),
        ("ConfigMap", {"data": {"a": b64encode(b"${PASSWORD}").decode()}}, ["a"]),
    ],
)
def test_what_stands_in_clear(kind: str, content: Any, clear: list[str]) -> None:
    objects = read(kind, **content)
    clear_ones = [one.clear for one in (*objects.of(KubernetesSecret), *objects.of(ConfigMap))]
    assert sorted(key for texts in clear_ones for key in texts) == clear


def test_the_annotations_of_a_service_account() -> None:
    (account,) = read("ServiceAccount", annotations={"a": "b"}).of(ServiceAccount)
    assert isinstance(account.annotations, Known)
    assert plain(account.annotations) == {"a": "b"}


def test_which_namespaces_are_spoken_of() -> None:
    assert read("Namespace").namespaces == {"n"}
    assert read("Other", "example.com/v1").namespaces == {"s"}
    (document,) = read_yaml("k.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: n}}")
    assert kubernetes_objects(manifests_of_document(document)).namespaces == frozenset()
