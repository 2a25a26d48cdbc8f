"""Which secrets backend a component uses: what Airflow would settle from fields and variables."""

from __future__ import annotations

from textwrap import dedent

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.agent import Agent
from astrovet.model.component import ComponentKind
from astrovet.place import Place
from astrovet.readers.agent.agent import read_agent
from astrovet.value import Absent, Known, Map, Unknown, at

AWS = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
VAULT = "airflow.providers.hashicorp.secrets.vault.VaultBackend"


def agent(values: str, *, complete: bool = True) -> Agent:
    document = read_yaml("values.yaml", dedent(values))[0]
    return read_agent("values.yaml", "values.yaml", document.root, Place("values.yaml", 1, 1), complete=complete)


def test_the_workers_section_takes_its_own_arguments_only() -> None:
    configured = agent(
        f"""
        secretBackend: {AWS}
        commonEnv:
          - {{name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{{"region_name": "eu-central-1"}}'}}
          - {{name: AIRFLOW__SECRETS__BACKEND_KWARG__PROFILE_NAME, value: agents}}
          - {{name: AIRFLOW__WORKERS__SECRETS_BACKEND, value: {VAULT}}}
          - {{name: AIRFLOW__WORKERS__SECRETS_BACKEND_KWARG__URL, value: "https://vault.acme.example"}}
        """
    )
    for secrets in configured.secrets:
        assert isinstance(secrets.backend, Known)
        assert secrets.backend.value == VAULT
        assert set(secrets.arguments.value.entries) == {"url"}


def test_arguments_of_the_workers_section_are_not_read_without_its_backend() -> None:
    configured = agent(
        f"""
        secretBackend: {AWS}
        commonEnv:
          - {{name: AIRFLOW__WORKERS__SECRETS_BACKEND_KWARGS, value: no JSON}}
        """
    )
    assert [secrets.kwargs.fault for secrets in configured.secrets] == ["", "", ""]


def test_a_single_argument_wins_over_the_text_and_its_key_is_in_lower_case() -> None:
    configured = agent(
        f"""
        secretBackend: {VAULT}
        commonEnv:
          - {{name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{{"url": "https://old.example", "mount_point": "a"}}'}}
          - {{name: AIRFLOW__SECRETS__BACKEND_KWARG__URL, value: "https://new.example"}}
          - {{name: AIRFLOW__SECRETS__BACKEND_KWARG__, value: nothing}}
        """
    )
    entries = {
        (key, entry.value.value if isinstance(entry.value, Known) else None)
        for secrets in configured.secrets
        for key, entry in secrets.arguments.value.entries.items()
    }
    assert entries == {("url", "https://new.example"), ("mount_point", "a")}


@pytest.mark.parametrize(("text", "dropped"), [("[]", True), ("7", True), ("{", True), ("", False)])
def test_what_is_no_object_is_dropped(text: str, dropped: bool) -> None:
    configured = agent(f"commonEnv: [{{name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{text}'}}]")
    for secrets in configured.secrets:
        assert bool(secrets.kwargs.fault) is dropped
        assert secrets.arguments.value == Map({})


def test_a_component_sees_its_own_variables_over_the_shared_ones() -> None:
    configured = agent(
        """
        commonEnv:
          - {name: REGION, value: shared}
          - {name: ZONE, value: shared}
        workers:
          - {name: default}
          - {name: heavy, env: [{name: REGION, value: first}, {name: REGION, value: last}, {name: ZONE}]}
        """
    )
    default, heavy = configured.environments(ComponentKind.WORKER)
    assert [variable.value for variable in configured.variables("REGION") if isinstance(variable, Known)] == [
        "shared",
        "last",
    ]
    assert isinstance(default.value("ZONE"), Known)
    assert isinstance(heavy.value("ZONE"), Absent)
    assert isinstance(heavy.value("OTHER"), Absent)


def test_a_partial_set_is_judged_by_what_it_shows() -> None:
    configured = agent(
        """
        commonEnv: [{name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{"region_name": "eu-central-1"}'}]
        workers: [{name: default}]
        """,
        complete=False,
    )
    for secrets in configured.secrets:
        assert isinstance(secrets.backend, Unknown)
        assert isinstance(at(secrets.arguments, "region_name"), Known)
        assert isinstance(secrets.argument("role_arn"), Unknown)  # another layer may give it


def test_arguments_are_listed_wherever_they_are_written_but_not_where_the_pod_reads_them_from_elsewhere() -> None:
    configured = agent(
        """
        commonEnv:
          - {name: AIRFLOW__SECRETS__BACKEND_KWARGS, value: '{"role_id": "a"}'}
          - {name: AIRFLOW__SECRETS__BACKEND_KWARG__TOKEN, valueFrom: {secretKeyRef: {name: vault, key: token}}}
        workers:
          - env: [{name: AIRFLOW__WORKERS__SECRETS_BACKEND_KWARG__SECRET_ID, value: b}]
        """
    )
    contents = [kwargs.content.value for kwargs in configured.secrets_kwargs if isinstance(kwargs.content, Known)]
    keys = [list(content.entries) for content in contents if isinstance(content, Map)]
    assert keys == [["role_id"], ["secret_id"]]
