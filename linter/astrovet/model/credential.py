"""What an agent is given credentials for, and how."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from astrovet.value import Value


class CredentialKind(StrEnum):
    """What an agent is given credentials for."""

    AGENT_TOKEN = "agent token"  # noqa: S105  a kind, not a token
    SENTINEL_SECRET = "Sentinel secret"  # noqa: S105  a kind, not a secret
    REGISTRY_LOGIN = "registry login"
    LINEAGE_KEY = "lineage key"


class Credential(Struct, frozen=True):
    """A setting, or a part of one, that takes a credential."""

    kind: CredentialKind
    label: str
    value: Value[str]
    handed_over: bool = False
    """Terraform hands it to Helm as a secret of its own (`set_sensitive`), and takes it from elsewhere."""
    token: str = ""
    """The Terraform address of the token of Astro's that it comes from; empty where none is known to be."""


class Choice(Struct, frozen=True):
    """Settings that say the same thing in different ways: the chart takes one of them."""

    what: CredentialKind
    settings: Mapping[str, Value[str]]
    """By key."""


SECRET_KEYS = {
    "agentTokenSecretName": "token",
    "imagePullSecretName": ".dockerconfigjson",
    "sentinelAuthSecretName": "secret",
    "openLineage.apiKeySecret": "api-key",
}
"""The settings that name a Kubernetes Secret, and the key of it that the chart reads (T1, T2)."""
