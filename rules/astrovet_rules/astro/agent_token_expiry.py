"""A token of Remote Execution agents must expire within a year.

## Why

Without `expiry_period_in_days` an agent token never expires. Agents run in many places, and so do copies of
their token: in Secrets, in values files, in a shell's history. A token that expires closes a leak that
nobody noticed. The limit of 365 days is astrovet's own; no source of Astronomer's names one.

## Fix

Set a period. Changing it replaces the token: hand the new one to the agents before the old one goes. Another limit
than a year goes into `.astrovet.yaml`, as `token-days` below `limits`.

Before:

    resource "astro_agent_token" "workers" {
      deployment_id = astro_deployment.payments.id
      name          = "workers"
    }

After:

    resource "astro_agent_token" "workers" {
      deployment_id         = astro_deployment.payments.id
      name                  = "workers-2026-h2"
      expiry_period_in_days = 180
    }

## Not reported

A period known only after apply, which comes out as undecided; tokens that the plan removes.
"""

from astrovet import AgentToken, Context, Severity, Verdicts, rule
from astrovet_rules.astro.token_life import expiry

REMEDY = "set expiry_period_in_days; the plan then replaces the token, so renew it in the agents"


@rule(
    "AST005",
    "agent-token-expiry",
    on=AgentToken,
    severity=Severity.HIGH,
    sources=("TF", "S000-32"),
    controls=("SOC 2 CC6.1",),
)
def check(token: AgentToken, context: Context) -> Verdicts:
    yield from expiry(token.expiry_days, context.limits, REMEDY)
