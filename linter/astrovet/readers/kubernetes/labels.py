"""The label by which the chart's Pods are known."""

from __future__ import annotations

APP = "app"
AGENT_APP = "astro-agent"


def may_run_agents(data: bytes) -> bool:
    """Whether there may be Deployments of agents in a file."""
    return AGENT_APP.encode() in data and b"containers" in data
