"""Buckets and storage accounts, attribute by attribute: as authors write them, and as they leave them out."""

from __future__ import annotations

from typing import Any

import pytest

from astrovet.model.storage import Cloud, ObjectStore
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known, Unknown, Value
from support import known, plan_text, root_module, state

HERE = "plan.json"
CLOSED = {
    "block_public_acls": True, "block_public_policy": True, "ignore_public_acls": True, "restrict_public_buckets": True,
}  # fmt: skip


def stores(*resources: tuple[str, dict[str, Any]], **more: Any) -> tuple[ObjectStore, ...]:
    text = plan_text(dict(resources), **more)
    return read_data_plane(read(HERE, read_terraform(HERE, text))).of(ObjectStore)


def bucket(values: dict[str, Any], *others: tuple[str, dict[str, Any]], **more: Any) -> ObjectStore:
    (store,) = stores(("aws_s3_bucket.a", {"bucket": "a", **values}), *others, **more)
    return store


def google(values: dict[str, Any], *others: tuple[str, dict[str, Any]]) -> ObjectStore:
    (store,) = stores(("google_storage_bucket.a", {"name": "a", **values}), *others)
    return store


def azure(values: dict[str, Any], *others: tuple[str, dict[str, Any]]) -> ObjectStore:
    (store,) = stores(("azurerm_storage_account.a", {"name": "a", "id": "/a", **values}), *others)
    return store


def of_source(source: str) -> ObjectStore:
    (store,) = read_data_plane(root_module({"main.tf": source}, ".")).of(ObjectStore)
    return store


def switches(store: ObjectStore) -> dict[str, object]:
    return {switch.name: state(switch.closed) for switch in known(store.guards)}


def lifetimes(store: ObjectStore) -> list[tuple[object, list[object]]]:
    return [
        (state(expiration.days), [state(prefix) for prefix in known(expiration.prefixes)])
        for expiration in known(store.expirations)
    ]


def encryption(store: ObjectStore) -> object:
    match store.encryption:
        case Known(settings):
            return state(settings.algorithm), state(settings.customer_key)
        case value:
            return state(value)


@pytest.mark.parametrize(
    ("store", "cloud", "paths", "region"),
    [
        (bucket({"region": "eu-west-1"}), Cloud.AMAZON, ["a"], "eu-west-1"),
        (google({"location": "EU"}), Cloud.GOOGLE, ["a"], "EU"),
        (azure({"location": "West Europe"}), Cloud.AZURE, [], "West Europe"),
        (
            azure({}, ("azurerm_storage_container.x", {"storage_account_id": "/a", "name": "logs"})),
            Cloud.AZURE,
            ["logs"],
            "-",
        ),
    ],
)
def test_what_a_store_is(store: ObjectStore, cloud: Cloud, paths: list[str], region: str) -> None:
    assert (store.cloud, [state(path) for path in store.paths], state(store.region)) == (cloud, paths, region)
    assert (state(store.name), store.managed, store.doubt) == ("a", True, None)
    assert store.id == store.block == store.place.address


