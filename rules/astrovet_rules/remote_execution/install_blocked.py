"""The values must be ones that Helm can install.

## Why

Some settings pass every review and fail in the cluster. The Secrets that hold the agent token and the
login of the registry must be there before the chart, and so must their namespace. Every object is named
after `resourceNamePrefix`, so that nothing can be made without it. A ServiceAccount that the chart shall
not create needs the name of one that exists.

## Fix

Create namespace and Secrets before the chart, and name every ServiceAccount that the chart shall not create.

Before:

    createNamespace: true
    agentTokenSecretName: agent-token
    serviceAccount:
      workers: {create: false}

After:

    createNamespace: false
    agentTokenSecretName: agent-token
    serviceAccount:
      workers: {create: false, name: claims-workers}

## Not reported

A prefix that another layer of the values or a flag of Helm sets; a worker's ServiceAccount that has its
name from `serviceAccount.workers`.
"""

import re
from collections.abc import Iterator

from astrovet import (
    Absent,
    Agent,
    ComponentKind,
    Context,
    Known,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    first_gap_only,
    rule,
    settled,
    undecided,
)

LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
"""A label of RFC 1123, as Kubernetes wants it in names of objects."""

MUST_EXIST = ("agentTokenSecretName", "imagePullSecretName")
"""Secrets that the chart takes from the namespace and does not make."""

SHARED = "serviceAccount.workers"
"""What a worker does not say of its own ServiceAccount, it takes from here."""


@rule(
    "REX034",
    "install-blocked",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("T1", "T2", "D:remote-agents-helm-reference"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    outcomes = (*_namespace(agent), *_prefix(agent), *_service_accounts(agent))
    yield from outcomes if agent.complete else first_gap_only(outcomes)


def _namespace(agent: Agent) -> Verdicts:
    named = [choice.settings[key] for choice in agent.choices for key in MUST_EXIST if key in choice.settings]
    message = "Helm creates the namespace, and a Secret that must be there before is named"
    match agent.create_namespace:
        case Known(True, place) if any(isinstance(name, Known) for name in named):
            yield fail(place, message, remedy="set createNamespace to false, and create namespace and Secrets before")
        case Known(True):
            yield from (undecided(name) for name in named if isinstance(name, Unknown))
        case Unknown() as unknown if not all(isinstance(name, Absent) for name in named):
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            pass


def _prefix(agent: Agent) -> Verdicts:
    remedy = "set a name of small letters, digits and hyphens"
    match settled(agent.name):
        case Known("", place) | Absent(place) if not agent.complete:
            yield undecided(Unknown("another layer of the values may set resourceNamePrefix", place))
        case Known("", place):
            yield fail(place, "resourceNamePrefix is empty", remedy=remedy)
        case Absent() as absent:
            yield fail(absent, "resourceNamePrefix is not set", remedy=remedy)
        case Known(name, place) if not re.fullmatch(LABEL, name):
            yield fail(place, "resourceNamePrefix is no name that Kubernetes takes", remedy=remedy)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known():
            pass


def _service_accounts(agent: Agent) -> Verdicts:
    message = "the chart does not create this ServiceAccount, and none is named to use instead"
    for create, name in _accounts(agent):
        match create, name:
            case Known(False, place), Absent():
                yield fail(place, message, remedy="name the ServiceAccount, or let the chart create it")
            case (Known(False), Unknown() as unknown) | (Unknown() as unknown, Absent()):
                yield undecided(unknown)
            case (Known() | Unknown() | Absent(), _):
                pass


def _accounts(agent: Agent) -> Iterator[tuple[Value[bool], Value[str]]]:
    """Whether the chart creates each ServiceAccount in use, and what it is called; a worker's own goes first."""
    settings = {setting.label: setting for setting in agent.service_accounts}
    shared = settings.pop(SHARED, None)
    workers = [
        f"{component.name}.serviceAccount" for component in agent.components if component.kind is ComponentKind.WORKER
    ]
    if shared is not None and (not workers or any(worker not in settings for worker in workers)):
        yield shared.create, shared.name
    for label, own in settings.items():
        if shared is None or label not in workers:
            yield own.create, own.name
        else:
            create = shared.create if isinstance(own.create, Absent) else own.create
            yield create, shared.name if isinstance(own.name, Absent) else own.name
