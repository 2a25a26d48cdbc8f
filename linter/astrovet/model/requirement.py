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
    CUSTOMER_DATA_PLANE = "customer-data-plane"
    AIR_GAPPED = "air-gapped"
    PRIVATE_CONNECTIVITY = "private-connectivity"
    AUDIT_RETENTION = "audit-retention"


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
