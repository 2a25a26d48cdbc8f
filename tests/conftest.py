"""What holds for every test: how much Hypothesis tries, what coverage sees, and a repository to work in."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow]  # red for a fault, and never for a machine that has other things to do
settings.register_profile("local", deadline=None, suppress_health_check=SLOW)
settings.register_profile("ci", deadline=None, suppress_health_check=SLOW, derandomize=True)
settings.load_profile(os.environ.get("ASTROVET_HYPOTHESIS") or ("ci" if os.environ.get("CI") else "local"))

TESTS = Path(__file__).parent
UNWATCHED = tuple(
    TESTS / path
    for path in (
        "house",
        "cli/test_read_once.py",
        "terraform/test_sources_against_plans.py",
    )
)


TRACER = pytest.StashKey[Any]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays until the end: the collector of garbage need not look through it again and again.

    And coverage, which doubles the time, watches from now on only what `pytest_runtest_call` wants watched: what is
    imported late is imported here, since it may be a test that is not watched which needs it first.
    """
    session.config.stash[TRACER] = sys.gettrace()
    if session.config.stash[TRACER] is not None:
        for package in map(import_module, ("astrovet", "astrovet_rules")):
            for module in walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.endswith(".__main__"):
                    import_module(module.name)
    sys.settrace(None)
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    sys.settrace(session.config.stash.get(TRACER, None))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage watches neither slow tests nor those with made data: what they reach is chance.
    Nor the house's, which read the code and do not run it; nor those that compare whole runs over many fixtures.

    pytest-cov's marker `no_cover` does the same, but not in the processes of pytest-xdist.
    """
    made = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if not (made or item.get_closest_marker("slow") or any(map(item.path.is_relative_to, UNWATCHED))):
        sys.settrace(item.config.stash[TRACER])
    try:
        return (yield)
    finally:
        sys.settrace(None)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the top of a repository, and the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
