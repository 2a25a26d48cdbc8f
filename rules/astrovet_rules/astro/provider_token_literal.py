"""The token of the Astro provider must not be written into the configuration.

## Why

A token in a `provider "astro"` block, or in the default of the variable that the block reads, lies in the
repository, in every clone and in every plan file. Whoever reads one of them can change or delete
deployments in the token's name, until somebody notices and revokes it.

## Fix

Revoke the token first: it counts as known. Then let the provider read a new one from the environment, which the
pipeline fills from its secret store.

Before:

    provider "astro" {
      organization_id = var.organization_id
      token           = "eyJ..."
    }

After:

    provider "astro" {
      organization_id = var.organization_id # the token comes from ASTRO_API_TOKEN
    }

## Not reported

A token that comes from a variable without a default, or from a data source; a placeholder. A state and a
redacted plan do not hold the provider's configuration, and locals are in no plan: undecided.
"""

from astrovet import (
    Absent,
    Context,
    Known,
    ProviderConfiguration,
    Severity,
    Unknown,
    Verdicts,
    fail,
    literal,
    rule,
    undecided,
)

REMEDY = "revoke this token, remove it here, and give a new one in ASTRO_API_TOKEN"


@rule(
    "AST001",
    "provider-token-literal",
    on=ProviderConfiguration,
    severity=Severity.CRITICAL,
    sources=("S000-32", "TF"),
    controls=("PCI DSS v4 8.6.3", "PCI DSS v4 8.3.2", "SOC 2 CC6.1"),
)
def check(provider: ProviderConfiguration, context: Context) -> Verdicts:
    match provider.token:
        case Known(token, place, written=True) if literal(token):
            yield fail(place, "the API token of the Astro provider is written in the configuration", remedy=REMEDY)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass
