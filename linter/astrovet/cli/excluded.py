"""What a run leaves out of what it finds: by globs, and templates of charts."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from astrovet.cli.bounds import displayed
from astrovet.cli.templates import is_template


def passed_over(path: str, excluded: Sequence[str]) -> bool:
    """Excluded by a glob, or a template of a Helm chart, which is not YAML yet."""
    return is_excluded(path, excluded) or is_template(displayed(path))


def is_excluded(path: str, excluded: Sequence[str]) -> bool:
    """Whether one of the globs of `--exclude` means a file or a folder."""
    shown = displayed(path)
    return any(_matches(shown, pattern) for pattern in excluded)


def _matches(path: str, pattern: str) -> bool:
    """A glob over the whole path, the file's name, or a folder on the way."""
    parts = path.split("/")
    beginnings = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any(fnmatchcase(part, pattern.rstrip("/")) for part in (*parts, *beginnings))
