"""Stores for XCom values, task logs, state and DAGs, and what keeps them closed, encrypted and whole."""

from astrovet_rules.storage import (
    cleartext_access_allowed,
    encryption_weak,
    log_lifecycle_too_short,
    public_guard_off,
    store_easily_lost,
    store_public,
    store_unaudited,
)

RULES = [
    store_public.check,
    public_guard_off.check,
    encryption_weak.check,
    cleartext_access_allowed.check,
    store_easily_lost.check,
    log_lifecycle_too_short.check,
    store_unaudited.check,
]
"""In the order of their ids."""
