"""Which settings of an agent take credentials: so that rules find them and nothing ever shows them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from astrovet.formats.yaml.documents import read_yaml
from astrovet.model.agent import Agent
from astrovet.model.credential import CredentialKind
from astrovet.place import Place
from astrovet.readers.agent.agent import read_agent
from astrovet.value import Absent, Known, Unknown


def agent(values: str) -> Agent:
    document = read_yaml("values.yaml", dedent(values))[0]
    return read_agent("values.yaml", "values.yaml", document.root, Place("values.yaml", 1, 1), complete=True)


def given(values: str, kind: CredentialKind) -> list[str]:
    """The texts of the credentials of one kind, each where it stands."""
    written = [credential.value for credential in agent(values).credentials if credential.kind is kind]
    return [f"{value.value} {value.place.line}:{value.place.column}" for value in written if isinstance(value, Known)]


def test_every_login_of_a_docker_configuration_is_one_with_its_place() -> None:
    values = """\
        imagePullSecretData: |
          {"auths": {
            "images.astronomer.cloud": {"username": "cli", "password": "kestrel41", "auth": "Y2xpOg=="},
            "registry.acme.example": {"identitytoken": "willow88"}
          }, "credsStore": "desktop"}
        """
    assert given(values, CredentialKind.REGISTRY_LOGIN) == ["kestrel41 3:64", "Y2xpOg== 3:85", "willow88 4:48"]


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("{auths: {images.astronomer.cloud: {auth: Y2xpOg==}}}", ["Y2xpOg== 1:63"]),
        ("""'{"auths": {}}'""", []),
        ("""'{"auths": null}'""", []),
        ("""'["auth"]'""", []),
        ("", []),
        ("${DOCKER_CONFIG}", []),
    ],
)
def test_other_forms_of_a_docker_configuration(written: str, texts: list[str]) -> None:
    assert given(f"imagePullSecretData: {written}\n", CredentialKind.REGISTRY_LOGIN) == texts


def test_a_text_that_is_no_json_may_hold_a_login() -> None:
    (login,) = (
        credential.value
        for credential in agent("imagePullSecretData: eyJhdXRocyI6e319\n").credentials
        if credential.kind is CredentialKind.REGISTRY_LOGIN
    )
    assert isinstance(login, Unknown)
    assert (login.place.line, login.place.column) == (1, 22)


def test_the_key_for_lineage_stands_in_a_setting_or_in_a_variable_of_any_component() -> None:
    values = """\
        openLineage: {apiKey: one}
        commonEnv:
          - {name: OPENLINEAGE_API_KEY, value: two}
        workers:
          - env: [{name: OPENLINEAGE_API_KEY, value: three}]
        """
    assert given(values, CredentialKind.LINEAGE_KEY) == ["one 1:23", "two 3:40", "three 5:46"]


def test_a_variable_from_a_secret_is_no_credential_in_the_values() -> None:
    values = "commonEnv: [{name: OPENLINEAGE_API_KEY, valueFrom: {secretKeyRef: {name: lineage, key: api-key}}}]\n"
    keys = [
        credential.value for credential in agent(values).credentials if credential.kind is CredentialKind.LINEAGE_KEY
    ]
    assert all(isinstance(key, Absent) for key in keys)
