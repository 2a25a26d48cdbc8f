"""What a deployment on Astro is given: its variables, and the environment objects that reach it, or may."""

from collections.abc import Iterator

from astrovet import (
    Absent,
    ComponentEnvironment,
    Context,
    Deployment,
    EnvironmentObject,
    EnvironmentVariable,
    Known,
    Unknown,
)

VARIABLE = "ENVIRONMENT_VARIABLE"


def environment_of(deployment: Deployment, context: Context) -> ComponentEnvironment:
    """The variables that a deployment sees; its own win over those of objects."""
    listed: dict[str, EnvironmentVariable] = {}
    unlisted: Unknown | None = None
    for thing in reaching(deployment, context):
        match thing.type, thing.name:
            case Known("ENVIRONMENT_VARIABLE"), Known(name):
                listed[name] = EnvironmentVariable(thing.name, thing.value, thing.place, thing.is_secret)
            case (Known("ENVIRONMENT_VARIABLE"), Unknown() as unknown) | (Unknown() as unknown, _):
                unlisted = unknown
            case (Known() | Absent(), _):
                pass
    for thing, unknown in _may_reach(context):
        match thing.type, thing.name:
            case Known("ENVIRONMENT_VARIABLE"), Known(name) if name not in listed:
                listed[name] = EnvironmentVariable(thing.name, unknown, thing.place, thing.is_secret)
            case (Known() | Unknown() | Absent(), _):
                pass
    match deployment.environment:
        case Known(variables):
            for variable in variables:
                match variable.name:
                    case Known(name):
                        listed[name] = variable
                    case Unknown() as unknown:
                        unlisted = unknown
                    case Absent():
                        pass
        case Unknown() as unknown:
            listed, unlisted = {}, unknown  # it may set again what an object sets
        case Absent():
            pass
    return ComponentEnvironment(listed, deployment.environment.place, complete=True, unlisted=unlisted)


def _may_reach(context: Context) -> Iterator[tuple[EnvironmentObject, Unknown]]:
    """The objects of which nothing tells whose they are, with the reason."""
    for thing in context.estate.of(EnvironmentObject):
        for owner in (thing.deployment, thing.workspace):
            match owner.to:
                case Unknown() as unknown if not owner.candidates:
                    yield thing, unknown
                case Known() | Unknown() | Absent():
                    pass


def reaching(deployment: Deployment, context: Context) -> Iterator[EnvironmentObject]:
    """The objects of the deployment, or of its workspace."""
    around = {workspace.place for workspace in deployment.workspace.candidates}
    for thing in context.estate.of(EnvironmentObject):
        own = deployment.place in {owner.place for owner in thing.deployment.candidates}
        kept_from = {excluded.place for link in thing.excluded for excluded in link.candidates}
        beside = bool(around & {workspace.place for workspace in thing.workspace.candidates})
        if own or (beside and deployment.place not in kept_from):
            yield thing
