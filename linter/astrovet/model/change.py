"""What a plan does to objects that are there, and what was done to them outside Terraform."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from astrovet.model.subject import Part
from astrovet.model.variables import Environment
from astrovet.place import Place
from astrovet.value import Value


class ObjectType(StrEnum):
    """The objects whose changes are looked at, as Terraform calls them."""

    DEPLOYMENT = "astro_deployment"
    CLUSTER = "astro_cluster"
    API_TOKEN = "astro_api_token"  # noqa: S105  the name of a resource type
    ENVIRONMENT_OBJECT = "astro_environment_object"
    ADMITTED_ADDRESSES = "astro_allowed_ip_address_ranges"


class Effect(StrEnum):
    """What a plan does to an object that is there."""

    UPDATE = "update"
    REPLACE = "replace"
    DESTROY = "destroy"


class Posture(Struct, frozen=True):
    """The settings that a change can weaken, at one time. Absent where the object has no such setting."""

    environment: Environment
    """Variables of a deployment."""
    enforces_cicd: Value[bool]
    admitted: Value[tuple[Value[str], ...]]
    """The address ranges that may call the organization's API, or a deployment's agent API."""
    disaster_recovery: Value[bool]
    is_failed_over: Value[bool]
    roles: Value[tuple[Value[str], ...]]
    """What an API token may act as."""
    is_secret: Value[bool]
    """Of an environment object."""


class Change(Part, frozen=True):
    """What a plan does to an object that is there: it is updated, replaced or destroyed."""

    kind: ClassVar[str] = "change"
    order: ClassVar[int] = 20

    type: ObjectType
    effect: Effect
    reason: str
    """Terraform's word for why it is destroyed or replaced; empty where it gives none."""
    replaced_for: tuple[str, ...]
    """The attributes whose change forces a replacement."""
    cause: Place
    """The first of these attributes; else the object itself."""
    cluster_id: Value[str]
    """The id of the cluster that it is, or that it runs on, before the change."""
    before: Posture
    after: Posture
    """As the author set it; what the provider keeps by itself is Absent."""


class Drift(Part, frozen=True):
    """What was changed of an object outside Terraform since Terraform last looked."""

    kind: ClassVar[str] = "drift"
    order: ClassVar[int] = 21

    type: ObjectType
    cluster_id: Value[str]
    before: Posture
    """As Terraform left it."""
    after: Posture
    """As it was found."""
