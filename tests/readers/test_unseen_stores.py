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
        ('"s3://tarn-claims-xcom/x"', MAY_BE_IT),
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
        ('"abfss://other@tarnclaims.dfs.core.windows.net/x"', ACCOUNT),
        (
            "data.terraform_remote_state.stores.outputs.xcom",
            'data "terraform_remote_state" "stores" {\n  backend = "s3"\n}\n',
        ),
    ],
)
def test_it_is_in_no_input(address: str, store: str) -> None:
    assert unseen(address, store)
