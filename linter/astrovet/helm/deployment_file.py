"""The deployment file of the Astro CLI: no chart's values, and told apart from these by its keys.

`astro deployment inspect` writes it and `astro deployment create --deployment-file` reads it, as YAML or JSON
(astro-cli 1.9, cloud/deployment/inspect/inspect.go, November 2026).
"""

from __future__ import annotations

import re

CONFIGURATION = (
    "executor", "runtime_version", "workspace_name", "deployment_type", "cluster_name", "ci_cd_enforcement",
    "dag_deploy_enabled", "scheduler_size", "scheduler_au", "scheduler_count", "is_high_availability",
    "is_development_mode", "workload_identity", "remote_execution", "default_task_pod_cpu", "resource_quota_cpu",
)  # fmt: skip
"""Keys below `deployment.configuration` of which others have none; a file may have any of them."""

SECTIONS = ("environment_variables", "worker_queues", "alert_emails", "hibernation_schedules", "metadata")
"""Keys below `deployment`; two of them tell a file that lacks its configuration."""
SECTIONS_ACCEPTED = 2

_BEGINS = re.compile(rb"""^(?:\xef\xbb\xbf)?(?:\s*\{\s*)?["']?deployment["']?\s*:""", re.MULTILINE)
_BEGINS_AS_JSON = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*\{\s*"deployment"\s*:\s*\{""")
_KEYS = tuple(key.encode() for key in CONFIGURATION)
_WORDS = (*_KEYS, *(section.encode() for section in SECTIONS))


def may_be_deployment_file(data: bytes) -> bool:
    """Whether a file's bytes may be a deployment file. A cheap look before parsing."""
    return b"deployment" in data and _BEGINS.search(data) is not None and any(word in data for word in _WORDS)


def begins_as_deployment_file(data: bytes) -> bool:
    """Whether JSON that nobody named is worth reading as a deployment file, by its first bytes."""
    return _BEGINS_AS_JSON.match(data) is not None


def looks_like_deployment_file(data: bytes) -> bool:
    """Whether a file that cannot be parsed was meant as one, so that this is worth telling."""
    return may_be_deployment_file(data) and b"configuration" in data and any(key in data for key in _KEYS)
