"""What names and settings mean: booleans, switches of TLS, purposes of tokens, arguments of secrets backends."""

from __future__ import annotations

import pytest

from astrovet_rules.tables.booleans import is_false, is_true
from astrovet_rules.tables.cloud_keys import CLOUDS
from astrovet_rules.tables.dag_bundles import GIT_SOURCES, ITEM_KEYS, REQUIRED_KWARGS
from astrovet_rules.tables.roles import purposes_of
from astrovet_rules.tables.secrets_backends import BACKENDS, CREDENTIALS, LOCAL_BACKENDS, takes
from astrovet_rules.tables.tls import git_pair, is_switch, switches_off, takes_any_host


@pytest.mark.parametrize("text", ["t", "true", "1", " True ", "T"])
def test_true(text: str) -> None:
    assert (is_true(text), is_false(text)) == (True, False)


@pytest.mark.parametrize("text", ["f", "false", "0", " False ", "F"])
def test_false(text: str) -> None:
    assert (is_true(text), is_false(text)) == (False, True)


@pytest.mark.parametrize("text", ["", "yes", "no", "on", "off", "2", "tr"])
def test_neither(text: str) -> None:
    assert (is_true(text), is_false(text)) == (False, False)


@pytest.mark.parametrize(
    ("name", "value", "certificates", "hosts"),
    [
        ("GIT_SSL_NO_VERIFY", "", True, False),
        ("GIT_SSL_NO_VERIFY", "1", True, False),
        ("NODE_TLS_REJECT_UNAUTHORIZED", " 0 ", True, False),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "1", False, False),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "", False, False),
        ("PYTHONHTTPSVERIFY", "0", True, False),
        ("PYTHONHTTPSVERIFY", "false", False, False),
        *(("GIT_CONFIG_PARAMETERS", f"'http.sslVerify={off}'", True, False) for off in ("false", "no", "OFF", "0", "")),
        ("GIT_CONFIG_PARAMETERS", "'http.sslVerify=true'", False, False),
        ("GIT_CONFIG_PARAMETERS", "'http.sslVerify'", False, False),
        ("GIT_CONFIG_PARAMETERS", "'HTTP.https://git.acme.example.SSLVERIFY'='false'", True, False),
        ("GIT_CONFIG_PARAMETERS", "'core.editor=vi' 'http.sslverify=false'", True, False),
        ("GIT_CONFIG_PARAMETERS", "'https.sslVerify=false'", False, False),
        ("GIT_CONFIG_PARAMETERS", "'core.sshCommand=ssh -o StrictHostKeyChecking=no'", False, True),
        ("GIT_CONFIG_PARAMETERS", "'core.sshCommand=ssh'", False, False),
        ("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=no", False, True),
        ("GIT_SSH_COMMAND", "ssh -o 'stricthostkeychecking off' -v", False, True),
        ("GIT_SSH_COMMAND", "ssh\n-o StrictHostKeyChecking=no\n", False, True),
        ("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=yes", False, False),
        ("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=nope", False, False),
        ("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=accept-new", False, False),
        ("GIT_SSH", "ssh -o StrictHostKeyChecking=no", False, False),
        ("AIRFLOW__KUBERNETES_EXECUTOR__VERIFY_SSL", "false", True, False),
        ("AIRFLOW__ELASTICSEARCH_CONFIGS__VERIFY_CERTS", "0", True, False),
        ("AIRFLOW__ACME__THE_SSL_VERIFY", "f", True, False),
        ("AIRFLOW__ACME__VERIFY_SSL", "true", False, False),
        ("AIRFLOW__ACME__VERIFY_SSL_TOO", "false", False, False),
        ("ACME__VERIFY_SSL", "false", False, False),
    ],
)
def test_what_a_variable_switches_off(name: str, value: str, certificates: bool, hosts: bool) -> None:
    assert switches_off(name, value) is certificates
    assert takes_any_host(name, value) is hosts
    assert is_switch(name) is (name not in {"GIT_SSH", "AIRFLOW__ACME__VERIFY_SSL_TOO", "ACME__VERIFY_SSL"})


@pytest.mark.parametrize(
    ("key", "value", "off"),
    [
        ("http.sslVerify", " FALSE ", "certificates"),
        (" http.https://x.sslVerify ", "0", "certificates"),
        ("http.sslVerify", "true", ""),
        (" core.sshCommand ", "ssh -o StrictHostKeyChecking=no", "host keys"),
        ("core.sshcommand", "ssh", ""),
        ("core.editor", "false", ""),
    ],
)
def test_settings_of_git(key: str, value: str, off: str) -> None:
    assert git_pair(key, value) == off


@pytest.mark.parametrize(
    ("name", "purposes"),
    [
        ("ci", ["CI"]),
        ("github-cicd", ["CI"]),
        ("deploy key", ["deploys"]),
        ("deploys", ["deploys"]),
        ("dag_deployer", ["deploys"]),
        ("agent", ["agents"]),
        ("claimsAgents", ["agents"]),
        ("image-pull", ["image pulls"]),
        ("pulls", ["image pulls"]),
        ("Lineage", ["lineage"]),
        ("openlineage", ["lineage"]),
        ("OpenLineage", ["lineage"]),
        ("CIDeploy", ["CI", "deploys"]),
        ("agent token for CI", ["agents", "CI"]),
        ("deployment", []),
        ("circus", []),
        ("", []),
    ],
)
def test_what_a_token_is_for(name: str, purposes: list[str]) -> None:
    assert purposes_of(name) == purposes


