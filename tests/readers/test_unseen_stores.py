"""Which object stores that agents are told of are in the inputs, of whatever cloud and however they are named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from support import FIXTURES, astrovet

WHOLE = FIXTURES / "rules" / "not-seen" / "good-whole-estate"
XCOM = '"s3://${aws_s3_bucket.xcom.bucket}/claims"'
BUCKET = 'resource "aws_s3_bucket" "xcom" {\n  bucket = "tarn-claims-xcom"\n}\n'
ACCOUNT = """\
resource "azurerm_storage_account" "a" {
  name                     = "tarnclaims"
  resource_group_name      = "agents"
  location                 = "westeurope"
  account_tier             = "Standard"
  account_replication_type = "ZRS"
}
resource "azurerm_storage_container" "xcom" {
  name               = "xcom"
  storage_account_id = azurerm_storage_account.a.id
}
"""
GOOGLE = 'resource "google_storage_bucket" "xcom" {\n  name     = "tarn-claims-xcom"\n  location = "EU"\n}\n'
UNKNOWN_NAME = 'variable "n" {}\nresource "aws_s3_bucket" "xcom" {\n  bucket = "web-${var.n}"\n}\n'
MAY_BE_IT = UNKNOWN_NAME.replace("web-", "tarn-claims-")


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(WHOLE, tmp_path / "estate"))


def unseen(address: str, store: str) -> bool:
    """Whether the store of XComs is told not to be seen."""
    file = Path("main.tf")
    text = file.read_text("utf-8")
    assert XCOM in text
    assert BUCKET in text
    file.write_text(text.replace(BUCKET, store).replace(XCOM, address))
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return any("XCOM_OBJECTSTORAGE_PATH" in gap["what"] for gap in report["unseen"])


@pytest.mark.parametrize(
    ("address", "store"),
    [
        (XCOM, BUCKET),
        ('"s3://tarn-claims-xcom/x"', BUCKET),
        ('"s3a://aws_default@tarn-claims-xcom/x"', BUCKET),
        ('"s3://${aws_s3_bucket.xcom.id}/x"', BUCKET),
        ('"s3://${aws_s3_bucket.xcom.id}/x"', MAY_BE_IT),
        ('"s3://tarn-claims-${var.n}/x"', MAY_BE_IT),
        ('"s3://${var.n}-xcom/x"', UNKNOWN_NAME.replace("web-${var.n}", "${var.n}-xcom")),
        ('"${google_storage_bucket.xcom.url}/x"', GOOGLE),
        ('"gs://tarn-claims-xcom/x"', GOOGLE),
        ('"abfss://xcom@tarnclaims.dfs.core.windows.net/x"', ACCOUNT),
        ('"wasb://xcom@tarnclaims.blob.core.windows.net/x"', ACCOUNT),
        ('"abfs://azure_default@xcom/x"', ACCOUNT),
        ('"file:///tmp/xcom"', ""),
        ('"cloudwatch://arn:aws:logs:eu-central-1:1:log-group:x"', ""),
    ],
)
def test_it_is_seen_or_none(address: str, store: str) -> None:
    assert not unseen(address, store)


@pytest.mark.parametrize(
    ("address", "store"),
    [
        ('"s3://tarn-claims-xcom/x"', ""),
        ('"s3://tarn-claims-xcom.prod.example/x"', BUCKET),
        ('"gs://tarn-claims-xcom/x"', BUCKET),
        ('"s3://tarn-claims-xcom/x"', GOOGLE),
        ('"s3://tarn-claims-xcom/x"', UNKNOWN_NAME),
        ('"s3://tarn-claims-${var.n}/x"', UNKNOWN_NAME),
        ('"s3://${var.other}-xcom/x"', 'variable "other" {}\n' + UNKNOWN_NAME),
        ('"${google_storage_bucket.xcom.url}/x"', ""),
        ('"abfss://other@tarnclaims.dfs.core.windows.net/x"', ACCOUNT),
        ('"abfss://xcom@tarnother.dfs.core.windows.net/x"', ACCOUNT),
        ('"s3://tarn-claims-xcom/x"', MAY_BE_IT),
        ('"s3://tarn-claims-xcom/x"', 'variable "n" {}\nresource "aws_s3_bucket" "xcom" {\n  bucket = var.n\n}\n'),
        (
            "data.terraform_remote_state.stores.outputs.xcom",
            'data "terraform_remote_state" "stores" {\n  backend = "s3"\n}\n',
        ),
    ],
)
def test_it_is_in_no_input(address: str, store: str) -> None:
    assert unseen(address, store)


# --- stores that are named without an address


def gaps() -> list[str]:
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [gap["what"] for gap in report["unseen"] if "STO001" in gap["rules"]]


def bundle(path: str, argument: str, name: str) -> None:
    """One DAG bundle of this class, with its store."""
    entry = f'{{ name = "dags", classpath = "{path}", kwargs = {{ {argument} = "{name}" }} }}'
    file = Path("main.tf")
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("    commonEnv =", f"    dagBundleConfigList = jsonencode([{entry}])\n    commonEnv =")
    )


S3 = "airflow.providers.amazon.aws.bundles.s3.S3DagBundle"
GCS = "airflow.providers.google.cloud.bundles.gcs.GCSDagBundle"
WASB = "airflow.providers.microsoft.azure.bundles.wasb.WasbDagBundle"


@pytest.mark.parametrize(
    ("path", "argument", "name", "store"),
    [
        (S3, "bucket_name", "tarn-dags", 'resource "aws_s3_bucket" "dags" {\n  bucket = "tarn-dags"\n}\n'),
        (GCS, "bucket_name", "tarn-claims-xcom", GOOGLE),
        (WASB, "container_name", "xcom", ACCOUNT),
        ("own.Bundle", "bucket_name", "tarn-claims-xcom", GOOGLE),
    ],
)
def test_the_store_of_a_dag_bundle(path: str, argument: str, name: str, store: str) -> None:
    bundle(path, argument, name)
    if name != "tarn-claims-xcom" or path != "own.Bundle":
        assert gaps() == [f"no input shows the object store that {argument} of a DAG bundle names"]
    Path("more.tf").write_text(store)
    assert gaps() == []


def test_a_bundle_of_git_names_no_store() -> None:
    bundle("airflow.providers.git.bundles.git.GitDagBundle", "tracking_ref", "main")
    assert gaps() == []


# --- root modules that make stores and do not name them


MODULE = 'variable "name" {}\nresource "aws_s3_bucket" "this" {\n  bucket = var.name\n}\n'
ROOTS = {
    "interpolated": 'locals { env = "claims" }\n'
    'resource "aws_s3_bucket" "x" {\n  bucket = "tarn-${local.env}-xcom"\n}\n',
    "for each": 'module "b" {\n  for_each = toset(["xcom", "web"])\n  source = "../bucket"\n'
    '  name = "tarn-claims-${each.key}"\n}\n',
    "variables": 'variable "name" {}\nresource "aws_s3_bucket" "x" {\n  bucket = var.name\n}\n',
}
BEGINNING = 'variable "env" {}\nresource "aws_s3_bucket" "x" {\n  bucket = "tarn-claims-${var.env}"\n}\n'


def elsewhere(name: str, address: str = '"s3://tarn-claims-xcom/x"') -> None:
    """The estate whose bucket for XComs is made by a root module beside it."""
    text = Path("main.tf").read_text("utf-8")
    for folder in ("bucket", "stores", "agents"):
        Path(folder).mkdir()
    Path("agents/main.tf").write_text(text.replace(BUCKET, "").replace(XCOM, address))
    Path("main.tf").unlink()
    Path("bucket/main.tf").write_text(MODULE)
    if name:
        Path("stores/main.tf").write_text(ROOTS.get(name, BEGINNING))
    if name == "variables":
        Path("stores/terraform.tfvars").write_text('name = "tarn-claims-xcom"\n')


@pytest.mark.parametrize("name", ROOTS)
def test_a_store_is_read_from_a_root_module_that_does_not_write_its_name(name: str) -> None:
    elsewhere(name)
    assert gaps() == []
    Path("stores/main.tf").write_text(ROOTS[name].replace("tarn-", "barn-"))
    Path("stores/terraform.tfvars").write_text('name = "barn-claims-xcom"\n')
    assert len(gaps()) == 1


def test_a_store_of_which_only_the_beginning_of_the_name_is_known_may_be_another() -> None:
    elsewhere("beginning")
    assert gaps() == [
        "whether aws_s3_bucket.x is the object store that AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH names cannot be "
        "told: its whole name is in no input"
    ]
    Path("stores/terraform.tfvars").write_text('env = "xcom"\n')
    assert gaps() == []


@pytest.mark.parametrize(("host", "number"), [("tarnclaims", 0), ("tarnother", 1)])
@pytest.mark.parametrize(
    "written", ["https://{}.blob.core.windows.net", "wasb://https%3A%2F%2F{}.dfs.core.windows.net"]
)
def test_the_connection_of_an_address_says_which_account_it_is_in(host: str, number: int, written: str) -> None:
    text = Path("main.tf").read_text("utf-8")
    connection = f'[{{ name = "AIRFLOW_CONN_IMAGES", value = "{written.format(host)}" }}, '
    text = text.replace(BUCKET, ACCOUNT).replace(XCOM, '"abfs://images@xcom/x"')
    assert "commonEnv = [" in text
    Path("main.tf").write_text(text.replace("commonEnv = [", "commonEnv = " + connection))
    assert len(gaps()) == number


def test_without_a_root_module_that_makes_it_the_store_is_not_seen() -> None:
    elsewhere("")
    assert len(gaps()) == 1


def test_a_short_name_is_found_too() -> None:
    elsewhere("variables", '"s3://xcom/x"')
    Path("stores/terraform.tfvars").write_text('name = "xcom"\n')
    assert gaps() == []


def test_the_bucket_of_logs_alone_is_found_elsewhere() -> None:
    elsewhere("interpolated")
    text = Path("agents/main.tf").read_text("utf-8")
    start, end = text.index('resource "aws_s3_bucket" "logs"'), text.index('resource "aws_eks_cluster"')
    Path("agents/main.tf").write_text(text[:start] + text[end : text.index('provider "helm"')])
    assert len(gaps()) == 1
    Path("stores/main.tf").write_text(ROOTS["interpolated"].replace("xcom", "logs"))
    assert gaps() == []


def test_what_other_stores_of_that_root_module_do_is_not_said() -> None:
    elsewhere("for each")
    other = 'resource "aws_s3_bucket_acl" "web" {\n  bucket = module.b["web"].name\n  acl = "public-read"\n}\n'
    Path("bucket/main.tf").write_text(MODULE + 'output "name" {\n  value = aws_s3_bucket.this.bucket\n}\n')
    Path("stores/main.tf").write_text(ROOTS["for each"] + other)
    assert "STO001" not in astrovet("scan", ".").stdout
    Path("stores/main.tf").write_text(ROOTS["for each"] + other.replace('"web"].name', '"xcom"].name'))
    assert "STO001" in astrovet("scan", ".").stdout


# --- stores that may not be made


@pytest.mark.parametrize(("count", "expected"), [("1", 0), ("var.made", 1)])
def test_a_store_that_may_not_be_made_is_told(count: str, expected: int) -> None:
    text = Path("main.tf").read_text("utf-8")
    counted = BUCKET.replace("{\n", f"{{\n  count = {count}\n", 1)
    Path("main.tf").write_text(text.replace(BUCKET, counted).replace(XCOM, '"s3://tarn-claims-xcom/x"'))
    Path("more.tf").write_text('variable "made" {}\nresource "aws_s3_bucket" "web" {\n  count = var.made\n}\n')
    told = [gap for gap in gaps() if "made at all" in gap]
    assert len(told) == len(gaps()) == expected
    assert all("aws_s3_bucket.xcom," in gap for gap in told)


# --- several stores of one cause

OUT_OF_MODULE = (
    ("s3://${aws_s3_bucket.xcom.bucket}/claims", "s3://${module.storage.xcom}/claims"),
    ("s3://tarn-claims-logs/claims", "s3://${module.storage.logs}/claims"),
    ('"s3://tarn-claims-logs"', "module.storage.logs"),
)
STORAGE = """\
variable "name" {{}}
resource "aws_s3_bucket" "xcom" {{
  bucket = "tarn-claims-xcom"
}}
resource "aws_s3_bucket" "logs" {{
  bucket = {0}
}}
output "xcom" {{
  value = aws_s3_bucket.xcom.bucket
}}
output "logs" {{
  value = aws_s3_bucket.logs.bucket
}}
"""
CALL = 'module "storage" {\n  source = "./modules/storage"\n  name   = "x"\n}\n'


def of_module() -> None:
    text = Path("main.tf").read_text("utf-8")
    for old, new in OUT_OF_MODULE:
        text = text.replace(old, new)
    start, _, rest = text.partition('resource "aws_s3_bucket" "logs"')
    Path("main.tf").write_text(start + rest[rest.index('resource "aws_eks_cluster"') :])


def causes() -> list[str]:
    report = json.loads(astrovet("scan", ".", "--format", "json").stdout)
    return [gap["what"] for gap in report["unseen"] if {"STO001", "STO003"} & set(gap["rules"])]


def test_stores_of_one_module_that_is_not_there_are_told_once() -> None:
    of_module()
    (what,) = causes()
    assert what.startswith("no input shows the object stores that ")
    assert what.endswith("name: module.storage is not called in this module")


def test_stores_of_a_module_that_is_not_at_hand_are_told_with_it() -> None:
    of_module()
    Path("storage.tf").write_text(CALL)
    assert causes() == ["module.storage is not at hand: there are no sources in the folder that it is called from"]
    report = json.loads(astrovet("report", "--accept-unseen", "--format", "json").stdout)
    standings = {cell["requirement"]: cell["standing"] for row in report["rows"] for cell in row["cells"]}
    assert "passes" not in standings.values()


def test_stores_of_a_module_that_is_there_are_seen() -> None:
    of_module()
    Path("storage.tf").write_text(CALL)
    Path("modules/storage").mkdir(parents=True)
    Path("modules/storage/main.tf").write_text(STORAGE.format('"tarn-claims-logs"'))
    assert causes() == []
