"""What stands at the top of a kustomization is put on every object, where Kustomize puts it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.helm.kustomize.resources import Resource
from astrovet.helm.kustomize.transformers import transformed, with_references
from astrovet.value import Tree, Value
from support import plain

PAIR = {"k": "v"}


def tree(content: Any) -> Value[Tree]:
    return read_yaml("a.yaml", json.dumps(content))[0].root


def resource(kind: str, version: str = "v1", **content: Any) -> Resource:
    return Resource(tree({"apiVersion": version, "kind": kind, "metadata": {"name": "n"}, **content}), "a.yaml")


def made(kustomization: Any, *resources: Resource) -> list[dict[str, Any]]:
    """What the objects have beside their version and kind."""
    changed = [plain(one.root) for one in transformed(resources, tree(kustomization))]
    return [{key: value for key, value in one.items() if key not in {"apiVersion", "kind"}} for one in changed]


def below(path: str, leaf: Any) -> Any:
    for step in reversed(path.split(".")):
        leaf = [leaf] if step == "*" else {step: leaf}
    return leaf


POD = "spec.template.metadata"
SELECTED = "spec.selector.matchLabels"


@pytest.mark.parametrize(
    ("kind", "version", "template", "selector"),
    [
        ("ReplicationController", "v1", POD, "spec.selector"),
        ("Deployment", "apps/v1", POD, SELECTED),
        ("ReplicaSet", "apps/v1", POD, SELECTED),
        ("DaemonSet", "apps/v1", POD, SELECTED),
        ("StatefulSet", "apps/v1", POD, SELECTED),
        ("Job", "batch/v1", POD, ""),
        ("CronJob", "batch/v1", "spec.jobTemplate.spec.template.metadata", ""),
        ("Service", "v1", "", "spec.selector"),
        ("Ingress", "networking.k8s.io/v1", "", ""),
        ("Deployment", "example.com/v1", "", ""),
        ("Service", "serving.knative.dev/v1", "", ""),
    ],
)
def test_where_labels_and_annotations_go(kind: str, version: str, template: str, selector: str) -> None:
    def with_own(key: str, *paths: str) -> dict[str, Any]:
        content: dict[str, Any] = {"metadata": {"name": "n", key: PAIR}}
        for path in filter(None, paths):
            inner = content
            *outer, last = path.split(".")
            for step in outer:
                inner = inner.setdefault(step, {})
            inner[last] = PAIR
        return content

    one = resource(kind, version)
    in_pods = f"{template}.labels" if template else ""
    assert made({"labels": [{"pairs": PAIR}]}, one) == [with_own("labels")]
    assert made({"labels": [{"pairs": PAIR, "includeTemplates": True}]}, one) == [with_own("labels", in_pods)]
    for everywhere in ({"commonLabels": PAIR}, {"labels": [{"pairs": PAIR, "includeSelectors": True}]}):
        assert made(everywhere, one) == [with_own("labels", in_pods, selector)]
    in_pods = f"{template}.annotations" if template else ""
    assert made({"commonAnnotations": PAIR}, one) == [with_own("annotations", in_pods)]


@pytest.mark.parametrize(
    ("kind", "version", "path"),
    [
        ("Job", "batch/v1", SELECTED),
        ("CronJob", "batch/v1", "spec.jobTemplate.spec.selector.matchLabels"),
        ("PodDisruptionBudget", "policy/v1", SELECTED),
        ("NetworkPolicy", "networking.k8s.io/v1", "spec.podSelector.matchLabels"),
        ("NetworkPolicy", "networking.k8s.io/v1", "spec.ingress.*.from.*.podSelector.matchLabels"),
        ("NetworkPolicy", "networking.k8s.io/v1", "spec.egress.*.to.*.podSelector.matchLabels"),
    ],
)
def test_selectors_that_are_not_made_where_they_are_missing(kind: str, version: str, path: str) -> None:
    common = {"commonLabels": PAIR}

    def selector(leaf: Any) -> dict[str, Any]:
        content: dict[str, Any] = below(path, leaf)
        return content

    def steps(content: Any) -> Any:
        for step in path.split("."):
            content = content[0] if step == "*" else content[step]
        return content

    (with_own,) = made(common, resource(kind, version, **selector({"own": "o"})))
    assert steps(with_own) == {"own": "o", "k": "v"}
    (with_text,) = made(common, resource(kind, version, **selector("text")))
    assert steps(with_text) == "text"
    (without,) = made(common, resource(kind, version, spec={"other": 1}))
    assert {key: value for key, value in without["spec"].items() if key != "template"} in (
        {"other": 1}, {"other": 1, "jobTemplate": {"spec": {"template": {"metadata": {"labels": PAIR}}}}},
    )  # fmt: skip


CLUSTER_WIDE = [
    "APIService", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CustomResourceDefinition", "IngressClass",
    "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass", "RuntimeClass",
    "StorageClass", "ValidatingWebhookConfiguration",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["ConfigMap", "Role", *CLUSTER_WIDE])
def test_which_objects_get_a_namespace_and_another_name(kind: str) -> None:
    one = resource(kind)
    names = {"name": "n"} if kind in CLUSTER_WIDE else {"name": "n", "namespace": "s"}
    assert made({"namespace": "s"}, one) == [{"metadata": names}]
    name = "n" if kind in {"APIService", "CustomResourceDefinition", "Namespace"} else "a-n-b"
    assert made({"namePrefix": "a-", "nameSuffix": "-b"}, one) == [{"metadata": {"name": name}}]


@pytest.mark.parametrize(
    ("kustomization", "name"),
    [({"namePrefix": "a-"}, "a-n"), ({"nameSuffix": "-b"}, "n-b"), ({"namePrefix": ""}, "n"), ({}, "n")],
)
def test_names(kustomization: Any, name: str) -> None:
    assert made(kustomization, resource("ConfigMap")) == [{"metadata": {"name": name}}]
    assert made(kustomization, Resource(tree({"metadata": {"name": 5}}), "a")) == [{"metadata": {"name": 5}}]
    assert made(kustomization, Resource(tree({"metadata": {}}), "a")) == [{"metadata": {}}]


def test_former_names_are_remembered() -> None:
    (one,) = transformed([resource("ConfigMap")], tree({"namePrefix": "a-", "namespace": "s"}))
    assert one.former == (("n", ""), ("n", "s"))
    assert one.names == (("n", ""), ("n", "s"), ("a-n", "s"))


@pytest.mark.parametrize(
    "kustomization",
    [
        {"commonLabels": "text"},
        {"commonAnnotations": ["text"]},
        {"namespace": ""},
        {"labels": [{"pairs": "text"}]},
        {"labels": [{"includeSelectors": True}]},
    ],
)
def test_what_is_written_otherwise_puts_nothing_on_objects(kustomization: Any) -> None:
    (one,) = made(kustomization, resource("ConfigMap"))
    assert one["metadata"].pop("labels", None) in (None, {})
    assert one == {"metadata": {"name": "n"}}


def backend(name: str) -> dict[str, Any]:
    current = {"service": {"name": name, "port": {"number": 80}}}
    return {"spec": {"rules": [{"http": {"paths": [{"backend": current}]}}], "backend": {"serviceName": name}}}


@pytest.mark.parametrize(
    ("written", "namespace", "expected"),
    [("n", "s", "a-n"), ("other", "s", "other"), ("n", "t", "n")],
)
def test_an_ingress_follows_the_names_of_its_services(written: str, namespace: str, expected: str) -> None:
    service = resource("Service", metadata={"name": "n", "namespace": "s"})
    kept = resource("Service", metadata={"name": "kept", "namespace": "s"})
    names = {"name": "n", "namespace": namespace, "annotations": {"serviceName": "n"}}
    ingress = resource("Ingress", "networking.k8s.io/v1", metadata=names, **backend(written))
    other = resource("Mapping", metadata=names, **backend("n"))
    (renamed,) = transformed([service], tree({"namePrefix": "a-"}))
    now = with_references([renamed, kept, ingress, other])
    assert (now[0], now[1], now[3]) == (renamed, kept, other)
    assert plain(now[2].root)["spec"] == backend(expected)["spec"]
    assert plain(now[2].root)["metadata"]["annotations"] == {"serviceName": "n"}


def test_without_renamed_services_nothing_is_changed() -> None:
    (moved,) = transformed([resource("Service")], tree({"namespace": "s"}))
    (config,) = transformed([resource("ConfigMap")], tree({"namePrefix": "a-"}))
    ingress = resource("Ingress", "networking.k8s.io/v1", metadata={"name": "i", "namespace": "s"}, **backend("n"))
    assert with_references([moved, config, ingress]) == [moved, config, ingress]
