"""How bad a failure is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad a failure is; a word means the same in every family: `docs/rules/README.md` says what."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
