"""What the inputs refer to, or what their objects rest on, and what no input shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from astrovet.document import ProblemKind
from astrovet.helm.conventions import ENDINGS, is_helmfile
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import OF_TEMPLATES, BlindSpot
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    ProviderConfiguration,
    Workspace,
)
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.estate import Estate, Input
from astrovet.model.identity import CloudIdentity
from astrovet.model.kubernetes import BESIDE_AGENTS, PodTemplate
from astrovet.model.link import several
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.storage import ObjectStore
from astrovet.model.subject import Subject
from astrovet.model.variables import PLACEHOLDER
from astrovet.place import Place
from astrovet.readers.doubtful import doubtful
from astrovet.readers.source_file import SourceFile
from astrovet.readers.unseen_clusters import unseen_clusters
from astrovet.readers.unseen_stores import doubtful_stores, unseen_stores
from astrovet.value import Known, Unknown, Value

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform

OF_TERRAFORM: tuple[type[Subject], ...] = (
    Deployment, Cluster, Workspace, ApiToken, AgentToken, ProviderConfiguration, Agent,
    KubernetesCluster, InboundPath, ObjectStore, CloudIdentity, *BESIDE_AGENTS,
)  # fmt: skip
"""What a module of Terraform may hold."""

OF_YAML: tuple[type[Subject], ...] = (Agent, *BESIDE_AGENTS)
"""What a file of YAML may hold."""
_PARTLY = frozenset({ProblemKind.UNREADABLE, ProblemKind.WRONG_TERRAFORM_OUTPUT, ProblemKind.INCOMPLETE_PLAN})

MANY_PLACEHOLDERS = 3
"""So many of the settings that an agent needs; fewer are told one by one."""
NAME_IT = "name the deployment that they serve under `agents:` in .astrovet.yaml"


def missing_modules(read: Iterable[tuple[Terraform, tuple[Deployment, ...]]]) -> Iterator[BlindSpot]:
    """The modules that sources call and that are not at hand; each root module comes with its deployments."""
    for module, deployments in ((module, own) for terraform, own in read for module in terraform.missing):
        yield BlindSpot(
            id=module.address,
            what=f"{module.address} is not at hand"
            + (": there are no sources in the folder that it is called from" if module.is_local else ""),
            how="scan the plan" if module.is_local else "run terraform init, or scan the plan",
            place=module.place,
            decides=OF_TERRAFORM,
            concerns=deployments,
        )


def unread(estate: Estate) -> Iterator[BlindSpot]:
    """What the inputs hold that could not be used, or not whole: their own findings say what is wrong with them."""
    rows = (
        *estate.of(Deployment),
        *(agent for agent in estate.of(Agent) if not isinstance(agent.deployment.to, Known)),
    )
    for file in estate.of(Input):
        problem = next((problem for problem in file.problems if problem.kind in _PARTLY), None)
        if problem is not None and rows:
            own = tuple(subject for subject in rows if subject.place.path == file.path)
            is_partial = problem.kind is ProblemKind.INCOMPLETE_PLAN
            yield BlindSpot(
                id=f"the rest of {file.path}",
                what=f"{file.path} {'does not show everything' if is_partial else 'could not be read'}",
                how="see what is said of that file",
                place=problem.place,
                decides=OF_YAML if file.path.endswith(ENDINGS) else OF_TERRAFORM,
                concerns=own or rows,
                is_implied=True,
            )


def unrendered(templates: Iterable[SourceFile]) -> Iterator[BlindSpot]:
    """The templates of each chart that may make agents, or ways to them, and that only Helm can fill in."""
    by_chart: dict[str, list[str]] = {}
    for template in templates:
        if is_helmfile(template.path):
            yield _of_helmfile(template.path)
            continue
        by_chart.setdefault(template.path.rpartition("templates/")[0].rstrip("/") or ".", []).append(template.path)
    for chart, paths in by_chart.items():
        yield BlindSpot(
            id=f"{OF_TEMPLATES}{chart}",
            what="templates of a chart, which only Helm can fill in, may make agents or ways to them"
            f" ({several(tuple(paths))})",
            how=f"scan what it makes: helm template {chart} | astrovet scan -",
            place=Place(paths[0], 1, 1, 1, 2),
            decides=OF_YAML,
        )


def _of_helmfile(path: str) -> BlindSpot:
    return BlindSpot(
        id=f"releases of {path}",
        what=f"conditions and loops decide what {path} installs, and only Helmfile can fill them in",
        how=f"scan what it makes: helmfile -f {path} template | astrovet scan -",
        place=Place(path, 1, 1, 1, 2),
        decides=OF_YAML,
    )


def unjudged_pods(estate: Estate) -> Iterator[BlindSpot]:
    """The Pods of agents that are here as Helm renders them, and that show nothing of the agents' settings."""
    pods = [pod for pod in estate.of(PodTemplate) if pod.what and _is_true(pod.runs_agents)]
    if pods and not estate.of(Agent):
        yield BlindSpot(
            id="values of rendered agents",
            what="agents are here as Helm renders them: their environment, images and rights are judged by values alone"
            f" ({several(tuple(pod.id for pod in pods))})",
            how="scan the values too: helm get values RELEASE -n NAMESPACE -o yaml | astrovet scan -",
            place=pods[0].place,
            decides=(Agent,),
        )


