"""What the rules of the air gap have in common."""

from astrovet import Known, Platform
from astrovet_rules.tables.public_hosts import is_public


def is_outside(host: str, platform: Platform) -> bool | None:
    """Whether a host is in the Internet; None where neither its name nor the domain of the platform tells."""
    return is_public(host, platform.name.value if isinstance(platform.name, Known) else "")


def doubt(host: str) -> str:
    """Why nobody can tell of a host."""
    return f"nothing tells whether `{host}` is inside the air gap"
