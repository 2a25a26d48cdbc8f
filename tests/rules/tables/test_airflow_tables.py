"""The tables of Airflow's classes and schemes, held to what the packages say (`tests/data/record_airflow.py`)."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from astrovet_rules.tables import state_store_backends, xcom_backends
from astrovet_rules.tables.dag_bundles import REQUIRED_KWARGS
from astrovet_rules.tables.secrets_backends import BACKENDS, LOCAL_BACKENDS
from data.record_airflow import recorded
from support import DATA, ROOT

AIRFLOW: dict[str, Any] = json.loads((DATA / "airflow.json").read_text("utf-8"))
CLASSES: dict[str, dict[str, list[str]]] = AIRFLOW["classes"]
NO_STORES = {"airflow.providers.microsoft.azure.fs.msgraph"}
"""File systems that are no object store: OneDrive and SharePoint."""
ABSTRACT = {"airflow.secrets.base_secrets.BaseSecretsBackend"}


def test_the_schemes_are_those_that_the_providers_register() -> None:
    registered = {name for module, names in AIRFLOW["schemes"].items() if module not in NO_STORES for name in names}
    assert registered == xcom_backends.SCHEMES


def test_every_secrets_backend_is_in_a_table() -> None:
    ours = {path for path in CLASSES if ".secrets." in path and path.endswith("Backend")}
    assert ours - ABSTRACT == {*BACKENDS, *LOCAL_BACKENDS}


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_secrets_backend_takes_what_its_constructor_does(backend: str) -> None:
    arguments = (*CLASSES[backend]["must"], *CLASSES[backend]["may"])
    assert [name for name in arguments if not BACKENDS[backend].takes(name)] == []


@pytest.mark.parametrize("bundle", REQUIRED_KWARGS)
def test_a_bundle_does_not_do_without_what_its_constructor_must_be_given(bundle: str) -> None:
    assert set(REQUIRED_KWARGS[bundle]) == set(CLASSES[bundle]["must"])


@pytest.mark.parametrize("backend", [xcom_backends.OBJECT_STORAGE_BACKEND, state_store_backends.OBJECT_STORAGE_BACKEND])
def test_the_backend_of_object_storage_is_there(backend: str) -> None:
    assert backend in CLASSES


@pytest.mark.parametrize("table", ["secrets_backends", "xcom_backends", "dag_bundles", "state_store_backends"])
def test_a_table_names_the_versions_that_it_is_held_to(table: str) -> None:
    text = (ROOT / "rules" / "astrovet_rules" / "tables" / f"{table}.py").read_text("utf-8")
    head = text.split('"""')[1]
    versions = set(AIRFLOW["packages"].values())
    named = {word.strip("-,.;:") for word in head.split() if word[0].isdecimal() and word.count(".") == 2}
    assert named <= versions | {"2.4.0"}, "2.4.0 is hvac's"


def test_a_record_is_made_of_wheels(tmp_path: Path) -> None:
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        archive.writestr("airflow/providers/acme/fs/box.py", 'schemes = ["box"]\n')
        archive.writestr(
            "airflow/providers/acme/secrets/safe.py",
            "class Safe:\n    def __init__(self, url, path='x', *, token, region=None):\n        pass\n",
        )
        archive.writestr("airflow/providers/acme/hooks/safe.py", "class Hook:\n    pass\n")
    (tmp_path / "apache_airflow_providers_acme-1.0.0-py3-none-any.whl").write_bytes(data.getvalue())
    assert recorded(tmp_path) == {
        "packages": {"apache-airflow-providers-acme": "1.0.0"},
        "schemes": {"airflow.providers.acme.fs.box": ["box"]},
        "classes": {"airflow.providers.acme.secrets.safe.Safe": {"must": ["url", "token"], "may": ["path", "region"]}},
    }
