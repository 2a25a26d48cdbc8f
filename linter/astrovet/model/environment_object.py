"""Connections, variables and exporters that Astro keeps for deployments; channels for alerts; the secrets of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from astrovet.formats.json_text import JsonText
from astrovet.model.deployment import Deployment, Workspace
from astrovet.model.link import Link
from astrovet.model.secret import Secret
from astrovet.model.subject import AstroPart
from astrovet.place import Place
from astrovet.value import Map, Value


class OpenSettings(Struct, frozen=True):
    """Settings of a connection or an exporter that Terraform and Astro show to everybody."""

    place: Place
    type: Value[str]
    """Of a connection: `http`, `postgres` …"""
    schema: Value[str]
    """Of a connection."""
    endpoint: Value[str]
    """Where an exporter sends metrics to."""
    host: Value[str]
    login: Value[str]
    extra: JsonText
    headers: Value[Map]


class EnvironmentObject(AstroPart, frozen=True):
    """An `astro_environment_object`: a variable, a connection or an exporter of metrics.

    Its name is its key: the name of the variable or of the connection.
    """

    kind: ClassVar[str] = "environment object"
    order: ClassVar[int] = 18
    listing: ClassVar[int] = 9

    type: Value[str]
    """AIRFLOW_VARIABLE, ENVIRONMENT_VARIABLE, CONNECTION or METRICS_EXPORT."""
    is_secret: Value[bool]
    """Astro's own mark; Absent counts as false, the API's default."""
    value: Value[str]
    """Of a variable."""
    settings: tuple[OpenSettings, ...]
    """Its own, then those that its links override."""
    secrets: tuple[Secret, ...]
    deployment: Link[Deployment]
    workspace: Link[Workspace]
    """Of the two the one that it belongs to."""
    linked: tuple[Link[Deployment], ...]
    """The deployments of its workspace that it is given to."""
    excluded: tuple[Link[Deployment], ...]
    """Those that it is kept from."""
    links_itself: Value[bool]
    """It is given to every deployment of its workspace but for these."""

    def hidden(self) -> Iterator[Value[str]]:
        yield from (secret.value for secret in self.secrets)


class NotificationChannel(AstroPart, frozen=True):
    """An `astro_notification_channel`."""

    kind: ClassVar[str] = "notification channel"
    order: ClassVar[int] = 19
    listing: ClassVar[int] = 10

    secrets: tuple[Secret, ...]
    deployment: Link[Deployment]
    workspace: Link[Workspace]
    """Of the two the one that it belongs to; neither for one of the organization."""

    def hidden(self) -> Iterator[Value[str]]:
        yield from (secret.value for secret in self.secrets)
