"""What records who reads an object store: trails of Amazon's, diagnostic settings of Azure's."""

from __future__ import annotations

import pytest

from astrovet.model.storage import ObjectStore
from astrovet.readers.clouds.data_plane import read_data_plane
from support import root_module, state

BUCKET = 'variable "open" {}\nresource "aws_s3_bucket" "logs" {\n  bucket = "acme-logs"\n}\n'
ACCOUNT = 'variable "open" {}\nresource "azurerm_storage_account" "logs" {\n  name = "acmelogs"\n}\n'
OF_OBJECTS = 'field_selector {\n  field  = "resources.type"\n  equals = ["AWS::S3::Object"]\n}\n'


def logged(source: str) -> object:
    (store,) = read_data_plane(root_module({"main.tf": source}, ".")).of(ObjectStore)
    return state(store.access_logged)


def trail(selector: str) -> object:
    return logged(f'{BUCKET}resource "aws_cloudtrail" "t" {{\n  name = "t"\n{selector}\n}}\n')


@pytest.mark.parametrize(
    ("values", "more", "expected"),
    [
        ('"arn:aws:s3"', "", True),
        ('"arn:aws:s3:::"', "", True),
        ('"arn:aws:s3:::acme-logs/"', "", True),
        ('"${aws_s3_bucket.logs.arn}/"', "", True),
        ('"arn:aws:s3:::acme-other/"', "", "-"),
        ('"arn:aws:s3:::acme-other/", "arn:aws:s3:::acme-logs/"', "", True),
        ("var.open", "", "?"),
        ('"arn:aws:s3"', 'read_write_type = "All"', True),
        ('"arn:aws:s3"', 'read_write_type = "ReadOnly"', True),
        ('"arn:aws:s3"', 'read_write_type = "WriteOnly"', "-"),
        ('"arn:aws:s3"', "read_write_type = var.open", "?"),
    ],
)
def test_a_trail_records_the_buckets_that_it_names(values: str, more: str, expected: object) -> None:
    data = f'data_resource {{\n  type = "AWS::S3::Object"\n  values = [{values}]\n}}'
    assert trail(f"event_selector {{\n{more}\n{data}\n}}") == expected


def test_other_data_of_a_trail_say_nothing_of_buckets() -> None:
    data = 'data_resource {\n  type = "AWS::Lambda::Function"\n  values = ["arn:aws:lambda"]\n}'
    assert trail(f"event_selector {{\n{data}\n}}") == "-"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", True),
        ('field_selector {\n  field = "eventCategory"\n  equals = ["Data"]\n}', True),
        ('field_selector {\n  field = "readOnly"\n  equals = ["true"]\n}', True),
        ('field_selector {\n  field = "readOnly"\n  equals = ["false"]\n}', "-"),
        ('field_selector {\n  field = "resources.ARN"\n  starts_with = ["arn:aws:s3:::acme-logs/"]\n}', True),
        ('field_selector {\n  field = "resources.ARN"\n  starts_with = ["arn:aws:s3:::acme-other/"]\n}', "-"),
        ('field_selector {\n  field = "resources.ARN"\n  not_starts_with = ["arn:aws:s3:::acme-other/"]\n}', "?"),
        ('field_selector {\n  field = "eventName"\n  equals = ["PutObject"]\n}', "?"),
        ('field_selector {\n  field = var.open\n  equals = ["PutObject"]\n}', "?"),
    ],
)
def test_an_advanced_selector_chooses(fields: str, expected: object) -> None:
    assert trail(f"advanced_event_selector {{\n{OF_OBJECTS}{fields}\n}}") == expected


def test_an_advanced_selector_without_objects() -> None:
    other = 'field_selector {\n  field = "eventCategory"\n  equals = ["Management"]\n}'
    assert trail(f"advanced_event_selector {{\n{other}\n}}") == "-"


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ('enabled_log {\n  category = "StorageRead"\n}', True),
        ('enabled_log {\n  category_group = "allLogs"\n}', True),
        ('enabled_log {\n  category_group = "audit"\n}', True),
        ('enabled_log {\n  category = "StorageWrite"\n}', "-"),
        ("enabled_log {\n  category = var.open\n}", "?"),
        ('metric {\n  category = "Transaction"\n}', "-"),
    ],
)
def test_a_diagnostic_setting_may_keep_figures_alone(kept: str, expected: object) -> None:
    setting = (
        'resource "azurerm_monitor_diagnostic_setting" "d" {\n'
        '  target_resource_id = "${azurerm_storage_account.logs.id}/blobServices/default"\n'
        f"{kept}\n}}\n"
    )
    assert logged(ACCOUNT + setting) == expected
