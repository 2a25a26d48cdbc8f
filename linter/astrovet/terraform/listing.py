"""What a module of Terraform may ask about the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Listing(Protocol):
    """What lies on the disk, as far as the run may look there."""

    def is_absent(self, path: str) -> bool:
        """Whether there surely is no file of that name."""

    def below(self, folder: str) -> Sequence[str] | None:
        """The files below a folder, by their paths from there; None where that cannot be told."""
