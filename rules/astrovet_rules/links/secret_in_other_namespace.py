"""The Secrets that an agent's values name must be in the agent's namespace, with the keys that the chart reads.

## Why

Pods read only Secrets of their own namespace. A token or a registry login in another one leaves the agents
waiting, and the quick way out is to copy it: then one credential lies in two namespaces, and whoever may read
either of them has it.

## Fix

Create the Secret in the namespace that the values name, under the key that the chart reads.

Before:

    apiVersion: v1
    kind: Secret
    metadata:
      name: agent-token
      namespace: default

After, where the values say `namespace: airflow-agents`:

    apiVersion: v1
    kind: Secret
    metadata:
      name: agent-token
      namespace: airflow-agents
    stringData:
      token: ${AGENT_TOKEN}

## Not reported

A Secret that is not in the inputs: an operator or a person makes it. One of the same name that another agent
of the inputs reads in its own namespace.
"""

from collections.abc import Sequence

from astrovet import (
    SECRET_KEYS,
    Absent,
    Agent,
    Context,
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
    settled,
    undecided,
)

REMEDY = "create the Secret in the namespace of the agents"
REMEDY_RELEASE = "install the release into the namespace of the values, or write its namespace there"


@rule(
    "LNK007",
    "secret-in-other-namespace",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("T2", "D:remote-agents-helm-reference"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    match settled(agent.namespace):
        case Known(namespace, place):
            yield from first_gap_only(_secrets(agent, namespace, context))
            yield from _release(agent.release_namespace, Known(namespace, place))
        case Unknown() as unknown:
            names = [name for _, name in agent.secret_names()]
            is_open = any(isinstance(name, Unknown) for name in names) and bool(context.estate.of(KubernetesSecret))
            if is_open or isinstance(agent.release_namespace, Known) or any(_called(name, context) for name in names):
                yield undecided(unknown)
        case Absent():
            yield not_applicable("the values name no namespace")


def _secrets(agent: Agent, namespace: str, context: Context) -> Verdicts:
    for setting, name in agent.secret_names():
        secrets = _called(name, context)
        if secrets:
            yield from _secret(setting, name.place, namespace, secrets, context)
        elif isinstance(name, Known):
            nameless = [
                secret.name for secret in context.estate.of(KubernetesSecret) if isinstance(secret.name, Unknown)
            ]
            yield from (undecided(unknown, about=setting) for unknown in nameless[:1])
        elif isinstance(name, Unknown) and context.estate.of(KubernetesSecret):
            yield undecided(name, about=setting)


def _called(name: Value[str], context: Context) -> Sequence[KubernetesSecret]:
    """The Secrets of this name, in whatever namespace."""
    wanted = _text(name)
    return [secret for secret in context.estate.of(KubernetesSecret) if wanted and _text(secret.name) == wanted]


def _secret(
    setting: str, place: Place, namespace: str, called: Sequence[KubernetesSecret], context: Context
) -> Verdicts:
    """What is wrong with the Secrets of this name."""
    own = [secret for secret in called if isinstance(secret.namespace, Known) and secret.namespace.value == namespace]
    unknown = [secret.namespace for secret in called if isinstance(secret.namespace, Unknown)]
    strays = [
        secret
        for secret in called
        if isinstance(secret.namespace, Known) and not _is_anothers(secret, setting, context)
    ]
    if own:
        yield from _key(setting, place, own[0])
    elif unknown:
        yield undecided(unknown[0], about=setting)
    elif strays:
        related = (Note("the Secret of this name", strays[0].place),)
        message = f"the Secret that {setting} names is in another namespace"
        yield fail(place, message, remedy=REMEDY, related=related, about=setting)


def _is_anothers(secret: KubernetesSecret, setting: str, context: Context) -> bool:
    """Whether another agent reads it, in the namespace where it is."""
    return any(
        _text(agent.namespace) == _text(secret.namespace) and _text(name) == _text(secret.name)
        for agent in context.estate.of(Agent)
        for key, name in agent.secret_names()
        if key == setting
    )


def _text(value: Value[str]) -> str:
    return value.value if isinstance(value, Known) else ""


def _key(setting: str, place: Place, secret: KubernetesSecret) -> Verdicts:
    key = SECRET_KEYS[setting]
    match secret.keys:
        case Known(keys) if key not in keys:
            message = f"the Secret that {setting} names lacks the key `{key}`, which the chart reads"
            related = (Note("the Secret", secret.place),)
            yield fail(place, message, remedy=f"put it under the key `{key}`", related=related, about=setting)
        case Unknown() as unknown:
            yield undecided(unknown, about=setting)
        case Known() | Absent():
            pass


def _release(release: Value[str], namespace: Known[str]) -> Verdicts:
    match release:
        case Known(other, place) if other != namespace.value:
            message = "the release is installed into another namespace than the one in its values"
            related = (Note("the namespace of the values", namespace.place),)
            yield fail(place, message, remedy=REMEDY_RELEASE, severity=Severity.LOW, related=related, about="release")
        case Unknown() as unknown:
            yield undecided(unknown, about="release")
        case Known() | Absent():
            pass
