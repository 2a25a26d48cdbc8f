"""What openings of firewalls and network policies have in common: the whole world, and ports in words."""

from __future__ import annotations

from astrovet.value import Absent, Known, Unknown, Value

WORLD = "0.0.0.0/0"

PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Protocol numbers, which AWS takes as well as names."""


def ports_in_words(protocol: Value[str], first: Value[str], last: Value[str]) -> str:
    """Ports for people: `tcp 22`, `tcp 8000 to 8080`, `all ports`."""
    match protocol:
        case Known("-1" | "*" | "all"):
            return "all ports"
        case Known(name) if _plain(name):
            kind = PROTOCOLS.get(name, name.lower())
        case Known() | Unknown() | Absent():
            return "some ports"
    if kind.startswith("icmp"):
        return kind
    match first, last:
        case (Known("*" | "0" | "0-65535"), Absent()) | (Known("0"), Known("65535")) | (Absent(), Absent()):
            return f"all {kind} ports"
        case Known(start), Known(end) if _plain(start, end):
            return f"{kind} {start}" if start == end else f"{kind} {start} to {end}"
        case Known(start), Absent() if _plain(start):
            return f"{kind} {start.replace('-', ' to ')}"
        case _:
            return f"some {kind} ports"


def _plain(*texts: str) -> bool:
    return all(word.replace("-", "").isalnum() and len(word) < 12 for word in texts)
