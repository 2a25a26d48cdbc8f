"""The customer's own side: clusters, object stores and what Kubernetes exposes, held against plans.

The plans are Terraform's own, made with the stand-in: fixtures/plans and tests/data/data-plane-aws. Resource types
that the stand-in does not have are written as a plan shows them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from astrovet.model.estate import Estate
from astrovet.model.kubernetes import ExposedService, NetworkPolicy, Route
from astrovet.model.link import Link
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.storage import ObjectStore
from astrovet.place import Place
from astrovet.readers.clouds.bucket_policy import bucket_policy
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.readers.settings import all_of, any_of, negated
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Absent, Known, Unknown, Value
from support import ROOT, known, plan_text, root_module, state

PLANS = ROOT / "fixtures" / "plans"
AWS = ROOT / "tests" / "data" / "data-plane-aws"
HERE = Place("plan.json")


def of(text: str) -> Estate:
    return read_data_plane(read("plan.json", read_terraform("plan.json", text)))


def text_of_plan(name: str) -> str:
    folder = AWS if name == AWS.name else PLANS / name
    return (folder / "plan.json").read_text("utf-8")


def planned(*resources: tuple[str, dict[str, Any]], **more: Any) -> Estate:
    return of(plan_text(dict(resources), **more))


@pytest.fixture(scope="module")
def planes() -> dict[str, Estate]:
    names = ("remote-exec-aws-open", "remote-exec-aws-good", "data-plane-gcp", "data-plane-azure", "bucket-protection")
    return {name: of(text_of_plan(name)) for name in (*names, AWS.name)}


def states(values: Value[tuple[Value[str], ...]]) -> object:
    return [state(value) for value in values.value] if isinstance(values, Known) else state(values)


def store(plane: Estate, address: str) -> ObjectStore:
    return next(store for store in plane.of(ObjectStore) if store.id == address)


def grants(store: ObjectStore) -> list[tuple[str, str, object]]:
    return [(grant.what, grant.place.address, state(grant.admits_everyone)) for grant in store.grants]


def guards(store: ObjectStore) -> object:
    """The switches that are on, each as 1, and those that are off, as 0."""
    match store.guards:
        case Known(switches):
            return "".join(
                "?" if state(switch.closed) == "?" else str(int(known(switch.closed))) for switch in switches
            )
        case Unknown() | Absent():
            return state(store.guards)


# --- clusters


@pytest.mark.parametrize(
    ("plan", "cluster", "public", "private", "ranges", "private_nodes", "secrets"),
    [
        # Left out: public for the whole world, though the plan shows the ranges as unknown.
        ("remote-exec-aws-open", "aws_eks_cluster.agents", True, False, ["0.0.0.0/0"], "-", "-"),
        ("remote-exec-aws-good", "aws_eks_cluster.agents", False, True, ["0.0.0.0/0"], "-", True),
        ("data-plane-aws", "aws_eks_cluster.agents", True, False, ["203.0.113.0/24"], "-", False),
        # A range that the author writes and that is known only after apply stays unknown.
        ("data-plane-aws", "aws_eks_cluster.other", True, True, ["?"], "-", "-"),
        ("data-plane-gcp", "google_container_cluster.agents", True, True, ["203.0.113.0/24"], True, True),
        ("data-plane-gcp", "google_container_cluster.closed", False, True, [], True, "-"),
        ("data-plane-gcp", "google_container_cluster.lab", True, False, ["0.0.0.0/0"], False, "-"),
        ("data-plane-azure", "azurerm_kubernetes_cluster.agents", False, True, ["0.0.0.0/0"], "-", "-"),
        ("data-plane-azure", "azurerm_kubernetes_cluster.lab", True, False, ["0.0.0.0/0"], "-", "-"),
        (
            "data-plane-azure",
            "azurerm_kubernetes_cluster.office",
            True,
            False,
            ["198.51.100.0/24", "203.0.113.0/24"],
            "-",
            "-",
        ),
    ],
)
def test_who_reaches_a_cluster(
    planes: dict[str, Estate],
    plan: str,
    cluster: str,
    public: bool,
    private: bool,
    ranges: list[str],
    private_nodes: object,
    secrets: object,
) -> None:
    kubernetes = next(candidate for candidate in planes[plan].of(KubernetesCluster) if candidate.id == cluster)
    assert (state(kubernetes.public_endpoint), state(kubernetes.private_endpoint)) == (public, private)
    assert states(kubernetes.authorized_ranges) == ranges
    assert (state(kubernetes.private_nodes), state(kubernetes.secrets_encryption)) == (private_nodes, secrets)
    assert kubernetes.place == Place("plan.json", address=cluster)


def test_ranges_of_a_dynamic_block_are_no_default() -> None:
    """A plan leaves such blocks out of the configuration, so who wrote the value does not show."""
    text = text_of_plan("remote-exec-aws-open")
    plan = json.loads(text)
    blocks = plan["configuration"]["root_module"]["resources"]
    del next(block for block in blocks if block["type"] == "aws_eks_cluster")["expressions"]["vpc_config"]
    (cluster,) = of(json.dumps(plan)).of(KubernetesCluster)
    assert states(cluster.authorized_ranges) == "?"
    del plan["configuration"]
    (cluster,) = of(json.dumps(plan)).of(KubernetesCluster)
    assert states(cluster.authorized_ranges) == "?"


def test_a_cluster_that_is_removed_is_not_there() -> None:
    plan = json.loads(text_of_plan("remote-exec-aws-open"))
    for change in plan["resource_changes"]:
        change["change"]["actions"] = ["delete"]
    # A network that is only read is not the plan's to remove.
    assert replace(of(json.dumps(plan)), customer_networks=()) == Estate()


def test_remote_access_to_nodes() -> None:
    vpc = {"vpc_config": [{"endpoint_public_access": False}]}
    open_access = {"remote_access": [{"ec2_ssh_key": "ops", "source_security_group_ids": None}]}
    closed_access = {"remote_access": [{"ec2_ssh_key": "ops", "source_security_group_ids": ["sg-0123"]}]}
    plane = planned(
        ("aws_eks_cluster.agents", {"name": "agents", **vpc}),
        ("aws_eks_cluster.other", {"name": "other", **vpc}),
        ("aws_eks_node_group.open", {"cluster_name": "agents", **open_access}),
        ("aws_eks_node_group.closed", {"cluster_name": "other", **closed_access}),
        ("aws_eks_node_group.none", {"cluster_name": "agents", "remote_access": []}),
    )
    accesses = {cluster.id: cluster.node_access for cluster in plane.of(KubernetesCluster)}
    ((opened,), (closed,)) = (accesses["aws_eks_cluster.agents"], accesses["aws_eks_cluster.other"])
    assert (state(opened.key), states(opened.source_groups)) == ("ops", "-")
    assert opened.place == Place("plan.json", address="aws_eks_node_group.open", pointer="remote_access[0]")
    assert (state(closed.key), states(closed.source_groups)) == ("ops", ["sg-0123"])


@pytest.mark.parametrize(
    ("plan", "path", "cluster", "candidates"),
    [
        ("remote-exec-aws-good", "aws_security_group.agents", "aws_eks_cluster.agents", 1),
        ("remote-exec-aws-open", "aws_security_group.agents", "-", 0),
        ("data-plane-aws", "aws_security_group.agents", "aws_eks_cluster.agents", 1),
        ("data-plane-aws", "aws_security_group_rule.agents", "aws_eks_cluster.agents", 1),
        ("data-plane-aws", "aws_vpc_security_group_ingress_rule.own_group", "aws_eks_cluster.agents", 1),
        ("data-plane-aws", "aws_security_group.shared", "?", 2),
        ("data-plane-aws", "aws_security_group.unused", "-", 0),
    ],
)
def test_rule_to_security_group_to_cluster(
    planes: dict[str, Estate], plan: str, path: str, cluster: str, candidates: int
) -> None:
    link = next(inbound for inbound in planes[plan].of(InboundPath) if inbound.id == path).cluster
    leads_to = link.to.value.id if isinstance(link.to, Known) else state(link.to)
    assert (leads_to, len(link.candidates)) == (cluster, candidates)


# --- object stores


BLOCK, KEYED = "aws_s3_bucket_public_access_block", "aws_s3_bucket.keyed"


@pytest.mark.parametrize(
    ("plan", "address", "switches", "prevented"),
    [
        ("remote-exec-aws-open", "aws_s3_bucket.logs", "0100", False),
        # One block for each, by `each.value`; which is which does not show and does not matter.
        ("remote-exec-aws-good", "aws_s3_bucket.logs", "1111", True),
        ("remote-exec-aws-good", "aws_s3_bucket.xcom", "1111", True),
        # `for_each` over the buckets themselves: by their keys, for the instances differ.
        ("bucket-protection", 'aws_s3_bucket.this["xcom"]', "1111", True),
        ("bucket-protection", 'aws_s3_bucket.this["raw.data"]', "1110", False),
        ("data-plane-aws", "aws_s3_bucket.bare", "-", False),
        ("data-plane-aws", "aws_s3_bucket.inline", "1111", True),
        ("data-plane-aws", f'{KEYED}["logs"]', "1111", True),
        ("data-plane-aws", f'{KEYED}["xcom"]', "-", False),
        ("data-plane-gcp", "google_storage_bucket.logs", "1", True),
        ("data-plane-gcp", "google_storage_bucket.exchange", "0", False),
        ("data-plane-azure", "azurerm_storage_account.closed", "11", True),
        ("data-plane-azure", "azurerm_storage_account.open", "00", False),
    ],
)
def test_what_keeps_a_store_closed(
    planes: dict[str, Estate], plan: str, address: str, switches: str, prevented: bool
) -> None:
    bucket = store(planes[plan], address)
    assert bucket.managed
    assert (guards(bucket), state(bucket.public_access_prevented)) == (switches, prevented)


@pytest.mark.parametrize(
    ("plan", "address", "expected"),
    [
        (
            "remote-exec-aws-open",
            "aws_s3_bucket.logs",
            [("canned ACL", "aws_s3_bucket_acl.logs", True), ("bucket policy", "aws_s3_bucket_policy.logs", "?")],
        ),
        ("remote-exec-aws-good", "aws_s3_bucket.logs", []),
        (
            "data-plane-aws",
            "aws_s3_bucket.inline",
            [("canned ACL", "aws_s3_bucket.inline", True), ("bucket policy", "aws_s3_bucket.inline", True)],
        ),
        (
            "data-plane-gcp",
            "google_storage_bucket.exchange",
            [
                ("role", 'google_storage_bucket_iam_member.readers["allUsers"]', True),
                ("role", 'google_storage_bucket_iam_member.readers["group:analysts@example.com"]', False),
            ],
        ),
        # A service account is somebody, although its name shows only after apply.
        ("data-plane-gcp", "google_storage_bucket.logs", [("role", "google_storage_bucket_iam_member.agents", False)]),
        (
            "data-plane-azure",
            "azurerm_storage_account.open",
            [
                ("container", 'azurerm_storage_container.stores["logs"]', False),
                ("container", 'azurerm_storage_container.stores["xcom"]', True),
            ],
        ),
        (
            "data-plane-azure",
            "azurerm_storage_account.closed",
            [("container", "azurerm_storage_container.by_name", False)],
        ),
    ],
)
def test_who_is_let_into_a_store(
    planes: dict[str, Estate], plan: str, address: str, expected: list[tuple[str, str, object]]
) -> None:
    assert grants(store(planes[plan], address)) == expected


@pytest.mark.parametrize(
    ("plan", "address", "name"),
    [
        ("data-plane-aws", "aws_s3_bucket_policy.foreign", "acme-of-another-team"),
        ("data-plane-gcp", "google_storage_bucket_iam_member.elsewhere", "acme-shared-with-partners"),
        ("data-plane-azure", "azurerm_storage_container.elsewhere", "acmepartners"),
    ],
)
def test_a_grant_on_a_store_of_another_root_module_is_not_lost(
    planes: dict[str, Estate], plan: str, address: str, name: str
) -> None:
    (bucket,) = (store for store in planes[plan].of(ObjectStore) if not store.managed)
    assert (bucket.id, state(bucket.name)) == (address, name)
    assert [grant[2] for grant in grants(bucket)] == [True]
    assert isinstance(bucket.guards, Unknown)
    assert isinstance(bucket.public_access_prevented, Unknown)


@pytest.mark.parametrize(
    ("plan", "address", "algorithm", "customer_key"),
    [
        ("remote-exec-aws-good", "aws_s3_bucket.logs", "aws:kms", True),
        ("remote-exec-aws-good", "aws_s3_bucket.xcom", "AES256", False),
        ("data-plane-aws", "aws_s3_bucket.inline", "aws:kms", False),
        # The key comes through a `dynamic` block, which a plan does not show.
        ("bucket-protection", 'aws_s3_bucket.this["logs"]', "aws:kms", "?"),
        ("data-plane-gcp", "google_storage_bucket.logs", "-", True),
    ],
)
def test_encryption(planes: dict[str, Estate], plan: str, address: str, algorithm: str, customer_key: object) -> None:
    encryption = known(store(planes[plan], address).encryption)
    assert (state(encryption.algorithm), state(encryption.customer_key)) == (algorithm, customer_key)


@pytest.mark.parametrize(
    ("plan", "address"),
    [
        ("remote-exec-aws-open", "aws_s3_bucket.logs"),
        ("bucket-protection", 'aws_s3_bucket.this["raw.data"]'),
        ("data-plane-gcp", "google_storage_bucket.exchange"),
        ("data-plane-azure", "azurerm_storage_account.open"),
    ],
)
def test_encryption_that_nobody_mentions_is_absent(planes: dict[str, Estate], plan: str, address: str) -> None:
    assert isinstance(store(planes[plan], address).encryption, Absent)


@pytest.mark.parametrize(
    ("plan", "address", "tls_only", "minimum", "versioning", "force_destroy"),
    [
        ("remote-exec-aws-open", "aws_s3_bucket.logs", "?", "-", "-", True),
        ("remote-exec-aws-good", "aws_s3_bucket.logs", False, "-", True, False),
        ("remote-exec-aws-good", "aws_s3_bucket.xcom", False, "-", "-", False),
        ("data-plane-aws", "aws_s3_bucket.counted[0]", False, "-", True, False),
        ("data-plane-aws", "aws_s3_bucket.counted[1]", False, "-", False, False),
        ("data-plane-aws", "aws_s3_bucket.inline", False, "-", True, False),
        # Two instances that differ, for two buckets of which the plan does not say which is whose.
        ("data-plane-aws", "aws_s3_bucket.left", False, "-", "?", False),
        ("data-plane-aws", "aws_s3_bucket.right", False, "-", "?", False),
        ("data-plane-gcp", "google_storage_bucket.logs", True, "-", True, False),
        ("data-plane-gcp", "google_storage_bucket.exchange", True, "-", "-", True),
        ("data-plane-azure", "azurerm_storage_account.closed", True, "TLS1_2", "-", "-"),
        ("data-plane-azure", "azurerm_storage_account.open", False, "TLS1_0", "-", "-"),
    ],
)
def test_transport_and_loss(
    planes: dict[str, Estate],
    plan: str,
    address: str,
    tls_only: object,
    minimum: str,
    versioning: object,
    force_destroy: object,
) -> None:
    bucket = store(planes[plan], address)
    assert (state(bucket.tls_only), state(bucket.minimum_tls)) == (tls_only, minimum)
    assert (state(bucket.versioning), state(bucket.force_destroy)) == (versioning, force_destroy)


def test_expirations_are_enabled_rules_that_delete(planes: dict[str, Estate]) -> None:
    expirations = known(store(planes[AWS.name], "aws_s3_bucket.inline").expirations)
    assert [(state(expiration.days), states(expiration.prefixes)) for expiration in expirations] == [
        (30, ["logs/"]),
        (365, []),
    ]
    assert expirations[0].place.pointer == "rule[0]"
    assert store(planes[AWS.name], "aws_s3_bucket.bare").expirations == Known(
        (), Place("plan.json", address="aws_s3_bucket.bare")
    )


def test_lifecycles_of_google_and_azure() -> None:
    def google(action: str, **condition: Any) -> dict[str, Any]:
        return {"action": [{"type": action}], "condition": [condition]}

    def azure(days: int, enabled: bool) -> dict[str, Any]:
        blob = {"delete_after_days_since_modification_greater_than": days}
        return {"enabled": enabled, "filters": [{"prefix_match": ["logs/"]}], "actions": [{"base_blob": [blob]}]}

    plane = planned(
        (
            "google_storage_bucket.logs",
            {
                "name": "logs",
                "lifecycle_rule": [
                    google("Delete", age=7, matches_prefix=["tmp/"]),
                    google("Delete", age=90),
                    google("SetStorageClass", age=1),
                    google("Delete", num_newer_versions=3),
                ],
            },
        ),
        ("azurerm_storage_account.logs", {"name": "acmelogs", "id": "/subscriptions/0/acmelogs"}),
        (
            "azurerm_storage_management_policy.logs",
            {
                "storage_account_id": "/subscriptions/0/acmelogs",
                "rule": [azure(30, enabled=True), azure(1, enabled=False), azure(-1, enabled=True)],
            },
        ),
    )
    expirations = [
        [(state(expiration.days), states(expiration.prefixes)) for expiration in known(store.expirations)]
        for store in plane.of(ObjectStore)
    ]
    assert expirations == [[(7, ["tmp/"]), (90, [])], [(30, ["logs/"])]]


def test_a_rule_for_tagged_objects_covers_no_beginning_of_a_name() -> None:
    def rule(**filters: Any) -> dict[str, Any]:
        return {"status": "Enabled", "expiration": [{"days": 5}], "filter": [filters]}

    rules = [
        rule(tag=[{"key": "temporary", "value": "yes"}]),
        rule(**{"and": [{"prefix": "logs/", "tags": {"temporary": "yes"}}]}),
        rule(**{"and": [{"prefix": "raw/", "tags": None}]}),
    ]
    plane = planned(
        ("aws_s3_bucket.logs", {"bucket": "logs"}),
        ("aws_s3_bucket_lifecycle_configuration.logs", {"bucket": "logs", "rule": rules}),
    )
    assert [states(expiration.prefixes) for expiration in known(plane.of(ObjectStore)[0].expirations)] == [["raw/"]]


INCOMPLETE: tuple[dict[str, Any], ...] = ({"complete": False}, {"errored": True})


@pytest.mark.parametrize("change", INCOMPLETE)
def test_what_an_incomplete_plan_lacks_is_not_absent(change: dict[str, Any]) -> None:
    plan = json.loads(text_of_plan("data-plane-aws"))
    bucket = store(of(json.dumps({**plan, **change})), "aws_s3_bucket.bare")
    assert [grant[2] for grant in grants(bucket)] == ["?"]
    unsure = (bucket.guards, bucket.public_access_prevented, bucket.encryption, bucket.versioning, bucket.tls_only)
    assert all(isinstance(value, Unknown) for value in (*unsure, bucket.expirations))
    inline = store(of(json.dumps({**plan, **change})), "aws_s3_bucket.inline")
    assert (guards(inline), state(inline.public_access_prevented)) == ("1111", True)


@pytest.mark.parametrize(
    ("attribute", "references"),
    [
        ("bucket", ["local.bucket"]),
        ("bucket", ["random_pet.suffix.id", "random_pet.suffix"]),
        ("bucket", ["module.elsewhere"]),
    ],
)
def test_a_block_of_nobody_knows_which_bucket_keeps_all_of_them_open(attribute: str, references: list[str]) -> None:
    plan = json.loads(text_of_plan("remote-exec-aws-open"))
    blocks = plan["configuration"]["root_module"]["resources"]
    block = next(block for block in blocks if block["type"] == BLOCK)
    block["expressions"][attribute] = {"references": references}
    bucket = store(of(json.dumps(plan)), "aws_s3_bucket.logs")
    assert isinstance(bucket.guards, Unknown)
    assert f"whether {BLOCK}.logs belongs to it cannot be told" in bucket.guards.why
    assert isinstance(bucket.public_access_prevented, Unknown)


def test_a_block_of_a_bucket_that_is_only_read_belongs_to_no_other() -> None:
    plan = json.loads(text_of_plan("remote-exec-aws-open"))
    blocks = plan["configuration"]["root_module"]["resources"]
    block = next(block for block in blocks if block["type"] == BLOCK)
    block["expressions"]["bucket"] = {"references": ["data.aws_s3_bucket.theirs.id", "data.aws_s3_bucket.theirs"]}
    change = {"actions": ["read"], "before": None, "after": {}, "after_unknown": {"id": True}}
    theirs = {"mode": "data", "type": "aws_s3_bucket", "name": "theirs", "provider_name": "hashicorp/aws"}
    plan["resource_changes"].append({"address": "data.aws_s3_bucket.theirs", **theirs, "change": change})
    assert isinstance(store(of(json.dumps(plan)), "aws_s3_bucket.logs").guards, Absent)


def test_a_state_joins_by_name() -> None:
    def managed(address: str, values: dict[str, Any]) -> dict[str, Any]:
        kind, name = address.split(".")
        return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}

    closed = dict.fromkeys(("block_public_acls", "block_public_policy", "ignore_public_acls"), True)
    resources = [
        managed("aws_s3_bucket.logs", {"id": "acme-logs", "bucket": "acme-logs"}),
        managed("aws_s3_bucket.other", {"id": "acme-other", "bucket": "acme-other"}),
        managed(f"{BLOCK}.logs", {"bucket": "acme-logs", **closed, "restrict_public_buckets": True}),
    ]
    plane = of(
        json.dumps(
            {
                "format_version": "1.0",
                "terraform_version": "1.11.4",
                "values": {"root_module": {"resources": resources}},
            }
        )
    )
    assert [guards(store) for store in plane.of(ObjectStore)] == ["1111", "-"]


ON = dict.fromkeys(("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True)


def test_the_block_of_the_account_closes_its_buckets() -> None:
    bucket = ("aws_s3_bucket.logs", {"bucket": "logs"})
    kind = "aws_s3_account_public_access_block.all"
    assert state(planned(bucket, (kind, ON)).of(ObjectStore)[0].public_access_prevented) is True
    half = {**ON, "ignore_public_acls": False}
    assert state(planned(bucket, (kind, half)).of(ObjectStore)[0].public_access_prevented) is False
    aws = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws"}
    two = {"provider_config": {"aws": aws, "aws.audit": {**aws, "alias": "audit"}}, "root_module": {}}
    several = planned(bucket, (kind, ON), configuration=two).of(ObjectStore)[0]
    assert isinstance(several.public_access_prevented, Unknown)


def admitted(*resources: tuple[str, dict[str, Any]]) -> list[object]:
    (store,) = planned(*resources).of(ObjectStore)
    return [state(grant.admits_everyone) for grant in store.grants]


@pytest.mark.parametrize(
    ("attachment", "values", "expected"),
    [
        ("google_storage_bucket_iam_binding.x", {"members": ["user:a@example.com", "allUsers"]}, [False, True]),
        ("google_storage_bucket_iam_policy.x", {"policy_data": '{"bindings":[{"members":["allUsers"]}]}'}, [True]),
        ("google_storage_bucket_iam_policy.x", {"policy_data": "no JSON"}, ["?"]),
        ("google_storage_bucket_access_control.x", {"entity": "allAuthenticatedUsers"}, [True]),
        ("google_storage_bucket_access_control.x", {"entity": "user-a@example.com"}, [False]),
        ("google_storage_bucket_acl.x", {"predefined_acl": "publicRead"}, [True]),
        ("google_storage_bucket_acl.x", {"role_entity": ["OWNER:a@example.com", "READER:allUsers"]}, [False, True]),
    ],
)
def test_grants_of_google(attachment: str, values: dict[str, Any], expected: list[object]) -> None:
    bucket = ("google_storage_bucket.x", {"name": "exchange"})
    assert admitted(bucket, (attachment, {"bucket": "exchange", **values})) == expected


@pytest.mark.parametrize(
    ("uri", "public"),
    [
        ("http://acs.amazonaws.com/groups/global/AllUsers", True),
        ("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", True),
        ("http://acs.amazonaws.com/groups/s3/LogDelivery", False),
    ],
)
def test_grants_to_groups_in_an_acl(uri: str, public: bool) -> None:
    policy = [{"grant": [{"grantee": [{"uri": uri}]}, {"grantee": [{"id": "0123", "uri": None}]}]}]
    bucket = ("aws_s3_bucket.x", {"bucket": "x"})
    assert admitted(bucket, ("aws_s3_bucket_acl.x", {"bucket": "x", "access_control_policy": policy})) == [public]


def test_an_azure_account_behind_a_private_endpoint() -> None:
    account = {"name": "acmelogs", "id": "/subscriptions/0/acmelogs", "allow_nested_items_to_be_public": True}
    endpoint = {"private_service_connection": [{"private_connection_resource_id": "/subscriptions/0/acmelogs"}]}
    alone = planned(("azurerm_storage_account.x", account)).of(ObjectStore)[0]
    behind = planned(("azurerm_storage_account.x", account), ("azurerm_private_endpoint.x", endpoint)).of(ObjectStore)[
        0
    ]
    assert (guards(alone), guards(behind)) == ("00", "01")
    # An endpoint is one more way in: it closes none.
    assert state(behind.public_access_prevented) is False


@pytest.mark.parametrize(
    ("origin", "switches"),
    [
        ("azurerm_storage_account.closed", "11"),
        ("azurerm_storage_account.open", "01"),
        ("azurerm_key_vault.secrets", "00"),  # what else it leads to is no account
        ("terraform_data.any", "0?"),
        ("local.any", "0?"),
    ],
)
def test_where_a_private_endpoint_leads(origin: str, switches: str) -> None:
    plan = json.loads(text_of_plan("data-plane-azure"))
    connection = "private_service_connection"
    change: dict[str, Any] = {"actions": ["create"], "before": None, "after": {connection: [{"name": "x"}]}}
    change["after_unknown"] = {connection: [{"private_connection_resource_id": True}]}
    kind = {"mode": "managed", "type": "azurerm_private_endpoint", "name": "x", "provider_name": "hashicorp/azurerm"}
    plan["resource_changes"].append({"address": "azurerm_private_endpoint.x", **kind, "change": change})
    references = [{"private_connection_resource_id": {"references": [f"{origin}.id", origin]}}]
    plan["configuration"]["root_module"]["resources"].append({**kind, "expressions": {connection: references}})
    subject = origin if origin.endswith("closed") else "azurerm_storage_account.open"
    assert guards(store(of(json.dumps(plan)), subject)) == switches


@pytest.mark.parametrize("action", ["Deny", "Allow"])
def test_azure_network_rules_as_a_resource(action: str) -> None:
    account = ("azurerm_storage_account.x", {"name": "acmelogs", "id": "/subscriptions/0/acmelogs"})
    rules = {"storage_account_id": "/subscriptions/0/acmelogs", "default_action": action}
    (store,) = planned(account, ("azurerm_storage_account_network_rules.x", rules)).of(ObjectStore)
    assert guards(store) == ("01" if action == "Deny" else "00")


def test_a_key_of_the_customer_on_azure() -> None:
    inline = {"name": "a", "customer_managed_key": [{"key_vault_key_id": "https://vault.example.com/keys/k"}]}
    attached = {"storage_account_id": "/b", "key_name": "k"}
    plane = planned(
        ("azurerm_storage_account.a", inline),
        ("azurerm_storage_account.b", {"name": "b", "id": "/b"}),
        ("azurerm_storage_account.c", {"name": "c", "id": "/c"}),
        ("azurerm_storage_account_customer_managed_key.b", attached),
    )
    keys = [
        state(store.encryption.value.customer_key) if isinstance(store.encryption, Known) else state(store.encryption)
        for store in plane.of(ObjectStore)
    ]
    assert keys == [True, True, "-"]


# --- policies


def statement(effect: str, principal: object = "*", condition: object = None, **more: object) -> dict[str, object]:
    statement = {"Effect": effect, "Principal": principal, "Action": "s3:*", "Resource": "*", **more}
    return statement if condition is None else {**statement, "Condition": condition}


IN_OUR_NETWORK = {"StringEquals": {"aws:SourceVpce": "vpce-0123"}}
NOT_FROM_OURS = {"StringNotEquals": {"aws:SourceVpce": "vpce-0123"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (statement("Allow"), True),
        ([statement("Allow")], True),
        (statement("Allow", {"AWS": "*"}), True),
        (statement("Allow", {"AWS": ["arn:aws:iam::123456789012:root", "*"]}), True),
        ({"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}}, True),
        (statement("Allow", {"AWS": "arn:aws:iam::123456789012:root"}), False),
        (statement("Allow", {"Service": "logging.s3.amazonaws.com"}), False),
        (statement("Deny"), False),
        ([], False),
        (statement("Allow", condition=IN_OUR_NETWORK), False),
        (statement("Allow", condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1/*"]}}), False),
        (statement("Allow", condition={"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}), False),
        # Conditions that strangers can meet decide nothing.
        (statement("Allow", condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}), "?"),
        (statement("Allow", condition={"Bool": {"aws:SecureTransport": "true"}}), "?"),
        (statement("Allow", condition={"StringLike": {"aws:PrincipalOrgID": "*"}}), "?"),
        (statement("Allow", condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}), "?"),
        (statement("Allow", condition={"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}), "?"),
        (statement("Allow", condition=NOT_FROM_OURS), "?"),
        ([statement("Allow"), statement("Deny", condition=NOT_FROM_OURS)], "?"),
        ([statement("Allow", condition=IN_OUR_NETWORK), statement("Allow")], True),
    ],
)
def test_whom_a_policy_admits(statements: object, expected: object) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    assert state(bucket_policy(Known(text, HERE)).admits_everyone) == expected


WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (statement("Deny", condition=WITHOUT_TLS), True),
        (statement("Deny", {"AWS": "*"}, {"Bool": {"aws:SecureTransport": False}}), True),
        ([statement("Allow"), statement("Deny", condition={"Bool": {"AWS:SecureTransport": ["false"]}})], True),
        (statement("Deny", condition={"Bool": {"aws:SecureTransport": "true"}}), False),
        (statement("Allow", condition=WITHOUT_TLS), False),
        (statement("Deny", {"AWS": "arn:aws:iam::123456789012:root"}, WITHOUT_TLS), False),
        (statement("Deny", condition={**WITHOUT_TLS, **IN_OUR_NETWORK}), False),
        ([], False),
    ],
)
def test_whether_a_policy_refuses_clear_text(statements: object, expected: object) -> None:
    text = json.dumps({"Statement": statements})
    assert state(bucket_policy(Known(text, HERE)).denies_cleartext) == expected


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', "null"])
def test_a_policy_that_is_none_admits_nobody_for_sure(text: str) -> None:
    assert state(bucket_policy(Known(text, HERE)).admits_everyone) in {"?", "-"}


# --- inside the cluster


def test_a_service_that_is_exposed(planes: dict[str, Estate]) -> None:
    (service,) = planes["remote-exec-aws-open"].of(ExposedService)
    assert service.id == "kubernetes_service.worker_lb"
    assert (state(service.type), state(service.name), state(service.namespace)) == (
        "LoadBalancer",
        "worker-debug",
        "airflow-agents",
    )
    labels = {key: state(value) for key, value in known(service.selector).values.items()}
    assert labels == {"component": "worker"}
    assert (state(service.source_ranges), state(service.external_addresses)) == ("-", "-")
    assert state(service.internal) is False


def test_services_in_all_their_forms(planes: dict[str, Estate]) -> None:
    services = {state(service.name): service for service in planes["data-plane-gcp"].of(ExposedService)}
    debug, metrics, plain = (services[name] for name in ("worker-debug", "metrics", "plain"))
    assert (states(debug.source_ranges), states(debug.external_addresses)) == (["203.0.113.0/24"], ["198.51.100.7"])
    assert (state(debug.internal), state(metrics.internal), state(plain.internal)) == (False, True, False)
    assert (state(plain.type), state(plain.namespace), state(plain.selector)) == ("ClusterIP", "default", "-")


@pytest.mark.parametrize(
    ("annotation", "value", "internal"),
    [
        ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal", True),
        ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internet-facing", False),
        ("service.beta.kubernetes.io/aws-load-balancer-internal", "true", True),
        ("service.beta.kubernetes.io/azure-load-balancer-internal", "true", True),
        ("service.beta.kubernetes.io/azure-load-balancer-internal", "false", False),
        ("cloud.google.com/load-balancer-type", "Internal", True),
        ("cloud.google.com/load-balancer-type", "External", False),
    ],
)
def test_annotations_that_keep_a_load_balancer_inside(annotation: str, value: str, internal: bool) -> None:
    metadata = [{"name": "a", "namespace": "b", "annotations": {annotation: value}}]
    plane = planned(("kubernetes_service_v1.a", {"metadata": metadata, "spec": [{"type": "LoadBalancer"}]}))
    assert state(plane.of(ExposedService)[0].internal) is internal


def test_the_back_ends_of_an_ingress_in_both_apis() -> None:
    new = [{"http": [{"path": [{"backend": [{"service": [{"name": "agents"}]}]}]}]}]
    old = [{"http": [{"path": [{"backend": [{"service_name": "agents"}]}]}]}]
    default = [{"service": [{"name": "fallback"}]}]
    plane = planned(
        ("kubernetes_ingress_v1.a", {"metadata": [{"name": "a"}], "spec": [{"rule": new, "default_backend": default}]}),
        ("kubernetes_ingress.b", {"metadata": [{"name": "b"}], "spec": [{"rule": old, "backend": []}]}),
    )
    assert [back_ends(route, default=False) for route in plane.of(Route)] == [["agents"], ["agents"]]
    assert [back_ends(route, default=True) for route in plane.of(Route)] == [["fallback"], []]
    assert [state(route.namespace) for route in plane.of(Route)] == ["default", "default"]


def back_ends(route: Route, *, default: bool) -> list[object]:
    return [state(back_end.service) for back_end in route.back_ends if back_end.default is default]


def test_what_network_policies_admit(planes: dict[str, Estate]) -> None:
    policies = {state(policy.name): policy for policy in planes["data-plane-gcp"].of(NetworkPolicy)}
    closed, agents = policies["default-deny"], policies["agents"]
    assert known(closed.openings) == ()
    assert known(closed.selector).values == {}
    assert states(closed.policy_types) == ["Ingress"]
    openings = [(opening.ports, [state(source) for source in opening.sources]) for opening in known(agents.openings)]
    # Pods of another namespace are no addresses; a rule without peers admits everybody.
    assert openings == [("tcp 9102", ["10.0.0.0/8"]), ("tcp 8080", ["0.0.0.0/0"])]
    assert known(agents.openings)[1].place.pointer == "spec[0].ingress[1]"


def test_a_policy_that_selects_by_expressions_is_open_about_it() -> None:
    expressions = [{"key": "tier", "operator": "NotIn", "values": ["grafana"]}]
    spec = {"policy_types": ["Ingress"], "pod_selector": [{"match_labels": None, "match_expressions": expressions}]}
    (policy,) = planned(("kubernetes_network_policy.a", {"metadata": [{"name": "a"}], "spec": [spec]})).of(
        NetworkPolicy
    )
    assert known(policy.selector).unlisted is not None


@pytest.mark.parametrize(
    ("peers", "sources"),
    [
        ([], ["0.0.0.0/0"]),
        ([{"ip_block": [], "pod_selector": [], "namespace_selector": []}], ["0.0.0.0/0"]),
        ([{"ip_block": [{"cidr": "::/0"}], "pod_selector": [], "namespace_selector": []}], ["::/0"]),
        ([{"ip_block": [], "pod_selector": [{"match_labels": None}], "namespace_selector": []}], []),
    ],
)
def test_the_peers_of_a_network_policy(peers: list[dict[str, Any]], sources: list[str]) -> None:
    spec = {"policy_types": ["Ingress"], "pod_selector": [{}], "ingress": [{"from": peers, "ports": []}]}
    (policy,) = planned(("kubernetes_network_policy.a", {"metadata": [{"name": "a"}], "spec": [spec]})).of(
        NetworkPolicy
    )
    ((opening),) = known(policy.openings)
    assert (opening.ports, [state(source) for source in opening.sources]) == ("all ports", sources)


# --- sources


def facts(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Everything that is known of the model's records, by where it stands; sets have no order."""
    match value:
        case Unknown():
            yield path, "?"
        case Absent():
            yield path, "-"
        case Known(content):
            yield from facts(content, path)
        case Place():
            pass
        case tuple():
            for index, child in enumerate(sorted(value, key=lambda value: repr(dict(facts(value))))):
                yield from facts(child, f"{path}/{getattr(child, 'id', index)}")
            yield f"{path}#", len(value)
        case Mapping():
            for key, child in value.items():
                yield from facts(child, f"{path}/{key}")
        case Link():
            yield f"{path}.to", value.to.value.id if isinstance(value.to, Known) else state(value.to)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from facts(getattr(value, name), f"{path}.{name}")
        case _:
            yield path, value


