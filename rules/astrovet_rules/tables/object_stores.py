"""What the object stores of the clouds take for safe.

Sources: the documentation of the aws, google and azurerm providers and Amazon's reference of
`PutBucketEncryption`, read November 2026; PCI DSS v4 for the history of logs.
"""

OFF_WHEN_CLOSED = frozenset({"allow_nested_items_to_be_public", "public_network_access_enabled"})
"""Attributes that keep a store closed when they are `false`; all others do when they are `true`."""

AT_REST = frozenset({"AES256", "aws:kms", "aws:kms:dsse"})
"""Amazon's names of ways to encrypt that are good."""

OLD_TLS = frozenset({"TLS1_0", "TLS1_1"})
"""Azure's names of versions of TLS below 1.2 (C-02)."""

LOG_DAYS = 365
"""How long PCI DSS wants logs kept (v4, 10.5.1: twelve months)."""
