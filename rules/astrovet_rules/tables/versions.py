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


OLDEST_MAJOR = 4
"""Astro is no older than Runtime 4; a smaller number is one of Airflow's."""

RUNTIME_ENDS = {
    3: "2022-03-01", 4: "2023-10-01", 5: "2024-05-01", 6: "2024-04-01", 7: "2023-08-01", 8: "2023-12-01",
    9: "2025-02-01", 10: "2024-07-01", 11: "2025-11-01",
}  # fmt: skip
"""By major version of Astro Runtime before Airflow 3, the first day without maintenance, which ends with a month (the
lifecycle schedule, as archived in August 2024). The ends of later ones are not published in a form to rely on."""


def end_of_runtime(runtime: str) -> str | None:
    """The first day without maintenance of a Runtime; None where no date is known."""
    match = re.fullmatch(r"(\d+)\.\d+\.\d+(?:-\S+)?", runtime.strip())
    return RUNTIME_ENDS.get(int(match[1])) if match else None


def number_of(runtime: str) -> str:
    """The number of a Runtime, without what follows it."""
    match = re.match(r"\d{1,9}(?:\.\d{1,9}){0,2}(?:-\d{1,9})?", runtime.strip())
    return match[0] if match else ""


def is_older(runtime: str, least: str) -> bool | None:
    """Whether a Runtime is older than `least`, of which as many parts count as are written; None for no versions.

    Those of Airflow 3, which begin as Airflow's do (`3.1-4`), are newer than those with three parts before them.
    """
    one, other = _parts(runtime), _parts(least)
    return None if one is None or other is None else one[: len(other)] < other


def _parts(runtime: str) -> tuple[int, ...] | None:
    match = re.fullmatch(r"v?(\d{1,9}(?:[.-]\d{1,9}){0,2})(?:-[a-z]\S*)?", runtime.strip())
    if match is None:
        return None
    numbers = tuple(int(part) for part in re.split(r"[.-]", match[1]))
    is_of_airflow_3 = "-" in match[1] or (len(numbers) < 3 and numbers[0] < OLDEST_MAJOR)
    return (1 if is_of_airflow_3 else 0, *numbers)


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
