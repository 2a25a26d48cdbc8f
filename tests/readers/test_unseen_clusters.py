"""Whether the cluster that agents run in, and the firewalls before it, are in the inputs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support import FIXTURES, astrovet, write

WHOLE = FIXTURES / "rules" / "not-seen" / "good-whole-estate"
SUBNETS = '    subnet_ids             = ["subnet-0a1b"]\n'
GROUP = 'resource "aws_security_group" "agents" {\n  name = "tarn-agents"\n}\n'
LOOKED_UP = 'data "aws_security_group" "agents" {\n  name = "tarn-agents"\n}\n'
KEPT = {
    "s3": 'bucket = "tarn-states"{0} key = "net.tfstate"',
    "gcs": 'bucket = "tarn-states"{0} prefix = "net"',
    "azurerm": 'storage_account_name = "tarn"{0} container_name = "states"{0} key = "net"',
    "http": 'address = "https://states.example.com/net"',
}
"""Where a state is kept, in words for a block and for an object."""
STATE = 'data "terraform_remote_state" "net" {{\n  backend = "{0}"\n  config  = {{ {1} }}\n}}\n'
NO_STATE = 'data "terraform_remote_state" "net" {\n  backend = "s3"\n}\n'
REMOTE = 'organization = "tarn"\n workspaces {{ name = "{}" }}'


def kept(kind: str, settings: str, *, called: str = "backend") -> str:
    """The settings of a root module that keeps its state there."""
    header = kind if kind == "cloud" else f'{called} "{kind}"'
    return f"terraform {{\n  {header} {{\n    {settings.replace('{0}', chr(10))}\n  }}\n}}\n"


def read_from(kind: str, settings: str) -> str:
    return STATE.format(kind, settings.replace("{0}", ","))


GROUPS = f"{SUBNETS}    security_group_ids     = [{{}}]\n"
OUTPUT = 'output "agents_group" {\n  value = aws_security_group.agents.id\n}\n'
BESIDE = 'path = "../states/net"'
FROM_STATE = GROUPS.format("data.terraform_remote_state.net.outputs.agents_group")
NODES = """\
resource "aws_eks_node_group" "agents" {
  cluster_name  = aws_eks_cluster.agents.name
  node_role_arn = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids    = ["subnet-0a1b"]
"""
TEMPLATE = 'resource "aws_launch_template" "agents" {\n  vpc_security_group_ids = ["sg-0abc"]\n}\n'
GOOGLE = 'resource "google_container_cluster" "agents" {\n  name     = "agents"\n  location = "europe-west3"\n'
GOOGLE_NETWORK = 'resource "google_compute_network" "agents" {\n  name = "agents"\n}\n'
AZURE = """\
resource "azurerm_kubernetes_cluster" "agents" {
  name = "agents"
  default_node_pool {
    name = "default"
"""
SECOND = """\
resource "astro_deployment" "second" {
  name         = "second"
  type         = "DEDICATED"
  cluster_id   = "clx0a1b2c3d4e5f6g7h8i9j0k"
  workspace_id = "clw0a1b2c3d4e5f6g7h8i9j0k"
  executor     = "ASTRO"
  remote_execution = {
    enabled                   = true
    allowed_ip_address_ranges = ["198.51.100.7/32"]
    task_log_bucket           = "s3://tarn-claims-logs"
  }
}
"""
DECLARED = """\
version: 1
requires: [no-vendor-inbound, customer-execution-plane]
agents:
  - {name: second, values: [helm/second.yaml], deployment: second}
"""
MAY_NOT_BE = (
    "whether helm_release.agents, which installs agents, is made at all cannot be told: no value for var.number"
)
VALUES = """\
resourceNamePrefix: second
astroDeploymentAPIURL: https://x.external.astronomer.run/second
agentTokenSecretName: second
commonEnv:
  - {name: AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH, value: "s3://tarn-claims-xcom/second"}
"""


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(WHOLE, tmp_path / "estate"))


def change(old: str, new: str, file: str = "main.tf") -> None:
    text = Path(file).read_text("utf-8")
    assert old in text
    write(file, text.replace(old, new))


def cluster(block: str) -> None:
    """Another cluster in place of the one of Amazon's."""
    text = Path("main.tf").read_text("utf-8")
    start, end = text.index('resource "aws_eks_cluster"'), text.index('provider "helm"')
    kind = block.split('"')[1]
    write("main.tf", (text[:start] + block + text[end:]).replace("aws_eks_cluster.agents", f"{kind}.agents"))


def templated(template: str) -> str:
    """A group of nodes that are made by a launch template."""
    return f"{NODES}  launch_template {{\n    id      = {template}\n    version = 1\n  }}\n}}\n"


def unseen(*paths: str) -> list[str]:
    """What is told not to be seen of clusters and firewalls, and makes the run undecided."""
    report = json.loads(astrovet("scan", *(paths or (".",)), "--format", "json").stdout)
    return [gap["what"] for gap in report["unseen"] if {"NET001", "NET003"}.intersection(gap["rules"])]


def inbound() -> dict[str, str]:
    """How `no-vendor-inbound` stands for each deployment."""
    result = astrovet("report", "--accept-unseen", "--format", "json", "--require", "no-vendor-inbound")
    rows = json.loads(result.stdout)["rows"]
    return {
        row["id"]: cell["standing"]
        for row in rows
        for cell in row["cells"]
        if cell["requirement"] == "no-vendor-inbound" and row["kind"] == "deployment"
    }


def test_of_a_whole_estate_nothing_is_open() -> None:
    assert unseen() == []
    assert inbound() == {"astro_deployment.claims": "passes"}


@pytest.mark.parametrize(
    ("groups", "more"),
    [
        (GROUPS.format('"sg-0abc"'), ""),
        (GROUPS.format('"sg-0abc", aws_security_group.agents.id'), GROUP),
        (GROUPS.format("data.aws_security_group.agents.id"), LOOKED_UP),
        (FROM_STATE, NO_STATE),
        (GROUPS.format("var.group"), 'variable "group" {}\n'),
        (SUBNETS, templated('"lt-0abc"')),
        (SUBNETS, templated("aws_launch_template.agents.id") + TEMPLATE),
    ],
)
def test_groups_of_a_cluster_that_no_input_makes_are_told(groups: str, more: str) -> None:
    change(SUBNETS, groups)
    write("more.tf", more)
    assert len(unseen()) == 1
    assert inbound() == {"astro_deployment.claims": "undecided"}


@pytest.mark.parametrize(
    ("groups", "more"),
    [
        (GROUPS.format("aws_security_group.agents.id"), GROUP),
        (GROUPS.format("local.group"), f"{GROUP}locals {{\n  group = aws_security_group.agents.id\n}}\n"),
        (GROUPS.format(""), ""),
        (SUBNETS, f"{NODES}}}\n"),
        (
            SUBNETS,
            templated("aws_launch_template.agents.id")
            + GROUP
            + TEMPLATE.replace('"sg-0abc"', "aws_security_group.agents.id"),
        ),
    ],
)
def test_groups_of_a_cluster_that_the_input_makes_are_seen(groups: str, more: str) -> None:
    change(SUBNETS, groups)
    write("more.tf", more)
    assert unseen() == []
    assert inbound() == {"astro_deployment.claims": "passes"}


@pytest.mark.parametrize(
    ("groups", "more", "other"),
    [
        (GROUPS.format("data.aws_security_group.agents.id"), LOOKED_UP, GROUP),
        *(
            (FROM_STATE, read_from(kind, settings), f"{GROUP}{OUTPUT}{kept(kind, settings)}")
            for kind, settings in KEPT.items()
        ),
        (
            FROM_STATE,
            read_from("remote", REMOTE.format("net").replace("workspaces", "workspaces =")),
            f"{GROUP}{OUTPUT}{kept('cloud', REMOTE.format('net'))}",
        ),
        (FROM_STATE, read_from("local", 'path = "net/terraform.tfstate"'), f"{GROUP}{OUTPUT}"),
        (
            FROM_STATE,
            read_from("local", 'path = "states/net"'),
            f"{GROUP}{OUTPUT}{kept('local', BESIDE)}",
        ),
    ],
)
def test_groups_of_another_root_module_are_read(groups: str, more: str, other: str) -> None:
    change(SUBNETS, groups)
    write("more.tf", more)
    assert len(unseen()) == 1
    write("net/main.tf", other.replace("tarn-agents", "tarn-web").replace("agents_group", "web_group"))
    assert len(unseen()) == 1
    write("net/main.tf", other)
    assert unseen() == []


@pytest.mark.parametrize(
    ("state", "other", "said"),
    [
        (NO_STATE, kept("s3", KEPT["s3"]), "whether an output `agents_group`"),
        (read_from("s3", KEPT["s3"]), kept("s3", ""), "whether an output `agents_group`"),
        (read_from("s3", KEPT["s3"]), kept("s3", KEPT["s3"].replace("net", "web")), "no input shows the security"),
        (read_from("s3", KEPT["s3"]), kept("gcs", KEPT["gcs"]), "no input shows the security"),
        (read_from("local", 'path = "web/terraform.tfstate"'), "", "no input shows the security"),
        (read_from("local", "path = var.path"), "", "whether an output `agents_group`"),
    ],
)
def test_an_output_of_another_state_is_not_taken_for_it(state: str, other: str, said: str) -> None:
    change(SUBNETS, FROM_STATE)
    write("more.tf", f'{state}variable "path" {{}}\n')
    write("net/main.tf", f"{GROUP}{OUTPUT}{other}")
    (gap,) = unseen()
    assert gap.startswith(said)
    assert inbound() == {"astro_deployment.claims": "undecided"}


def test_an_output_that_leads_to_another_group_is_not_it() -> None:
    change(SUBNETS, FROM_STATE)
    write("more.tf", read_from("s3", KEPT["s3"]))
    text = f"{GROUP}{OUTPUT}{kept('s3', KEPT['s3'])}"
    write("net/main.tf", text.replace("aws_security_group.agents.id", "var.group") + 'variable "group" {}\n')
    assert len(unseen()) == 1


@pytest.mark.parametrize(("workspace", "count"), [("prod", 0), ("dev", 1)])
def test_the_workspace_of_a_state_counts_where_it_is_told(
    workspace: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(SUBNETS, FROM_STATE)
    write("more.tf", read_from("s3", KEPT["s3"]).replace("  backend", '  workspace = "prod"\n  backend'))
    write("net/main.tf", f"{GROUP}{OUTPUT}{kept('s3', KEPT['s3'])}")
    assert unseen() == []
    monkeypatch.setenv("TF_WORKSPACE", workspace)
    assert len(unseen()) == count


PLANNED = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "resource_changes": [
        {
            "address": "aws_security_group.agents",
            "mode": "managed",
            "type": "aws_security_group",
            "name": "agents",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": ["create"], "after": {"name": "tarn-agents"}, "after_unknown": {"id": True}},
        }
    ],
    "configuration": {
        "root_module": {
            "outputs": {"agents_group": {"expression": {"references": ["aws_security_group.agents"]}}},
            "resources": [
                {
                    "address": "aws_security_group.agents",
                    "mode": "managed",
                    "type": "aws_security_group",
                    "name": "agents",
                    "expressions": {"name": {"constant_value": "tarn-agents"}},
                }
            ],
        }
    },
}


@pytest.mark.parametrize(("sources", "count"), [(f"{GROUP}{OUTPUT}{kept('s3', KEPT['s3'])}", 0), ("", 1)])
def test_the_sources_of_a_plan_tell_where_its_state_is_kept(sources: str, count: int) -> None:
    change(SUBNETS, FROM_STATE)
    write("more.tf", read_from("s3", KEPT["s3"]))
    write("net/plan.json", json.dumps(PLANNED))
    if sources:
        write("net/main.tf", sources)
    assert len(unseen()) == count


def test_each_of_several_groups_is_looked_for() -> None:
    change(SUBNETS, GROUPS.format('data.aws_security_group.agents.id, "sg-0web"'))
    write("more.tf", LOOKED_UP)
    write("net/main.tf", GROUP)
    assert len(unseen()) == 1


def test_what_a_group_of_another_root_module_opens_is_not_passed_over() -> None:
    change(SUBNETS, GROUPS.format("data.aws_security_group.agents.id"))
    write("more.tf", LOOKED_UP)
    ingress = '  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n'
    write("net/main.tf", GROUP[:-2] + ingress + '    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n')
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    assert [verdict["verdict"] for verdict in report["verdicts"] if verdict["rule"] == "NET001"] == ["unknown"]


@pytest.mark.parametrize(
    ("block", "is_seen"),
    [
        (f"{GOOGLE}}}\n", False),
        (f'{GOOGLE}  network = "shared"\n}}\n', False),
        (f'{GOOGLE}  subnetwork = "projects/p/regions/r/subnetworks/s"\n}}\n', False),
        (f"{GOOGLE}  network = google_compute_network.agents.id\n}}\n{GOOGLE_NETWORK}", True),
        (f'{GOOGLE}  network = "agents"\n}}\n{GOOGLE_NETWORK}', True),
        (f"{AZURE}  }}\n}}\n", True),
        (f'{AZURE}    vnet_subnet_id = "/subscriptions/s/subnets/agents"\n  }}\n}}\n', False),
        (f"{AZURE}    vnet_subnet_id = data.azurerm_subnet.a.id\n  }}\n}}\n", False),
        (
            f"{AZURE}    vnet_subnet_id = azurerm_subnet.a.id\n  }}\n}}\n"
            'resource "azurerm_subnet" "a" {\n  name = "agents"\n}\n',
            True,
        ),
    ],
)
def test_networks_of_google_and_azure(block: str, is_seen: bool) -> None:
    cluster(block)
    assert (unseen() == []) is is_seen


@pytest.mark.parametrize(("number", "is_seen"), [("var.number", False), ("1", True)])
def test_a_cluster_that_may_not_be_made_is_told(number: str, is_seen: bool) -> None:
    change('"agents" {\n  name', f'"agents" {{\n  count = {number}\n  name')
    change("aws_eks_cluster.agents.endpoint", "aws_eks_cluster.agents[0].endpoint")
    write("more.tf", 'variable "number" {}\n')
    assert (unseen() == []) is is_seen
    assert inbound() == {"astro_deployment.claims": "passes" if is_seen else "undecided"}


@pytest.mark.parametrize(("number", "is_seen"), [("var.number", False), ("1", True)])
def test_agents_that_may_not_be_installed_are_told(number: str, is_seen: bool) -> None:
    change('"helm_release" "agents" {', f'"helm_release" "agents" {{\n  count = {number}')
    write("more.tf", 'variable "number" {}\n')
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    told = [gap["what"] for gap in report["unseen"] if "made at all" in gap["what"]]
    assert told == ([] if is_seen else [MAY_NOT_BE])
    assert inbound() == {"astro_deployment.claims": "passes" if is_seen else "undecided"}


def test_a_module_that_may_not_be_called_may_make_no_cluster() -> None:
    text = Path("main.tf").read_text("utf-8")
    start, end = text.index('resource "aws_eks_cluster"'), text.index('provider "helm"')
    write("cluster/main.tf", f'{text[start:end]}output "host" {{\n  value = aws_eks_cluster.agents.endpoint\n}}\n')
    call = 'module "cluster" {\n  source = "./cluster"\n  count  = 1\n}\n'
    write("main.tf", (text[:start] + call + text[end:]).replace("aws_eks_cluster.agents.", "module.cluster[0].host #"))
    assert unseen() == []
    change("count  = 1", "count  = var.number")
    write("more.tf", 'variable "number" {}\n')
    assert "made at all" in unseen()[0]


def test_the_cluster_of_one_deployment_is_none_of_the_others() -> None:
    write("more.tf", SECOND)
    write("helm/second.yaml", VALUES)
    write(".astrovet.yaml", DECLARED)
    assert inbound() == {"astro_deployment.claims": "passes", "astro_deployment.second": "undecided"}


def test_one_cluster_that_is_bound_to_nobody_is_taken_for_all() -> None:
    write("more.tf", SECOND)
    write("helm/second.yaml", VALUES)
    write("helm/first.yaml", VALUES.replace("second", "first"))
    text = Path("main.tf").read_text("utf-8")
    write("main.tf", text[: text.index('provider "helm"')])
    write(".astrovet.yaml", f"{DECLARED}  - {{name: first, values: [helm/first.yaml], deployment: claims}}\n")
    assert inbound() == {"astro_deployment.claims": "passes", "astro_deployment.second": "passes"}


def test_two_releases_beside_one_cluster_are_both_in_it() -> None:
    text = Path("main.tf").read_text("utf-8")
    release = text[text.index('resource "helm_release"') :].replace('"agents"', '"second"', 1)
    write("more.tf", SECOND + release.replace("astro_deployment.claims", "astro_deployment.second"))
    assert inbound() == {"astro_deployment.claims": "passes", "astro_deployment.second": "passes"}


# --- clusters that are looked up by name


LOOKED_UP_CLUSTER = """\
data "aws_eks_cluster" "agents" {
  name = "NAME"
}
provider "helm" {
  kubernetes = {
    host = data.aws_eks_cluster.agents.endpoint
  }
}
"""


def split(name: str, more: str = "") -> None:
    """The estate in two root modules: the one of agents looks the cluster of the other one up by this name."""
    text = Path("main.tf").read_text("utf-8")
    start, end = text.index('resource "aws_eks_cluster"'), text.index('provider "helm"')
    rest = text.index('resource "astro_agent_token"')
    write("platform/main.tf", text[start:end] + more)
    write("main.tf", text[:start] + LOOKED_UP_CLUSTER.replace("NAME", name) + text[rest:])


def test_a_cluster_of_another_root_module_is_known_by_its_name() -> None:
    other = Path("main.tf").read_text("utf-8")
    block = other[other.index('resource "aws_eks_cluster"') : other.index('provider "helm"')]
    split("agents", block.replace('"agents"', '"web"').replace("access = false", "access = true"))
    assert unseen() == []
    assert inbound() == {"astro_deployment.claims": "passes"}
    assert "NET003" not in astrovet("scan", ".", "--format", "concise").stdout


def test_a_cluster_of_another_name_is_none_of_the_agents() -> None:
    split("elsewhere")
    assert len(unseen()) == 1
    assert inbound() == {"astro_deployment.claims": "undecided"}


def test_an_agent_without_a_known_cluster_keeps_the_others_open() -> None:
    text = Path("main.tf").read_text("utf-8")
    start, end = text.index('resource "aws_eks_cluster"'), text.index('provider "helm"')
    release = text[text.index('resource "helm_release"') :]
    open_one = text[start:end].replace("access = false", "access = true")
    write("b/main.tf", open_one + open_one.replace('"agents"', '"c"') + 'provider "helm" {}\n' + release)
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    of_endpoints = [verdict for verdict in report["verdicts"] if verdict["rule"] == "NET003"]
    assert {verdict["verdict"] for verdict in of_endpoints if verdict["place"]["path"] == "b/main.tf"} == {"unknown"}


def test_which_of_two_clusters_it_is_is_the_question() -> None:
    text = Path("main.tf").read_text("utf-8")
    start, end = text.index('resource "aws_eks_cluster"'), text.index('provider "helm"')
    rest = text[text.index('resource "astro_agent_token"') :]
    write("main.tf", text[:end] + text[start:end].replace('"agents"', '"other"') + rest)
    (told,) = unseen()
    assert "no input shows" not in told


def test_clusters_that_the_configuration_names_are_those_of_their_agents() -> None:
    write("more.tf", SECOND)
    write("helm/second.yaml", VALUES)
    declared = DECLARED.replace("deployment: second}", "deployment: second, cluster: CLUSTER}")
    write(".astrovet.yaml", declared.replace("CLUSTER", "agents"))
    assert inbound() == {"astro_deployment.claims": "passes", "astro_deployment.second": "passes"}
    write(".astrovet.yaml", declared.replace("CLUSTER", "elsewhere"))
    assert inbound() == {"astro_deployment.claims": "passes", "astro_deployment.second": "undecided"}


# --- subnets of Azure


AGENTS_OF_AZURE = FIXTURES / "precision" / "azure-agents" / "good"
SUBNET = "vnet_subnet_id = azurerm_subnet.nodes.id"
SHARED = """\
data "azurerm_subnet" "shared" {
  name                 = "nodes"
  virtual_network_name = "shared"
  resource_group_name  = "hub"
}
data "azurerm_network_security_group" "hub" {
  name                = "hub"
  resource_group_name = "hub"
}
"""
POOL = """\
resource "azurerm_kubernetes_cluster_node_pool" "gpu" {
  name                  = "gpu"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.imaging.id
  vnet_subnet_id        = SUBNET
}
"""
ADDRESS = '"/subscriptions/x/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/{}/subnets/nodes"'


@pytest.mark.parametrize(
    ("written", "instead", "more", "unseen"),
    [
        ("", "", "", 0),
        (SUBNET, "vnet_subnet_id = data.azurerm_subnet.shared.id", SHARED, 1),
        (SUBNET, f"vnet_subnet_id = {ADDRESS.format('shared')}", "", 1),
        (SUBNET, f"vnet_subnet_id = {ADDRESS.format('imaging')}", "", 0),
        ("", "", SHARED + POOL.replace("SUBNET", "data.azurerm_subnet.shared.id"), 1),
        ("", "", POOL.replace("SUBNET", "azurerm_subnet.nodes.id"), 0),
        (
            "network_security_group_id = azurerm_network_security_group.nodes.id",
            "network_security_group_id = data.azurerm_network_security_group.hub.id",
            SHARED,
            1,
        ),
    ],
)
def test_the_subnets_of_nodes_on_azure(
    written: str, instead: str, more: str, unseen: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shutil.copytree(AGENTS_OF_AZURE, tmp_path / "azure"))
    for path in Path("terraform").glob("*.tf"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(written, instead) if written else text)
    Path("terraform/more.tf").write_text(more)
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    assert len([gap for gap in report["unseen"] if "NET001" in gap["rules"]]) == unseen
