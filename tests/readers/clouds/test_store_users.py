"""Who uses an object store, which cluster agents are installed in, and to which network a firewall belongs."""

from __future__ import annotations

import json

import pytest

from astrovet.formats.json_text import json_text
from astrovet.model.estate import Estate
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.storage import Cloud, ObjectStore
from astrovet.place import Place
from astrovet.readers.agent.log_sinks import log_sinks
from astrovet.readers.clouds.data_plane import read_data_plane
from astrovet.terraform.plan.printed import read_terraform
from astrovet.terraform.plan.resources import read
from astrovet.value import Known
from support import ROOT, root_module, state

PLANS = ROOT / "fixtures" / "plans"

RELEASE = """
resource "helm_release" "agent" {
  chart  = "astro-remote-execution-agent"
  values = [yamlencode({ resourceNamePrefix = "prod" })]
}
"""


def of_sources(*texts: str) -> Estate:
    return read_data_plane(root_module({"main.tf": "\n".join(texts)}, "."))


def of_plan(name: str) -> Estate:
    path = PLANS / name / "plan.json"
    return read_data_plane(read("plan.json", read_terraform("plan.json", path.read_text("utf-8"))))


def store(plane: Estate, address: str) -> ObjectStore:
    return next(store for store in plane.of(ObjectStore) if store.id == address)


def cluster(plane: Estate, address: str) -> KubernetesCluster:
    return next(cluster for cluster in plane.of(KubernetesCluster) if cluster.id == address)


def ranges(plane: Estate, address: str) -> object:
    network = next(path for path in plane.of(InboundPath) if path.id == address).network
    return [state(value) for value in network.value] if isinstance(network, Known) else state(network)


# --- who uses a store


def test_a_plan_shows_which_deployment_and_which_release_refer_to_a_store() -> None:
    plane = of_plan("remote-exec-aws-good")
    referrers = {store.id: [place.address for place in store.referrers] for store in plane.of(ObjectStore)}
    assert referrers == {
        "aws_s3_bucket.logs": ["astro_deployment.payments"],
        "aws_s3_bucket.xcom": ["helm_release.agent"],
    }


def test_references_lead_through_modules() -> None:
    files = {
        "main.tf": 'module "logs" {\n  source = "./bucket"\n}\n'
        'resource "astro_deployment" "payments" {\n'
        '  remote_execution = { task_log_bucket = "s3://${module.logs.name}" }\n}\n',
        "bucket/main.tf": 'resource "aws_s3_bucket" "this" {}\noutput "name" {\n  value = aws_s3_bucket.this.id\n}\n',
    }
    (store,) = read_data_plane(root_module(files, ".")).of(ObjectStore)
    assert [place.address for place in store.referrers] == ["astro_deployment.payments"]


def test_a_reference_elsewhere_in_a_deployment_keeps_nothing_there() -> None:
    plane = of_sources(
        'resource "google_storage_bucket" "exports" {}',
        'resource "astro_deployment" "payments" {\n  description = google_storage_bucket.exports.name\n}',
        'resource "helm_release" "web" {\n  chart  = "nginx"\n  values = [google_storage_bucket.exports.name]\n}',
    )
    assert store(plane, "google_storage_bucket.exports").referrers == ()


@pytest.mark.parametrize(
    ("bucket", "user"),
    [
        ("aws_s3_bucket", 'resource "aws_cloudtrail" "u" {\n  s3_bucket_name = aws_s3_bucket.b.id\n}'),
        ("aws_s3_bucket", 'resource "aws_lb" "u" {\n  access_logs {\n    bucket = aws_s3_bucket.b.id\n  }\n}'),
        ("aws_s3_bucket", 'resource "aws_lb" "u" {\n  access_logs {\n    bucket = "acme-b"\n  }\n}'),
        (
            "aws_s3_bucket",
            'resource "aws_cloudfront_distribution" "u" {\n  origin {\n'
            "    domain_name = aws_s3_bucket.b.bucket_regional_domain_name\n  }\n}",
        ),
        ("aws_s3_bucket", 'resource "aws_s3_bucket_website_configuration" "u" {\n  bucket = aws_s3_bucket.b.id\n}'),
        (
            "aws_s3_bucket",
            'resource "aws_s3_bucket_logging" "u" {\n  bucket = "acme-web"\n  target_bucket = aws_s3_bucket.b.id\n}',
        ),
        (
            "google_storage_bucket",
            'resource "google_compute_backend_bucket" "u" {\n  bucket_name = google_storage_bucket.b.name\n}',
        ),
        (
            "azurerm_storage_account",
            'resource "azurerm_storage_account_static_website" "u" {\n'
            "  storage_account_id = azurerm_storage_account.b.id\n}",
        ),
    ],
)
def test_what_else_uses_a_store(bucket: str, user: str) -> None:
    name = "bucket" if bucket == "aws_s3_bucket" else "name"
    plane = of_sources(f'resource "{bucket}" "b" {{\n  {name} = "acme-b"\n}}', user)
    (using,) = store(plane, f"{bucket}.b").other_users
    assert using.endswith(".u")


