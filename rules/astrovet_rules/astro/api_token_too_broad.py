"""An API token must reach no further than its work.

## Why

A token acts with its roles for whoever holds a copy, and copies lie in pipelines, clusters and the Terraform
state. With `ORGANIZATION_OWNER` one leaked copy is the whole organization: every deployment, every user, every
other token. A token of a pipeline or of an agent works in one workspace or deployment, and needs no more.

## Fix

Give the token the narrowest type and role that its work needs.

Before:

    resource "astro_api_token" "ci" {
      name  = "claims-ci"
      type  = "ORGANIZATION"
      roles = [{ entity_type = "ORGANIZATION", entity_id = var.organization_id, role = "ORGANIZATION_OWNER" }]
    }

After:

    resource "astro_api_token" "ci" {
      name  = "claims-ci"
      type  = "DEPLOYMENT"
      roles = [{ entity_type = "DEPLOYMENT", entity_id = astro_deployment.claims.id, role = "DEPLOYMENT_ADMIN" }]
    }

The type of a token cannot be changed, so a new one is made: hand it over before the old one goes. A lineage
key needs a custom role that may only send events to Observe.

## Not reported

Custom roles, which are not in the token; DEPLOYMENT_ADMIN of a token that pulls images, its documented role.
What a token is for is taken from words in its name and description (ci, deploy, agent, pull, lineage), and
from the lineage key of an agent where the sources show that it is this token.
"""

from collections.abc import Sequence

from astrovet import (
    Absent,
    Agent,
    ApiToken,
    Context,
    CredentialKind,
    Known,
    Severity,
    TokenRole,
    Unknown,
    Verdicts,
    fail,
    first_unknown,
    rule,
    undecided,
    when_known,
)
from astrovet_rules.tables.roles import DEPLOYMENT_ADMIN, LINEAGE, OWNER, PULLS, purposes_of

NARROW = "make a token of type WORKSPACE or DEPLOYMENT for it, with the narrowest role that works"
INGEST = "make a token for it with a custom role that may only send lineage to Observe"


@rule(
    "AST007",
    "api-token-too-broad",
    on=ApiToken,
    severity=Severity.HIGH,
    sources=("S000-11", "TF", "D:remote-agents-openlineage"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 7.2", "SOC 2 CC6.1"),
)
def check(token: ApiToken, context: Context) -> Verdicts:
    yield from when_known(token.roles, lambda roles: _judge(token, roles, context))


def _judge(token: ApiToken, roles: Sequence[TokenRole], context: Context) -> Verdicts:
    owner = _holding(roles, OWNER)
    if owner is not None:
        yield fail(owner.place, "whoever holds this token owns the organization", remedy=NARROW)
        return
    yield from (undecided(token_role.role) for token_role in roles if isinstance(token_role.role, Unknown))
    purposes = _purposes(token)
    admin = _holding(roles, DEPLOYMENT_ADMIN)
    match token.type:
        case Known("ORGANIZATION", place) if purposes:
            message = f"a token for {purposes[0]} reaches the whole organization"
            yield fail(place, message, remedy=NARROW, severity=Severity.MEDIUM, about="type")
        case Known("ORGANIZATION") if (unsaid := first_unknown((token.name, token.description))) is not None:
            yield undecided(unsaid, about="type")
        case Unknown() as unknown if purposes:
            yield undecided(unknown, about="type")
        case _ if admin is not None and PULLS not in purposes and _sends_lineage(token, purposes, context):
            message = "a lineage key has DEPLOYMENT_ADMIN and could change its deployment"
            yield fail(admin.place, message, remedy=INGEST, severity=Severity.MEDIUM, about="lineage")
        case _ if admin is not None and not purposes and isinstance(token.name, Unknown):
            yield undecided(token.name, about="lineage")
        case Known() | Unknown() | Absent():
            pass


def _holding(roles: Sequence[TokenRole], wanted: str) -> TokenRole | None:
    return next((given for given in roles if isinstance(given.role, Known) and given.role.value == wanted), None)


def _purposes(token: ApiToken) -> list[str]:
    return [
        what
        for words in (token.name, token.description)
        if isinstance(words, Known)
        for what in purposes_of(words.value)
    ]


def _sends_lineage(token: ApiToken, purposes: Sequence[str], context: Context) -> bool:
    """Its name says so, or an agent has it as its lineage key."""
    keys = (
        key.value
        for agent in context.estate.of(Agent)
        for key in agent.credentials
        if key.kind is CredentialKind.LINEAGE_KEY
    )
    return LINEAGE in purposes or any(isinstance(key, Unknown) and token.id in key.origins for key in keys)
