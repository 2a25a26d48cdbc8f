"""What Astro keeps for deployments, and its channels for alerts, as Terraform declares them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from astrovet.formats.json_text import json_text
from astrovet.model.deployment import Deployment, Workspace
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel, OpenSettings
from astrovet.model.link import Link
from astrovet.place import Place
from astrovet.readers.astro.lookup import Objects
from astrovet.readers.astro.secrets import Secrets
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, listed, mapping, text


def environment_object(
    resource: Resource, secrets: Secrets, deployments: Objects[Deployment], workspaces: Objects[Workspace]
) -> EnvironmentObject:
    """One `astro_environment_object`."""
    deployment, workspace = _owner(resource, "scope", "scope_entity_id", deployments, workspaces)
    return EnvironmentObject(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("object_key")),
        type=text(resource.attribute("object_type")),
        is_secret=boolean(resource.attribute("is_secret")),
        value=text(resource.attribute("value")),
        settings=tuple(_settings(resource)),
        secrets=tuple(secrets.of_object(resource)),
        deployment=deployment,
        workspace=workspace,
        linked=_linked(resource, "links", deployments),
        excluded=_linked(resource, "exclude_links", deployments),
        links_itself=boolean(resource.attribute("auto_link_deployments")),
    )


def notification_channel(
    resource: Resource, secrets: Secrets, deployments: Objects[Deployment], workspaces: Objects[Workspace]
) -> NotificationChannel:
    """One `astro_notification_channel`."""
    deployment, workspace = _owner(resource, "entity_type", "entity_id", deployments, workspaces)
    return NotificationChannel(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")),
        secrets=tuple(secrets.of_channel(resource)),
        deployment=deployment,
        workspace=workspace,
    )


def _linked(resource: Resource, attribute: str, deployments: Objects[Deployment]) -> tuple[Link[Deployment], ...]:
    ids = tuple(text(at(link, "scope_entity_id")) for link in listed(resource.attribute(attribute)))
    return deployments.links(resource, attribute, ids)


def _settings(resource: Resource) -> Iterator[OpenSettings]:
    yield _open(resource.attribute, resource.place)
    for link in listed(resource.attribute("links")):
        overrides = at(link, "overrides")
        yield _open(partial(at, overrides), overrides.place)


def _open(setting: Callable[[str], Value[Tree]], place: Place) -> OpenSettings:
    return OpenSettings(
        place=place,
        type=text(setting("type")),
        schema=text(setting("schema")),
        endpoint=text(setting("endpoint")),
        host=text(setting("host")),
        login=text(setting("login")),
        extra=json_text(setting("extra")),
        headers=mapping(setting("headers")),
    )


def _owner(
    resource: Resource, scope: str, identity: str, deployments: Objects[Deployment], workspaces: Objects[Workspace]
) -> tuple[Link[Deployment], Link[Workspace]]:
    """What it belongs to: a deployment, a workspace, or neither."""
    nobody = Absent(resource.place)
    match text(resource.attribute(scope)):
        case Known("DEPLOYMENT"):
            return deployments.link(resource, identity, text(resource.attribute(identity))), Link(nobody)
        case Known("WORKSPACE"):
            return Link(nobody), workspaces.link(resource, identity, text(resource.attribute(identity)))
        case Unknown() as unknown:
            return Link(unknown), Link(unknown)
        case Known() | Absent():
            return Link(nobody), Link(nobody)
