"""Kubernetes clusters of the three clouds, setting by setting, and the firewalls that they name."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.model.network import KubernetesCluster
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known, Value
from support import known, plan_text, root_module, state


def cluster(kind: str, values: dict[str, Any], *others: tuple[str, dict[str, Any]]) -> KubernetesCluster:
    text = plan_text(dict([(f"{kind}.a", {"name": "a", **values}), *others]))
    (made,) = read_data_plane(read("plan.json", read_terraform("plan.json", text))).of(KubernetesCluster)
    return made


def of_source(source: str) -> KubernetesCluster:
    (made,) = read_data_plane(root_module({"main.tf": source}, ".")).of(KubernetesCluster)
    return made


def ranges(made: KubernetesCluster) -> object:
    value: Value[tuple[Value[str], ...]] = made.authorized_ranges
    return [state(text) for text in value.value] if isinstance(value, Known) else state(value)


EVERYBODY = ["0.0.0.0/0"]


@pytest.mark.parametrize(
    ("vpc", "public", "private", "admitted"),
    [
        ({}, True, False, EVERYBODY),
        ({"endpoint_public_access": False}, False, False, EVERYBODY),
        ({"endpoint_private_access": True}, True, True, EVERYBODY),
        ({"public_access_cidrs": ["10.0.0.0/8"]}, True, False, ["10.0.0.0/8"]),
        ({"public_access_cidrs": []}, True, False, EVERYBODY),
        ({"public_access_cidrs": "a"}, True, False, "?"),
    ],
)
def test_clusters_of_amazon(vpc: dict[str, Any], public: bool, private: bool, admitted: object) -> None:
    made = cluster("aws_eks_cluster", {"vpc_config": [vpc]})
    assert (state(made.public_endpoint), state(made.private_endpoint), ranges(made)) == (public, private, admitted)
    assert (state(made.name), made.id, made.block) == ("a", "aws_eks_cluster.a", "aws_eks_cluster.a")
    assert (state(made.private_nodes), state(made.runs_agents), made.node_access) == ("-", "-", ())


@pytest.mark.parametrize(
    ("encrypted", "expected"),
    [
        ([{"resources": ["secrets"]}], True),
        ([{"resources": ["SECRETS", "x"]}], True),
        ([{"resources": ["configmaps"]}], False),
        ([{"resources": []}], False),
        ([{"resources": "a"}], "?"),
        ([], "-"),
        (None, "-"),
    ],
)
def test_secrets_of_a_cluster_of_amazon(encrypted: object, expected: object) -> None:
    assert state(cluster("aws_eks_cluster", {"encryption_config": encrypted}).secrets_encryption) == expected


@pytest.mark.parametrize(
    ("values", "public", "private", "nodes"),
    [
        ({}, True, False, False),
        ({"private_cluster_config": [{"enable_private_endpoint": True}]}, False, True, False),
        ({"private_cluster_config": [{"enable_private_nodes": True}]}, True, True, True),
        ({"control_plane_endpoints_config": [{"ip_endpoints_config": [{"enabled": False}]}]}, False, False, False),
        (
            {"control_plane_endpoints_config": [{"dns_endpoint_config": [{"allow_external_traffic": True}]}]},
            True,
            False,
            False,
        ),
        (
            {
                "private_cluster_config": [{"enable_private_endpoint": True}],
                "control_plane_endpoints_config": [{"dns_endpoint_config": [{"allow_external_traffic": True}]}],
            },
            True,
            True,
            False,
        ),
    ],
)
def test_clusters_of_google(values: dict[str, Any], public: bool, private: bool, nodes: bool) -> None:
    made = cluster("google_container_cluster", values)
    assert (state(made.public_endpoint), state(made.private_endpoint)) == (public, private)
    assert (state(made.private_nodes), state(made.name), made.node_access) == (nodes, "a", ())


@pytest.mark.parametrize(
    ("block", "admitted"),
    [
        (None, EVERYBODY),
        ([], EVERYBODY),
        ([{"cidr_blocks": []}], []),
        ([{"cidr_blocks": [{"cidr_block": "a"}, {"cidr_block": "b"}]}], ["a", "b"]),
        ("a", "?"),
    ],
)
def test_whom_a_cluster_of_google_admits(block: object, admitted: object) -> None:
    assert ranges(cluster("google_container_cluster", {"master_authorized_networks_config": block})) == admitted


@pytest.mark.parametrize(("given", "expected"), [("ENCRYPTED", True), ("DECRYPTED", "-"), (["a"], "?"), (None, "-")])
def test_secrets_of_a_cluster_of_google(given: object, expected: object) -> None:
    made = cluster("google_container_cluster", {"database_encryption": [{"state": given}]})
    assert state(made.secrets_encryption) == expected


@pytest.mark.parametrize(
    ("values", "public", "private", "admitted"),
    [
        ({}, True, False, EVERYBODY),
        ({"private_cluster_enabled": True}, False, True, EVERYBODY),
        ({"public_network_access_enabled": False}, False, False, EVERYBODY),
        ({"api_server_access_profile": [{"authorized_ip_ranges": ["a"]}]}, True, False, ["a"]),
        ({"api_server_authorized_ip_ranges": ["b"]}, True, False, ["b"]),
        (
            {"api_server_access_profile": [{"authorized_ip_ranges": ["a"]}], "api_server_authorized_ip_ranges": ["b"]},
            True,
            False,
            ["a"],
        ),
    ],
)
def test_clusters_of_azure(values: dict[str, Any], public: bool, private: bool, admitted: object) -> None:
    made = cluster("azurerm_kubernetes_cluster", values)
    assert (state(made.public_endpoint), state(made.private_endpoint), ranges(made)) == (public, private, admitted)
    assert (state(made.secrets_encryption), state(made.private_nodes), state(made.name)) == ("-", "-", "a")
    vault = {"key_management_service": [{"key_vault_key_id": "https://x"}]}
    assert state(cluster("azurerm_kubernetes_cluster", {**values, **vault}).secrets_encryption) is True


def elsewhere(made: KubernetesCluster) -> list[tuple[str, set[str]]]:
    return [(firewall.what, set(firewall.names)) for firewall in made.firewalls_elsewhere]


EKS = 'resource "aws_eks_cluster" "a" {{\n name = "a"\n vpc_config {{\n security_group_ids = {0}\n }}\n}}\n'
OWN = """
resource "aws_security_group" "own" {}
resource "aws_vpc" "own" {}
resource "aws_default_vpc" "own" {}
resource "aws_default_security_group" "own" {}
data "aws_security_group" "looked" { name = "looked-up" }
data "terraform_remote_state" "net" {}
variable "group" {}
"""


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("[]", []),
        ('["sg-1"]', [("security groups", {"sg-1"})]),
        ("[aws_security_group.own.id]", []),
        ("[aws_vpc.own.default_security_group_id]", []),
        ("[aws_default_vpc.own.default_security_group_id]", []),
        ("[aws_default_security_group.own.id]", []),
        ('[aws_security_group.own.id, "sg-1"]', [("security groups", {"sg-1"})]),
        ("[data.aws_security_group.looked.id]", [("security groups", {"looked-up"})]),
        ("[data.terraform_remote_state.net.outputs.group]", [("security groups", set())]),
        ("[var.group]", [("security groups", set())]),
        ('["sg-1", "sg-2"]', [("security groups", {"sg-1"}), ("security groups", {"sg-2"})]),
    ],
)
def test_groups_of_a_cluster_that_are_made_elsewhere(groups: str, expected: object) -> None:
    assert elsewhere(of_source(OWN + EKS.format(groups))) == expected


NODES = """
resource "aws_eks_node_group" "n" {{
  cluster_name = aws_eks_cluster.a.name
  launch_template {{
    {0}
  }}
}}
resource "aws_launch_template" "t" {{
  name = "made-here"
  {1}
}}
"""


@pytest.mark.parametrize(
    ("named", "template", "expected"),
    [
        ("id = aws_launch_template.t.id", "", []),
        ("id = aws_launch_template.t.id", 'vpc_security_group_ids = ["sg-1"]', [("security groups", {"sg-1"})]),
        (
            "id = aws_launch_template.t.id",
            'network_interfaces {\n security_groups = ["sg-2", aws_security_group.own.id]\n }',
            [("security groups", {"sg-2"})],
        ),
        ('name = "made-here"', 'vpc_security_group_ids = ["sg-1"]', [("security groups", {"sg-1"})]),
        ('name = "elsewhere"', 'vpc_security_group_ids = ["sg-1"]', [("launch template", {"elsewhere"})]),
        ('id = "lt-1"', "", [("launch template", {"lt-1"})]),
    ],
)
def test_groups_of_nodes(named: str, template: str, expected: object) -> None:
    assert elsewhere(of_source(OWN + EKS.format("[]") + NODES.format(named, template))) == expected


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("google_container_cluster", "", [("network `default`", {"default"})]),
        ("google_container_cluster", 'network = "shared"', [("network", {"shared"})]),
        ("google_container_cluster", 'network = "projects/p/global/networks/shared"', [("network", {"shared"})]),
        ("google_container_cluster", 'subnetwork = "sub"', [("network", {"sub"})]),
        ("google_container_cluster", "network = google_compute_network.n.id", []),
        ("google_container_cluster", 'network = "mine"', []),
        ("google_container_cluster", "subnetwork = google_compute_subnetwork.n.id", []),
        ("azurerm_kubernetes_cluster", "", []),
        ("azurerm_kubernetes_cluster", 'default_node_pool {\n vnet_subnet_id = "/s/sub"\n }', [("network", {"sub"})]),
        ("azurerm_kubernetes_cluster", "default_node_pool {\n vnet_subnet_id = azurerm_subnet.n.id\n }", []),
    ],
)
def test_networks_of_clusters(kind: str, body: str, expected: object) -> None:
    source = f"""
    resource "google_compute_network" "n" {{ name = "mine" }}
    resource "google_compute_subnetwork" "n" {{}}
    resource "azurerm_subnet" "n" {{}}
    resource "{kind}" "a" {{
      {body}
    }}
    """
    assert elsewhere(of_source(source)) == expected


def test_remote_access_to_nodes() -> None:
    access = [{"ec2_ssh_key": "ops", "source_security_group_ids": ["sg-1"]}]
    group = ("aws_eks_node_group.n", {"cluster_name": "a", "remote_access": access})
    (opened,) = cluster("aws_eks_cluster", {}, group).node_access
    assert (state(opened.key), [state(text) for text in known(opened.source_groups)]) == ("ops", ["sg-1"])
    assert opened.place.pointer == "remote_access[0]"
    other = ("aws_eks_node_group.n", {"cluster_name": "b", "remote_access": access})
    assert cluster("aws_eks_cluster", {}, other).node_access == ()
