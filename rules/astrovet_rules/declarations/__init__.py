"""What a team declares: its requirements taken together, its attestations, its plan.

Apart from the rules about deployments: these are loaded only where something is declared.
"""

from astrovet_rules.declarations import (
    attestation_expired,
    attestation_missing,
    audit_retention_short,
    conflicting_requirements,
    hipaa_baa_missing,
    plan_tier_mismatch,
    requirement_without_subject,
)

RULES = [
    hipaa_baa_missing.check,
    attestation_missing.check,
    attestation_expired.check,
    audit_retention_short.check,
    plan_tier_mismatch.check,
    conflicting_requirements.check,
    requirement_without_subject.check,
]
"""In the order of their ids."""
