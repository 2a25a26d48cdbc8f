"""What of the user's files may be printed: harmless shapes and closed enumerations, and nothing else."""

from __future__ import annotations

import re

from astrovet.secrecy.patterns import pattern_kind

SHOWABLE_SHAPE = (
    r"-?[0-9]{1,6}|-?[0-9]{1,3}\.[0-9]{1,3}"  # numbers
    r"|[0-9]{1,6}(?:ms|[smhdwy]|[KMGT]i)"  # durations and sizes
    r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?"  # IPv4 addresses and networks
    r"|(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?:/[0-9]{1,3})?"  # IPv6 addresses and networks
    r"|(?=.{2,43}\Z)"
    r"(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?::(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?(?:/[0-9]{1,3})?"
    r"|airflow\.(?:providers|secrets|dag_processing|sdk|models|executors|utils|logging)"
    r"(?:\.[a-z][a-z0-9_]{0,30}){1,8}\.[A-Z][A-Za-z0-9]{0,60}"  # Airflow's own classes
)
SHOWABLE_WORDS = frozenset({
    "", "true", "false", "null", "True", "False", "None", "yes", "no", "on", "off",
    # Astro provider, 1.5.2
    "STANDARD", "DEDICATED", "HYBRID", "CELERY", "KUBERNETES", "ASTRO", "AWS", "GCP", "AZURE", "SMALL", "MEDIUM",
    "LARGE", "EXTRA_LARGE", "A5", "A10", "A20", "A40", "A60", "A120", "A160", "ORGANIZATION", "WORKSPACE",
    "DEPLOYMENT", "DAG", "DAG_TAG", "AIRFLOW_VARIABLE", "ENVIRONMENT_VARIABLE", "CONNECTION", "METRICS_EXPORT",
    "AUTH_TOKEN", "BASIC", "PROMETHEUS", "ORGANIZATION_OWNER", "ORGANIZATION_MEMBER", "ORGANIZATION_BILLING_ADMIN",
    "ORGANIZATION_OBSERVE_ADMIN", "ORGANIZATION_OBSERVE_MEMBER", "WORKSPACE_OWNER", "WORKSPACE_MEMBER",
    "WORKSPACE_ACCESSOR", "WORKSPACE_OPERATOR", "WORKSPACE_AUTHOR", "DEPLOYMENT_ADMIN",
    # clouds
    "ingress", "egress", "INGRESS", "EGRESS", "Inbound", "Outbound", "Allow", "Deny", "tcp", "udp", "icmp", "icmpv6",
    "all", "Tcp", "Udp", "Icmp", "TCP", "UDP", "ICMP", "*", "Internet", "Any", "VirtualNetwork", "AzureLoadBalancer",
    "private", "public-read", "public-read-write", "authenticated-read", "blob", "container", "allUsers",
    "allAuthenticatedUsers", "enforced", "inherited", "AES256", "aws:kms", "aws:kms:dsse", "TLS1_0", "TLS1_1", "TLS1_2",
    "TLS1_3", "Enabled", "Disabled", "Suspended",
    # Kubernetes
    "LoadBalancer", "NodePort", "ClusterIP", "ExternalName", "Always", "IfNotPresent", "Never", "Cluster", "Local",
    "RuntimeDefault", "Unconfined", "Localhost", "ALL", "NONE",
    # Airflow, Helm and the rest
    "CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "critical", "error", "warning", "info", "debug", "disable",
    "allow", "prefer", "require", "verify-ca", "verify-full", "unified", "control", "data",
})  # fmt: skip

# Schemes that may be named, with the article they are read with.
SHOWABLE_SCHEMES = {
    "s3": "an", "gs": "a", "gcs": "a", "abfs": "an", "abfss": "an", "wasb": "a", "adl": "an", "file": "a",
    "http": "an", "https": "an", "git": "a", "ssh": "an",
}  # fmt: skip

VARIABLE_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,120}"

NOT_SHOWN = "a value that is not shown"


def showable(text: str) -> bool:
    """Whether the text may be printed: it has a harmless shape, or is one of a closed enumeration."""
    return text in SHOWABLE_WORDS or re.fullmatch(SHOWABLE_SHAPE, text) is not None


def is_variable_name(text: str) -> bool:
    """Whether a text where the name of a variable stands looks like one, and so may be printed."""
    return re.fullmatch(VARIABLE_NAME, text) is not None and pattern_kind(text) is None
