"""Links between the parts of an estate: objects of several plans, and which deployment an agent serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from astrovet.model.agent import Agent
from astrovet.model.component import ComponentKind
from astrovet.model.deployment import Cluster, Deployment, DeploymentModel, Workspace
from astrovet.model.link import Link
from astrovet.place import Place
from astrovet.readers.terraform import TerraformFacts, several
from astrovet.terraform.plan import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Unknown

DEPLOYMENT_ID = "ASTRO_DEPLOYMENT_ID"

T = TypeVar("T", Workspace, Cluster, Deployment)


def link_facts(facts: Sequence[TerraformFacts]) -> tuple[TerraformFacts, ...]:
    """Let the links of each plan or state lead to objects of the others, by their ids."""
    if len(facts) < 2:
        return tuple(facts)
    workspaces = {identity: found for each in facts for identity, found in each.workspace_ids.items()}
    clusters = {found.place: _cluster(found, workspaces) for each in facts for found in _clusters(each)}
    cluster_ids = {key: clusters[found.place] for each in facts for key, found in each.cluster_ids.items()}
    deployments = {
        found.place: replace(
            found,
            cluster=_relink(found.cluster, cluster_ids, clusters),
            workspace=_relink(found.workspace, workspaces, {}),
        )
        for each in facts
        for found in (*each.deployments, *each.deployment_ids.values())
    }
    deployment_ids = {key: deployments[found.place] for each in facts for key, found in each.deployment_ids.items()}
    return tuple(
        replace(
            each,
            clusters=tuple(clusters[found.place] for found in each.clusters),
            deployments=tuple(deployments[found.place] for found in each.deployments),
            agent_tokens=tuple(
                replace(token, deployment=_relink(token.deployment, deployment_ids, deployments))
                for token in each.agent_tokens
            ),
        )
        for each in facts
    )


def _clusters(facts: TerraformFacts) -> tuple[Cluster, ...]:
    return (*facts.clusters, *facts.cluster_ids.values())


def _cluster(cluster: Cluster, workspaces: Mapping[str, Workspace]) -> Cluster:
    match cluster.workspaces:
        case Known(links, place):
            again = tuple(_relink(link, workspaces, {}) for link in links)
            return replace(cluster, workspaces=Known(again, place))
        case Unknown() | Absent():
            return cluster


def _relink(link: Link[T], by_id: Mapping[str, T], newest: Mapping[Place, T]) -> Link[T]:
    """The link to the newest copy of what it leads to; an id that its own plan did not know is looked up."""
    match link.to:
        case Unknown(_, place) if link.id in by_id:
            found = by_id[link.id]
            return Link(Known(found, place), (found,), "by its id", link.id)
        case Known(found, place):
            found = newest.get(found.place, found)
            return Link(Known(found, place), (found,), link.how, link.id)
        case Unknown() | Absent():
            return replace(link, candidates=tuple(newest.get(each.place, each) for each in link.candidates))


def link_agents(
    agents: tuple[Agent, ...],
    deployments: tuple[Deployment, ...],
    ids: Mapping[str, str],
    declared: Mapping[str, str],
) -> tuple[Agent, ...]:
    """Give every agent its deployment, where one can be told.

    As the configuration declares it, by the deployment id in its environment, else as the only pair in
    the inputs; a link that the Terraform references settle is already there and stays.

    Args:
        agents: all agents of the run.
        deployments: all deployments of the run.
        ids: known ids of deployments, to addresses.
        declared: the name or the address of a deployment, by the id of the agent that serves it.
    """
    remote = tuple(each for each in deployments if _may_be_remote(each))

    def link(agent: Agent) -> Link[Deployment]:
        if isinstance(agent.deployment.to, Known):
            return agent.deployment
        if agent.id in declared:
            return _declared(declared[agent.id], agent, deployments)
        return _link(agent, agents, remote, ids)

    return tuple(replace(agent, deployment=link(agent)) for agent in agents)


def _declared(wanted: str, agent: Agent, deployments: tuple[Deployment, ...]) -> Link[Deployment]:
    """The deployment of this name or address."""
    found = tuple(each for each in deployments if wanted == each.id or _is_called(each, wanted))
    if len(found) == 1:
        return Link(Known(found[0], agent.place), found, "as the configuration declares")
    why = f"{len(found)} deployments of these inputs have the name" if found else "no deployment of these inputs has it"
    return Link(Unknown(f"the configuration names the deployment that it serves, and {why}", agent.place), found)


def _is_called(deployment: Deployment, name: str) -> bool:
    match deployment.name:
        case Known(found):
            return found == name
        case Unknown() | Absent():
            return False


def _link(
    agent: Agent, agents: tuple[Agent, ...], remote: tuple[Deployment, ...], ids: Mapping[str, str]
) -> Link[Deployment]:
    for value in agent.variables(DEPLOYMENT_ID, ComponentKind.WORKER):
        match value:
            case Known(identity, place):
                for deployment in remote:
                    if ids.get(identity) == deployment.id:
                        return Link(Known(deployment, place), (deployment,), f"by {DEPLOYMENT_ID}")
                why = f"the deployment that {DEPLOYMENT_ID} names is not in these inputs; scan its plan or state too"
                if all(deployment.id in ids.values() for deployment in remote):
                    return Link(Unknown(why, place))
            case Unknown(origins=(address,), place=place):
                # Another root module may have a deployment of the same address.
                same = [each for each in remote if each.id == address]
                if len(same) == 1 and same[0].place.environment == place.environment:
                    return Link(Known(same[0], place), (same[0],), f"by {DEPLOYMENT_ID}")
            case Unknown() | Absent():
                pass
    if len(remote) == 1 and len(agents) == 1:
        return Link(Known(remote[0], agent.place), remote, "as the only agent and the only deployment it can serve")
    if not remote:
        return Link(Unknown("no deployment with remote execution is in these inputs; scan its plan too", agent.place))
    names = several(tuple(each.id for each in remote))
    return Link(Unknown(f"which deployment this agent serves cannot be told; it can be {names}", agent.place), remote)


def release_link(
    terraform: Terraform, resource: Resource, deployments: tuple[Deployment, ...]
) -> Link[Deployment] | None:
    """The deployment that a release refers to, directly or through its agent token; None where it does not."""
    references = References(terraform)
    by_address = {each.id: each for each in deployments}
    found: dict[str, Deployment] = {}
    for attribute in ("values", "set", "set_sensitive"):
        for origin in references.origins(
            resource, attribute, ("astro_deployment", "astro_agent_token", "kubernetes_secret", "kubernetes_secret_v1")
        ).targets:
            for address in _deployments_behind(references, origin):
                if address in by_address:
                    found[address] = by_address[address]
    if len(found) == 1:
        deployment = next(iter(found.values()))
        return Link(Known(deployment, resource.place), (deployment,), f"by reference to {deployment.id}")
    return None


def _deployments_behind(references: References, origin: Resource) -> list[str]:
    """The deployment itself, or those that an agent token, or a Secret holding one, belongs to."""
    match origin.type:
        case "astro_deployment":
            return [origin.address]
        case "astro_agent_token":
            return [each.address for each in references.origins(origin, "deployment_id", ("astro_deployment",)).targets]
        case _:
            tokens = references.origins(origin, "data", ("astro_agent_token",)).targets
            return [address for token in tokens for address in _deployments_behind(references, token)]


def _may_be_remote(deployment: Deployment) -> bool:
    match deployment.model:
        case Known(model):
            return model is DeploymentModel.REMOTE_EXECUTION
        case Unknown():
            return True
        case Absent():
            return False
