"""What holds for every test: how much Hypothesis tries, and a repository to work in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("local", deadline=None)
# Where nobody looks again it is red for a fault, and never by chance or for being slow.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("ASTROVET_HYPOTHESIS") or ("ci" if os.environ.get("CI") else "local"))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the top of a repository, and the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
