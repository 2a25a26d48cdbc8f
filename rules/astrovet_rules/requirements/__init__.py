"""Declared requirements."""

from astrovet_rules.requirements import (
    air_gap_model,
    data_plane_outside_customer,
    declared_model_differs,
    dora_model,
    dora_recovery_off,
    dora_rpo_not_backed,
    pci_on_shared_cluster,
    phi_cluster_not_isolated,
    phi_on_shared_cluster,
    private_connectivity_model,
    region_outside_policy,
    vendor_inbound_model,
)

RULES = [
    phi_on_shared_cluster.check,
    phi_cluster_not_isolated.check,
    pci_on_shared_cluster.check,
    vendor_inbound_model.check,
    data_plane_outside_customer.check,
    air_gap_model.check,
    private_connectivity_model.check,
    dora_model.check,
    dora_recovery_off.check,
    dora_rpo_not_backed.check,
    region_outside_policy.check,
    declared_model_differs.check,
]
"""In the order of their ids."""
