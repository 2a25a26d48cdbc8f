"""An Astro API token must expire within a year.

## Why

Without `expiry_period_in_days` an API token never expires. It acts with its roles from anywhere, and copies
of it lie in pipelines, laptops and the Terraform state. A token that expires closes a leak that nobody
noticed. The limit of 365 days is astrovet's own; no source of Astronomer's names one.

## Fix

The provider cannot change the period of a token that exists, so add a second token, move its users over, and
remove the first. Another limit than a year goes into `.astrovet.yaml`, as `token-days` below `limits`.

Before:

    resource "astro_api_token" "ci" {
      name = "ci"
      type = "WORKSPACE"
      ...
    }

After:

    resource "astro_api_token" "ci_2026" {
      name                  = "ci-2026"
      type                  = "WORKSPACE"
      expiry_period_in_days = 90
      ...
    }

## Not reported

A period known only after apply, which comes out as undecided; tokens that the plan removes.
"""

from astrovet import ApiToken, Context, Severity, Verdicts, rule
from astrovet_rules.astro.token_life import expiry

REMEDY = "make a new token with expiry_period_in_days: the period of one that exists cannot be changed"


@rule(
    "AST006",
    "api-token-expiry",
    on=ApiToken,
    severity=Severity.HIGH,
    sources=("TF", "S000-11"),
    controls=("SOC 2 CC6.1",),
)
def check(token: ApiToken, context: Context) -> Verdicts:
    yield from expiry(token.expiry_days, context.limits, REMEDY)
