"""What the names of Terraform's and OpenTofu's source files mean.

Sources: https://developer.hashicorp.com/terraform/language/files and .../files/override;
https://opentofu.org/docs/language/files (read 2026-11): where `x.tofu` lies beside `x.tf`, OpenTofu reads the
first and passes over the second, so that a module can serve both. The same holds for `x.tofu.json` and
`x.tf.json`, and for override files.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection

_OF_TOFU = {".tofu": ".tf", ".tofu.json": ".tf.json"}
"""The endings that only OpenTofu knows, and those of the files that they stand for."""

MODULE_FILES = (".tf", ".tf.json", *_OF_TOFU)
"""The endings of files that make up a module."""

VARIABLE_FILES = (".tfvars", ".tfvars.json")
"""The endings of files that give variables their values; one that is named may have any."""

SOURCES = (*MODULE_FILES, *VARIABLE_FILES)
"""The endings of all that people write for Terraform."""

NATIVE = (".tf", ".tofu", ".tfvars", ".hcl")
"""The endings of files in HCL's native syntax."""


def module_files(paths: Collection[str]) -> list[str]:
    """Those of the files that make up modules, in the same order; a file that another stands for is none."""
    replaced = {
        path.removesuffix(ending) + stands_for
        for path in paths
        for ending, stands_for in _OF_TOFU.items()
        if path.endswith(ending)
    }
    return [path for path in paths if path.endswith(MODULE_FILES) and path not in replaced]


def is_override(path: str) -> bool:
    """Whether the blocks of a file are merged into those of the others."""
    stem = posixpath.basename(path).removesuffix(".json").removesuffix(".tf").removesuffix(".tofu")
    return stem == "override" or stem.endswith("_override")
