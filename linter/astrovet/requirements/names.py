"""The requirements that a team can declare."""

from __future__ import annotations

from enum import StrEnum


class Requirement(StrEnum):
    """A legal, contractual or architectural requirement; Table 5 of the rule catalogue."""

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
