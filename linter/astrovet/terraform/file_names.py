"""What the names of Terraform's source files mean.

Source: https://developer.hashicorp.com/terraform/language/files and .../files/override (read 2026-11).
"""

from __future__ import annotations

import posixpath

MODULE_FILES = (".tf", ".tf.json")
"""The endings of files that make up a module."""

SOURCES = (*MODULE_FILES, ".tfvars", ".tfvars.json")
"""The endings of all that people write for Terraform."""


def is_override(path: str) -> bool:
    """Whether the blocks of a file are merged into those of the others."""
    stem = posixpath.basename(path).removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")
