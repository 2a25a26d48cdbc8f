"""Rules on agreement: between a deployment and the agents that serve it, and with what they are given."""

from astrovet_rules.links import (
    agent_identity_too_wide,
    agent_token_crossed,
    agents_without_remote_deployment,
    backends_disagree,
    cidr_overlap,
    deployment_id_mismatch,
    identity_mismatch,
    identity_trust_too_wide,
    remote_deployment_without_agents,
    runs_differently,
    runtime_skew,
    secret_in_other_namespace,
    secrets_kept_in_astro,
)

RULES = [
    deployment_id_mismatch.check,
    remote_deployment_without_agents.check,
    agents_without_remote_deployment.check,
    secrets_kept_in_astro.check,
    backends_disagree.check,
    agent_token_crossed.check,
    secret_in_other_namespace.check,
    identity_trust_too_wide.check,
    identity_mismatch.check,
    runtime_skew.check,
    cidr_overlap.check,
    agent_identity_too_wide.check,
    runs_differently.check,
]