@pytest.mark.parametrize(
    ("bucket", "block"),
    [
        ("aws_s3_bucket", "website"),
        ("google_storage_bucket", "website"),
        ("azurerm_storage_account", "static_website"),
    ],
)
def test_a_store_that_publishes_itself(bucket: str, block: str) -> None:
    plane = of_sources(f'resource "{bucket}" "b" {{\n  {block} {{\n    index_document = "index.html"\n  }}\n}}')
    assert store(plane, f"{bucket}.b").other_users == (f"{bucket}.b",)


def test_a_bucket_whose_access_is_logged_elsewhere_has_no_other_user() -> None:
    plane = of_sources(
        'resource "aws_s3_bucket" "xcom" {}',
        'resource "aws_s3_bucket" "access" {}',
        'resource "aws_s3_bucket_logging" "xcom" {\n'
        "  bucket = aws_s3_bucket.xcom.id\n  target_bucket = aws_s3_bucket.access.id\n}",
    )
    assert store(plane, "aws_s3_bucket.xcom").other_users == ()
    assert store(plane, "aws_s3_bucket.access").other_users == ("aws_s3_bucket_logging.xcom",)


@pytest.mark.parametrize(
    ("text", "address", "cloud", "paths"),
    [
        ('resource "aws_s3_bucket" "b" {\n  bucket = "acme-logs"\n}', "aws_s3_bucket.b", Cloud.AMAZON, ["acme-logs"]),
        (
            'resource "azurerm_storage_account" "b" {\n  name = "acmelogs"\n}\n'
            'resource "azurerm_storage_container" "logs" {\n  name = "task-logs"\n'
            "  storage_account_id = azurerm_storage_account.b.id\n}",
            "azurerm_storage_account.b",
            Cloud.AZURE,
            ["task-logs"],
        ),
        (
            'resource "azurerm_storage_container" "logs" {\n'
            '  name = "task-logs"\n  storage_account_name = "acmelogs"\n}',
            "azurerm_storage_container.logs",
            Cloud.AZURE,
            ["task-logs"],
        ),
        (
            'resource "google_storage_bucket_iam_member" "b" {\n  bucket = "acme-logs"\n  member = "allUsers"\n}',
            "google_storage_bucket_iam_member.b",
            Cloud.GOOGLE,
            ["acme-logs"],
        ),
    ],
)
def test_what_stands_for_a_store_in_paths(text: str, address: str, cloud: Cloud, paths: list[str]) -> None:
    bucket = store(of_sources(text), address)
    assert (bucket.cloud, [state(path) for path in bucket.paths]) == (cloud, paths)


# --- which cluster agents are installed in


TWO_CLUSTERS = """
resource "aws_eks_cluster" "agents" {}
resource "aws_eks_cluster" "web" {}
"""


@pytest.mark.parametrize(
    "provider",
    [
        'provider "helm" {\n  kubernetes = { host = aws_eks_cluster.agents.endpoint }\n}',
        'provider "helm" {\n  kubernetes {\n    host  = aws_eks_cluster.agents.endpoint\n'
        "    token = data.aws_eks_cluster_auth.agents.token\n  }\n}",
    ],
)
def test_agents_run_where_the_provider_of_their_release_leads(provider: str) -> None:
    plane = of_sources(TWO_CLUSTERS, provider, RELEASE)
    assert state(cluster(plane, "aws_eks_cluster.agents").runs_agents) is True
    assert state(cluster(plane, "aws_eks_cluster.web").runs_agents) is False


