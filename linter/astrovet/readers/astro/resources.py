"""Terraform resources become facts of the deployment model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from astrovet.document import InputKind
from astrovet.model.deployment import (
    AgentToken,
    ApiToken,
    Cluster,
    Deployment,
    RemoteExecution,
    Workspace,
)
from astrovet.model.deployment_model import DeploymentModel
from astrovet.model.estate import Estate
from astrovet.model.link import Link
from astrovet.model.subject import Subject
from astrovet.readers.astro.access import ADDRESS_LIST, GRANTS, address_lists, organizations, token_roles
from astrovet.readers.astro.address_ranges import cluster_ranges, standby_ranges
from astrovet.readers.astro.changes import read_changes, read_drift
from astrovet.readers.astro.environment_objects import environment_object, notification_channel
from astrovet.readers.astro.lookup import Objects
from astrovet.readers.astro.provider_configurations import ASTRO_PROVIDERS, provider_configurations
from astrovet.readers.astro.runtime import hibernates, runtime
from astrovet.readers.astro.secrets import Secrets
from astrovet.readers.astro.variables import environment
from astrovet.readers.settings import texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Action, Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, integer, items, text


class AstroFacts(Struct, frozen=True):
    """What one plan or state says of Astro."""

    estate: Estate
    identities: Mapping[type[Subject], Mapping[str, Subject]]
    """The objects whose ids are known, by kind and by these."""


_READ_TYPES = frozenset(
    {
        "astro_workspace", "astro_cluster", "astro_deployment", "astro_agent_token", "astro_api_token",
        "astro_environment_object", "astro_notification_channel", *GRANTS, ADDRESS_LIST,
    }
)  # fmt: skip


def read_facts(terraform: Terraform) -> AstroFacts:
    """The objects of Astro that a plan or state holds, linked to each other.

    Data sources and what lies outside the plan's target are found by links; only what the plan
    manages and leaves in place is judged.
    """
    references = terraform.references
    of_sources = terraform.kind is InputKind.TERRAFORM_SOURCE
    workspaces_known: Objects[Workspace] = Objects("workspace", "astro_workspace", references, of_sources=of_sources)
    clusters_known: Objects[Cluster] = Objects("cluster", "astro_cluster", references, of_sources=of_sources)
    deployments_known: Objects[Deployment] = Objects(
        "deployment", "astro_deployment", references, of_sources=of_sources
    )
    of_astro = [resource for resource in terraform.resources if is_astro(resource)]
    secrets = Secrets(terraform)
    before = {alteration.resource.address: alteration.before for alteration in terraform.alterations}

    def present(kind: str) -> Iterator[Resource]:
        return (
            resource
            for resource in of_astro
            if resource.type == kind and (resource.is_judged or resource.action is Action.READ)
        )

    workspaces = [
        (resource, workspaces_known.add(resource, _workspace(resource))) for resource in present("astro_workspace")
    ]
    clusters = [
        (resource, clusters_known.add(resource, _cluster(resource, workspaces_known)))
        for resource in present("astro_cluster")
    ]
    deployments = [
        (
            resource,
            deployments_known.add(
                resource, _deployment(resource, clusters_known, workspaces_known, before.get(resource.address), secrets)
            ),
        )
        for resource in present("astro_deployment")
    ]

    def judged(kind: str) -> Iterator[Resource]:
        return (resource for resource in present(kind) if resource.is_judged)

    objects: tuple[Subject, ...] = (
        *(made for resource, made in workspaces if resource.is_judged),
        *(made for resource, made in clusters if resource.is_judged or resource.mode == "data"),
        *(made for resource, made in deployments if resource.is_judged),
        *(_agent_token(resource, deployments_known) for resource in judged("astro_agent_token")),
        *map(_api_token, judged("astro_api_token")),
        *provider_configurations(terraform, has_objects=bool(of_astro)),
        *(
            environment_object(resource, secrets, deployments_known, workspaces_known)
            for resource in judged("astro_environment_object")
        ),
        *(
            notification_channel(resource, secrets, deployments_known, workspaces_known)
            for resource in judged("astro_notification_channel")
        ),
        *read_changes(terraform),
        *read_drift(terraform),
        *organizations(of_astro, terraform),
        *address_lists(of_astro, terraform),
    )
    others = sum(
        resource.mode == "managed" and not (resource.is_judged and resource.type in _READ_TYPES)
        for resource in of_astro
    )
    return AstroFacts(
        Estate(objects=objects, other_objects=others),
        {
            Workspace: workspaces_known.by_id,
            Cluster: clusters_known.by_id,
            Deployment: deployments_known.by_id,
        },
    )


def is_astro(resource: Resource) -> bool:
    """Whether the provider of Astro has it; old versions of Terraform wrote the provider's bare name."""
    return resource.type.startswith("astro_") and resource.provider in ASTRO_PROVIDERS


