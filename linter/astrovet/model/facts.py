"""What a team declares of its deployments besides requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct

from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.value import Absent, Value

PRODUCTION = "production"

ATTESTABLE = (
    "baa", "cloud-baa", "dpa", "sso", "phi-handling", "audit-export", "log-shipping", "private-link", "own-backends",
    "mfa", "dr-test", "pci-scope", "vendor-baa",
)  # fmt: skip
"""What no file can show and people can attest."""


class Attestation(Subject, frozen=True):
    """What somebody answers for."""

    kind: ClassVar[str] = "attestation"
    order: ClassVar[int] = 93
    is_of_run: ClassVar[bool] = True

    what: str
    owner: str
    signed: str
    """A day, `2026-03-01`; empty where none is given."""
    until: str
    """The last day on which it holds; empty where none is given."""
    evidence: str
    place: Place

    @property
    def id(self) -> str:
        return f"{self.place.path}: attestation of {self.what}"

    @property
    def block(self) -> str:
        return self.id

    @property
    def name(self) -> Value[str]:
        return Absent(self.place)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What has to be said, and is not: who answers for it, and since when."""
        return tuple(key for key, text in (("owner", self.owner), ("signed", self.signed)) if not text)

    def has_ended(self, today: str, days: int) -> bool:
        """Whether its last day is over; of one without a last day, whether it is older than so many days."""
        if self.until or not self.signed:
            return "" < self.until < today
        return self.signed < _before(today, days)


def attested(attestations: Iterable[Attestation], what: str, today: str, days: int) -> Attestation | None:
    """The attestation of something that says most: one that holds and is complete, else one that is there."""
    candidates = [attestation for attestation in attestations if attestation.what == what]
    return min(
        candidates, key=lambda attestation: (attestation.has_ended(today, days), len(attestation.lacks)), default=None
    )


def _before(day: str, days: int) -> str:
    from datetime import date, timedelta  # attestations are rare

    return (date.fromisoformat(day) - timedelta(days)).isoformat()


class Facts(Struct, frozen=True):
    """What is declared of one deployment. What nobody declares is empty, or None."""

    plan_tier: str = ""
    environment: str = ""
    """What it is used for, e.g. `production`."""
    models: frozenset[str] = frozenset()
    """What it is meant to be, as `DeploymentModel` spells it."""
    allowed_regions: frozenset[str] | None = None
    min_tls: str = ""
    min_runtime: str = ""
    customer_managed_keys: bool = False
    audit_days: int | None = None
    """For how many days its audit log has to be kept."""

    def __or__(self, other: Facts) -> Facts:
        """Both together: of two demands the stricter one."""
        return Facts(
            plan_tier=self.plan_tier or other.plan_tier,
            environment=PRODUCTION
            if PRODUCTION in (self.environment, other.environment)
            else self.environment or other.environment,
            models=self.models | other.models,
            allowed_regions=_both(self.allowed_regions, other.allowed_regions),
            min_tls=max(self.min_tls, other.min_tls),
            min_runtime=max(self.min_runtime, other.min_runtime, key=_runtime),
            customer_managed_keys=self.customer_managed_keys or other.customer_managed_keys,
            audit_days=max((days for days in (self.audit_days, other.audit_days) if days is not None), default=None),
        )


MAX_DIGITS = 9
"""Of a part of a version; what has more is none."""


OLDEST_MAJOR = 4
"""Astro is no older than Runtime 4; a smaller number alone is one of Airflow's."""


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _runtime(version: str) -> tuple[bool, tuple[int, ...]]:
    """What tells which of two Runtimes is newer.

    Those of Airflow 3 begin as Airflow's versions do (`3.1-4`, `3.1`): they are newer than all with three parts.
    """
    numbers = tuple(
        int(part) for part in version.replace("-", ".").split(".") if part.isdecimal() and len(part) <= MAX_DIGITS
    )
    is_of_airflow_3 = re.search(r"-[0-9]", version) is not None or (
        len(numbers) in (1, 2) and numbers[0] < OLDEST_MAJOR
    )
    return is_of_airflow_3, numbers
