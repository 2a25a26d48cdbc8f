"""Objects of the Astro provider."""

from astrovet_rules.astro import (
    agent_token_expiry,
    api_token_expiry,
    env_secret_not_marked,
    provider_token_literal,
    remote_api_open,
)

RULES = [
    provider_token_literal.check,
    env_secret_not_marked.check,
    agent_token_expiry.check,
    api_token_expiry.check,
    remote_api_open.check,
]
"""In the order of their ids."""
