"""Which stores rules look at: by every way in which a deployment or an agent can name one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astrovet_rules.tables.address_ranges import address_range, lies_in
from support import astrovet, plan_text

VALUES = """\
resourceNamePrefix: payments-prod
namespace: airflow-agents
astroDeploymentAPIURL: https://cm0k8x0.external.astronomer.run/d7f3k2a1
agentTokenSecretName: agent-token
secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend
xcomBackend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
workers:
  - name: default
"""


def variable(name: str, value: str) -> str:
    return f"commonEnv:\n  - name: {name}\n    value: {value}\n"


def bundle(**arguments: str) -> str:
    classpath = "airflow.providers.amazon.aws.bundles.s3.S3DagBundle"
    return f"dagBundleConfigList: '{json.dumps([{'name': 'dags', 'classpath': classpath, 'kwargs': arguments}])}'\n"


SIDECAR = """\
loggingSidecar:
  enabled: {enabled}
  config:
    sinks:
      archive: {{type: aws_s3, bucket: acme-store, key_prefix: tasks/%F/}}
"""


def plan(kind: str, name: str, container: str = "") -> str:
    """A plan that makes one bucket or account, and in an account a public container."""
    attribute = "bucket" if kind == "aws_s3_bucket" else "name"
    resources: dict[str, dict[str, Any]] = {f"{kind}.store": {attribute: name, "force_destroy": True}}
    if container:
        resources["azurerm_storage_container.files"] = {
            "storage_account_name": name,
            "container_access_type": "container",
            "name": container,
        }
    return plan_text(resources)


def findings(folder: Path, plan_text: str, values: str, rule: str) -> list[str]:
    """The concise lines of a rule for a plan and an agent's values."""
    (folder / "plan.json").write_text(plan_text)
    (folder / "values.yaml").write_text(VALUES + values)
    arguments = [str(folder / "plan.json"), str(folder / "values.yaml"), "--format", "concise", "--select", rule]
    result = astrovet("scan", *arguments)
    return [line.partition(f" {rule} ")[2] for line in result.stdout.splitlines() if f" {rule} " in line]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store/prod"), "XCom values"),
        (variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://aws_default@acme-store/prod"), "XCom values"),
        (variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store"), "XCom values"),
        (variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store/${TEAM}"), "XCom values"),
        (variable("AIRFLOW__COMMON_IO__STATE_STORE_OBJECTSTORAGE_PATH", "s3://acme-store/state"), "the state of tasks"),
        (variable("AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER", "s3://acme-store/logs"), "task logs"),
        (bundle(bucket_name="acme-store", prefix="dags"), "DAGs"),
        (SIDECAR.format(enabled="true"), "task logs"),
        (
            variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store/xcom")
            + bundle(bucket_name="acme-store"),
            "XCom values and DAGs",
        ),
    ],
)
def test_an_agent_names_a_store(tmp_path: Path, values: str, what: str) -> None:
    (line,) = findings(tmp_path, plan("aws_s3_bucket", "acme-store"), values, "STO005")
    assert line == f"low force_destroy lets the store for {what} go with all that it holds"


@pytest.mark.parametrize(
    "values",
    [
        "",
        variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store-2/prod"),
        variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store@acme-other/prod"),
        variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "s3://acme-store${SUFFIX}/prod"),
        variable("AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH", "file:///acme-store/prod"),
        variable("EXPORTS", "s3://acme-store/exports"),
        SIDECAR.format(enabled="false"),
    ],
)
def test_a_store_that_no_agent_names(tmp_path: Path, values: str) -> None:
    assert not findings(tmp_path, plan("aws_s3_bucket", "acme-store"), values, "STO005")


@pytest.mark.parametrize(
    "path",
    [
        "abfs://task-logs@acmestore.dfs.core.windows.net/prod",
        "wasb://task-logs@acmestore.blob.core.windows.net",
        "abfs://azure_default@task-logs/prod",
        "abfs://task-logs/prod",
    ],
)
def test_a_container_of_azure_in_its_spellings(tmp_path: Path, path: str) -> None:
    values = variable("AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER", path)
    (line,) = findings(tmp_path, plan("azurerm_storage_account", "acmestore", "task-logs"), values, "STO001")
    assert line == "high a container lets everybody into the store for task logs"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("10.40.0.0/16", True),
        ("10.40.255.255/32", True),
        ("10.40.3.7", True),
        ("10.40.0.0/15", False),
        ("10.41.0.0/32", False),
        ("::/128", False),
    ],
)
def test_what_lies_in_a_network(text: str, inside: bool) -> None:
    network, addresses = address_range("10.40.0.0/16"), address_range(text)
    assert network is not None
    assert addresses is not None
    assert lies_in(addresses, (network,)) is inside
