"""What the rules on an agent and its deployment share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from astrovet import (
    Absent,
    Agent,
    Context,
    Deployment,
    DeploymentModel,
    Known,
    Note,
    Outcome,
    Place,
    Scopes,
    Unknown,
    not_applicable,
    undecided,
)


def note(agent: Agent, deployment: Deployment) -> Note:
    """Where the deployment is, and how it was found to be that of the agent."""
    return Note(f"the deployment that it serves, found {agent.deployment.how}", deployment.place)


def without_deployment(agent: Agent) -> Iterator[Outcome]:
    """What to say where nothing shows which deployment an agent serves; nothing where it is known."""
    match agent.deployment.to:
        case Known():
            pass
        case Unknown() as unknown if agent.deployment.candidates:
            yield undecided(unknown)
        case Unknown() | Absent():
            yield not_applicable("the deployment that it serves is not in the inputs")


def is_remote(deployment: Deployment) -> bool:
    """Whether it is known to have remote execution."""
    return isinstance(deployment.model, Known) and deployment.model.value is DeploymentModel.REMOTE_EXECUTION


def served(context: Context) -> Mapping[Place, Unknown | None]:
    """The deployments that agents serve or may serve, sought once for a run; with the reason where that is not sure."""
    return context.scopes.once(_served)


def _served(scopes: Scopes) -> Mapping[Place, Unknown | None]:
    sure: set[Place] = set()
    doubts: dict[Place, Unknown] = {}
    for agent in scopes.estate.of(Agent):
        match agent.deployment.to:
            case Known(deployment):
                sure.add(deployment.place)
            case Unknown() as unknown:
                for deployment in agent.deployment.candidates:
                    doubts.setdefault(deployment.place, unknown)
            case Absent():
                pass
    return {**doubts, **dict.fromkeys(sure)}
