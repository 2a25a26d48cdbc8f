"""Where the tests find what they read, and what several of them need."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
FIXTURES = ROOT / "fixtures"
PLANS = FIXTURES / "plans"
PROJECTS = FIXTURES / "projects"
