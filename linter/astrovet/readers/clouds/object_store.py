"""Buckets and storage accounts become object stores, with all that is attached to them.

Attribute names and defaults: general knowledge of the Terraform providers aws, google and azurerm (November
2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from astrovet.model.storage import Cloud, ObjectStore
from astrovet.readers.clouds.amazon_buckets import AWS_GUARDS, account_guard, amazon_bucket
from astrovet.readers.clouds.attachments import AttachmentKind, Attachments
from astrovet.readers.clouds.azure_accounts import azure_account
from astrovet.readers.clouds.google_buckets import google_bucket
from astrovet.readers.clouds.store_audit import DIAGNOSTICS, LOGGING
from astrovet.readers.clouds.store_grants import GRANTS, own_grants
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Unknown, text

STORES = ("aws_s3_bucket", "google_storage_bucket", "azurerm_storage_account")

_CLOUDS = {"aws": Cloud.AMAZON, "google": Cloud.GOOGLE, "azurerm": Cloud.AZURE}
"""By the beginning of the resource types."""

_BUCKET = (("bucket",),)
_ACCOUNT = (("storage_account_id",), ("storage_account_name",))

ATTACHMENTS: Mapping[str, AttachmentKind] = {
    "aws_s3_bucket_public_access_block": AttachmentKind(_BUCKET, AWS_GUARDS),
    "aws_s3_bucket_acl": AttachmentKind(_BUCKET, ("acl", "access_control_policy")),
    "aws_s3_bucket_policy": AttachmentKind(_BUCKET, ("policy",)),
    "aws_s3_bucket_server_side_encryption_configuration": AttachmentKind(_BUCKET, ("rule",)),
    "aws_s3_bucket_versioning": AttachmentKind(_BUCKET, ("versioning_configuration",)),
    "aws_s3_bucket_lifecycle_configuration": AttachmentKind(_BUCKET, ("rule",)),
    LOGGING: AttachmentKind(_BUCKET),
    "google_storage_bucket_iam_member": AttachmentKind(_BUCKET, ("member",)),
    "google_storage_bucket_iam_binding": AttachmentKind(_BUCKET, ("members",)),
    "google_storage_bucket_iam_policy": AttachmentKind(_BUCKET, ("policy_data",)),
    "google_storage_bucket_access_control": AttachmentKind(_BUCKET, ("entity",)),
    "google_storage_bucket_acl": AttachmentKind(_BUCKET, ("predefined_acl", "role_entity")),
    "azurerm_storage_container": AttachmentKind(_ACCOUNT, ("container_access_type",)),
    "azurerm_storage_account_network_rules": AttachmentKind(_ACCOUNT, ("default_action",)),
    "azurerm_storage_account_customer_managed_key": AttachmentKind(_ACCOUNT),
    "azurerm_storage_management_policy": AttachmentKind(_ACCOUNT, ("rule",)),
    DIAGNOSTICS: AttachmentKind((("target_resource_id",),)),
    "azurerm_private_endpoint": AttachmentKind((("private_service_connection", 0, "private_connection_resource_id"),)),
}
"""What can be attached to a store, and how it names the store."""


def object_stores(terraform: Terraform, references: References) -> Iterator[ObjectStore]:
    """Every store that will stand after apply, and those of which only an attachment is in the inputs."""
    if terraform.types.isdisjoint((*ATTACHMENTS, *STORES)):
        return
    attachments = Attachments(terraform, references, STORES, ATTACHMENTS)
    account = account_guard(terraform)
    for resource in attachments.owners:
        match resource.type:
            case "aws_s3_bucket":
                store = amazon_bucket(resource, attachments, references, account, terraform)
            case "google_storage_bucket":
                store = google_bucket(resource, attachments, references, terraform)
            case _:
                store = azure_account(resource, attachments, terraform)
        yield store if resource.doubt is None else replace(store, doubt=resource.doubt)
    for resource in attachments.outside:
        if resource.type in GRANTS:
            yield _outside(resource, references)


def _outside(resource: Resource, references: References) -> ObjectStore:
    """A store of which only one grant is in the inputs."""
    why = "the store itself is not in these inputs"
    unknown = Unknown(why, resource.place, how="scan the plan or state that holds it too")
    cloud = _CLOUDS[resource.type.partition("_")[0]]
    name = text(resource.attribute(str(ATTACHMENTS[resource.type].owner[-1][0])))
    return ObjectStore(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=name,
        cloud=cloud,
        region=unknown,
        paths=(text(resource.attribute("name")) if cloud is Cloud.AZURE else name,),
        managed=False,
        grants=own_grants(resource, references),
        public_access_prevented=unknown,
        guards=unknown,
        encryption=unknown,
        tls_only=unknown,
        minimum_tls=unknown,
        versioning=unknown,
        force_destroy=unknown,
        expirations=unknown,
        access_logged=unknown,
    )