def _workspace(resource: Resource) -> Workspace:
    return Workspace(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        enforces_cicd=boolean(resource.attribute("cicd_enforced_default")),
    )


def _agent_token(resource: Resource, deployments: Objects[Deployment]) -> AgentToken:
    return AgentToken(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        expiry_days=integer(resource.attribute("expiry_period_in_days")),
        deployment=deployments.link(resource, "deployment_id", text(resource.attribute("deployment_id"))),
    )


def _api_token(resource: Resource) -> ApiToken:
    return ApiToken(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        description=text(resource.attribute("description")),
        type=text(resource.attribute("type")),
        roles=token_roles(resource),
        expiry_days=integer(resource.attribute("expiry_period_in_days")),
    )


def _cluster(resource: Resource, workspaces: Objects[Workspace]) -> Cluster:
    return Cluster(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        workspaces=_workspaces(resource, workspaces),
        disaster_recovery=boolean(resource.attribute("is_dr_enabled")),
        region=text(resource.attribute("region")),
        dr_region=text(resource.attribute("dr_region")),
        replication_time_control=boolean(resource.attribute("enable_replication_time_control")),
        is_managed=resource.mode == "managed",
        cloud=text(resource.attribute("cloud_provider")),
        ranges=cluster_ranges(resource),
        standby_ranges=standby_ranges(resource),
    )


def _workspaces(resource: Resource, known: Objects[Workspace]) -> Value[tuple[Link[Workspace], ...]]:
    listed = items(resource.attribute("workspace_ids"))
    match listed:
        case Known(listed_items, place):
            return Known(
                known.links(resource, "workspace_ids", tuple(text(identity) for identity in listed_items)), place
            )
        case Unknown() | Absent():
            return listed


def _deployment(
    resource: Resource,
    clusters: Objects[Cluster],
    workspaces: Objects[Workspace],
    before: Resource | None,
    secrets: Secrets,
) -> Deployment:
    kind = text(resource.attribute("type"))
    remote = resource.attribute("remote_execution")
    # STANDARD deployments show an unknown cluster id too, for the provider fills it in: the author's word counts.
    cluster_id = text(resource.attribute("cluster_id"))
    return Deployment(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        description=text(resource.attribute("description")),
        type=kind,
        region=text(resource.attribute("region")),
        model=deployment_model(kind, remote),
        cluster=clusters.link(resource, "cluster_id", cluster_id),
        workspace=workspaces.link(resource, "workspace_id", text(resource.attribute("workspace_id"))),
        remote_execution=_remote_execution(remote),
        environment=environment(resource.attribute("environment_variables")),
        secrets=tuple(secrets.of_deployment(resource)),
        identity=text(resource.computed("id")),
        namespace=text(resource.computed("namespace")),
        enforces_cicd=boolean(resource.attribute("is_cicd_enforced")),
        is_development=boolean(resource.attribute("is_development_mode")),
        is_highly_available=boolean(resource.attribute("is_high_availability")),
        hibernates=hibernates(resource),
        runtime=runtime(resource, before),
        first_runtime=text(resource.attribute("original_astro_runtime_version")),
    )


def deployment_model(kind: Value[str], remote: Value[Tree]) -> Value[DeploymentModel]:
    """STANDARD, DEDICATED without and with `remote_execution`, HYBRID (S003-01; provider 1.5.2)."""
    match kind, remote:
        case Known("STANDARD", place), _:
            return Known(DeploymentModel.STANDARD, place)
        case Known("HYBRID", place), _:
            return Known(DeploymentModel.HYBRID, place)
        case Known("DEDICATED", place), Absent():
            return Known(DeploymentModel.DEDICATED, place)
        case Known("DEDICATED"), Unknown():
            return remote
        case Known("DEDICATED"), Known(_, place):
            return Known(DeploymentModel.REMOTE_EXECUTION, place)
        case Known(_, place), _:
            return Unknown("the deployment's type is none that astrovet knows (STANDARD, DEDICATED, HYBRID)", place)
        case Absent(place), _:
            return Unknown("the deployment has no type", place)
        case ((Unknown() as unknown), _):
            return unknown


def _remote_execution(remote: Value[Tree]) -> Value[RemoteExecution]:
    match remote:
        case Known(_, place):
            made = RemoteExecution(
                place=place,
                allowed_ranges=texts(at(remote, "allowed_ip_address_ranges")),
                task_log_bucket=text(at(remote, "task_log_bucket")),
                task_log_url=text(at(remote, "task_log_url_pattern")),
                api_url=_made_later(text(at(remote, "remote_api_url"))),
            )
            return Known(made, place)
        case Unknown() | Absent():
            return remote


def _made_later(value: Value[str]) -> Value[str]:
    """What the sources do not write because Astro makes it."""
    if isinstance(value, Absent):
        why = "the address of the agents' API is known only after apply"
        return Unknown(why, value.place, how="scan the state then")
    return value