PROVIDERS = "airflow.providers."
AWS = [
    f"{PROVIDERS}amazon.aws.secrets.secrets_manager.SecretsManagerBackend",
    f"{PROVIDERS}amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend",
]
AZURE = [f"{PROVIDERS}microsoft.azure.secrets.key_vault.AzureKeyVaultBackend"]
GOOGLE = [f"{PROVIDERS}google.cloud.secrets.secret_manager.CloudSecretManagerBackend"]
VAULT = [f"{PROVIDERS}hashicorp.secrets.vault.VaultBackend"]
EVERY = "connections_prefix variables_prefix config_prefix sep"


@pytest.mark.parametrize(
    ("backends", "arguments", "credentials"),
    [
        (
            AWS,
            f"{EVERY} connections_lookup_pattern variables_lookup_pattern config_lookup_pattern extra_conn_words "
            "full_url_mode region_name role_arn assume_role_method assume_role_kwargs profile_name session_kwargs "
            "config_kwargs service_config endpoint_url verify api_version use_ssl",
            "aws_access_key_id aws_secret_access_key aws_session_token",
        ),
        (
            AZURE,
            f"{EVERY} tenant_id client_id managed_identity_client_id workload_identity_tenant_id api_version vault_url",
            "client_secret",
        ),
        (
            GOOGLE,
            f"{EVERY} project_id impersonation_chain gcp_key_path gcp_credential_config_file gcp_scopes",
            "gcp_keyfile_dict",
        ),
        (
            VAULT,
            "connections_path variables_path config_path use_team_secrets_path global_secrets_path mount_point "
            "kv_engine_version auth_type auth_mount_point key_id assume_role_kwargs region kubernetes_jwt_path "
            "gcp_key_path radius_port namespace verify cert timeout proxies allow_redirects session strict_http url "
            "token_path role_id kubernetes_role jwt_role jwt_token_path azure_resource azure_tenant_id gcp_scopes "
            "radius_host username",
            "token secret_id password radius_secret jwt_token gcp_keyfile_dict",
        ),
    ],
)
def test_arguments_of_secrets_backends(backends: list[str], arguments: str, credentials: str) -> None:
    for backend in backends:
        assert [name for name in f"{arguments} {credentials}".split() if not takes(backend, name)] == []
        assert [name for name in ("prefix", "vault_uri", "", "password_file") if takes(backend, name)] == []
        assert set(credentials.split()) == BACKENDS[backend].credentials
        assert set(credentials.split()) <= CREDENTIALS
    assert CREDENTIALS.isdisjoint(arguments.split())


def test_backends_of_airflow_itself_take_nothing_and_of_a_customer_s_nobody_knows() -> None:
    local = {
        "airflow.secrets.local_filesystem.LocalFilesystemBackend": "files in the container",
        "airflow.secrets.environment_variables.EnvironmentVariablesBackend": "environment variables",
        "airflow.secrets.metastore.MetastoreBackend": "Airflow's metadata database",
        "airflow.sdk.execution_time.secrets.execution_api.ExecutionAPISecretsBackend": "what Astro keeps",
    }
    assert local == LOCAL_BACKENDS
    assert not any(takes(backend, "sep") for backend in local)
    assert takes("acme.secrets.Backend", "anything")


@pytest.mark.parametrize(
    ("auth_type", "needs"),
    [
        ("token", [({"token_path", "token"}, "VAULT_TOKEN")]),
        ("github", [({"token_path", "token"}, "")]),
        ("approle", [({"role_id"}, "")]),
        ("kubernetes", [({"kubernetes_role"}, "")]),
        ("jwt", [({"jwt_role"}, ""), ({"jwt_token_path", "jwt_token"}, "")]),
        ("azure", [({"azure_resource"}, ""), ({"azure_tenant_id"}, "")]),
        ("gcp", [({"gcp_scopes"}, ""), ({"role_id"}, "")]),
        ("radius", [({"radius_host"}, ""), ({"radius_secret"}, "")]),
        ("ldap", [({"username"}, ""), ({"password"}, "")]),
        ("userpass", [({"username"}, ""), ({"password"}, "")]),
        ("aws_iam", []),
    ],
)
def test_what_vault_needs_to_sign_in(auth_type: str, needs: list[tuple[set[str], str]]) -> None:
    vault = BACKENDS[VAULT[0]]
    assert [(set(need.kwargs), need.variable) for need in vault.needs_by_auth_type[auth_type]] == needs
    assert [(need.kwargs, need.variable) for need in vault.needs] == [(("url",), "VAULT_ADDR")]


def test_names_of_other_tables() -> None:
    assert CLOUDS == {
        "AWS_ACCESS_KEY_ID": "AWS",
        "AWS_SECRET_ACCESS_KEY": "AWS",
        "AZURE_CLIENT_SECRET": "Azure",
        "AZURE_STORAGE_KEY": "Azure",
        "GOOGLE_APPLICATION_CREDENTIALS": "Google Cloud",
    }
    assert ITEM_KEYS == {"name": "text", "classpath": "text", "kwargs": "a map"}
    assert GIT_SOURCES == ("repo_url", "git_conn_id")
    assert REQUIRED_KWARGS == {
        "airflow.dag_processing.bundles.local.LocalDagBundle": (),
        "airflow.providers.git.bundles.git.GitDagBundle": ("tracking_ref",),
        "airflow.providers.amazon.aws.bundles.s3.S3DagBundle": ("bucket_name",),
        "airflow.providers.google.cloud.bundles.gcs.GCSDagBundle": ("bucket_name",),
    }
