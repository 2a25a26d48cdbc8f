"""The controls of laws and standards that rules support (read November 2026).

A rule that passes supports a control. It never proves one: much of each control lies outside what files
show. The control's own words stand in the law or the standard; the titles here are ours.
"""

from __future__ import annotations

from collections.abc import Container

from msgspec import Struct


class Control(Struct, frozen=True):
    """One demand of a law or a standard."""

    reference: str
    """How it is cited."""
    title: str
    attestation: str = ""
    """Where a rule asks for attestations, only this one supports it; empty: all do."""


CONTROLS = (
    Control("45 CFR 164.308(b)(1)", "business associate contracts"),
    Control("45 CFR 164.308(a)(7)", "contingency plan"),
    Control("45 CFR 164.312(a)(1)", "access control"),
    Control("45 CFR 164.312(a)(2)(iv)", "encryption and decryption"),
    Control("45 CFR 164.312(b)", "audit controls"),
    Control("45 CFR 164.312(d)", "person or entity authentication", "sso"),
    Control("45 CFR 164.312(e)(1)", "transmission security"),
    Control("45 CFR 164.316(b)(2)", "documentation kept for six years"),
    Control("PCI DSS v4 1.3.1", "restricted inbound traffic to the cardholder data environment"),
    Control("PCI DSS v4 2.2.2", "vendor default accounts"),
    Control("PCI DSS v4 3.5.1", "stored account data unreadable"),
    Control("PCI DSS v4 4.2.1", "strong cryptography over open networks"),
    Control("PCI DSS v4 6.3.3", "known vulnerabilities patched"),
    Control("PCI DSS v4 7.2", "access by need"),
    Control("PCI DSS v4 8.3.2", "authentication factors unreadable in storage and on the way"),
    Control("PCI DSS v4 8.6.2", "no passwords of accounts for interactive login in scripts, configuration or code"),
    Control("PCI DSS v4 8.6.3", "passwords of applications and systems protected against misuse"),
    Control("PCI DSS v4 10.3", "audit logs protected from destruction"),
    Control("PCI DSS v4 10.5.1", "audit history of 12 months"),
    Control("PCI DSS v4 12.8", "risk of third-party service providers"),
    Control("DORA Art. 9", "protection and prevention"),
    Control("DORA Art. 9(4)(d)", "strong authentication and protection of cryptographic keys"),
    Control("DORA Art. 11 and 12", "response, recovery and backup"),
    Control("DORA Art. 28", "risk of third parties"),
    Control("DORA Art. 30", "contracts with third parties"),
    Control("SOC 2 CC6.1", "logical access"),
    Control("SOC 2 CC6.6", "protection against threats from outside"),
    Control("SOC 2 CC6.7", "data in transmission"),
    Control("SOC 2 CC7.2", "monitoring"),
    Control("SOC 2 CC8.1", "change management"),
    Control("GDPR Art. 28", "contract with the processor", "dpa"),
    Control("GDPR Art. 32", "security of processing"),
    Control("GDPR Art. 44", "transfers to third countries"),
)
"""Every rule says by itself which of these it supports."""


def named(references: Container[str]) -> tuple[Control, ...]:
    """The controls that are cited so, in the order of the table."""
    return tuple(control for control in CONTROLS if control.reference in references)
