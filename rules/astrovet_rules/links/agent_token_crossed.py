"""Each token of Astro must be used for what it was made for, by the deployment that it was made for.

## Why

An agent token lets agents register, and nothing else; registries and lineage want an API token. A token in the
wrong place does not work, and people then give it more rights until it does. A token of another deployment
lets these agents take that deployment's tasks, with its data.

## Fix

Make one token for each use, and hand each to its own setting.

Before:

    resource "kubernetes_secret" "registry" {
      data = { ".dockerconfigjson" = jsonencode({ auths = { "images.astronomer.cloud" = {
        username = "cli", password = astro_agent_token.claims.token
      } } }) }
    }

After:

    resource "kubernetes_secret" "registry" {
      data = { ".dockerconfigjson" = jsonencode({ auths = { "images.astronomer.cloud" = {
        username = "cli", password = astro_api_token.registry.token
      } } }) }
    }

## Not reported

Where nothing shows from which token a value comes; one Secret with several keys, in a plan that has not made
the tokens yet.
"""

from collections.abc import Iterator
from typing import TypeAlias

from astrovet import (
    SECRET_KEYS,
    Absent,
    Agent,
    AgentToken,
    ApiToken,
    Context,
    CredentialKind,
    DeploymentModel,
    Known,
    KubernetesSecret,
    Note,
    Place,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_gap_only,
    not_applicable,
    rule,
    undecided,
)
from astrovet_rules.links.serving import is_remote, note

REMEDY = "make a token for this use, and hand that one over"
REMEDY_DEPLOYMENT = "hand over an agent token of the deployment that these agents serve"
REMEDY_DEAD = "remove the token, or give its deployment remote execution"
WANTED = {
    CredentialKind.AGENT_TOKEN: "an agent token",
    CredentialKind.REGISTRY_LOGIN: "an API token",
    CredentialKind.LINEAGE_KEY: "an API token",
}
"""What the uses want, but for those that are no token of Astro's."""


@rule(
    "LNK006",
    "agent-token-crossed",
    on=(Agent, AgentToken),
    severity=Severity.HIGH,
    sources=("D:remote-execution-configure-agents", "TF"),
)
def check(subject: Agent | AgentToken, context: Context) -> Verdicts:
    match subject:
        case AgentToken() as token:
            yield from _dead(token)
        case Agent() as agent:
            yield from first_gap_only(
                outcome if doubt is None else undecided(doubt)
                for kind, address, place, doubt in (*_direct(agent), *_in_secrets(agent, context))
                for outcome in _use(agent, kind, address, place, context)
            )


Use: TypeAlias = tuple[CredentialKind, str, Place, Unknown | None]
"""What a token is used as, its address, where that shows, and what leaves open whether it is used so."""


def _direct(agent: Agent) -> Iterator[Use]:
    yield from (
        (credential.kind, credential.token, credential.value.place, None)
        for credential in agent.credentials
        if credential.token
    )


def _in_secrets(agent: Agent, context: Context) -> Iterator[Use]:
    """The tokens in the Secrets that the values name, or may name."""
    kinds = {key: choice.what for choice in agent.choices for key in choice.settings}
    for setting, name in agent.secret_names():
        key = SECRET_KEYS[setting]
        named: list[tuple[KubernetesSecret, Unknown | None]] = []
        for secret in context.estate.of(KubernetesSecret):
            answers = (_equal(secret.name, name), _equal(secret.namespace, agent.namespace))
            if False not in answers:
                named.append((secret, next((answer for answer in answers if isinstance(answer, Unknown)), None)))
        # One Secret can be seen twice: in a plan and its sources, in two plans of one root module, in two environments.
        right = [
            secret
            for secret, _ in named
            if _home(secret) == _home(agent) or _is_of_deployment(agent, secret.tokens.get(key, ""), secret, context)
        ]
        doubles = {secret.id for secret in right}
        for secret, doubt in named:
            if key in secret.tokens and (secret in right or secret.id not in doubles):
                yield kinds[setting], secret.tokens[key], secret.place, doubt


def _home(part: Agent | KubernetesSecret) -> tuple[str, str, str]:
    """The plan, or the folder of sources, that it stands in."""
    place = part.place
    folder = place.path.rpartition("/")[0] if place.has_lines else place.path
    return folder, place.environment, place.root


def _is_of_deployment(agent: Agent, address: str, secret: KubernetesSecret, context: Context) -> bool:
    """Whether a Secret holds an agent token of the deployment that the agent serves."""
    tokens = (token for token in context.estate.of(AgentToken) if _is_made(token, address, secret.place))
    match agent.deployment.to, next((token.deployment.to for token in tokens), None):
        case Known(served), Known(own):
            return served.place == own.place
        case (Known() | Unknown() | Absent(), _):
            return False


def _equal(one: Value[str], other: Value[str]) -> bool | Unknown:
    match one, other:
        case (Absent(), _) | (_, Absent()):
            return False
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            return unknown
        case Known(text), Known(another):
            return text == another


def _use(agent: Agent, kind: CredentialKind, address: str, place: Place, context: Context) -> Verdicts:
    made = next((token for token in context.estate.of(AgentToken) if _is_made(token, address, place)), None)
    wanted = WANTED.get(kind)
    if made is None and not any(_is_made(token, address, place) for token in context.estate.of(ApiToken)):
        return
    if wanted is not None and (made is None) is (kind is CredentialKind.AGENT_TOKEN):
        given = "an API token" if made is None else "an agent token"
        message = f"{given} is used as {kind}; it takes {wanted}"
        yield fail(place, message, remedy=REMEDY, about=kind)
    elif made is not None:
        yield from _deployment(agent, made, place)


def _is_made(token: AgentToken | ApiToken, address: str, place: Place) -> bool:
    """Whether it is the token of this address, in the same plan."""
    return token.id == address and (token.place.path, token.place.environment) == (place.path, place.environment)


def _deployment(agent: Agent, token: AgentToken, place: Place) -> Verdicts:
    match agent.deployment.to, token.deployment.to:
        case Known(served), Known(own) if served.place != own.place:
            message = "the agent token is one of another deployment than these agents serve"
            related = (note(agent, served), Note("the deployment of the token", own.place))
            yield fail(place, message, remedy=REMEDY_DEPLOYMENT, related=related, about="deployment")
        case Known(), Unknown() as unknown:
            yield undecided(unknown, about="deployment")
        case (Known() | Unknown() | Absent(), _):
            pass


def _dead(token: AgentToken) -> Verdicts:
    match token.deployment.to:
        case Known(deployment):
            match deployment.model:
                case Known(DeploymentModel.REMOTE_EXECUTION):
                    pass
                case Known():
                    message = "this agent token is for a deployment without remote execution"
                    related = (Note("the deployment", deployment.place),)
                    yield fail(token.place, message, remedy=REMEDY_DEAD, severity=Severity.LOW, related=related)
                case Unknown() as unknown:
                    yield undecided(unknown)
                case Absent():
                    pass
        case Unknown() as unknown if not all(map(is_remote, token.deployment.candidates)):
            yield undecided(unknown)
        case Unknown() | Absent():
            yield not_applicable("its deployment is not in the inputs")
