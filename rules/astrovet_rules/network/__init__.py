"""Ways into the execution plane, and ways out of it in clear text."""

from astrovet_rules.network import (
    cleartext_endpoint,
    cluster_endpoint_public,
    egress_open,
    firewall_open_to_world,
    host_network_on_agents,
    inbound_rule_on_agents,
    network_policy_admits,
    network_policy_missing,
    route_exposes_agents,
    service_exposes_agents,
    tls_verification_off,
)

RULES = [
    firewall_open_to_world.check,
    inbound_rule_on_agents.check,
    cluster_endpoint_public.check,
    service_exposes_agents.check,
    route_exposes_agents.check,
    network_policy_admits.check,
    host_network_on_agents.check,
    network_policy_missing.check,
    cleartext_endpoint.check,
    tls_verification_off.check,
    egress_open.check,
]
"""In the order of their ids."""
