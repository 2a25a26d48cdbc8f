"""Declared requirements."""

from astrovet_rules.requirements import (
    phi_cluster_not_isolated,
    phi_on_shared_cluster,
)

RULES = [
    phi_on_shared_cluster.check,
    phi_cluster_not_isolated.check,
]
"""In the order of their ids."""