@pytest.mark.parametrize(
    ("name", "decided"),
    [
        ("remote-exec-aws-good", 0),
        ("remote-exec-aws-open", 3),
        ("data-plane-gcp", 0),
        ("data-plane-azure", 0),
        ("google-and-azure", 0),
        ("bucket-protection", 5),  # keys that come through a `dynamic` block, a policy with an ARN in it
        ("data-plane-aws", 2),  # which instance belongs to which of two buckets
        ("security-group-chain", 6),  # a cluster behind a local value, and a range that is null
    ],
)
def test_sources_say_what_the_plan_says(name: str, decided: int) -> None:
    """And decide some of what a plan leaves unknown. A data source they do not read."""
    folder = AWS if name == AWS.name else PLANS / name
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "plan.json"
    }
    plan, sources = dict(facts(of(text_of_plan(name)))), dict(facts(read_data_plane(root_module(files, "."))))
    assert len(plan) > 50
    read_data = ("sources/", "network/") if name == "remote-exec-aws-open" else ()
    of_input = (*read_data, ".made_in", ".admitted_accounts#")  # among the accounts are those that nobody knows
    both = [key for key in plan.keys() & sources.keys() if not any(word in key for word in of_input)]
    assert {key: sources[key] for key in both if plan[key] != "?"} == {
        key: plan[key] for key in both if plan[key] != "?"
    }
    open_in_plan = [key for key, value in plan.items() if value == "?" and sources.get(key) != "?"]
    assert len(open_in_plan) == decided


# --- logic over what is partly known

FLAGS: st.SearchStrategy[Value[bool]] = st.one_of(
    st.booleans().map(lambda flag: Known(flag, HERE)),
    st.just(Unknown("known only after apply", HERE)),
)


@given(st.lists(FLAGS, max_size=5))
def test_any_is_the_mirror_of_all(flags: list[Value[bool]]) -> None:
    assert state(negated(any_of(flags, HERE))) == state(all_of((negated(flag) for flag in flags), HERE))


@given(st.lists(FLAGS, max_size=5), st.lists(st.booleans(), min_size=5, max_size=5))
def test_what_is_decided_stays_so_whatever_the_unknown_turn_out_to_be(
    flags: list[Value[bool]], later: list[bool]
) -> None:
    settled = [
        earlier if isinstance(earlier, Known) else Known(flag, HERE)
        for earlier, flag in zip(flags, later, strict=False)
    ]
    for combine in (any_of, all_of):
        before = combine(flags, HERE)
        assert isinstance(before, Unknown) or state(before) == state(combine(settled, HERE))
