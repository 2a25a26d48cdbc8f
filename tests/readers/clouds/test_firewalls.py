"""Firewalls of the three clouds: what each lets in, what stands behind it, and the ranges of its network."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.model.network import InboundPath
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known, Unknown
from support import known, plan_text, root_module, state

HERE = "plan.json"


def path(kind: str, values: dict[str, Any], *others: tuple[str, dict[str, Any]]) -> InboundPath:
    text = plan_text(dict([(f"{kind}.a", values), *others]))
    paths = read_data_plane(read(HERE, read_terraform(HERE, text))).of(InboundPath)
    return next(inbound for inbound in paths if inbound.id == f"{kind}.a")


def of_source(source: str) -> dict[str, InboundPath]:
    return {inbound.id: inbound for inbound in read_data_plane(root_module({"main.tf": source}, ".")).of(InboundPath)}


def lets_in(inbound: InboundPath) -> object:
    """Each opening: its ports and its sources."""
    match inbound.openings:
        case Known(openings):
            return [(opening.ports, [state(source) for source in opening.sources]) for opening in openings]
        case value:
            return state(value)


def pointers(inbound: InboundPath) -> list[str]:
    return [opening.place.pointer for opening in known(inbound.openings)]


@pytest.mark.parametrize("kind", ["aws_security_group", "aws_default_security_group"])
@pytest.mark.parametrize(
    ("ingress", "expected"),
    [
        ([], []),
        (None, []),
        (
            [{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}],
            [("tcp 22", ["10.0.0.0/8", "0.0.0.0/0"])],
        ),
        (
            [{"protocol": "6", "from_port": 80, "to_port": 90, "ipv6_cidr_blocks": ["::/0"], "cidr_blocks": ["a"]}],
            [("tcp 80 to 90", ["a", "::/0"])],
        ),
        ([{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": []}], [("all ports", [])]),
        (
            [{"protocol": "icmp", "cidr_blocks": ["a"]}, {"protocol": "17", "from_port": 0, "to_port": 65535}],
            [("icmp", ["a"]), ("all udp ports", [])],
        ),
    ],
)
def test_groups_of_amazon(kind: str, ingress: object, expected: object) -> None:
    inbound = path(kind, {"name": "agents", "ingress": ingress})
    assert (state(inbound.name), lets_in(inbound)) == ("agents", expected)
    assert pointers(inbound) == [f"ingress[{number}]" for number in range(len(known(inbound.openings)))]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"type": "ingress", "protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": ["a"]},
            [("tcp 1 to 2", ["a"])],
        ),
        (
            {"type": "ingress", "protocol": "tcp", "from_port": 1, "to_port": 1, "ipv6_cidr_blocks": ["b"]},
            [("tcp 1", ["b"])],
        ),
        ({"type": "egress", "protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": ["a"]}, []),
        ({"protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": ["a"]}, []),
        ({"type": ["a"]}, "?"),
    ],
)
def test_rules_of_amazon(values: dict[str, Any], expected: object) -> None:
    assert lets_in(path("aws_security_group_rule", values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"ip_protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_ipv4": "a"}, [("tcp 1 to 2", ["a"])]),
        ({"ip_protocol": "-1", "cidr_ipv6": "b", "cidr_ipv4": ""}, [("all ports", ["b"])]),
        ({"ip_protocol": "-1", "cidr_ipv6": "b", "cidr_ipv4": "a"}, [("all ports", ["a", "b"])]),
        ({"ip_protocol": "tcp", "referenced_security_group_id": "sg-1"}, [("all tcp ports", [])]),
    ],
)
def test_ingress_rules_of_amazon(values: dict[str, Any], expected: object) -> None:
    assert lets_in(path("aws_vpc_security_group_ingress_rule", values)) == expected


ALLOW = [{"protocol": "tcp", "ports": ["22", "8000-8080"]}, {"protocol": "icmp"}]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"allow": ALLOW, "source_ranges": ["a"]},
            [("tcp 22", ["a"]), ("tcp 8000 to 8080", ["a"]), ("icmp", ["a"])],
        ),
        ({"allow": [{"protocol": "all"}]}, [("all ports", ["0.0.0.0/0"])]),
        ({"allow": [{"protocol": "tcp"}], "source_ranges": []}, [("all tcp ports", ["0.0.0.0/0"])]),
        ({"allow": [{"protocol": "tcp"}], "source_tags": ["web"]}, [("all tcp ports", [])]),
        ({"allow": [{"protocol": "tcp"}], "source_service_accounts": ["a@b"]}, [("all tcp ports", [])]),
        ({"allow": [{"protocol": "tcp"}], "source_ranges": "a"}, [("all tcp ports", ["?"])]),
        ({"allow": [{"protocol": "tcp"}], "direction": "INGRESS"}, [("all tcp ports", ["0.0.0.0/0"])]),
        ({"allow": [{"protocol": "tcp"}], "disabled": False}, [("all tcp ports", ["0.0.0.0/0"])]),
        ({"allow": ALLOW, "direction": "EGRESS"}, []),
        ({"allow": ALLOW, "disabled": True}, []),
        ({"deny": ALLOW}, []),
        ({"allow": ALLOW, "direction": ["a"]}, "?"),
        ({"allow": ALLOW, "disabled": "maybe"}, "?"),
        ({"allow": "a"}, "?"),
        ({"allow": "a", "direction": "EGRESS"}, []),
        ({"allow": "a", "disabled": True}, []),
        ({"direction": ["a"]}, []),
    ],
)
def test_rules_of_google(values: dict[str, Any], expected: object) -> None:
    inbound = path("google_compute_firewall", values)
    assert lets_in(inbound) == expected


def test_a_rule_of_google_admits_the_world_though_nobody_wrote_it() -> None:
    inbound = path("google_compute_firewall", {"allow": ALLOW})
    opening, *_ = known(inbound.openings)
    (source,) = opening.sources
    assert isinstance(source, Known)
    assert (source.written, source.place.address) == (False, "google_compute_firewall.a")
    assert pointers(inbound) == ["allow[0]", "allow[0]", "allow[1]"]


RULE = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"source_address_prefix": "a", "destination_port_range": "22"}, [("tcp 22", ["a"])]),
        ({"direction": "inbound", "access": "ALLOW", "source_address_prefix": "*"}, [("all tcp ports", ["*"])]),
        (
            {"source_address_prefix": "a", "source_address_prefixes": ["b"], "destination_port_ranges": ["1", "2-3"]},
            [("tcp 1", ["a", "b"]), ("tcp 2 to 3", ["a", "b"])],
        ),
        (
            {"source_address_prefix": "", "source_address_prefixes": ["b"], "destination_port_range": ""},
            [("all tcp ports", ["b"])],
        ),
        ({"destination_port_range": "*", "destination_port_ranges": ["0-65535"]}, [("all tcp ports", [])]),
        ({"protocol": "*", "destination_port_ranges": ["1", "2"]}, [("all ports", [])]),
        ({"direction": "Outbound"}, []),
        ({"access": "Deny"}, []),
        ({"direction": None}, []),
        ({"access": None}, []),
        ({"direction": "Outbound", "access": ["a"]}, []),
    ],
)
def test_rules_of_azure_alone_and_in_a_group(changed: dict[str, Any], expected: list[Any]) -> None:
    alone = path("azurerm_network_security_rule", {**RULE, **changed})
    assert lets_in(alone) == expected
    group = path("azurerm_network_security_group", {"security_rule": [{**RULE, **changed}]})
    assert (lets_in(group), pointers(group)) == (expected, ["security_rule[0]"] * len(expected))


def test_a_rule_of_azure_that_cannot_be_read_hides_no_other() -> None:
    broken = {**RULE, "access": ["a"]}
    assert lets_in(path("azurerm_network_security_rule", broken)) == "?"
    rules = [broken, {**RULE, "source_address_prefix": "b"}, {**RULE, "access": "Deny"}]
    group = path("azurerm_network_security_group", {"security_rule": rules})
    assert lets_in(group) == [("some ports", ["?"]), ("all tcp ports", ["b"])]
    assert lets_in(path("azurerm_network_security_group", {"security_rule": "a"})) == "?"
    assert lets_in(path("azurerm_network_security_group", {})) == []


@pytest.mark.parametrize(
    ("protocol", "first", "last", "words"),
    [
        ("tcp", 0, 65535, "all tcp ports"),
        ("tcp", 0, 65534, "tcp 0 to 65534"),
        ("58", 0, 0, "icmpv6"),
        ("1", None, None, "icmp"),
        ("UDP", 53, 53, "udp 53"),
        ("udp", 53, None, "udp 53"),
        ("udp", None, 53, "some udp ports"),
        ("a very long name", 1, 1, "some ports"),
        (["a"], 1, 1, "some ports"),
        ("tcp", "a;b", 1, "some tcp ports"),
        ("all", 1, 1, "all ports"),
        ("*", 1, 1, "all ports"),
    ],
)
def test_ports_in_words(protocol: object, first: object, last: object, words: str) -> None:
    rule = {"protocol": protocol, "from_port": first, "to_port": last}
    assert lets_in(path("aws_security_group", {"ingress": [rule]})) == [(words, [])]


OTHERS = [
    *("aws_apprunner_vpc_connector", "aws_codebuild_project", "aws_dax_cluster", "aws_db_instance"),
    *("aws_directory_service_directory", "aws_dms_replication_instance", "aws_docdb_cluster", "aws_ecs_service"),
    *("aws_efs_mount_target", "aws_elasticache_cluster", "aws_elasticsearch_domain", "aws_emr_cluster"),
    *("aws_fsx_lustre_file_system", "aws_glue_connection", "aws_lambda_function", "aws_memorydb_cluster"),
    *("aws_mq_broker", "aws_msk_cluster", "aws_mwaa_environment", "aws_neptune_cluster", "aws_opensearch_domain"),
    *("aws_rds_cluster", "aws_redshift_cluster", "aws_redshiftserverless_workgroup", "aws_sagemaker_domain"),
    *("aws_transfer_server", "aws_vpc_endpoint", "aws_workspaces_directory"),
]
GROUP = 'resource "aws_security_group" "a" {}\n'


@pytest.mark.parametrize("kind", OTHERS)
def test_workloads_that_are_no_agents(kind: str) -> None:
    source = GROUP + f'resource "{kind}" "x" {{ security_group_ids = [aws_security_group.a.id] }}'
    assert state(of_source(source)["aws_security_group.a"].other_workloads) == (f"{kind}.x",)


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", ()),
        *(
            (f'resource "{kind}" "x" {{ security_groups = [aws_security_group.a.id] }}', ())
            for kind in (
                *(
                    "aws_instance",
                    "aws_eks_cluster",
                    "aws_eks_node_group",
                    "aws_launch_template",
                    "aws_network_interface",
                ),
                *(
                    "aws_security_group_rule",
                    "aws_vpc_security_group_egress_rule",
                    "aws_ssm_parameter",
                    "astro_cluster",
                ),
                "aws_security_group",
            )
        ),
        *(
            (f'resource "{kind}" "x" {{ security_groups = [aws_security_group.a.id] }}', "?")
            for kind in ("aws_lb", "aws_alb", "aws_elb")
        ),
    ],
)
def test_workloads_behind_which_agents_may_stand(rest: str, expected: object) -> None:
    assert state(of_source(GROUP + rest)["aws_security_group.a"].other_workloads) == expected


DATABASE = 'resource "aws_db_instance" "x" { vpc_security_group_ids = [aws_security_group.a.id] }\n'


def test_one_user_that_may_be_an_agent_is_enough() -> None:
    machine = 'resource "aws_instance" "y" { vpc_security_group_ids = [aws_security_group.a.id] }\n'
    assert state(of_source(GROUP + DATABASE + machine)["aws_security_group.a"].other_workloads) == ()
    balanced = 'resource "aws_lb" "y" { security_groups = [aws_security_group.a.id] }\n'
    both = of_source(GROUP + DATABASE + balanced)["aws_security_group.a"].other_workloads
    assert isinstance(both, Unknown)
    assert both.why == (
        "a load balancer uses this group, and whether agents stand behind it cannot be told from the inputs"
    )


def test_rules_stand_before_what_uses_their_group() -> None:
    rule = 'resource "aws_security_group_rule" "r" { security_group_id = aws_security_group.a.id\n type = "ingress" }\n'
    paths = of_source(GROUP + DATABASE + rule)
    assert state(paths["aws_security_group_rule.r"].other_workloads) == ("aws_db_instance.x",)
    let_in = rule.replace("security_group_id", "source_security_group_id")
    assert state(of_source(GROUP + DATABASE + let_in)["aws_security_group_rule.r"].other_workloads) == ()


@pytest.mark.parametrize("network", ["vpc-2", "vpc-1", None])
def test_a_group_of_another_network_than_the_nodes(network: str | None) -> None:
    vpc = f'vpc_id = "{network}"' if network else ""
    source = f"""
    resource "aws_security_group" "nodes" {{ vpc_id = "vpc-1" }}
    resource "aws_security_group" "a" {{ {vpc} }}
    resource "aws_eks_cluster" "c" {{
      vpc_config {{ security_group_ids = [aws_security_group.nodes.id] }}
    }}
    resource "aws_instance" "jump" {{ vpc_security_group_ids = [aws_security_group.a.id] }}
    """
    expected = ("aws_instance.jump",) if network == "vpc-2" else ()
    assert state(of_source(source)["aws_security_group.a"].other_workloads) == expected


def cluster(inbound: InboundPath) -> tuple[object, str]:
    match inbound.cluster.to:
        case Known(found_cluster):
            return found_cluster.id, inbound.cluster.how
        case Unknown() as unknown:
            return "?", unknown.in_full
        case value:
            return state(value), ""


EKS = """
resource "aws_eks_cluster" "{0}" {{
  name = "{0}"
  vpc_config {{ security_group_ids = [aws_security_group.a.id] }}
}}
"""


@pytest.mark.parametrize(
    ("rest", "leads_to", "words"),
    [
        ("", "?", "no Kubernetes cluster is in these inputs; scan its plan too"),
        (EKS.format("c"), "aws_eks_cluster.c", "by reference from aws_eks_cluster.c"),
        (EKS.format("c") + EKS.format("d"), "?", "several Kubernetes clusters use it"),
        (EKS.format("c").replace("aws_security_group.a.id", '"sg-1"'), "-", ""),
        (EKS.format("c").replace("aws_security_group.a.id", '"sg-1"') + DATABASE, "-", ""),
        (
            EKS.format("c").replace("aws_security_group.a.id", '"sg-1"')
            + DATABASE.replace("aws_db_instance", "aws_instance"),
            "?",
            "aws_instance.x uses it, and to which Kubernetes cluster that belongs cannot be told",
        ),
    ],
)
def test_the_cluster_behind_a_group(rest: str, leads_to: str, words: str) -> None:
    inbound = of_source(GROUP + rest)["aws_security_group.a"]
    assert cluster(inbound) == (leads_to, words)


def test_the_cluster_behind_rules() -> None:
    source = (
        EKS.format("c").replace("aws_security_group.a.id", '"sg-1"')
        + """
    resource "aws_security_group_rule" "r" {
      type              = "ingress"
      security_group_id = aws_eks_cluster.c.vpc_config[0].cluster_security_group_id
    }
    resource "google_compute_firewall" "g" {}
    """
    )
    paths = of_source(source)
    assert cluster(paths["aws_security_group_rule.r"])[0] == "aws_eks_cluster.c"
    why = "a firewall rule of a network does not show which Kubernetes cluster it stands before"
    assert cluster(paths["google_compute_firewall.g"]) == ("?", why)


@pytest.mark.parametrize(
    ("network", "ranges"),
    [
        ('cidr_block = "10.0.0.0/16"', ["10.0.0.0/16", "10.9.0.0/16"]),
        ('cidr_block = "10.0.0.0/16"\n ipv6_cidr_block = "fd00::/56"', ["10.0.0.0/16", "fd00::/56", "10.9.0.0/16"]),
        ("cidr_block = var.range", ["?", "10.9.0.0/16"]),
    ],
)
def test_the_ranges_of_a_group_s_network(network: str, ranges: list[str]) -> None:
    source = f"""
    variable "range" {{}}
    resource "aws_vpc" "n" {{
      {network}
    }}
    resource "aws_vpc" "other" {{ cidr_block = "10.8.0.0/16" }}
    resource "aws_vpc_ipv4_cidr_block_association" "n" {{
      vpc_id     = aws_vpc.n.id
      cidr_block = "10.9.0.0/16"
    }}
    resource "aws_vpc_ipv4_cidr_block_association" "other" {{
      vpc_id     = aws_vpc.other.id
      cidr_block = "10.7.0.0/16"
    }}
    resource "aws_security_group" "a" {{ vpc_id = aws_vpc.n.id }}
    resource "aws_security_group" "b" {{ vpc_id = var.range }}
    resource "aws_security_group_rule" "r" {{
      type              = "ingress"
      security_group_id = aws_security_group.a.id
    }}
    """
    paths = of_source(source)
    for address in ("aws_security_group.a", "aws_security_group_rule.r"):
        assert [state(text) for text in known(paths[address].network)] == ranges
        assert paths[address].network.place.address == "aws_vpc.n"
    lost = paths["aws_security_group.b"].network
    assert isinstance(lost, Unknown)
    assert lost.why == "which ranges the network of this firewall has cannot be told from the inputs"


def test_the_network_of_a_group_by_its_id() -> None:
    networks = [("aws_vpc.x", {"id": "vpc-0", "cidr_block": "a"}), ("aws_vpc.n", {"id": "vpc-1", "cidr_block": "b"})]
    inbound = path("aws_security_group", {"id": "sg-1", "vpc_id": "vpc-1"}, *networks)
    assert [state(text) for text in known(inbound.network)] == ["b"]
    assert state(path("aws_security_group", {"id": "sg-1", "vpc_id": "vpc-2"}, *networks).network) == "?"
    assert state(path("aws_security_group", {"id": "sg-1"}, *networks).network) == "?"


@pytest.mark.parametrize(
    ("kind", "values", "others", "names"),
    [
        (
            "aws_security_group",
            {"id": "sg-1", "name": "agents", "tags": {"Name": "tagged"}},
            [],
            {"sg-1", "agents", "tagged"},
        ),
        ("aws_security_group_rule", {"id": "sgr-1", "type": "ingress"}, [], set()),
        (
            "google_compute_firewall",
            {"name": "own", "network": "projects/p/global/networks/net"},
            [
                ("google_compute_network.n", {"name": "mine", "self_link": "https://x/mine"}),
                ("google_compute_subnetwork.n", {"name": "sub"}),
                ("azurerm_subnet.n", {"name": "other"}),
            ],
            {"net", "mine", "https://x/mine", "sub"},
        ),
        (
            "azurerm_network_security_group",
            {"name": "own"},
            [
                ("azurerm_subnet.n", {"name": "sub", "id": "/sub"}),
                ("azurerm_virtual_network.n", {"name": "net"}),
                ("google_compute_network.n", {"name": "mine"}),
            ],
            {"sub", "/sub", "net"},
        ),
    ],
)
def test_what_others_may_call_a_firewall_by(
    kind: str, values: dict[str, Any], others: list[Any], names: set[str]
) -> None:
    assert path(kind, values, *others).names == names


INSTANCES: list[tuple[str, dict[str, Any]]] = [("aws_db_instance.x", {"vpc_security_group_ids": ["sg-1"]})]


def test_uses_by_a_known_id() -> None:
    """A state has no references; there the ids tell."""
    group = {"id": "sg-1", "vpc_id": "vpc-1"}
    assert state(path("aws_security_group", group, *INSTANCES).other_workloads) == ("aws_db_instance.x",)
    rule = {"security_group_id": "sg-1", "type": "ingress"}
    others: list[tuple[str, dict[str, Any]]] = [
        ("aws_security_group.g", group),
        ("aws_vpc.n", {"id": "vpc-1", "cidr_block": "a"}),
        *INSTANCES,
    ]
    before = path("aws_security_group_rule", rule, *others)
    assert state(before.other_workloads) == ("aws_db_instance.x",)
    assert [state(text) for text in known(before.network)] == ["a"]
    elsewhere = path("aws_security_group_rule", {**rule, "security_group_id": "sg-2"}, *others)
    assert (state(elsewhere.other_workloads), state(elsewhere.network)) == ((), "?")
    let_in = {**rule, "security_group_id": "sg-2", "source_security_group_id": "sg-1"}
    assert state(path("aws_security_group_rule", let_in, *others).other_workloads) == ()


def test_a_default_group_is_a_group() -> None:
    source = """
    resource "aws_default_security_group" "a" { vpc_id = "vpc-1" }
    resource "aws_db_instance" "x" { vpc_security_group_ids = [aws_default_security_group.a.id] }
    """
    assert state(of_source(source)["aws_default_security_group.a"].other_workloads) == ("aws_db_instance.x",)


def plan_with_local(kind: str, *, complete: bool = True) -> InboundPath:
    """A group that a database uses, and an instance whose groups come from a local value."""

    def block(kind: str, name: str, **expressions: list[str]) -> dict[str, Any]:
        written = {attribute: {"references": listed} for attribute, listed in expressions.items()}
        return {"mode": "managed", "type": kind, "name": name, "address": f"{kind}.{name}", "expressions": written}

    blocks = [
        block("aws_security_group", "a"),
        block("aws_db_instance", "x", vpc_security_group_ids=["aws_security_group.a.id", "aws_security_group.a"]),
        block(kind, "y", vpc_security_group_ids=["local.groups"]),
    ]
    resources: dict[str, dict[str, Any]] = {str(made["address"]): {} for made in blocks}
    more: dict[str, Any] = {} if complete else {"complete": False}
    text = plan_text(resources, configuration={"root_module": {"resources": blocks}}, **more)
    (inbound,) = read_data_plane(read(HERE, read_terraform(HERE, text))).of(InboundPath)
    return inbound


def test_uses_that_are_not_seen() -> None:
    words = "other workloads use this group, and whether agents use it too cannot be told: "
    hidden = plan_with_local("aws_instance").other_workloads
    assert isinstance(hidden, Unknown)
    assert hidden.why == f"{words}which groups aws_instance.y uses is behind a local value"
    partial = plan_with_local("aws_instance", complete=False).other_workloads
    assert isinstance(partial, Unknown)
    assert partial.why == f"{words}this plan does not show everything"
    assert state(plan_with_local("aws_rds_cluster").other_workloads) == ("aws_db_instance.x",)


def test_further_ranges_of_a_network_that_is_only_read() -> None:
    network = {"id": "vpc-1", "cidr_block": "a", "cidr_block_associations": [{"cidr_block": "b"}, {"cidr_block": "c"}]}
    inbound = path("aws_security_group", {"id": "sg-1", "vpc_id": "vpc-1"}, ("aws_vpc.n", network))
    assert [state(text) for text in known(inbound.network)] == ["a", "b", "c"]
    nameless = path("aws_security_group", {"vpc_id": "vpc-1"}, ("aws_vpc.n", {"cidr_block": "a"}))
    assert state(nameless.network) == "?"