@pytest.mark.parametrize(
    ("region", "variables", "expected"),
    [
        ({"constant_value": "eu-central-1"}, {}, "eu-central-1"),
        ({"references": ["var.region"]}, {"region": {"value": "eu-west-3"}}, "eu-west-3"),
        ({"references": ["var.region"]}, {}, "?"),
        ({"references": ["var.region", "var.other"]}, {"region": {"value": "eu-west-3"}}, "?"),
        ({"references": ["local.region"]}, {"region": {"value": "eu-west-3"}}, "?"),
        ({}, {}, "?"),
    ],
)
def test_the_region_of_a_bucket_is_its_provider_s(region: object, variables: object, expected: str) -> None:
    block = {"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket", "name": "a"}
    provider = {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": {"region": region}}
    configuration = {
        "provider_config": {"aws": provider},
        "root_module": {"resources": [{**block, "provider_config_key": "aws", "expressions": {}}]},
    }
    store = bucket({}, configuration=configuration, variables=variables)
    assert state(store.region) == expected
    if isinstance(store.region, Unknown):
        assert store.region.why == "the bucket is in the region of its provider, which is not written out there"
    else:
        assert isinstance(store.region, Known)
        assert not store.region.written


@pytest.mark.parametrize("switch", CLOSED)
def test_each_switch_of_a_bucket_counts(switch: str) -> None:
    block = "aws_s3_bucket_public_access_block.a"
    closed = bucket({}, (block, {"bucket": "a", **CLOSED}))
    assert (switches(closed), state(closed.public_access_prevented)) == (CLOSED, True)
    for off in (False, None):
        store = bucket({}, (block, {"bucket": "a", **CLOSED, switch: off}))
        assert (switches(store), state(store.public_access_prevented)) == ({**CLOSED, switch: False}, False)
    account = ("aws_s3_account_public_access_block.a", {**CLOSED, switch: None})
    assert state(bucket({}, account).public_access_prevented) is False


def test_the_block_of_an_account_closes_its_buckets_where_there_is_one_account() -> None:
    account = ("aws_s3_account_public_access_block.a", CLOSED)
    assert state(bucket({}, account).public_access_prevented) is True
    two = bucket({}, account, ("aws_s3_account_public_access_block.b", CLOSED)).public_access_prevented
    assert isinstance(two, Unknown)
    why = "several configurations of the aws provider are here, and which account a bucket lies in cannot be told"
    assert (two.why, two.place.address) == (why, "aws_s3_account_public_access_block.a")
    open_ones = [
        (f"aws_s3_account_public_access_block.{name}", {**CLOSED, "block_public_acls": False}) for name in "ab"
    ]
    assert state(bucket({}, *open_ones).public_access_prevented) is False
    own = ("aws_s3_bucket_public_access_block.a", {"bucket": "a", **CLOSED})
    assert state(bucket({}, own, *open_ones).public_access_prevented) is True


ENCRYPTED = "aws_s3_bucket_server_side_encryption_configuration.a"


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ({"sse_algorithm": "AES256"}, ("AES256", False)),
        ({"sse_algorithm": "aws:kms"}, ("aws:kms", False)),
        ({"sse_algorithm": "aws:kms", "kms_master_key_id": "arn:aws:kms:eu:1:key/2"}, ("aws:kms", True)),
        ({"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/ours"}, ("aws:kms", True)),
        ({"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/aws/s3"}, ("aws:kms", False)),
        ({"sse_algorithm": "aws:kms", "kms_master_key_id": ""}, ("aws:kms", False)),
    ],
)
def test_encryption_of_amazon_beside_a_bucket_and_within_it(default: object, expected: object) -> None:
    rules = [{"apply_server_side_encryption_by_default": [default]}]
    assert encryption(bucket({}, (ENCRYPTED, {"bucket": "a", "rule": rules}))) == expected
    assert encryption(bucket({"server_side_encryption_configuration": [{"rule": rules}]})) == expected
    assert encryption(bucket({}, (ENCRYPTED, {"bucket": "a", "rule": []}))) == "-"
    assert encryption(bucket({}, (ENCRYPTED, {"bucket": "b", "rule": rules}))) == "-"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("aws_kms_key.a.arn", True),
        ("aws_kms_alias.a.arn", True),
        ("aws_kms_replica_key.a.arn", True),
        ("aws_kms_external_key.a.arn", True),
        ("data.aws_kms_key.a.arn", "?"),
        ("aws_secret.a.arn", "?"),
        ("var.which ? aws_kms_key.a.arn : data.aws_kms_key.a.arn", "?"),
        ("var.key", "?"),
    ],
)
def test_a_key_that_the_same_sources_make_is_the_customer_s(key: str, expected: object) -> None:
    kinds = ("aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_kms_external_key", "aws_secret")
    source = "\n".join(f'resource "{kind}" "a" {{}}' for kind in kinds)
    source += f"""
    data "aws_kms_key" "a" {{}}
    variable "which" {{}}
    variable "key" {{}}
    resource "aws_s3_bucket" "a" {{
      server_side_encryption_configuration {{
        rule {{
          apply_server_side_encryption_by_default {{
            sse_algorithm     = "aws:kms"
            kms_master_key_id = {key}
          }}
        }}
      }}
    }}
    """
    assert encryption(of_source(source)) == ("aws:kms", expected)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("google_kms_crypto_key.a.id", True),
        ("google_kms_crypto_key_version.a.id", True),
        ('"projects/a/keys/b"', True),
        ('""', False),
        ("null", False),
        ("data.google_kms_crypto_key.a.id", "?"),
    ],
)
def test_a_key_of_the_customer_on_google(key: str, expected: object) -> None:
    source = f"""
    resource "google_kms_crypto_key" "a" {{}}
    resource "google_kms_crypto_key_version" "a" {{}}
    data "google_kms_crypto_key" "a" {{}}
    resource "google_storage_bucket" "a" {{
      encryption {{
        default_kms_key_name = {key}
      }}
    }}
    """
    assert encryption(of_source(source)) == ("-", expected)


