"""What the inputs refer to, or what their objects rest on, and what no input shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from astrovet import airflow
from astrovet.model.agent import Agent
from astrovet.model.blind_spot import BlindSpot
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    ProviderConfiguration,
    Workspace,
)
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.estate import Estate
from astrovet.model.identity import CloudIdentity
from astrovet.model.link import several
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.storage import ObjectStore
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.terraform.plan.resources import Terraform
from astrovet.value import Absent, Known, Unknown, Value

OF_TERRAFORM: tuple[type[Subject], ...] = (
    Deployment, Cluster, Workspace, ApiToken, AgentToken, ProviderConfiguration, Agent,
    KubernetesCluster, InboundPath, ObjectStore, CloudIdentity,
)  # fmt: skip
"""What a module of Terraform may hold."""
KEPT_IN = (airflow.XCOM_PATH, airflow.REMOTE_LOG_FOLDER, airflow.STATE_STORE_PATH)
"""The settings that name where agents keep what they write."""

NAME_IT = "name the deployment that they serve under `agents:` in .astrovet.yaml"


def missing_modules(sources: Sequence[Terraform]) -> Iterator[BlindSpot]:
    """The modules that sources call and that are not at hand."""
    for module in (module for terraform in sources for module in terraform.missing):
        yield BlindSpot(
            id=module.address,
            what=f"{module.address} is not at hand"
            + (": there are no sources in the folder that it is called from" if module.is_local else ""),
            how="scan the plan" if module.is_local else "run terraform init, or scan the plan",
            place=module.place,
            decides=OF_TERRAFORM,
        )


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
    yield from _stores(estate)
    yield from _clusters((*alone, *estate.of(Agent)), estate)


def _clusters(execution_planes: Sequence[Deployment | Agent], estate: Estate) -> Iterator[BlindSpot]:
    """The Kubernetes cluster that agents run in; one blind spot for all of them."""
    if execution_planes and all(cluster.is_without_agents for cluster in estate.of(KubernetesCluster)):
        names = tuple(plane.id for plane in execution_planes)
        yield BlindSpot(
            id="cluster of the agents",
            what=f"no input shows the Kubernetes cluster that the agents run in, nor its network ({several(names)})",
            how="scan the root module, or the plan, that makes them",
            place=execution_planes[0].place,
            decides=(KubernetesCluster, InboundPath),
            concerns=tuple(execution_planes),
            is_implied=True,
        )


def _stores(estate: Estate) -> Iterator[BlindSpot]:
    """The object stores that agents, and Astro for them, are told of."""
    names = [path for store in estate.of(ObjectStore) if store.managed for path in store.paths]
    if any(isinstance(name, Unknown) for name in names):
        return  # it may be any of them
    seen = {name.value for name in names if isinstance(name, Known)}
    missing: dict[tuple[str, str], tuple[Place, list[Subject]]] = {}
    for subject, setting, value in _named(estate):
        name = _store(value)
        if name and name not in seen and name.partition(".")[0] not in seen:
            missing.setdefault((subject.block, setting), (value.place, []))[1].append(subject)
    for (block, setting), (place, subjects) in missing.items():
        yield BlindSpot(
            id=f"{setting} of {block}",
            what=f"no input shows the object store that {setting} names",
            how="scan the root module, or the plan, that makes it",
            place=place,
            decides=(ObjectStore,),
            concerns=tuple(subjects),
            is_implied=True,
        )


def _named(estate: Estate) -> Iterator[tuple[Subject, str, Value[str]]]:
    for agent in estate.of(Agent):
        for setting in KEPT_IN:
            yield from ((agent, setting, value) for value in agent.variables(setting))
    for deployment in estate.of(Deployment):
        if isinstance(deployment.remote_execution, Known):
            yield deployment, "task_log_bucket", deployment.remote_execution.value.task_log_bucket


def _store(value: Value[str]) -> str:
    """The name of the store in an address such as `s3://conn@claims-xcom/prod`; empty for what is none."""
    match value:
        case Known(address) if "://" in address and not address.startswith(("file:", "http:", "https:")):
            return address.partition("://")[2].partition("/")[0].rpartition("@")[2]
        case Known() | Unknown() | Absent():
            return ""


def _is_served(deployment: Deployment, estate: Estate) -> bool:
    """Whether there are agents of which it is known that they serve it."""
    return any(isinstance(agent.deployment.to, Known) for agent in estate.agents_of(deployment))


def _by_block(deployments: Iterable[Deployment]) -> dict[str, tuple[Deployment, ...]]:
    """Instances of one block are missing together."""
    by_block: dict[str, tuple[Deployment, ...]] = {}
    for deployment in deployments:
        by_block[deployment.block] = (*by_block.get(deployment.block, ()), deployment)
    return by_block
