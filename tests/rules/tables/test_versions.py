"""Versions of Runtime, agent and chart: which is older, and until when each is maintained."""

from __future__ import annotations

import pytest

from astrovet_rules.tables.versions import (
    FIRST_RUNTIME,
    LINEAGE_CHART,
    SENTINEL_CHART,
    STATE_STORE_AGENT,
    STATE_STORE_CHART,
    end_of_maintenance,
    end_of_runtime,
    is_before_airflow_3,
    is_older,
    minor_of,
    number_of,
    version_of,
)


def test_the_first_versions_that_have_something() -> None:
    assert (FIRST_RUNTIME, STATE_STORE_AGENT, STATE_STORE_CHART) == ((3, 0), (1, 8, 0), (2, 3, 0))
    assert (LINEAGE_CHART, SENTINEL_CHART) == ((2, 2, 0), (1, 2, 0))


@pytest.mark.parametrize(
    ("agent", "day"),
    [
        ((1, 0), "2026-10-16"),
        ((1, 6), "2026-10-16"),
        ((1, 7), "2027-01-01"),
        ((1, 8), "2027-01-15"),
        ((1, 9), None),
        ((2, 0), None),
    ],
)
def test_how_long_an_agent_is_maintained(agent: tuple[int, int], day: str | None) -> None:
    assert end_of_maintenance(agent) == day


@pytest.mark.parametrize(
    ("major", "day"),
    [
        ("3", "2022-03-01"),
        ("4", "2023-10-01"),
        ("5", "2024-05-01"),
        ("6", "2024-04-01"),
        ("7", "2023-08-01"),
        ("8", "2023-12-01"),
        ("9", "2025-02-01"),
        ("10", "2024-07-01"),
        ("11", "2025-11-01"),
        ("12", None),
        ("2", None),
    ],
)
def test_how_long_a_runtime_is_maintained(major: str, day: str | None) -> None:
    for rest in (".0.0", ".12.3", ".1.2-base", ".1.2-alpha1"):
        assert end_of_runtime(f" {major}{rest} ") == day
    for no_version in (major, f"{major}.1", f"v{major}.1.2", f"{major}.1.2.3", f"{major}.1-2", f"{major}.1.2- "):
        assert end_of_runtime(no_version) is None


@pytest.mark.parametrize(
    ("runtime", "number"),
    [
        ("3.1-4", "3.1-4"),
        (" 3.1-4-base ", "3.1-4"),
        ("13.2.0-python-3.12", "13.2.0"),
        ("13", "13"),
        ("1.2.3.4", "1.2.3"),
        ("v13.2", ""),
        ("", ""),
        ("1234567890.1", "123456789"),
    ],
)
def test_the_number_of_a_runtime(runtime: str, number: str) -> None:
    assert number_of(runtime) == number


@pytest.mark.parametrize(
    ("runtime", "least", "older"),
    [
        ("12.1.0", "13.0.0", True),
        ("13.0.0", "13.0.0", False),
        ("13.0.1", "13", False),
        ("12.9.9", "13", True),
        ("13.1.0", "13.2", True),
        ("9.9.9", "13.0.0", True),
        ("13.2.0", "3.0", True),
        ("13.2.0", "3.0-1", True),
        ("3.1-4", "13.2.0", False),
        ("3.1-4", "3.1-5", True),
        ("3.1-5", "3.1-5", False),
        ("3.0-9", "3.1", True),
        ("3.1-1", "3", False),
        ("3.0.1", "13", True),
        ("v12.1.0", "v13", True),
        ("12.1.0-base", " 13.0.0-python-3.12 ", True),
        ("4", "5", True),
        ("3", "4", False),
        ("latest", "13", None),
        ("13", "latest", None),
        ("13.1.2.3", "13", None),
        ("13.1.2-", "13", None),
        ("1234567890", "13", None),
    ],
)
def test_which_runtime_is_older(runtime: str, least: str, older: bool | None) -> None:
    assert is_older(runtime, least) is older


@pytest.mark.parametrize(
    ("runtime", "before", "minor"),
    [
        ("13.2.0", True, None),
        (" 13.2.0-base ", True, None),
        ("3.1.0", True, None),
        ("3.0-1", False, (3, 0)),
        (" 3.1-4-base ", False, (3, 1)),
        ("2.10-3", True, (2, 10)),
        ("13.2", None, None),
        ("3.1", None, None),
        ("3.1-x", None, None),
        ("latest", None, None),
    ],
)
def test_which_airflow_a_runtime_has(runtime: str, before: bool | None, minor: tuple[int, int] | None) -> None:
    assert is_before_airflow_3(runtime) is before
    assert minor_of(runtime) == minor


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.3.0", (2, 3, 0)),
        (" v1.12.13 ", (1, 12, 13)),
        ("2.3.0-rc1", (2, 3, 0)),
        ("2.3.0+build", (2, 3, 0)),
        ("~> 2.2", None),
        (">=2.3.0", None),
        ("2.3", None),
        ("2.3.0.1", None),
        ("2.3.x", None),
    ],
)
def test_full_versions(text: str, version: tuple[int, int, int] | None) -> None:
    assert version_of(text) == version
