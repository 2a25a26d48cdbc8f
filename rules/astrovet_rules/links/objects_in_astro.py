"""Environment objects with secrets, and whether a deployment with remote execution is given them."""

from __future__ import annotations

from collections.abc import Iterator

from astrovet import (
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    EnvironmentObject,
    EnvironmentVariable,
    Known,
    Link,
    Note,
    Place,
    Unknown,
    Value,
    Verdicts,
    credential_kind,
    fail,
    not_applicable,
    undecided,
)
from astrovet_rules.links.serving import is_remote

REMEDY = "take it out here, put it into the agents' secrets backend, and replace its value"
VARIABLES = ("AIRFLOW_VARIABLE", "ENVIRONMENT_VARIABLE")


def judge_object(thing: EnvironmentObject, context: Context) -> Verdicts:
    """Whether an object keeps a secret in Astro for a deployment whose tasks run at the customer."""
    secret = _secret(thing)
    reached = _first(_reached(thing, context))
    match secret, reached:
        case (Known(False), _) | (Absent(), _) | (_, None | Absent()):
            yield not_applicable("it has no secret, or no deployment with remote execution is given it")
        case Known(), Known(deployment):
            message = "a deployment with remote execution is given this secret, and Astro keeps it"
            yield fail(secret.place, message, remedy=REMEDY, related=(Note("the deployment", deployment.place),))
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            yield undecided(unknown)
        case (Known(), _):
            pass


def _secret(thing: EnvironmentObject) -> Value[bool]:
    """Whether a connection or a variable holds a secret; what an exporter of metrics has is not for tasks."""
    match thing.type:
        case Known("CONNECTION"):
            place = next(_secrets_of_connection(thing), None)
            return Known(place is not None, place or thing.place)
        case Known(kind) if kind in VARIABLES:
            return _secret_variable(thing)
        case Known():
            return Known(False, thing.place)
        case Unknown() | Absent():
            return thing.type


def _secrets_of_connection(thing: EnvironmentObject) -> Iterator[Place]:
    yield from (secret.value.place for secret in thing.secrets)
    for setting in thing.settings:
        extra = setting.extra.raw
        if isinstance(extra, Known) and credential_kind("", str(extra.value)) is not None:
            yield extra.place


def _secret_variable(thing: EnvironmentObject) -> Value[bool]:
    place = thing.value.place
    if isinstance(thing.value, Absent):
        return Known(False, place)
    if EnvironmentVariable(thing.name, thing.value, place, thing.is_secret).secret() is not None:
        return Known(True, place)
    match thing.is_secret:
        case Known(is_marked):
            return Known(is_marked, place)
        case Absent():  # the provider takes it for unmarked
            return Known(False, place)
        case Unknown() as unknown:
            return unknown


def _reached(thing: EnvironmentObject, context: Context) -> Iterator[Value[Deployment]]:
    """The deployments with remote execution that are given the object."""
    for link in (thing.deployment, *thing.linked):
        yield from _remote(link)
    match thing.links_itself, thing.workspace.to:
        case Known(True), Known(workspace):
            kept_from = {deployment.place for link in thing.excluded for deployment in link.candidates}
            for deployment in context.estate.of(Deployment):
                own = deployment.workspace.to
                if isinstance(own, Known) and own.value.place == workspace.place and deployment.place not in kept_from:
                    yield from _remote(Link(Known(deployment, deployment.place), (deployment,)))
        case (Known(True), Unknown() as unknown) | (Unknown() as unknown, _):
            if any(is_remote(deployment) for deployment in context.estate.of(Deployment)):
                yield unknown
        case (Known() | Absent(), _):
            pass


def _remote(link: Link[Deployment]) -> Iterator[Value[Deployment]]:
    match link.to:
        case Known(deployment):
            match deployment.model:
                case Known(DeploymentModel.REMOTE_EXECUTION):
                    yield link.to
                case Unknown() as unknown:
                    yield unknown
                case Known() | Absent():
                    pass
        case Unknown() as unknown:
            if not link.candidates or any(is_remote(deployment) for deployment in link.candidates):
                yield unknown
        case Absent():
            pass


def _first(values: Iterator[Value[Deployment]]) -> Value[Deployment] | None:
    """One that is known; else one that is not."""
    doubt: Value[Deployment] | None = None
    for value in values:
        if isinstance(value, Known):
            return value
        doubt = doubt or value
    return doubt
