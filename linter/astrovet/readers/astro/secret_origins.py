"""Where a plan leaves open which secrets the configuration writes out, its sources have the word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias, TypeVar

from msgspec.structs import replace

from astrovet.model.deployment import Deployment
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.secret import Secret
from astrovet.readers.astro.resources import TerraformFacts
from astrovet.value import Absent, Known, Unknown, Value

T = TypeVar("T", Deployment, EnvironmentObject, NotificationChannel)

Told: TypeAlias = Mapping[tuple[str, str], Value[bool]]
"""Whether a secret is written out, by the address of its object and its name."""


def is_unclear(facts: TerraformFacts) -> bool:
    """Whether of some secret it cannot be told where it stands."""
    return any(isinstance(secret.is_written, Unknown) for each in _owners(facts) for secret in each.secrets)


def by_address(facts: TerraformFacts) -> Told:
    """What the sources tell of the secrets in them."""
    return {(each.id, secret.name): secret.is_written for each in _owners(facts) for secret in each.secrets}


def with_told(facts: TerraformFacts, told: Told) -> TerraformFacts:
    """The facts of a plan, completed by what its sources tell."""
    return replace(
        facts,
        deployments=_completed(facts.deployments, told),
        environment_objects=_completed(facts.environment_objects, told),
        notification_channels=_completed(facts.notification_channels, told),
    )


def _owners(facts: TerraformFacts) -> Iterator[Deployment | EnvironmentObject | NotificationChannel]:
    yield from facts.deployments
    yield from facts.environment_objects
    yield from facts.notification_channels


def _completed(owners: tuple[T, ...], told: Told) -> tuple[T, ...]:
    return tuple(
        replace(each, secrets=tuple(_complete(secret, each.id, each.block, told) for secret in each.secrets))
        for each in owners
    )


def _complete(secret: Secret, address: str, block: str, told: Told) -> Secret:
    """By the address of the instance; by the block's where the sources do not settle the instances."""
    match told.get((address, secret.name)) or told.get((block, secret.name)):
        case Known(is_written) if isinstance(secret.is_written, Unknown):
            return replace(secret, is_written=Known(is_written, secret.value.place))
        case Known() | Unknown() | Absent() | None:
            return secret