@pytest.mark.parametrize(
    ("status", "on"), [("Enabled", True), ("enabled", True), ("Suspended", False), ("Disabled", False), (None, False)]
)
def test_versions_of_amazon(status: object, on: bool) -> None:
    beside = ("aws_s3_bucket_versioning.a", {"bucket": "a", "versioning_configuration": [{"status": status}]})
    assert state(bucket({"versioning": [{"enabled": not on}]}, beside).versioning) is on
    assert state(bucket({"versioning": [{"enabled": on}]}).versioning) is on
    assert state(google({"versioning": [{"enabled": on}]}).versioning) is on
    assert state(azure({"blob_properties": [{"versioning_enabled": on}]}).versioning) is on


def test_what_is_left_out() -> None:
    amazon, of_google, of_azure = bucket({}), google({}), azure({})
    for store in (amazon, of_google, of_azure):
        assert (encryption(store), state(store.versioning), lifetimes(store)) == ("-", "-", [])
        assert store.grants == ()
        assert state(store.public_access_prevented) is False
    assert state(amazon.guards) == "-"
    assert switches(of_google) == {"uniform_bucket_level_access": False}
    assert switches(of_azure) == {"allow_nested_items_to_be_public": False, "public_network_access_enabled": False}
    assert [state(store.force_destroy) for store in (amazon, of_google, of_azure)] == [False, False, "-"]
    assert [state(store.tls_only) for store in (amazon, of_google, of_azure)] == [False, True, True]
    assert [state(store.minimum_tls) for store in (amazon, of_google, of_azure)] == ["-", "-", "TLS1_2"]
    assert isinstance(of_google.tls_only, Known)
    assert not of_google.tls_only.written


@pytest.mark.parametrize("flag", [True, False])
def test_what_can_be_destroyed_with_all_that_is_in_it(flag: bool) -> None:
    assert state(bucket({"force_destroy": flag}).force_destroy) is flag
    assert state(google({"force_destroy": flag}).force_destroy) is flag


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"status": "Enabled", "expiration": [{"days": 7}]}, [(7, [])]),
        ({"status": "Enabled", "expiration": [{"days": 7}], "prefix": "a/"}, [(7, ["a/"])]),
        ({"status": "Enabled", "expiration": [{"days": 7}], "filter": [{"prefix": "b/"}]}, [(7, ["b/"])]),
        ({"status": "Enabled", "expiration": [{"days": 7}], "filter": [{"prefix": ""}]}, [(7, [])]),
        ({"status": "Enabled", "expiration": [{"days": 7}], "filter": [{"and": [{"prefix": "c/"}]}]}, [(7, ["c/"])]),
        ({"status": "Disabled", "expiration": [{"days": 7}]}, []),
        ({"status": "Enabled", "expiration": [{"date": "2027-01-01"}]}, []),
        ({"status": "Enabled", "noncurrent_version_expiration": [{"noncurrent_days": 7}]}, []),
        *(
            ({"status": "Enabled", "expiration": [{"days": 7}], "filter": [narrow]}, [])
            for narrow in (
                {"tag": [{"key": "a"}]},
                {"object_size_greater_than": 1},
                {"object_size_less_than": 1},
                {"and": [{"tags": {"a": "b"}}]},
                {"and": [{"object_size_greater_than": 1}]},
                {"and": [{"object_size_less_than": 1}]},
            )
        ),
        ({"status": "Enabled", "expiration": [{"days": 7}], "filter": [{"tag": [], "and": []}]}, [(7, [])]),
    ],
)
def test_lifecycles_of_amazon(rule: dict[str, Any], expected: object) -> None:
    attached = ("aws_s3_bucket_lifecycle_configuration.a", {"bucket": "a", "rule": [rule]})
    store = bucket({}, attached)
    assert lifetimes(store) == expected
    assert [expiration.place.pointer for expiration in known(store.expirations)] == ["rule[0]"] * len(lifetimes(store))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"enabled": True}, [(7, [])]),
        ({"enabled": True, "filters": [{"prefix_match": ["a/", "", "b/"]}]}, [(7, ["a/", "b/"])]),
        ({"enabled": False}, []),
        ({"enabled": True, "days": 0}, [(0, [])]),
        ({"enabled": True, "days": -1}, []),
        ({"enabled": True, "days": None}, []),
    ],
)
def test_lifecycles_of_azure(rule: dict[str, Any], expected: object) -> None:
    days = rule.pop("days", 7)
    blob = {"delete_after_days_since_modification_greater_than": days}
    attached = {"storage_account_id": "/a", "rule": [{**rule, "actions": [{"base_blob": [blob]}]}]}
    assert lifetimes(azure({}, ("azurerm_storage_management_policy.a", attached))) == expected


