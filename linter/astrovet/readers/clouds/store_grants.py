"""What lets everybody into an object store: ACLs, policies, roles, containers.

Attribute names: general knowledge of the Terraform providers aws, google and azurerm (November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from astrovet.model.storage import PublicGrant
from astrovet.readers.clouds.attachments import Attachments
from astrovet.readers.clouds.bucket_policy import bucket_policy, members
from astrovet.readers.clouds.policy_document import policy_of
from astrovet.readers.settings import is_one_of
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Unknown, Value, at, listed, text

PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
EVERYBODY_GROUPS = ("AllUsers", "AuthenticatedUsers")
"""Ends of the addresses of Amazon's groups that hold everybody, or everybody with some account."""
GOOGLE_EVERYBODY = ("allUsers", "allAuthenticatedUsers")
SERVICE_ACCOUNTS = ("google_service_account.", "google_project_service_identity.", "data.google_service_account.")
GOOGLE_PUBLIC_ACLS = ("publicRead", "publicReadWrite", "authenticatedRead")
PUBLIC_CONTAINERS = ("blob", "container")

Reading: TypeAlias = Callable[[Resource, References], tuple[PublicGrant, ...]]


def attached_grants(resource: Resource, attachments: Attachments) -> tuple[PublicGrant, ...]:
    """What the attachments grant to everybody, and what may be granted besides."""
    attached = attachments.of(resource, *GRANTS)
    grants = tuple(
        grant for attachment in attached.resources for grant in own_grants(attachment, attachments.references)
    )
    if attached.more is None:
        return grants
    return (*grants, PublicGrant(attached.more.place, "grant", attached.more))


def inline_grants(resource: Resource, references: References) -> tuple[PublicGrant, ...]:
    """What a bucket says itself, as old versions of the provider have it."""
    return (*_granted_by(resource, references, _acl), *_granted_by(resource, references, _policy))


def own_grants(attachment: Resource, references: References) -> tuple[PublicGrant, ...]:
    """What one attachment grants."""
    return _granted_by(attachment, references, GRANTS[attachment.type])


def _granted_by(resource: Resource, references: References, read: Reading) -> tuple[PublicGrant, ...]:
    return tuple(replace(grant, block=resource.block) for grant in read(resource, references))


def _acl(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    canned = text(resource.attribute("acl"))
    grants = [] if isinstance(canned, Absent) else [_grant("canned ACL", canned, PUBLIC_ACLS)]
    if resource.type == "aws_s3_bucket_acl":
        for grant in listed(resource.attribute("access_control_policy", 0, "grant")):
            group = text(at(grant, "grantee", 0, "uri"))
            if not isinstance(group, Absent):
                grants.append(_grant("ACL", _after_last("/", group), EVERYBODY_GROUPS))
    return tuple(grants)


def _after_last(separator: str, value: Value[str]) -> Value[str]:
    match value:
        case Known(address, place):
            return Known(address.rpartition(separator)[2], place, value.sensitive, value.written)
        case Unknown() | Absent():
            return value


def _policy(resource: Resource, references: References) -> tuple[PublicGrant, ...]:
    admits = bucket_policy(policy_of(resource, references)).admits_everyone
    return () if isinstance(admits, Absent) else (PublicGrant(admits.place, "bucket policy", admits),)


def _iam_member(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    """A member whose name comes from a service account is one, though the name itself shows only after apply."""
    member = text(resource.attribute("member"))
    references = resource.references("member")
    if (
        isinstance(member, Unknown)
        and references
        and all(reference.startswith(SERVICE_ACCOUNTS) for reference in references)
    ):
        return (PublicGrant(member.place, "role", Known(False, member.place, written=False)),)
    return (_grant("role", member, GOOGLE_EVERYBODY),)


def _iam_binding(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    given = listed(resource.attribute("members"))
    return tuple(_grant("role", text(member), GOOGLE_EVERYBODY) for member in given)


def _iam_policy(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    return tuple(_grant("policy", member, GOOGLE_EVERYBODY) for member in members(resource.attribute("policy_data")))


def _access_control(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    return (_grant("ACL", text(resource.attribute("entity")), GOOGLE_EVERYBODY),)


def _google_acl(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    predefined = text(resource.attribute("predefined_acl"))
    grants = [] if isinstance(predefined, Absent) else [_grant("predefined ACL", predefined, GOOGLE_PUBLIC_ACLS)]
    # `READER:allUsers` names the role and whom it is given to.
    entities = (_after_last(":", text(entity)) for entity in listed(resource.attribute("role_entity")))
    return (*grants, *(_grant("ACL", entity, GOOGLE_EVERYBODY) for entity in entities))


def _container(resource: Resource, _: References) -> tuple[PublicGrant, ...]:
    return (_grant("container", text(resource.attribute("container_access_type")), PUBLIC_CONTAINERS),)


def _grant(what: str, value: Value[str], public: tuple[str, ...]) -> PublicGrant:
    return PublicGrant(value.place, what, is_one_of(value, public))


GRANTS: Mapping[str, Reading] = {
    "aws_s3_bucket_acl": _acl,
    "aws_s3_bucket_policy": _policy,
    "google_storage_bucket_iam_member": _iam_member,
    "google_storage_bucket_iam_binding": _iam_binding,
    "google_storage_bucket_iam_policy": _iam_policy,
    "google_storage_bucket_access_control": _access_control,
    "google_storage_bucket_acl": _google_acl,
    "azurerm_storage_container": _container,
}
"""How each type of attachment can let everybody in."""
