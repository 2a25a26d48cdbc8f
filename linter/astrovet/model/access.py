"""Who may do what in Astro: roles, owners, the addresses an organization admits; and who can read the state."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from astrovet.document import Note
from astrovet.model.subject import AstroPart, Part
from astrovet.place import Place
from astrovet.value import Unknown, Value


class TokenRole(Struct, frozen=True):
    """One role of an API token."""

    place: Place
    role: Value[str]
    """A role of Astro's, or the name of a custom one."""


class RoleGrant(Part, frozen=True):
    """The role in the organization that a user, a team or an invited person is given."""

    kind: ClassVar[str] = "role grant"
    order: ClassVar[int] = 25

    role: Value[str]
    holder: Value[str]
    """What tells the holders of one organization apart; two grants to one holder have the same."""
    email: Value[str]
    """The address that an invitation goes to; Absent for users and teams."""


class Organization(AstroPart, frozen=True):
    """What one Terraform configuration or state says of an organization."""

    kind: ClassVar[str] = "organization"
    order: ClassVar[int] = 22
    listing: ClassVar[int] = 8

    identity: Value[str]
    """Its id in Astro."""
    grants: tuple[RoleGrant, ...]


class Removal(StrEnum):
    """How a plan takes an object out of the configuration."""

    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    """It stays as it is, and Terraform no longer looks after it."""


class AddressList(Part, frozen=True):
    """The list of addresses from which an organization may be reached at all."""

    kind: ClassVar[str] = "address list"
    order: ClassVar[int] = 23

    ranges: Value[tuple[Value[str], ...]]
    organization: Value[str]
    """The id of the organization; unknown ones with the same origins are the same."""
    removal: Removal | None
    """None where the list stays."""
    rivals: tuple[Place, ...] = ()
    """The lists of the same organization that come before it: Astro has one list for each."""
    doubt: Unknown | None = None
    """Why a list before it may be of the same organization, where that is not known."""


class StateBackend(Struct, frozen=True):
    """Where a root module keeps its state."""

    place: Place
    type: str
    """`local`, `s3`, ...; `cloud` for HCP Terraform."""
    address: Value[str]
    """Of the backend `http`."""
    encrypts: Value[bool]
    """Whether the backend `s3` asks for encryption."""


class RootModule(Part, frozen=True):
    """The Terraform sources of a root module."""

    kind: ClassVar[str] = "root module"
    order: ClassVar[int] = 24

    backend: Value[StateBackend]
    secrets: tuple[Note, ...]
    """What of it lies in the state in clear text."""
    deployments: tuple[Place, ...]
    """Where its deployments stand."""
    configures_providers: bool
    """It configures providers, as modules that others call do not."""
    folders: tuple[str, ...] = ()
    """Its own, and those of the modules that it calls by their paths."""
