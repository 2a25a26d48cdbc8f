"""Addresses whose traffic others can read, and those whose traffic stays where it is safe.

Sources: RFC 6761 (localhost), RFC 3927 and RFC 4291 (link-local), the Kubernetes documentation of DNS
for Services; the clouds' documentation for their metadata addresses. Read November 2026.
"""

import re

CLEARTEXT = frozenset({"http", "git"})
"""Schemes without encryption."""

HTTPS_HOSTS = ("astronomer.run", "astronomer.io", "vault.azure.net")
"""Domains that answer over HTTPS on the same path, so that only the scheme has to change."""

LOCAL_HOSTS = frozenset({
    "localhost", "::1", "metadata.google.internal", "fd00:ec2::254", "fd20:ce::254",
})  # fmt: skip
"""The machine itself, and the clouds' metadata services, which the network of the node keeps to itself."""

LOCAL_NETWORKS = (r"127\.[0-9.]+", r"169\.254\.[0-9.]+", r"fe[89ab][0-9a-f]:.*")
"""Loopback and link-local addresses, as whole hosts."""

LOCAL_NAMES = (r".*\.localhost", r".+\.svc", r".+\.svc\..+", r"[a-z0-9_-]+")
"""Names of the machine, of Services of the Kubernetes cluster, and names of one label, which only resolve nearby."""

_URL = r"([a-z][a-z0-9+.-]*)://([^/?#]*)"


def cleartext_scheme(address: str) -> str:
    """The scheme of an address that is reached without encryption over a network; empty for every other.

    Where only the beginning of an address is known, or a template stands in it, the scheme decides
    unless what is known of the host is enough.
    """
    url = re.match(_URL, address.strip().lower())
    if url is None or url[1] not in CLEARTEXT or is_local(host_of(address)):
        return ""
    return url[1]


def host_of(address: str) -> str:
    """The host in a URL, in small letters, without user, port and brackets."""
    url = re.match(_URL, address.strip().lower())
    if url is None:
        return ""
    host = url[2].rpartition("@")[2]
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def is_local(host: str) -> bool:
    """Whether traffic to this host stays on the machine, on its link, or in the Kubernetes cluster."""
    return host in LOCAL_HOSTS or any(re.fullmatch(pattern, host) for pattern in (*LOCAL_NETWORKS, *LOCAL_NAMES))


PRIVATE_DOMAINS = (".internal", ".local", ".localdomain", ".corp", ".lan", ".home.arpa", ".intranet", ".private")
"""Ends of names that the Internet does not resolve: reserved ones (RFC 6762, RFC 8375, ICANN's `.internal`), and those
that companies use inside."""

VENDOR_DOMAINS = ("astronomer.io", "astronomer.run")
"""Astronomer's own."""


def is_of_third_party(address: str) -> bool:
    """Whether a URL leads out into the Internet, and not to Astronomer."""
    host = host_of(address).rstrip(".")
    if not host or is_local(host) or host.endswith(PRIVATE_DOMAINS):
        return False
    if any(host == domain or host.endswith(f".{domain}") for domain in VENDOR_DOMAINS):
        return False
    from ipaddress import ip_address  # rarely needed

    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host


def speaks_https(address: str) -> bool:
    """Whether the host is one that answers over HTTPS, so that the fix is plain."""
    return any(host_of(address).endswith(f".{domain}") for domain in HTTPS_HOSTS)
