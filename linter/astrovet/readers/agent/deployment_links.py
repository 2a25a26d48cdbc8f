"""Which deployment an agent serves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from astrovet import airflow
from astrovet.formats.spelling import nearest
from astrovet.guard import Guard
from astrovet.helm.conventions import ENDINGS
from astrovet.model.agent import Agent
from astrovet.model.component import ComponentKind
from astrovet.model.deployment import Deployment
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.link import Link, several
from astrovet.model.variables import settled
from astrovet.place import Place
from astrovet.secrecy import without_credentials
from astrovet.value import Absent, Known, Unknown, Value

API_URL = "astroDeploymentAPIURL"


UNIQUE = (airflow.DEPLOYMENT_ID, API_URL, airflow.DEPLOYMENT_NAMESPACE)
"""What only one deployment has, the surest first."""


class _Candidate(Struct, frozen=True):
    """A deployment, and what an agent may call it, as far as that is known."""

    deployment: Deployment
    names: Mapping[str, str]
    """By the settings of an agent that have them."""


def link_agents(
    agents: tuple[Agent, ...], deployments: Sequence[Deployment], declared: Mapping[str, Value[str]], guard: Guard
) -> tuple[Agent, ...]:
    """Give every agent its deployment, where one can be told.

    As the configuration declares it; by the id, the address or the namespace in its values; else as the only
    pair in the inputs. A link that the references of Terraform settle is already there and stays.

    Args:
        agents: all agents of the run.
        deployments: all deployments of the run, those that are only read last.
        declared: the name or the address of a deployment, by the id of the agent that serves it.
        guard: keeps which agents could not be linked.
    """
    what = "looked for the names of deployments"
    known = [_Candidate(deployment, dict(guard.kept(what, _names, deployment))) for deployment in deployments if agents]
    by_name = {
        (label, name): candidate.deployment for candidate in reversed(known) for label, name in candidate.names.items()
    }
    what = "looked for deployments with agents"
    remote = [candidate for candidate in known if guard.run(what, True, _may_be_remote, candidate.deployment)]
    newest = {deployment.place: deployment for deployment in deployments}

    def link(agent: Agent) -> Link[Deployment]:
        match agent.deployment.to:
            case Known(deployment, place):
                deployment = newest.get(deployment.place, deployment)
                return Link(Known(deployment, place), (deployment,), agent.deployment.how)
            case Unknown() | Absent():
                pass
        match declared.get(agent.id):
            case Known(wanted):
                return _declared(wanted, agent, deployments)
            case Unknown() | Absent() | None:
                pass
        named = tuple(_named(agent))
        return (
            _by_name(named, by_name) or _by_origin(named, deployments) or _only_candidate(agent, named, remote, agents)
        )

    def linked(agent: Agent) -> Agent:
        lost: Link[Deployment] = Link(Unknown("which deployment it serves could not be looked up", agent.place))
        return replace(agent, deployment=guard.run("looked for the deployments of agents", lost, link, agent))

    return tuple(map(linked, agents))


def _declared(wanted: str, agent: Agent, deployments: Sequence[Deployment]) -> Link[Deployment]:
    """The deployment of this name or address."""
    called_so = tuple(deployment for deployment in deployments if wanted in (deployment.id, _text(deployment.name)))
    if len(called_so) == 1:
        return Link(Known(called_so[0], agent.place), called_so, "as the configuration declares")
    names = [name for deployment in deployments for name in (_text(deployment.name), deployment.id) if name]
    near = nearest(wanted, names)
    hint = f"; did you mean {without_credentials(near)}?" if near and not called_so else ""
    why = f"{len(called_so)} deployments" if called_so else "no deployment"
    said = f"the configuration says that it serves {without_credentials(wanted)}, and {why} of these inputs"
    lost = Unknown(f"{said} {'have' if called_so else 'has'} that name or address{hint}", agent.place)
    return Link(lost, called_so, called="" if called_so else wanted)


def _names(deployment: Deployment) -> Iterator[tuple[str, str]]:
    """What an agent may call a deployment."""
    remote = deployment.remote_execution
    known = (
        (airflow.DEPLOYMENT_ID, _text(deployment.identity)),
        (API_URL, _text(remote.value.api_url) if isinstance(remote, Known) else ""),
        (airflow.DEPLOYMENT_NAMESPACE, _text(deployment.namespace)),
        (airflow.WORKSPACE_ID, deployment.workspace.id),
    )
    return ((label, _plain(name)) for label, name in known if name)


def _named(agent: Agent) -> Iterator[tuple[str, Value[str]]]:
    """What the agent calls its deployment, the surest first."""
    for label in (airflow.DEPLOYMENT_ID, API_URL, airflow.DEPLOYMENT_NAMESPACE, airflow.WORKSPACE_ID):
        values = (settled(agent.api_url),) if label == API_URL else agent.variables(label, ComponentKind.WORKER)
        yield from ((label, value) for value in values)


def _by_name(
    named: Sequence[tuple[str, Value[str]]], by_name: Mapping[tuple[str, str], Deployment]
) -> Link[Deployment] | None:
    for label, value in named:
        if label in UNIQUE and isinstance(value, Known) and (label, _plain(value.value)) in by_name:
            deployment = by_name[label, _plain(value.value)]
            return Link(Known(deployment, value.place), (deployment,), f"by {label}")
    return None


def _by_origin(named: Sequence[tuple[str, Value[str]]], deployments: Sequence[Deployment]) -> Link[Deployment] | None:
    """The deployment that a name will come from once it is known."""
    for label, value in named:
        match value:
            case Unknown(origins=(address,), place=place) if label in UNIQUE:
                # Another root module may have a deployment of the same address.
                same = [deployment for deployment in deployments if deployment.id == address]
                if len(same) == 1 and same[0].place.environment == place.environment:
                    return Link(Known(same[0], place), (same[0],), f"by {label}")
            case Known() | Unknown() | Absent():
                pass
    return None


def _only_candidate(
    agent: Agent, named: Sequence[tuple[str, Value[str]]], remote: Sequence[_Candidate], agents: Sequence[Agent]
) -> Link[Deployment]:
    """The deployment that is left when all are gone that it cannot be."""
    if not remote:
        why = "no deployment with remote execution is in these inputs"
        return Link(Unknown(why, agent.place, how="scan its plan too"))
    left = tuple(
        candidate.deployment for candidate in remote if not any(_is_another(candidate, *name) for name in named)
    )
    if not left:
        label, value = next(name for name in named if any(_is_another(candidate, *name) for candidate in remote))
        is_workspace = label == airflow.WORKSPACE_ID
        what = "a deployment of its workspace" if is_workspace else f"the deployment that {label} names"
        return Link(Unknown(f"{what} is not in these inputs", value.place, how="scan its plan or state too"))
    if len(left) == len(agents) == 1:
        how = "as the only agent and the only deployment it can serve"
        return Link(Known(left[0], agent.place), left, how, is_guess=True)
    paired = _in_one_folder(agent, left, agents)
    if paired is not None:
        return paired
    candidates = several(tuple(deployment.id for deployment in left))
    why = "which deployment this agent serves cannot be told"
    hint = _declaration(agent, left[0])
    how = f"it can be {candidates}" + (f"; {hint}" if hint else "")
    return Link(Unknown(why, agent.place, how=how), left)


def _in_one_folder(agent: Agent, deployments: Sequence[Deployment], agents: Sequence[Agent]) -> Link[Deployment] | None:
    """The deployment that lies nearest in the tree of folders, as `team/infra` to `team/helm`.

    None where another deployment, or another agent, is as near, and where they have no folder of their own.
    """
    shared = {deployment.place: _shared_folder(agent.place, deployment.place) for deployment in deployments}
    folder = max(shared.values(), key=len)
    nearest_ones = [deployment for deployment in deployments if shared[deployment.place] == folder]
    if not folder or len(nearest_ones) != 1:
        return None
    place = nearest_ones[0].place
    others = (other for other in agents if other.place.path != agent.place.path or other.id != agent.id)
    if any(len(_shared_folder(other.place, place)) >= len(folder) for other in others):
        return None
    how = f"as the only agent and the only deployment it can serve below {'/'.join(folder)}"
    return Link(Known(nearest_ones[0], agent.place), tuple(nearest_ones), how, is_guess=True)


def _shared_folder(one: Place, other: Place) -> tuple[str, ...]:
    """The folder that both lie below, step by step; empty where that is where the run was started."""
    paths = ((place.root or posixpath.dirname(place.path)).split("/") for place in (one, other))
    steps = takewhile(lambda pair: pair[0] == pair[1] not in {"", ".", ".."}, zip(*paths, strict=False))
    return tuple(step for step, _ in steps)


def _declaration(agent: Agent, deployment: Deployment) -> str:
    """The line that says in the configuration whom an agent of values files serves; empty for that of another tool."""
    files = [path for path in agent.layers or (agent.place.path,) if path.endswith(ENDINGS)]
    name = _text(deployment.name) or deployment.id
    is_of_files = files and not agent.place.address and not agent.how.startswith("by the ")
    if not is_of_files or without_credentials(name) != name:
        return ""
    listed = ", ".join(map(_in_yaml, files))
    entry = f"{{name: {_in_yaml(name)}, values: [{listed}], deployment: {_in_yaml(name)}}}"
    return f"write it into .astrovet.yaml, as in `agents: [{entry}]`"


def _in_yaml(text: str) -> str:
    """A text as YAML has it inside of a list."""
    if re.fullmatch(r"[A-Za-z_./][\w./-]*", text):
        return text
    import json  # rarely needed

    return json.dumps(text)


def _is_another(candidate: _Candidate, label: str, value: Value[str]) -> bool:
    """Whether the agent's name is not that of the deployment."""
    match value:
        case Known(name) if name.strip():
            return candidate.names.get(label, _plain(name)) != _plain(name)
        case Known() | Unknown() | Absent():
            return False


def _plain(text: str) -> str:
    """An id or an address, so that equal ones compare as equal: the case and a slash at the end do not count."""
    return text.strip().rstrip("/").lower()


def _text(value: Value[str]) -> str:
    return value.value if isinstance(value, Known) else ""


def _may_be_remote(deployment: Deployment) -> bool:
    match deployment.model:
        case Known(model):
            return model is DeploymentModel.REMOTE_EXECUTION
        case Unknown():
            return True
        case Absent():
            return False
