"""No manifest beside the agents may hold a secret in clear text; base64 hides nothing.

## Why

A Secret in a repository is read by everybody who may read the repository, in every clone and for ever: its
base64 is a spelling, no encryption. A ConfigMap is not even kept apart inside the cluster. With the agent's
token anybody can register as an agent of the deployment and be given its tasks.

## Fix

Replace the secret, for it counts as known. Keep the new one in a secrets store and let it make the Secret, as the
External Secrets Operator does, or commit it encrypted (Sealed Secrets, SOPS).

Before:

    apiVersion: v1
    kind: Secret
    metadata: {name: agent-token, namespace: airflow-agents}
    stringData:
      token: kestrel-41-harbour

After:

    apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata: {name: agent-token, namespace: airflow-agents}
    spec:
      secretStoreRef: {name: vault, kind: ClusterSecretStore}
      target: {name: agent-token}
      data:
        - secretKey: token
          remoteRef: {key: astro/agent-token}

## Not reported

Secrets and ConfigMaps that no agent of the inputs names and that lie outside the agents' namespaces; placeholders,
encrypted texts, references and templates; what Terraform puts in from elsewhere. Where a plan does not tell that from a
literal, because a part of the same data refers to something, the verdict is undecided: scan the sources.
"""

from collections.abc import Iterator

from astrovet import (
    SECRET_KEYS,
    Absent,
    Agent,
    ConfigMap,
    Context,
    CredentialKind,
    Known,
    KubernetesSecret,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    not_applicable,
    rule,
    settled,
    undecided,
)

REMEDY = "revoke it, keep the new one in a secrets store or encrypted, and let that make the Secret"


@rule(
    "REX036",
    "manifest-holds-secret",
    on=(KubernetesSecret, ConfigMap),
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "S003-25", "D:remote-agents-helm-reference"),
    controls=("PCI DSS v4 8.6.2", "SOC 2 CC6.1"),
)
def check(kept: KubernetesSecret | ConfigMap, context: Context) -> Verdicts:
    outcomes = tuple(_judged(kept, context))
    match _is_of_agents(kept, context):
        case Known(True):
            yield from outcomes
        case Unknown() as unknown if outcomes:
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            yield not_applicable("no agents of the inputs use it")


def _judged(kept: KubernetesSecret | ConfigMap, context: Context) -> Verdicts:
    what = "Secret" if isinstance(kept, KubernetesSecret) else "ConfigMap"
    wanted = dict(_wanted(kept, context))
    for key, clear in kept.clear.items():
        is_token = wanted.get(key) is CredentialKind.AGENT_TOKEN
        kind = "the agent's token" if is_token else clear.kind or (f"the {wanted[key]}" if key in wanted else "")
        if kind and clear.doubt is not None:
            yield undecided(clear.doubt, key)
        elif kind:
            message = f"this {what} holds {kind} in clear text"
            severity = Severity.CRITICAL if is_token else None
            yield fail(clear.place, message, remedy=REMEDY, about=key, severity=severity)


def _wanted(kept: KubernetesSecret | ConfigMap, context: Context) -> Iterator[tuple[str, CredentialKind]]:
    """The keys that agents read of it, and what they take for it."""
    for agent in context.estate.of(Agent):
        kinds = {key: choice.what for choice in agent.choices for key in choice.settings}
        for setting, name in agent.secret_names():
            if _is_named(kept, name, agent):
                yield SECRET_KEYS[setting], kinds[setting]


def _is_of_agents(kept: KubernetesSecret | ConfigMap, context: Context) -> Value[bool]:
    """Whether an agent names it, or it lies in an agent's namespace."""
    doubt: Unknown | None = None
    for agent in context.estate.of(Agent):
        if any(_is_named(kept, name, agent) for _, name in agent.secret_names()):
            return Known(True, kept.place)
        for own in (settled(agent.namespace), kept.namespace):
            if isinstance(own, Unknown):
                doubt = own
        if _text(agent.namespace) and _text(agent.namespace) == _text(kept.namespace):
            return Known(True, kept.place)
    return doubt or Known(False, kept.place)


def _is_named(kept: KubernetesSecret | ConfigMap, name: Value[str], agent: Agent) -> bool:
    """Whether a setting of the agent names it; what names no namespace lies in that of the agents."""
    if not isinstance(kept, KubernetesSecret) or not _text(name) or _text(name) != _text(kept.name):
        return False
    own, other = _text(agent.namespace), _text(kept.namespace)
    return not own or not other or own == other


def _text(value: Value[str]) -> str:
    return value.value if isinstance(value, Known) else ""