@pytest.mark.parametrize(
    ("values", "closed", "prevented"),
    [
        ({"allow_nested_items_to_be_public": False}, (True, False), True),
        ({"allow_nested_items_to_be_public": True}, (False, False), False),
        ({"public_network_access_enabled": False}, (False, True), True),
        ({"public_network_access_enabled": True}, (False, False), False),
        ({"network_rules": [{"default_action": "Deny"}]}, (False, True), True),
        ({"network_rules": [{"default_action": "Allow"}]}, (False, False), False),
    ],
)
def test_what_closes_an_account_of_azure(values: dict[str, Any], closed: tuple[bool, bool], prevented: bool) -> None:
    store = azure(values)
    names = ("allow_nested_items_to_be_public", "public_network_access_enabled")
    assert switches(store) == dict(zip(names, closed, strict=True))
    assert state(store.public_access_prevented) is prevented
    attached = ("azurerm_storage_account_network_rules.a", {"storage_account_id": "/a", "default_action": "Allow"})
    assert switches(azure({"network_rules": [{"default_action": "Deny"}]}, attached))[names[1]] is False


@pytest.mark.parametrize(
    ("values", "tls_only", "minimum"),
    [
        ({"https_traffic_only_enabled": False, "enable_https_traffic_only": True}, False, "TLS1_2"),
        ({"https_traffic_only_enabled": True, "enable_https_traffic_only": False}, True, "TLS1_2"),
        ({"enable_https_traffic_only": False}, False, "TLS1_2"),
        ({"min_tls_version": "TLS1_0"}, True, "TLS1_0"),
    ],
)
def test_transport_on_azure(values: dict[str, Any], tls_only: bool, minimum: str) -> None:
    store = azure(values)
    assert (state(store.tls_only), state(store.minimum_tls)) == (tls_only, minimum)


@pytest.mark.parametrize(
    ("values", "prevented", "uniform"),
    [
        ({"public_access_prevention": "enforced"}, True, False),
        ({"public_access_prevention": "inherited"}, False, False),
        ({"uniform_bucket_level_access": True}, False, True),
    ],
)
def test_what_closes_a_bucket_of_google(values: dict[str, Any], prevented: bool, uniform: bool) -> None:
    store = google(values)
    assert state(store.public_access_prevented) is prevented
    assert switches(store) == {"uniform_bucket_level_access": uniform}


def admitted(store: ObjectStore) -> list[tuple[str, object, str]]:
    return [(grant.what, state(grant.admits_everyone), grant.block) for grant in store.grants]


