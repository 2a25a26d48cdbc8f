"""Where the tests find what they read, and what several of them need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from astrovet.formats.text_file import TextFile
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.source.environment import NONE, Environment

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
FIXTURES = ROOT / "fixtures"
PLANS = FIXTURES / "plans"
PROJECTS = FIXTURES / "projects"


def text_files(contents: Mapping[str, str]) -> dict[str, TextFile]:
    """Files of these contents, by path."""
    return {path: TextFile.of(path, content) for path, content in contents.items()}


def root_module(contents: Mapping[str, str], folder: str, environment: Environment = NONE) -> Terraform:
    """A root module of files of these contents, evaluated."""
    from astrovet.terraform.source.resources import read_root_module

    return read_root_module(text_files(contents), folder, environment)
