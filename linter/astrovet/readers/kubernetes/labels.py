"""The label by which the chart's Pods are known."""

from __future__ import annotations

APP = "app"
AGENT_APP = "astro-agent"