def test_a_release_with_a_provider_of_its_own() -> None:
    plane = of_sources(
        TWO_CLUSTERS,
        'provider "helm" {\n  kubernetes = { host = aws_eks_cluster.web.endpoint }\n}',
        'provider "helm" {\n  alias = "agents"\n  kubernetes = { host = aws_eks_cluster.agents.endpoint }\n}',
        RELEASE.replace("{\n", "{\n  provider = helm.agents\n", 1),
    )
    assert state(cluster(plane, "aws_eks_cluster.agents").runs_agents) is True
    assert state(cluster(plane, "aws_eks_cluster.web").runs_agents) is False


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((), "-"),
        ((RELEASE,), "?"),
        (('provider "helm" {\n  kubernetes = { config_path = "~/.kube/config" }\n}', RELEASE), "?"),
        (
            (
                'data "aws_eks_cluster" "agents" {\n  name = "agents"\n}',
                'provider "helm" {\n  kubernetes = { host = data.aws_eks_cluster.agents.endpoint }\n}',
                RELEASE,
            ),
            "?",
        ),
    ],
)
def test_where_no_release_shows_its_cluster_every_cluster_may_be_it(texts: tuple[str, ...], expected: str) -> None:
    plane = of_sources(TWO_CLUSTERS, *texts)
    assert {state(cluster.runs_agents) for cluster in plane.of(KubernetesCluster)} == {expected}
    assert not any(cluster.is_without_agents for cluster in plane.of(KubernetesCluster))


@pytest.mark.parametrize(("word", "expected"), [("DECRYPTED", "-"), ("ENCRYPTED", True)])
def test_the_key_of_google_is_no_fault(word: str, expected: object) -> None:
    block = f'database_encryption {{\n    state = "{word}"\n  }}'
    plane = of_sources(f'resource "google_container_cluster" "agents" {{\n  {block}\n}}')
    assert state(cluster(plane, "google_container_cluster.agents").secrets_encryption) == expected


# --- the network of a firewall


def test_the_ranges_of_the_network() -> None:
    plane = of_plan("remote-exec-aws-open")
    for address in ("aws_security_group.agents", "aws_vpc_security_group_ingress_rule.ssh"):
        assert ranges(plane, address) == ["10.0.0.0/16"]


def test_further_ranges_belong_to_the_network_too() -> None:
    plane = of_sources(
        'resource "aws_vpc" "agents" {\n  cidr_block = "10.40.0.0/16"\n}',
        'resource "aws_vpc" "other" {\n  cidr_block = "10.50.0.0/16"\n}',
        'resource "aws_vpc_ipv4_cidr_block_association" "pods" {\n'
        '  vpc_id = aws_vpc.agents.id\n  cidr_block = "100.64.0.0/16"\n}',
        'resource "aws_security_group" "agents" {\n  vpc_id = aws_vpc.agents.id\n}',
        'resource "aws_security_group" "default" {\n  name = "of the default network"\n}',
    )
    assert ranges(plane, "aws_security_group.agents") == ["10.40.0.0/16", "100.64.0.0/16"]
    assert ranges(plane, "aws_security_group.default") == "?"


def test_a_network_by_its_id() -> None:
    state_json = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [
                    {
                        "address": f"{kind}.agents",
                        "mode": "managed",
                        "type": kind,
                        "name": "agents",
                        "provider_name": "registry.terraform.io/hashicorp/aws",
                        "values": values,
                    }
                    for kind, values in (
                        ("aws_vpc", {"id": "vpc-01", "cidr_block": "10.40.0.0/16", "ipv6_cidr_block": ""}),
                        ("aws_security_group", {"id": "sg-01", "vpc_id": "vpc-01", "ingress": []}),
                    )
                ]
            }
        },
    }
    plane = read_data_plane(read("state.json", read_terraform("state.json", json.dumps(state_json))))
    assert ranges(plane, "aws_security_group.agents") == ["10.40.0.0/16", ""]


# --- where the logging sidecar writes objects


@pytest.mark.parametrize(
    ("sink", "bucket", "folder"),
    [
        ({"type": "aws_s3", "bucket": "acme-logs", "key_prefix": "tasks/%F/"}, "acme-logs", "tasks/%F/"),
        ({"type": "azure_blob", "container_name": "logs", "blob_prefix": "tasks/"}, "logs", "tasks/"),
        ({"type": "gcp_cloud_storage", "bucket": "acme-logs"}, "acme-logs", "-"),
        ({"type": "gcp_cloud_storage", "bucket": "acme-logs", "key_prefix": "tasks/{{ dag_id }}/"}, "acme-logs", "?"),
        ({"type": "http", "uri": "https://logs.acme.example"}, "-", "-"),
    ],
)
def test_sinks_that_write_objects(sink: dict[str, str], bucket: str, folder: str) -> None:
    text = json.dumps({"sinks": {"archive": sink}})
    sinks = log_sinks(json_text(Known(text, Place("values.yaml"))).content)
    assert isinstance(sinks, Known)
    ((only,),) = (sinks.value,)
    assert (state(only.bucket), state(only.folder)) == (bucket, folder)
