"""Each credential of an agent must come from one source, and its token from at least one.

## Why

The chart takes one of several settings for the same credential and refuses, or passes over, the others: a
token that was meant to be replaced stays in use, or the release does not install. Without any token the
agents start and cannot register.

## Fix

Keep the setting that names a Kubernetes Secret, and take the others out.

Before:

    agentTokenSecretName: agent-token
    agentTokenFile: /run/secrets/agent-token

After:

    agentTokenSecretName: agent-token

## Not reported

An empty setting. No token, where something else may bring it: ASTRO_AGENT_CLIENT_API_TOKEN or
ASTRO_AGENT_CLIENT_API_TOKEN_FILE, an init container, an annotation `vault.hashicorp.com/…`, a volume that
a component mounts.
"""

from collections.abc import Iterator

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    Choice,
    ComponentKind,
    Context,
    CredentialKind,
    Known,
    Map,
    Note,
    Severity,
    Unknown,
    Value,
    Verdicts,
    airflow,
    fail,
    first_unknown,
    rule,
    undecided,
)

TOKEN_VARIABLES = (airflow.AGENT_TOKEN, airflow.AGENT_TOKEN_FILE)
VAULT_ANNOTATION = "vault.hashicorp.com/"

REMEDY = "keep one of them, best the one that names a Kubernetes Secret"
REMEDY_NONE = "put the token into a Kubernetes Secret under the key `token`, and name it in agentTokenSecretName"


@rule(
    "REX015",
    "credential-source-count",
    on=Agent,
    severity=Severity.HIGH,
    sources=("D:remote-agents-helm-reference", "T2"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for choice in agent.choices:
        given = {key: value.place for key, value in choice.settings.items() if isinstance(value, Known)}
        unsure = [value for value in choice.settings.values() if isinstance(value, Unknown)]
        if len(given) > 1:
            *keys, last = given
            message = f"{', '.join(keys)} and {last} are given together, and the chart takes one of them"
            related = tuple(Note("given here as well", given[key]) for key in keys)
            yield fail(given[last], message, remedy=REMEDY, related=related, about=choice.what)
        elif agent.complete and unsure and len(given) + len(unsure) > 1:
            yield undecided(unsure[0], about=choice.what)
        elif choice.what is CredentialKind.AGENT_TOKEN and not given:
            yield from _no_token(agent, choice)


def _no_token(agent: Agent, choice: Choice) -> Verdicts:
    """Nothing where the token comes from a setting that is open, or where something may bring it in."""
    doubt = first_unknown(choice.settings.values())
    if doubt is not None and agent.complete:
        return
    for sign in _signs(agent):
        match sign:
            case Known(True):
                return
            case Unknown():
                doubt = doubt or sign
            case Known() | Absent():
                pass
    expected = choice.settings["agentTokenSecretName"]
    if doubt is not None:
        yield undecided(doubt, about=choice.what)
    elif isinstance(expected, Absent):
        message = "no agent token is given, and nothing is set up that could bring one in"
        yield fail(expected, message, remedy=REMEDY_NONE, severity=Severity.MEDIUM, about=choice.what)


def _signs(agent: Agent) -> Iterator[Value[bool]]:
    """Whether something brings a token in: a variable, a container that runs first, Vault's injector, a volume."""
    for environment in agent.environments():
        for name in TOKEN_VARIABLES:
            match environment.value(name):
                case Unknown() as unknown if name not in environment.listed:
                    yield unknown
                case Known("") | Absent():
                    pass
                case Known(_, place) | Unknown(_, place):
                    yield Known(True, place)
    for component in agent.running(*TASK_COMPONENTS):
        match component.mounts:
            case Known(mounts, place):
                yield Known(bool(mounts), place)
            case Unknown() | Absent() as unsaid:
                yield unsaid
    yield from (Known(True, component.place) for component in agent.running(ComponentKind.INIT_CONTAINER))
    match agent.annotations:
        case Known(Map(entries, unlisted), place):
            yield unlisted or Known(any(key.startswith(VAULT_ANNOTATION) for key in entries), place)
        case Unknown() | Absent() as unsaid:
            yield unsaid
