"""What the inputs refer to, or what their objects rest on, and what no input shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

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
from astrovet.model.kubernetes import ExposedService, NetworkPolicy, PodTemplate, Route
from astrovet.model.link import several
from astrovet.model.network import InboundPath, KubernetesCluster
from astrovet.model.storage import ObjectStore
from astrovet.model.subject import Subject
from astrovet.place import Place
from astrovet.readers.source_file import SourceFile
from astrovet.readers.unseen_clusters import unseen_clusters
from astrovet.readers.unseen_stores import unseen_stores
from astrovet.value import Known

if TYPE_CHECKING:
    from astrovet.terraform.plan.resources import Terraform

OF_TERRAFORM: tuple[type[Subject], ...] = (
    Deployment, Cluster, Workspace, ApiToken, AgentToken, ProviderConfiguration, Agent,
    KubernetesCluster, InboundPath, ObjectStore, CloudIdentity,
)  # fmt: skip
"""What a module of Terraform may hold."""

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


def unrendered(templates: Iterable[SourceFile]) -> Iterator[BlindSpot]:
    """The templates of charts that may make agents, or ways to them, and that only Helm can fill in."""
    for template in templates:
        chart = template.path.rpartition("templates/")[0].rstrip("/") or "."
        yield BlindSpot(
            id=template.path,
            what="this template of a chart speaks of agents, and only Helm can fill it in",
            how=f"scan what it makes: helm template {chart} | astrovet scan -",
            place=Place(template.path, 1, 1, 1, 2),
            decides=(Agent, ExposedService, Route, NetworkPolicy, PodTemplate),
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
    yield from unseen_stores(estate)
    yield from unseen_clusters((*alone, *estate.of(Agent)), estate)


def _is_served(deployment: Deployment, estate: Estate) -> bool:
    """Whether there are agents of which it is known that they serve it."""
    return any(isinstance(agent.deployment.to, Known) for agent in estate.agents_of(deployment))


def _by_block(deployments: Iterable[Deployment]) -> dict[str, tuple[Deployment, ...]]:
    """Instances of one block are missing together."""
    by_block: dict[str, tuple[Deployment, ...]] = {}
    for deployment in deployments:
        by_block[deployment.block] = (*by_block.get(deployment.block, ()), deployment)
    return by_block
