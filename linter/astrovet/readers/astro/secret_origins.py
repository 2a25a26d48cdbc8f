"""Where a plan leaves open which secrets the configuration writes out, its sources have the word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from astrovet.model.deployment import Deployment
from astrovet.model.environment_object import EnvironmentObject, NotificationChannel
from astrovet.model.secret import Secret
from astrovet.readers.astro.resources import AstroFacts
from astrovet.value import Absent, Known, Unknown, Value

Owner: TypeAlias = Deployment | EnvironmentObject | NotificationChannel
OWNERS = (Deployment, EnvironmentObject, NotificationChannel)
"""The kinds of object that are given secrets."""

Told: TypeAlias = Mapping[tuple[str, str], Value[bool]]
"""Whether a secret is written out, by the address of its object and its name."""


def is_unclear(facts: AstroFacts) -> bool:
    """Whether of some secret it cannot be told where it stands."""
    return any(isinstance(secret.is_written, Unknown) for owner in _owners(facts) for secret in owner.secrets)


def by_address(facts: AstroFacts) -> Told:
    """What the sources tell of the secrets in them."""
    return {(owner.id, secret.name): secret.is_written for owner in _owners(facts) for secret in owner.secrets}


def with_told(facts: AstroFacts, told: Told) -> AstroFacts:
    """The facts of a plan, completed by what its sources tell."""
    objects = tuple(
        _completed(subject, told) if isinstance(subject, OWNERS) else subject for subject in facts.estate.objects
    )
    return replace(facts, estate=replace(facts.estate, objects=objects))


def _owners(facts: AstroFacts) -> Iterator[Owner]:
    return (subject for subject in facts.estate.objects if isinstance(subject, OWNERS))


def _completed(owner: Owner, told: Told) -> Owner:
    return replace(owner, secrets=tuple(_complete(secret, owner.id, owner.block, told) for secret in owner.secrets))


def _complete(secret: Secret, address: str, block: str, told: Told) -> Secret:
    """By the address of the instance; by the block's where the sources do not settle the instances."""
    match told.get((address, secret.name)) or told.get((block, secret.name)):
        case Known(is_written) if isinstance(secret.is_written, Unknown):
            return replace(secret, is_written=Known(is_written, secret.value.place))
        case Known() | Unknown() | Absent() | None:
            return secret
