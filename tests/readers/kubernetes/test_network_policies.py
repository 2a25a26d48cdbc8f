"""Which Pods network policies cover, and which policies of plug-ins and meshes surely close them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.kubernetes import Egress, NetworkPolicy
from astrovet.model.subject import Subject
from astrovet.readers.kubernetes.manifests import manifests_of_document
from astrovet.readers.kubernetes.network_policies import network_policies
from astrovet.value import Absent, Known, Unknown
from support import state


def read(spec: Any, kind: str = "NetworkPolicy", version: str = "networking.k8s.io/v1") -> list[Any]:
    manifest = {"apiVersion": version, "kind": kind, "metadata": {"name": "n", "namespace": "s"}, "spec": spec}
    (document,) = read_yaml("k.yaml", json.dumps(manifest))
    policies: list[Subject] = list(network_policies(manifests_of_document(document)))
    return policies


def selected(policy: Any) -> Any:
    """The labels that a policy asks for, with a question mark where it may ask for more."""
    if not isinstance(policy.selector, Known):
        return state(policy.selector)
    labels = policy.selector.value
    return {name: state(value) for name, value in labels.values.items()} | ({} if labels.unlisted is None else {"?": 1})


@pytest.mark.parametrize(
    ("kind", "version", "field"),
    [
        ("NetworkPolicy", "crd.projectcalico.org/v1", ""),
        ("NetworkPolicy", "projectcalico.org/v3", ""),
        ("GlobalNetworkPolicy", "crd.projectcalico.org/v1", ""),
        ("GlobalNetworkPolicy", "projectcalico.org/v3", ""),
        ("CiliumNetworkPolicy", "cilium.io/v2", "endpointSelector"),
        ("CiliumClusterwideNetworkPolicy", "cilium.io/v2", "endpointSelector"),
        ("AdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1", ""),
        ("BaselineAdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1", ""),
        ("ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2", ""),
        ("AuthorizationPolicy", "security.istio.io/v1", "selector"),
    ],
)
def test_policies_of_plug_ins_and_meshes(kind: str, version: str, field: str) -> None:
    fields = {name: {"matchLabels": {"of": name}} for name in ("endpointSelector", "selector", "podSelector")}
    (policy,) = read({**fields, "action": "DENY"}, kind, version)
    why = f"which Pods a {kind} covers, and what it admits, is not judged"
    unread = Unknown(why, policy.place, how="look there")
    assert (policy.id, policy.block, policy.what) == (f"k.yaml#{kind}/n", f"k.yaml#{kind}/n", kind)
    assert (state(policy.name), policy.openings, policy.covers_agents) == ("n", unread, Absent(policy.place))
    assert selected(policy) == ({"of": field} if field else "?")
    if not field:
        assert policy.selector == unread
    assert policy.policy_types == Known((unread,), policy.place, written=False)


@pytest.mark.parametrize("kind", ["NetworkPolicy", "CiliumNetworkPolicy", "AuthorizationPolicy", "Policy"])
def test_other_groups_have_no_such_policies(kind: str) -> None:
    assert read({}, kind, "example.com/v1") == []


CILIUM = ("CiliumNetworkPolicy", "cilium.io/v2")
ISTIO = ("AuthorizationPolicy", "security.istio.io/v1")
LABELS = {"matchLabels": {"a": "b"}}


def callers(**source: Any) -> dict[str, Any]:
    return {"from": [{"source": source}]}


@pytest.mark.parametrize(
    ("kind", "spec", "direction"),
    [
        (CILIUM, {}, "?"),
        (CILIUM, {"egress": [{}]}, "Egress"),
        (CILIUM, {"egressDeny": [{}]}, "Egress"),
        (CILIUM, {"egress": [{}], "ingressDeny": [{}]}, "?"),
        (CILIUM, {"ingress": []}, "Ingress"),
        (CILIUM, {"ingress": [{}]}, "Ingress"),
        (CILIUM, {"ingress": [{"fromEndpoints": [LABELS]}]}, "Ingress"),
        (CILIUM, {"ingress": [{"fromEndpoints": [LABELS], "toPorts": [{}]}], "egress": [{}]}, "Ingress"),
        (CILIUM, {"ingress": [{"fromEndpoints": [LABELS, {}]}]}, "?"),
        (CILIUM, {"ingress": [{"fromEndpoints": [LABELS], "fromEntities": ["world"]}]}, "?"),
        (CILIUM, {"ingress": [{"fromEndpoints": [LABELS]}, {"fromCIDR": ["0.0.0.0/0"]}]}, "?"),
        (CILIUM, {"ingress": [{"fromEndpoints": "${PEERS}"}]}, "?"),
        (CILIUM, {"ingress": [{"toPorts": [{}]}]}, "?"),
        (CILIUM, {"ingress": ["text"]}, "?"),
        (CILIUM, {"ingress": "${RULES}"}, "?"),
        (ISTIO, {}, "Ingress"),
        (ISTIO, {"action": "ALLOW"}, "Ingress"),
        (ISTIO, {"action": "DENY"}, "?"),
        (ISTIO, {"action": "${ACTION}"}, "?"),
        (ISTIO, {"rules": [callers(principals=["a"])]}, "Ingress"),
        (ISTIO, {"rules": [callers(namespaces=["a"])]}, "Ingress"),
        (ISTIO, {"rules": [callers(serviceAccounts=["a"])]}, "Ingress"),
        (ISTIO, {"rules": [callers(principals=["a"], namespaces=["*"])]}, "?"),
        (ISTIO, {"rules": [callers(principals=["${WHO}"])]}, "?"),
        (ISTIO, {"rules": [callers(ipBlocks=["10.0.0.0/8"])]}, "?"),
        (ISTIO, {"rules": [callers(principals=["a"]), {}]}, "?"),
        (ISTIO, {"rules": [{"from": [{"source": {"principals": ["a"]}}, {"source": {}}]}]}, "?"),
        (("NetworkPolicy", "projectcalico.org/v3"), {"ingress": []}, "?"),
        (("NetworkPolicy", "projectcalico.org/v3"), {"egress": []}, "Egress"),
    ],
)
def test_which_policies_surely_close_what_they_cover(kind: tuple[str, str], spec: Any, direction: str) -> None:
    (policy,) = read(spec, *kind)
    ((one,), place) = (policy.policy_types.value, policy.policy_types.place)
    assert (state(one), place) == (direction, policy.place)
    if direction != "?":
        assert one == Known(direction, policy.place, written=False)


def asks(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"key": key, "operator": operator, "values": list(values)}


AGENT = "astro-agent"


@pytest.mark.parametrize(
    ("labels", "expressions", "expected"),
    [
        ({}, [], {}),
        ({"a": "b"}, [], {"a": "b"}),
        ({}, [asks("a", "In", "b")], {"a": "b"}),
        ({}, [asks("a", "In", "b", "c")], {"?": 1}),
        ({"a": "b"}, [asks("a", "In", "b", "c")], {"a": "b"}),
        ({"a": "b"}, [asks("a", "In", "c", "d")], {"a": ""}),
        ({"a": "${X}"}, [asks("a", "In", "c")], {"a": "?"}),
        ({}, [asks("app", "In", "b", AGENT)], {"app": AGENT}),
        ({}, [asks("app", "In", "c", "b")], {"app": "b"}),
        ({}, [asks("app", "In", "${X}", AGENT)], {"?": 1}),
        ({}, [asks("app", "NotIn", AGENT, "b")], {"app": ""}),
        ({}, [asks("app", "NotIn", "b")], {}),
        ({}, [asks("app", "NotIn", "${X}")], {"?": 1}),
        ({}, [asks("app", "DoesNotExist")], {"app": ""}),
        ({}, [asks("app", "Exists")], {}),
        ({}, [asks("a", "Exists")], {"?": 1}),
        ({}, [asks("a", "NotIn", "b")], {"?": 1}),
        ({}, [asks("app", "Other", "b")], {"?": 1}),
        ({}, [{"operator": "In", "values": ["b"]}], {"?": 1}),
        ({}, [asks("a", "Exists"), asks("b", "In", "c")], {"b": "c", "?": 1}),
    ],
)
def test_which_pods_labels_and_expressions_select(labels: Any, expressions: Any, expected: Any) -> None:
    selector = {"matchLabels": labels, "matchExpressions": expressions}
    policies = read({"podSelector": selector, "policyTypes": ["Ingress", "Egress"]})
    assert [type(policy) for policy in policies] == [NetworkPolicy, Egress]
    assert [selected(policy) for policy in policies] == [expected, expected]
    unlisted = policies[0].selector.value.unlisted
    if unlisted is not None:
        why = "it selects Pods by expressions, which are not judged"
        assert (unlisted.why, unlisted.how) == (why, "see whether they cover the agents")


def test_what_is_said_of_a_policy() -> None:
    for policy in read({"podSelector": {}, "egress": [{}]}):
        assert (policy.id, policy.block, policy.what) == ("k.yaml#NetworkPolicy/n",) * 2 + ("NetworkPolicy",)
        assert (state(policy.name), state(policy.namespace), str(policy.place)) == ("n", "s", "k.yaml:1:1")
        assert policy.covers_agents == Absent(policy.place)
        assert policy.selector.place == policy.place
    assert [selected(policy) for policy in read({"podSelector": {"matchLabels": "text"}})] == ["?"]
    policy, egress = read({"policyTypes": {"a": "b"}})
    assert (state(policy.policy_types), state(egress.exits)) == ("?", "?")
    (policy,) = read({"podSelector": {}, "ingress": [{"from": [{}]}, {}]})
    assert [source.written for way in policy.openings.value for source in way.sources] == [False, False]
    assert policy.policy_types.written is policy.policy_types.value[0].written is False


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("${RULES}", [("some ports", ["?"])]),
        (["${RULE}"], [("some ports", ["?"])]),
        ([{"from": ["${PEER}"]}], [("all ports", ["?"])]),
        ([{"from": [{}]}], [("all ports", ["0.0.0.0/0"])]),
        ([{"from": [{"podSelector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}]}], [("all ports", ["10.0.0.0/8"])]),
        ([{"ports": [{"port": 80}, {"port": 80, "protocol": "TCP"}, {"port": 81}]}], [
            ("tcp 80", ["0.0.0.0/0"]), ("tcp 81", ["0.0.0.0/0"])
        ]),
    ],
)  # fmt: skip
def test_whom_ingress_rules_admit(rules: Any, expected: Any) -> None:
    (policy,) = read({"podSelector": {}, "ingress": rules})
    openings = [(way.ports, [state(source) for source in way.sources]) for way in policy.openings.value]
    assert openings == expected
