"""What a network policy lets out, and which policies are about that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.kubernetes import Egress, Exit, NetworkPolicy
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.readers.kubernetes.manifests import manifests_of_document
from astrovet.readers.kubernetes.objects import kubernetes_objects
from astrovet.value import Known
from support import root_module, state


def egress(spec: dict[str, Any]) -> Egress | None:
    """What is read of a policy; every policy is one about ingress too, as far as the other kind goes."""
    manifest = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "agents-out", "namespace": "airflow-agents"},
        "spec": {"podSelector": {}, **spec},
    }
    (document,) = read_yaml("policy.yaml", json.dumps(manifest))
    estate = kubernetes_objects(manifests_of_document(document))
    assert len(estate.of(NetworkPolicy)) == 1
    return next(iter(estate.of(Egress)), None)


def ways(policy: Egress) -> list[tuple[object, list[object]]]:
    assert isinstance(policy.exits, Known)
    exits: tuple[Exit, ...] = policy.exits.value
    return [(state(way.every_port), [state(address) for address in way.destinations]) for way in exits]


@pytest.mark.parametrize(
    ("spec", "is_about_egress"),
    [
        ({}, False),
        ({"egress": []}, False),
        ({"egress": [{}]}, True),
        ({"policyTypes": ["Egress"]}, True),
        ({"policyTypes": ["Ingress", "Egress"], "egress": []}, True),
        ({"policyTypes": ["Ingress"], "egress": [{}]}, False),
        ({"policyTypes": ["Ingress", "${MORE}"], "egress": [{}]}, True),
    ],
)
def test_which_policies_are_about_egress(spec: dict[str, Any], is_about_egress: bool) -> None:
    assert (egress(spec) is not None) is is_about_egress


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], []),
        ([{}], [(True, ["0.0.0.0/0"])]),
        ([{"to": [], "ports": []}], [(True, ["0.0.0.0/0"])]),
        ([{"ports": [{"port": 443}]}], [(False, ["0.0.0.0/0"])]),
        ([{"ports": "${PORTS}"}], [("?", ["0.0.0.0/0"])]),
        ([{"to": [{"podSelector": {}}]}], [(True, [])]),
        ([{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}, {"namespaceSelector": {}}]}], [(True, ["10.0.0.0/8"])]),
        ([{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}], [(True, [])]),
        ([{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": []}}]}], [(True, ["0.0.0.0/0"])]),
        ([{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": "${MORE}"}}]}], [(True, ["?"])]),
        ([{"to": "${PEERS}"}], [(True, ["?"])]),
    ],
)
def test_what_a_policy_lets_out(rules: list[dict[str, Any]], expected: object) -> None:
    policy = egress({"policyTypes": ["Egress"], "egress": rules})
    assert policy is not None
    assert ways(policy) == expected


def test_of_a_policy_whose_types_are_not_known_nobody_can_tell() -> None:
    policy = egress({"policyTypes": ["${MORE}"], "egress": [{}]})
    assert policy is not None
    assert state(policy.exits) == "?"


def test_policies_in_terraform() -> None:
    source = """
resource "kubernetes_network_policy_v1" "agents" {
  metadata {
    name = "agents"
  }
  spec {
    pod_selector {}
    policy_types = ["Egress"]
    egress {}
    egress {
      to {
        ip_block {
          cidr   = "0.0.0.0/0"
          except = ["10.0.0.0/8"]
        }
      }
    }
    egress {
      ports {
        port = "443"
      }
    }
  }
}
resource "kubernetes_network_policy_v1" "all" {
  metadata {
    name = "all"
  }
  spec {
    pod_selector {}
    policy_types = ["Egress"]
    dynamic "egress" {
      for_each = var.egress
      content {}
    }
  }
}
"""
    named, unknown = read_data_plane(root_module({"main.tf": source}, ".")).of(Egress)
    assert ways(named) == [(True, ["0.0.0.0/0"]), (True, []), (False, ["0.0.0.0/0"])]
    assert isinstance(named.exits, Known)
    assert [way.place.line for way in named.exits.value] == [9, 10, 18]
    assert ways(unknown) == [("?", ["?"])]
