"""Object stores and who may reach them."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from astrovet.model.subject import Part
from astrovet.place import Place
from astrovet.value import Unknown, Value


class Cloud(StrEnum):
    """Whose object store it is."""

    AMAZON = "Amazon S3"
    GOOGLE = "Google Cloud Storage"
    AZURE = "Azure Storage"


class PublicGrant(Struct, frozen=True):
    """Something that may let everybody into an object store: an ACL, a policy, a role, a container."""

    place: Place
    what: str
    """For people: "bucket policy", "canned ACL"."""
    admits_everyone: Value[bool]
    block: str = ""
    """The source block that grants it; empty where the inputs only leave room for a grant."""


class PublicAccessGuard(Struct, frozen=True):
    """A switch that keeps an object store closed, whoever is granted what."""

    name: str
    """The provider's attribute, e.g. `block_public_acls`."""
    closed: Value[bool]


class StoreEncryption(Struct, frozen=True):
    """How an object store encrypts what it holds."""

    place: Place
    algorithm: Value[str]
    """As the cloud spells it; Absent where the cloud has only one."""
    customer_key: Value[bool]
    """The customer manages the key; also where the key is made by the same plan."""


class Expiration(Struct, frozen=True):
    """A lifecycle rule that deletes objects."""

    place: Place
    days: Value[int]
    prefixes: Value[tuple[Value[str], ...]]
    """The beginnings of the names of objects that it covers; the empty tuple stands for all objects."""


class ObjectStore(Part, frozen=True):
    """A bucket of Amazon S3 or Google Cloud Storage, or an Azure storage account with its containers."""

    kind: ClassVar[str] = "object store"
    order: ClassVar[int] = 32

    cloud: Cloud
    region: Value[str]
    """Where it is, as the cloud spells it; on Google Cloud this may be several regions, such as EU."""
    paths: tuple[Value[str], ...]
    """What stands for it in a path such as `s3://name/folder`: its name, on Azure those of its containers."""
    managed: bool
    """Its resource is in the inputs. If not, only something attached to it is: what that does not say is Unknown."""
    grants: tuple[PublicGrant, ...]
    """Where more may be granted than the inputs show, one of them is Unknown."""
    public_access_prevented: Value[bool]
    """A setting that is written makes every grant to everybody void."""
    guards: Value[tuple[PublicAccessGuard, ...]]
    """Absent where the resource that holds them is not there, and the cloud's default holds."""
    encryption: Value[StoreEncryption]
    """Absent where nothing is said; all clouds encrypt by default."""
    tls_only: Value[bool]
    """Requests in clear text are refused."""
    minimum_tls: Value[str]
    """The lowest version of TLS, as the cloud spells it; Absent where the store does not settle it."""
    versioning: Value[bool]
    force_destroy: Value[bool]
    """Destroying the store also deletes what it holds."""
    expirations: Value[tuple[Expiration, ...]]
    access_logged: Value[bool]
    """Something records who reads it; Absent where nothing in its input does."""
    admitted_accounts: tuple[Value[str], ...] = ()
    """The accounts of Amazon that its policy lets in by name."""
    referrers: tuple[Place, ...] = ()
    """Deployments with Remote Execution and releases of the agent chart that refer to it."""
    other_users: tuple[str, ...] = ()
    """Resources that have nothing to do with Astro, and publish it or write to it."""
    is_granted: bool = False
    """Something of its input lets an identity in, or may: agents may be among them."""
    is_of_others: bool = False
    """All stores of the agents are known, and nothing ties this one to them."""
    doubt: Unknown | None = None
    """Why there may be no such store."""
