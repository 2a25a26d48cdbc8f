"""Airflow's secrets backends and their arguments.

Sources, read November 2026: apache-airflow-core 3.3.2, apache-airflow-task-sdk 1.3.2 and the providers
amazon 9.39.0, microsoft-azure 15.2.1, google 22.8.0 and hashicorp 4.8.4; hvac 2.4.0 for VAULT_ADDR.
"""

from collections.abc import Mapping

from msgspec import Struct

LOCAL_BACKENDS = {
    "airflow.secrets.local_filesystem.LocalFilesystemBackend": "files in the container",
    "airflow.secrets.environment_variables.EnvironmentVariablesBackend": "environment variables",
    "airflow.secrets.metastore.MetastoreBackend": "Airflow's metadata database",
    "airflow.sdk.execution_time.secrets.execution_api.ExecutionAPISecretsBackend": "what Astro keeps",
}
"""Backends that are no store outside Airflow, and where they take secrets from."""


class Need(Struct, frozen=True):
    """One thing that a backend does not work without."""

    kwargs: tuple[str, ...]
    """Any one of these gives it."""
    variable: str = ""
    """The environment variable that the client library reads instead."""


class Backend(Struct, frozen=True):
    """An external secrets backend of one of Airflow's providers."""

    kwargs: frozenset[str]
    """What it takes besides needs and credentials."""
    credentials: frozenset[str]
    """What must not hold a literal."""
    needs: tuple[Need, ...] = ()
    needs_by_auth_type: Mapping[str, tuple[Need, ...]] = {}

    def takes(self, name: str) -> bool:
        """Whether it has an argument of this name."""
        needs = (*self.needs, *(need for needs_of_one in self.needs_by_auth_type.values() for need in needs_of_one))
        return name in self.kwargs or name in self.credentials or any(name in need.kwargs for need in needs)


# Both take what the extra of an AWS connection may hold, too.
AWS = Backend(
    kwargs=frozenset({
        "connections_prefix", "variables_prefix", "config_prefix", "connections_lookup_pattern",
        "variables_lookup_pattern", "config_lookup_pattern", "sep", "extra_conn_words", "full_url_mode",
        "region_name", "role_arn", "assume_role_method", "assume_role_kwargs", "profile_name", "session_kwargs",
        "config_kwargs", "service_config", "endpoint_url", "verify", "api_version", "use_ssl",
    }),
    credentials=frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}),
)  # fmt: skip

AZURE = Backend(
    kwargs=frozenset({
        "connections_prefix", "variables_prefix", "config_prefix", "sep", "tenant_id", "client_id",
        "managed_identity_client_id", "workload_identity_tenant_id", "api_version",
    }),
    credentials=frozenset({"client_secret"}),
    needs=(Need(("vault_url",)),),
)  # fmt: skip

GOOGLE = Backend(
    kwargs=frozenset({
        "connections_prefix", "variables_prefix", "config_prefix", "sep", "project_id", "impersonation_chain",
        "gcp_key_path", "gcp_credential_config_file", "gcp_scopes",
    }),
    credentials=frozenset({"gcp_keyfile_dict"}),
)  # fmt: skip

# What the backend does not take itself it hands on to hvac's client.
VAULT = Backend(
    kwargs=frozenset({
        "connections_path", "variables_path", "config_path", "use_team_secrets_path", "global_secrets_path",
        "mount_point", "kv_engine_version", "auth_type", "auth_mount_point", "key_id", "assume_role_kwargs", "region",
        "kubernetes_jwt_path", "gcp_key_path", "radius_port",
        "namespace", "verify", "cert", "timeout", "proxies", "allow_redirects", "session", "strict_http",
    }),
    credentials=frozenset({"token", "secret_id", "password", "radius_secret", "jwt_token", "gcp_keyfile_dict"}),
    needs=(Need(("url",), "VAULT_ADDR"),),
    needs_by_auth_type={
        "token": (Need(("token_path", "token"), "VAULT_TOKEN"),),
        "github": (Need(("token_path", "token")),),
        "approle": (Need(("role_id",)),),
        "kubernetes": (Need(("kubernetes_role",)),),
        "jwt": (Need(("jwt_role",)), Need(("jwt_token_path", "jwt_token"))),
        "azure": (Need(("azure_resource",)), Need(("azure_tenant_id",))),
        "gcp": (Need(("gcp_scopes",)), Need(("role_id",))),
        "radius": (Need(("radius_host",)), Need(("radius_secret",))),
        "ldap": (Need(("username",)), Need(("password",))),
        "userpass": (Need(("username",)), Need(("password",))),
        "aws_iam": (),
    },
)  # fmt: skip

BACKENDS = {
    "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend": AWS,
    "airflow.providers.amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend": AWS,
    "airflow.providers.microsoft.azure.secrets.key_vault.AzureKeyVaultBackend": AZURE,
    "airflow.providers.google.cloud.secrets.secret_manager.CloudSecretManagerBackend": GOOGLE,
    "airflow.providers.hashicorp.secrets.vault.VaultBackend": VAULT,
}
"""By class. Any other is a customer's own, which is external as well."""

DEFAULT_AUTH_TYPE = "token"

CREDENTIALS = frozenset[str]().union(*(backend.credentials for backend in BACKENDS.values()))
KEY_FILE = "gcp_key_path"
"""The argument that names a file with a long-lived key, where the cloud has identities without one."""

ADDRESS_ARGUMENTS = ("url", "vault_url")
"""The arguments that hold the address of a store."""

VAULT_ADDRESS = "VAULT_ADDR"
"""The variable that stands in for `url` where that is not given."""


def takes(backend: str, argument: str) -> bool:
    """Whether a backend may have an argument of this name; of a customer's own class nobody knows."""
    return backend not in LOCAL_BACKENDS and (backend not in BACKENDS or BACKENDS[backend].takes(argument))
