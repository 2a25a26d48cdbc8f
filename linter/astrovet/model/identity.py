"""Identities of the cloud that Pods act as: roles, service accounts of Google's, managed identities of Azure's."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import ClassVar

from msgspec import Struct

from astrovet.model.subject import Part
from astrovet.place import Place
from astrovet.value import Known, Unknown, Value

ANYTHING = "*"


class IdentityKind(StrEnum):
    """Whose identity it is."""

    AMAZON = "IAM role"
    GOOGLE = "Google service account"
    AZURE = "managed identity"


ANNOTATIONS = {
    IdentityKind.AMAZON: "eks.amazonaws.com/role-arn",
    IdentityKind.GOOGLE: "iam.gke.io/gcp-service-account",
    IdentityKind.AZURE: "azure.workload.identity/client-id",
}
"""The annotation of a Kubernetes ServiceAccount that names its identity in the cloud."""


class TrustedAccounts(Struct, frozen=True):
    """Which Kubernetes ServiceAccounts may act as an identity; `*` and `?` stand for any characters."""

    place: Place
    namespace: str
    name: str

    @property
    def in_any_namespace(self) -> bool:
        """The namespace does not matter, or matters in part."""
        return ANYTHING in self.namespace or "?" in self.namespace

    def covers(self, namespace: str, name: str) -> bool:
        """Whether a ServiceAccount is one of them."""
        return fnmatchcase(namespace, self.namespace) and fnmatchcase(name, self.name)


class WideRight(Struct, frozen=True):
    """Something that an identity may do in the cloud, and that is more than any agent needs."""

    place: Place
    what: str
    """For people: "everything in s3 on every resource"."""


class CloudIdentity(Part, frozen=True):
    """An identity, and who is trusted to act as it."""

    kind: ClassVar[str] = "cloud identity"
    order: ClassVar[int] = 33

    what: IdentityKind
    address: str
    """Of the identity itself where it is in the inputs; empty where it is not."""
    identifier: Value[str]
    """What an annotation says to name it: the ARN, the e-mail address, the client id."""
    short_name: Value[str]
    """The part of the identifier that its author chooses: the name of the role, the account's id."""
    trusted: Value[tuple[Value[TrustedAccounts], ...]]
    """The empty tuple trusts no ServiceAccount; everybody with an account of the cluster is `*` in `*`."""
    used_by_agents: Value[bool]
    """Agents act as it; Absent until the parts of the estate are joined."""
    rights: tuple[Value[WideRight], ...] = ()
    """The rights of it that are too wide; an unknown one may be."""
    admits_every_account: Value[bool] | None = None
    """Whoever has an account at the cloud may act as it; None where it has no such trust policy."""

    def is_called(self, annotated: str) -> bool | None:
        """Whether an annotation names it; None where that cannot be told."""
        match self.identifier, self.short_name:
            case Known(identifier), _:
                return identifier == annotated
            case _, Known(name) if short_name(self.what, annotated):
                return name == short_name(self.what, annotated)
            case _, Unknown(prefix=beginning) if not short_name(self.what, annotated).startswith(beginning):
                return False
            case _:
                return None


def short_name(what: IdentityKind, identifier: str) -> str:
    """The part of an identifier that its author chooses; empty where it has none."""
    match what:
        case IdentityKind.AMAZON:
            return identifier.rpartition("/")[2]
        case IdentityKind.GOOGLE:
            return identifier.partition("@")[0]
        case IdentityKind.AZURE:
            return ""