def _is_true(value: Value[bool]) -> bool:
    return isinstance(value, Known) and value.value


def implied(estate: Estate) -> Iterator[BlindSpot]:
    """What deployments with remote execution and their agents rest on, and what is in no input."""
    alone = tuple(
        deployment
        for deployment in estate.of(Deployment)
        if isinstance(deployment.model, Known)
        and deployment.model.value is DeploymentModel.REMOTE_EXECUTION
        and not _is_served(deployment, estate)
    )
    for block, deployments in _by_block(alone).items():
        names = several(tuple(deployment.id for deployment in deployments))
        may_be_here = any(estate.agents_of(deployment) for deployment in deployments)
        yield BlindSpot(
            id=f"agents of {block}",
            what=f"no input shows which agents serve {names}"
            if may_be_here
            else f"no input shows the values of the agents of {names}",
            how=NAME_IT if may_be_here else f"scan their Helm values, releases or manifests too, or {NAME_IT}",
            place=deployments[0].place,
            decides=(Agent,),
            concerns=deployments,
            is_implied=True,
        )
    yield from _deployments(estate.of(Agent))
    yield from _unread(estate.of(Agent))
    for agent in {agent.block: agent for agent in reversed(estate.of(Agent))}.values():
        if agent.doubt is not None:
            yield doubtful(agent, "which installs agents", agent.doubt, (agent,))
    yield from unseen_stores(estate)
    yield from doubtful_stores(estate)
    yield from unseen_clusters((*alone, *estate.of(Agent)), estate)


def _deployments(agents: Iterable[Agent]) -> Iterator[BlindSpot]:
    """The deployments of agents that may serve none of those in the inputs; one blind spot for all."""
    alone = tuple(agent for agent in agents if not agent.deployment.candidates and not _is_known(agent))
    if alone:
        yield BlindSpot(
            id="deployments of the agents",
            what=f"no input shows the deployment that is served by {several(tuple(agent.id for agent in alone))}",
            how="scan the root module, or the plan, that makes it",
            place=alone[0].place,
            decides=(Deployment, Cluster, AgentToken),
            concerns=alone,
            is_implied=True,
        )


def _unread(agents: Iterable[Agent]) -> Iterator[BlindSpot]:
    """Layers of values that cannot be read, and values of which much is filled in later; one for each cause."""
    by_layer: dict[tuple[str, Place], list[Agent]] = {}
    for agent in agents:
        if agent.unread is not None:
            by_layer.setdefault((agent.unread.why, agent.unread.place), []).append(agent)
        if len(agent.placeholders) >= MANY_PLACEHOLDERS:
            cause = Unknown(PLACEHOLDER, agent.placeholders[0].place)
            yield _in_values(f"settings of {agent.id} are filled in later", (agent,), cause)
    for concerned in by_layer.values():
        if (unread := concerned[0].unread) is not None:
            names = several(tuple(agent.id for agent in concerned))
            spot = _in_values(f"a layer of the values of {names} cannot be read", tuple(concerned), unread)
            yield replace(spot, decides=(ObjectStore,))


def _in_values(what: str, agents: tuple[Agent, ...], cause: Unknown) -> BlindSpot:
    return BlindSpot(
        id=f"values of {agents[0].block}",
        what=f"{what}: {cause.why}",
        how=cause.how or "scan the values that are really deployed",
        place=cause.place,
        decides=(),
        concerns=agents,
        cause=cause.why,
    )


def _is_known(agent: Agent) -> bool:
    return isinstance(agent.deployment.to, Known)


def _is_served(deployment: Deployment, estate: Estate) -> bool:
    """Whether there are agents of which it is known that they serve it."""
    return any(map(_is_known, estate.agents_of(deployment)))


def _by_block(deployments: Iterable[Deployment]) -> dict[str, tuple[Deployment, ...]]:
    """Instances of one block are missing together."""
    by_block: dict[str, tuple[Deployment, ...]] = {}
    for deployment in deployments:
        by_block[deployment.block] = (*by_block.get(deployment.block, ()), deployment)
    return by_block
