"""Versions and dates of Remote Execution.

Sources, read November 2026: Astronomer's release notes of the agent and of its Helm chart, its policy on
the maintenance of agents, and its pages on Remote Execution, on Sentinel and on the state-store backend.
"""

import re

FIRST_RUNTIME = (3, 0)
"""Remote Execution is for Airflow 3 only."""

STATE_STORE_AGENT = (1, 8, 0)
"""The first agent for the Runtimes that need a state store."""
STATE_STORE_CHART = (2, 3, 0)
"""The first chart that names a state-store backend by itself, without which such an agent does not start."""

LINEAGE_CHART = (2, 2, 0)
"""The one chart that cannot be installed without the keys that it adds to `openLineage`."""

SENTINEL_CHART = (1, 2, 0)
"""The first chart that has Sentinel."""

END_OF_MAINTENANCE = {(1, 6): "2026-10-16", (1, 7): "2027-01-01", (1, 8): "2027-01-15"}
"""By minor of the agent, the first day that is surely without maintenance: six months after its `.0`. For 1.6 that came
on 16 April 2026; 1.7.2 was the chart's own by 1 July 2026 and 1.8.1 by 15 July, so their `.0` came no later. The dates
of newer ones are not published yet; what is older than 1.6 ended with it or before."""


def end_of_maintenance(agent: tuple[int, int]) -> str | None:
    """The first day without maintenance of a minor of the agent; None where no date is known."""
    return next((day for minor, day in sorted(END_OF_MAINTENANCE.items()) if agent <= minor), None)


def is_before_airflow_3(runtime: str) -> bool | None:
    """Whether a version of Astro Runtime is older than `FIRST_RUNTIME`; None for a text that is none.

    Until Airflow 3 a version had three parts (`13.2.0`); since then it begins as Airflow's (`3.1-4`).
    """
    if re.fullmatch(r"\d+\.\d+\.\d+(?:-\S+)?", runtime.strip()):
        return True
    minor = minor_of(runtime)
    return minor < FIRST_RUNTIME if minor else None


def minor_of(runtime: str) -> tuple[int, int] | None:
    """The minor version of a Runtime for Airflow 3: of `3.1-4` it is (3, 1). None for every other text."""
    match = re.fullmatch(r"(\d+)\.(\d+)-\d+(?:-\S+)?", runtime.strip())
    return (int(match[1]), int(match[2])) if match else None


def version_of(text: str) -> tuple[int, int, int] | None:
    """A full version of a chart; None for a range such as `~> 2.2`."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(?:[-+]\S+)?", text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
