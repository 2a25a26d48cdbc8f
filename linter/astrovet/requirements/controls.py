"""The controls of laws and standards that rules support (a table of the rule catalogue, November 2026).

A rule that passes supports a control. It never proves one: much of each control lies outside what files
show. The control's own words stand in the law or the standard; the titles here are ours.
"""

from __future__ import annotations

from msgspec import Struct


class Control(Struct, frozen=True):
    """One demand of a law or a standard."""

    reference: str
    """How it is cited."""
    title: str
    rules: tuple[str, ...]
    """The ids of the rules that support it, those included that are yet to come."""
    attestation: str = ""
    """Of REQ005 only this attestation supports it; empty: all do."""


def _control(reference: str, title: str, rules: str, attestation: str = "") -> Control:
    return Control(reference, title, tuple(rules.split()), attestation)


CONTROLS = (
    _control("45 CFR 164.308(b)(1)", "business associate contracts", "REQ004 REQ005 REQ006"),
    _control(
        "45 CFR 164.312(a)(1)",
        "access control",
        "REQ002 AST007 AST008 AST009 AST010 APC013 APC014 APC015 APC016 APC018 STO001",
    ),
    _control("45 CFR 164.312(a)(2)(iv)", "encryption and decryption", "STO003 APC024"),
    _control("45 CFR 164.312(b)", "audit controls", "REX023 REX024 AST014 APC005 APC006 APC007 REQ014"),
    _control("45 CFR 164.312(d)", "person or entity authentication", "REQ005 APC013 APC014 APC015", "sso"),
    _control("45 CFR 164.312(e)(1)", "transmission security", "NET009 NET010 STO004 APC001 APC002 APC004"),
    _control(
        "PCI DSS v4 1.3.1",
        "restricted inbound traffic to the cardholder data environment",
        "NET001 NET002 NET003 NET004 NET005 NET006 NET007 NET008 APC019 APC020",
    ),
    _control("PCI DSS v4 2.2.2", "vendor default accounts", "APC022"),
    _control("PCI DSS v4 4.2.1", "strong cryptography over open networks", "NET009 NET010 APC001"),
    _control("PCI DSS v4 6.3.3", "known vulnerabilities patched", "REX031 AST021"),
    _control("PCI DSS v4 7.2", "access by need", "AST007 AST008 LNK008 APC030"),
    _control(
        "PCI DSS v4 8.6.2",
        "no passwords in scripts, configuration or code",
        "AST001 AST002 AST003 AST004 AST016 REX005 REX012 REX013 REX014 REX016 REX020 APC021",
    ),
    _control("PCI DSS v4 10.5.1", "audit history of 12 months", "REQ014 APC007 STO006"),
    _control(
        "DORA Art. 9",
        "protection and prevention",
        "NET001 NET002 NET003 NET004 NET005 NET006 NET007 NET008 NET009 NET010 STO001 STO002 STO003 STO004 REX001",
    ),
    _control(
        "DORA Art. 11 and 12",
        "response, recovery and backup",
        "REQ011 REQ012 REQ013 AST013 AST019 AST020 APC027 APC028 STO005",
    ),
    _control("DORA Art. 28", "risk of third parties", "REQ007 REQ008 REQ009 REQ019"),
    _control(
        "SOC 2 CC6.1",
        "logical access",
        "AST001 AST002 AST003 AST004 AST005 AST006 AST007 AST008 REX001 REX013 "
        "APC013 APC014 APC015 APC016 APC017 APC018",
    ),
    _control(
        "SOC 2 CC6.6",
        "protection against threats from outside",
        "NET001 NET002 NET003 NET004 NET005 NET006 NET007 NET008 AST009 AST010 APC020",
    ),
    _control("SOC 2 CC6.7", "data in transmission", "NET009 NET010 STO004 APC001 APC002"),
    _control("SOC 2 CC7.2", "monitoring", "REX023 APC005 AST023"),
    _control("SOC 2 CC8.1", "change management", "AST012 REX029"),
    _control("GDPR Art. 28", "contract with the processor", "REQ005", "dpa"),
    _control("GDPR Art. 32", "security of processing", "STO003 NET009"),
    _control("GDPR Art. 44", "transfers to third countries", "REQ016"),
)


def supported_by(rule: str) -> tuple[Control, ...]:
    """The controls that a rule, by its id, supports."""
    return tuple(control for control in CONTROLS if rule in control.rules)