@pytest.mark.parametrize(
    ("acl", "public"),
    [
        ("public-read", True),
        ("public-read-write", True),
        ("authenticated-read", True),
        ("private", False),
        ("log-delivery-write", False),
    ],
)
def test_canned_acls(acl: str, public: bool) -> None:
    beside = ("aws_s3_bucket_acl.a", {"bucket": "a", "acl": acl})
    assert admitted(bucket({}, beside)) == [("canned ACL", public, "aws_s3_bucket_acl.a")]
    assert admitted(bucket({"acl": acl})) == [("canned ACL", public, "aws_s3_bucket.a")]


@pytest.mark.parametrize(
    ("attachment", "values", "expected"),
    [
        ("google_storage_bucket_acl", {"predefined_acl": "publicReadWrite"}, ("predefined ACL", True)),
        ("google_storage_bucket_acl", {"predefined_acl": "authenticatedRead"}, ("predefined ACL", True)),
        ("google_storage_bucket_acl", {"predefined_acl": "private"}, ("predefined ACL", False)),
        ("google_storage_bucket_acl", {"role_entity": ["READER:allAuthenticatedUsers"]}, ("ACL", True)),
        ("google_storage_bucket_access_control", {"entity": "allUsers"}, ("ACL", True)),
        ("google_storage_bucket_iam_member", {"member": "allUsers"}, ("role", True)),
        ("google_storage_bucket_iam_member", {"member": "allAuthenticatedUsers"}, ("role", True)),
        ("google_storage_bucket_iam_member", {"member": "user:a@example.com"}, ("role", False)),
        ("google_storage_bucket_iam_binding", {"members": ["allUsers"]}, ("role", True)),
        ("google_storage_bucket_iam_policy", {"policy_data": '{"bindings":[{"members":["x"]}]}'}, ("policy", False)),
    ],
)
def test_who_is_let_into_a_bucket_of_google(
    attachment: str, values: dict[str, Any], expected: tuple[str, bool]
) -> None:
    store = google({}, (f"{attachment}.x", {"bucket": "a", **values}))
    assert admitted(store) == [(*expected, f"{attachment}.x")]


@pytest.mark.parametrize(("access", "public"), [("blob", True), ("container", True), ("private", False), (None, False)])
@pytest.mark.parametrize("owner", [{"storage_account_id": "/a"}, {"storage_account_name": "a"}])
def test_containers(access: object, public: bool, owner: dict[str, str]) -> None:
    container = ("azurerm_storage_container.x", {**owner, "name": "logs", "container_access_type": access})
    assert admitted(azure({}, container)) == [("container", public, "azurerm_storage_container.x")]


@pytest.mark.parametrize(
    ("kind", "values", "cloud", "path"),
    [
        ("aws_s3_bucket_acl", {"bucket": "b", "acl": "private"}, Cloud.AMAZON, "b"),
        ("google_storage_bucket_iam_member", {"bucket": "b", "member": "x"}, Cloud.GOOGLE, "b"),
        ("azurerm_storage_container", {"storage_account_name": "b", "name": "logs"}, Cloud.AZURE, "logs"),
    ],
)
def test_a_store_of_which_only_a_grant_is_here(kind: str, values: dict[str, Any], cloud: Cloud, path: str) -> None:
    (store,) = stores((f"{kind}.x", values))
    assert (store.id, store.block, store.cloud, store.managed) == (f"{kind}.x", f"{kind}.x", cloud, False)
    assert (state(store.name), [state(place) for place in store.paths]) == ("b", [path])
    assert len(store.grants) == 1
    unseen: tuple[Value[Any], ...] = (
        *(store.region, store.public_access_prevented, store.guards, store.encryption, store.tls_only),
        *(store.minimum_tls, store.versioning, store.force_destroy, store.expirations),
    )
    for value in unseen:
        assert isinstance(value, Unknown)
        assert value.in_full == "the store itself is not in these inputs; scan the plan or state that holds it too"


@pytest.mark.parametrize("kind", ["aws_s3_bucket_versioning", "aws_s3_bucket_public_access_block"])
def test_a_setting_of_a_store_that_is_elsewhere_makes_none(kind: str) -> None:
    assert stores((f"{kind}.x", {"bucket": "b"})) == ()
