"""Which hosts are in the Internet, and which are the customer's own, as far as their names tell.

Sources: the registries' own documentation; RFC 1918, RFC 6761. Read November 2026.
"""

import re
from ipaddress import ip_address

from astrovet_rules.tables.urls import PRIVATE_DOMAINS

PUBLIC = (
    *("quay.io", "docker.io", "ghcr.io", "gcr.io", "registry.k8s.io", "mcr.microsoft.com", "public.ecr.aws"),
    *("docker.elastic.co", "images.astronomer.cloud", "astronomer.io"),
    *("okta.com", "auth0.com", "login.microsoftonline.com", "accounts.google.com", "onelogin.com", "pingone.com"),
)
"""Registries, services and identity providers in the Internet; what is below them, too."""

OWN_TOPS = frozenset({"svc", "home", "localhost", "example", "test", "invalid"})
"""Further top domains that the public name system does not serve: Kubernetes', reserved ones, and `home` by custom."""

SHARED_LABELS = frozenset({"co", "com", "org", "net", "ac", "gov", "edu"})
"""Below these lie different owners: `acme.co.uk`."""


def is_public(host: str, domain: str) -> bool | None:
    """Whether a host is in the Internet; None where its name does not tell.

    `domain` is the customer's own; what lies below it, or beside it in the same domain, is the customer's too.
    """
    host = host.lower().rstrip(".")
    if any(host == known or host.endswith(f".{known}") for known in PUBLIC):
        return True
    try:
        return not ip_address(host).is_private
    except ValueError:
        pass
    labels = host.split(".")
    if len(labels) == 1 or labels[-1] in OWN_TOPS or host.endswith(PRIVATE_DOMAINS):
        return False
    own = [name for name in (domain.lower(), _above(domain.lower())) if name]
    return False if any(host == name or host.endswith(f".{name}") for name in own) else None


def image_host(repository: str) -> str:
    """The host of an image's repository; without one it is Docker Hub."""
    address = re.sub(r"^[a-z]+://", "", repository.strip().lower())
    first, _, rest = address.partition("/")
    is_host = "." in first or ":" in first or first == "localhost" or (bool(rest) and "://" in repository)
    return first.partition(":")[0] if is_host else "docker.io"


def _above(domain: str) -> str:
    """The domain that a domain lies in, where it still has one owner."""
    above = domain.partition(".")[2]
    return above if "." in above and above.partition(".")[0] not in SHARED_LABELS else ""
