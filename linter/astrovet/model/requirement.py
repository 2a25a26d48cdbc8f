"""What a team can declare: requirements, and the plan that it has."""

from __future__ import annotations

from enum import StrEnum


class Requirement(StrEnum):
    """A legal, contractual or architectural requirement; `requirements/tables.py` has what satisfies it."""

    HIPAA = "hipaa"
    PCI = "pci"
    DORA = "dora"
    GDPR = "gdpr"
    SOC2 = "soc2"
    NO_VENDOR_INBOUND = "no-vendor-inbound"
    CUSTOMER_EXECUTION_PLANE = "customer-execution-plane"
    AIR_GAPPED = "air-gapped"
    PRIVATE_CONNECTIVITY = "private-connectivity"
    AUDIT_RETENTION = "audit-retention"

    @classmethod
    def _missing_(cls, value: object) -> Requirement | None:
        """An older name of a requirement stands for it wherever the name itself may stand."""
        return cls(FORMER_NAMES[value]) if isinstance(value, str) and value in FORMER_NAMES else None

    @classmethod
    def names(cls) -> list[str]:
        """Everything that people may write, the older names last."""
        return [*map(str, cls), *FORMER_NAMES]


FORMER_NAMES = {"customer-data-plane": "customer-execution-plane"}
"""What Astronomer called the customer's side of Remote Execution before, and what it calls it now."""


class Tier(StrEnum):
    """A plan of Astro, the cheapest first."""

    DEVELOPER = "developer"
    TEAM = "team"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"
    ENTERPRISE_BUSINESS_CRITICAL = "enterprise-business-critical"

    @property
    def rank(self) -> int:
        """0 for the cheapest."""
        return list(Tier).index(self)
