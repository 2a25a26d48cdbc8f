"""The models in which Airflow is deployed on Astro."""

from __future__ import annotations

from enum import StrEnum


class DeploymentModel(StrEnum):
    """Where tasks run and whose cluster it is (S003-01 to S003-05)."""

    STANDARD = "standard"
    DEDICATED = "dedicated"
    REMOTE_EXECUTION = "remote-execution"
    PRIVATE_CLOUD = "private-cloud"
    HYBRID = "hybrid"
    """Legacy, outside the four models of S003."""
