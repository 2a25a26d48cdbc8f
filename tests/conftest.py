"""What holds for every test: how much Hypothesis tries, what coverage sees, and a repository to work in."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow]  # red for a fault, and never for a machine that has other things to do
settings.register_profile("local", deadline=None, suppress_health_check=SLOW)
settings.register_profile("ci", deadline=None, suppress_health_check=SLOW, derandomize=True)
settings.load_profile(os.environ.get("ASTROVET_HYPOTHESIS") or ("ci" if os.environ.get("CI") else "local"))

HOUSE = Path(__file__).parent / "house"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage, which doubles the time, watches neither slow tests nor those with made data: what they reach is chance.
    Nor the house's, which read the code and do not run it.

    pytest-cov's marker `no_cover` does the same, but not in the processes of pytest-xdist.
    """
    made = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    tracer = sys.gettrace() if made or item.get_closest_marker("slow") or item.path.is_relative_to(HOUSE) else None
    if tracer is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the top of a repository, and the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
