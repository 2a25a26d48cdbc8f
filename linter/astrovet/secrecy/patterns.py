"""What secrets look like, whatever name they stand under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from astrovet.secrecy.placeholders import literal, placeholder

# How a private key begins in base64: OpenSSH's own form, and the PEM headers of the usual kinds.
ENCODED_KEY = (
    r"(b3BlbnNzaC1rZXktdjE|LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFU|BFQyBQUklWQV|BPUEVOU1NIIFBS|BFTkNSWVBURUQg))"
)

# The kind, the texts of which one occurs wherever the pattern matches (so that most values never meet
# the pattern), and the pattern, whose group is what must not be a placeholder. Each either stops after
# a fixed number of characters or cannot begin again inside its own match: linear time.
PATTERNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AWS key id", ("AKIA", "ASIA"), r"(?<![0-9A-Za-z])(?:AKIA|ASIA)(?![0-9A-Z]*EXAMPLE)([0-9A-Z]{16})(?![0-9A-Za-z])"),
    ("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"(?<![0-9A-Za-z])gh[pousr]_([A-Za-z0-9]{36,})"),
    ("GitHub token", ("github_pat_",), r"(?<![0-9A-Za-z])github_pat_([A-Za-z0-9_]{22,})"),
    ("GitLab token", ("glpat-",), r"(?<![0-9A-Za-z])glpat-([A-Za-z0-9_-]{20,})"),
    ("Slack token", ("xox",), r"(?<![0-9A-Za-z])xox[abprs]-([A-Za-z0-9-]{10,})"),
    ("Slack webhook", ("hooks.slack.com",), r"https://hooks\.slack\.com/services/T\w++/\w++/(\w++)"),
    ("private key", ("b3BlbnNzaC1rZXktdjE", "LS0tLS1CRUdJTi"), ENCODED_KEY),
    ("private key", ("IBADANBgkqhkiG9w0BAQEFAASC",), r"MII[A-Za-z0-9+/]{1,3}(IBADANBgkqhkiG9w0BAQEFAASC)"),
    ("OpenAI key", ("sk-proj-", "sk-svcacct-"), r"(?<![0-9A-Za-z])sk-(?:proj|svcacct)-([A-Za-z0-9_-]{20,})"),
    ("Anthropic key", ("sk-ant-",), r"(?<![0-9A-Za-z])sk-ant-([A-Za-z0-9_-]{20,})"),
    ("Stripe key", ("k_live_",), r"(?<![0-9A-Za-z])[rs]k_live_([A-Za-z0-9]{16,})"),
    ("SendGrid key", ("SG.",), r"(?<![0-9A-Za-z])SG\.[A-Za-z0-9_-]{16,40}\.([A-Za-z0-9_-]{16,})"),
    ("npm token", ("npm_",), r"(?<![0-9A-Za-z])npm_([A-Za-z0-9]{36})"),
    ("PyPI token", ("pypi-AgEI",), r"(?<![0-9A-Za-z])pypi-AgEI([A-Za-z0-9_-]{30,})"),
    ("Databricks token", ("dapi",), r"(?<![0-9A-Za-z])dapi([0-9a-f]{32})"),
    ("Google client secret", ("GOCSPX-",), r"(?<![0-9A-Za-z])GOCSPX-([A-Za-z0-9_-]{20,})"),
    ("private key", ("PRIVATE KEY",), r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)"),
    ("JWT", ("eyJ",), r"(?<![\w-])eyJ[\w-]++\.eyJ[\w-]++\.([\w-]++)"),
    ("Google API key", ("AIza",), r"(?<![0-9A-Za-z])AIza([0-9A-Za-z_-]{35})"),
    ("Azure account key", ("AccountKey=",), r"AccountKey=([A-Za-z0-9+/]{80,}+={0,2})"),
    ("Vault token", ("hvs.", "hvb."), r"(?<![0-9A-Za-z])hv[sb]\.([A-Za-z0-9_.-]{20,})"),
)

# Both must occur in a shared access signature, in any order.
SIGNATURE = r"(?<![\w.-])sig=([^&\s\"']++)"
SIGNATURE_EXPIRY = r"(?<![\w.-])se=[0-9]"

AUTHORITY = r"(?<=[A-Za-z0-9])://([^\s/?#\"'`\\]++)"


def pattern_kind(text: str) -> str | None:
    """The kind of secret that the text, or a leaf of it where it is JSON, looks like.

    Only the kind: "AWS key id", "GitHub token", "URI with a password", never a part of the text.
    """
    for _, node in nodes(text):
        kind = _map_kind(node) if isinstance(node, dict) else _text_kind(node)
        if kind is not None:
            return kind
    return None


def nodes(text: str) -> Iterator[tuple[str, str | dict[str, Any]]]:
    """The text itself; where it is JSON also its maps and texts, each with its key, and JSON inside them."""
    pending: list[tuple[str, Any]] = [("", text)]
    while pending:
        key, node = pending.pop()
        if isinstance(node, str):
            yield key, node
            pending.append((key, _json(node)))
        elif isinstance(node, dict):
            yield key, node
            pending.extend(node.items())
        elif isinstance(node, list):
            pending.extend((key, item) for item in node)


def _json(text: str) -> Any:
    """The map or list that the text spells; None for every other text."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _map_kind(tree: dict[str, Any]) -> str | None:
    if tree.get("type") == "service_account" and _is_literal(tree.get("private_key")):
        return "Google service account key"
    registries = tree.get("auths")
    if isinstance(registries, dict) and any(
        _is_literal(registry.get(field))
        for registry in registries.values()
        if isinstance(registry, dict)
        for field in ("auth", "password", "identitytoken")
    ):
        return "registry login (docker config)"
    return None


_HINTS = ("sig=", "://", *(hint for _, hints, _ in PATTERNS for hint in hints))


def _text_kind(text: str) -> str | None:
    if not any(hint in text for hint in _HINTS):
        return None  # most texts
    for kind, hints, pattern in PATTERNS:
        if any(hint in text for hint in hints) and _is_found(pattern, text):
            return kind
    if "sig=" in text and re.search(SIGNATURE_EXPIRY, text) and _is_found(SIGNATURE, text):
        return "Azure shared access signature"
    if "://" in text and any(_is_literal(password) for password in _passwords(text)):
        return "URI with a password"
    return None


def _is_found(pattern: str, text: str) -> bool:
    return any(not placeholder(match[1]) for match in re.finditer(pattern, text))


def _is_literal(node: object) -> bool:
    return isinstance(node, str) and literal(node)


def _passwords(text: str) -> Iterator[str]:
    """The passwords of `scheme://user:password@host`, anywhere in the text."""
    for authority in re.findall(AUTHORITY, text):
        yield authority.rpartition("@")[0].partition(":")[2]
