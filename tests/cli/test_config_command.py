"""`astrovet config`: the settings that hold here, and the schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from support import astrovet

pytestmark = pytest.mark.usefixtures("repository")


def run(*words: str) -> Result:
    return astrovet("config", *words)


POLICY = (
    "waiver-policy.reason-length = 1  (default)",
    "waiver-policy.until = high  (default)",
    "waiver-policy.owner = never  (default)",
)


def test_without_a_configuration_the_defaults_hold() -> None:
    assert run().stdout.splitlines() == [
        "limits.token-days = 365  (default)",
        "limits.organization-owners = 3  (default)",
        *POLICY,
    ]


def test_each_setting_has_its_place() -> None:
    Path(".astrovet.yaml").write_text(
        'version: 1\nrequires: [soc2, gdpr]\ndeployments:\n  - match: "claims-*"\n    requires: [hipaa]\n'
        "limits: {token-days: 90}\nowner-domains: [example.com]\n"
    )
    assert run().stdout.splitlines() == [
        "version = 1  (.astrovet.yaml:1:1)",
        "requires = [soc2, gdpr]  (.astrovet.yaml:2:1)",
        "deployments[0].match = claims-*  (.astrovet.yaml:4:5)",
        "deployments[0].requires = [hipaa]  (.astrovet.yaml:5:5)",
        "limits.token-days = 90  (.astrovet.yaml:6:10)",
        "owner-domains = [example.com]  (.astrovet.yaml:7:1)",
        "limits.organization-owners = 3  (default)",
        *POLICY,
    ]


def test_the_nearest_configuration_upwards_counts(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".astrovet.yaml").write_text("requires: [pci]\n")
    (repository / "live").mkdir()
    monkeypatch.chdir(repository / "live")
    assert run().stdout.startswith("requires = [pci]  (")


def test_a_table_of_pyproject_is_named_as_a_file() -> None:
    Path("pyproject.toml").write_text(
        '[tool.astrovet]\nrequires = ["dora"]\n[[tool.astrovet.deployments]]\nmatch = "claims-*"\n'
    )
    assert run().stdout.splitlines() == [
        "requires = [dora]  (pyproject.toml)",
        "deployments[0].match = claims-*  (pyproject.toml)",
        "limits.token-days = 365  (default)",
        "limits.organization-owners = 3  (default)",
        *POLICY,
    ]


def test_a_configuration_in_utf_16_is_read() -> None:
    Path(".astrovet.yaml").write_bytes(b"\xff\xfe" + "requires: [pci]\n".encode("utf-16-le"))
    assert run().stdout.startswith("requires = [pci]")


def test_a_named_configuration_takes_the_place_of_the_nearest() -> None:
    Path(".astrovet.yaml").write_text("requires: [pci]\n")
    Path("other.yaml").write_text("requires: [dora]\n")
    assert run("--config", "other.yaml").stdout.startswith("requires = [dora]  (other.yaml:1:1)")


def test_a_configuration_that_cannot_be_used_is_told() -> None:
    Path(".astrovet.yaml").write_text("require: [pci]\n")
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert ".astrovet.yaml:1:1: unknown key 'require'; did you mean 'requires'?" in result.stderr


@pytest.mark.parametrize("words", [("--schema",), ("--schema", "config"), ("--schema=config",)])
def test_the_schema_of_the_configuration(words: tuple[str, ...]) -> None:
    schema = json.loads(run(*words).stdout)
    assert {"requires", "deployments", "limits"} <= set(schema["properties"])


def test_the_schema_of_agent_values() -> None:
    schema = json.loads(run("--schema", "agent-values").stdout)
    assert "astroDeploymentAPIURL" in schema["properties"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_another_schema_is_a_usage_error() -> None:
    assert run("--schema", "platform-values").exit_code == 2
