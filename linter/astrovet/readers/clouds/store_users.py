"""Who uses an object store: deployments and agents of Astro, and what has nothing to do with Astro.

Attribute names: general knowledge of the three Terraform providers (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from astrovet.model.storage import ObjectStore
from astrovet.place import Place
from astrovet.readers.agent.helm_release import agent_releases
from astrovet.readers.clouds.attachments import AttachmentKind, Attachments
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent

WEB_SITE = {"aws_s3_bucket": "website", "google_storage_bucket": "website", "azurerm_storage_account": "static_website"}
"""The block with which a store publishes what it holds."""

OTHER_USERS: Mapping[str, AttachmentKind] = {
    "aws_alb": AttachmentKind((("access_logs", 0, "bucket"),)),
    "aws_cloudfront_distribution": AttachmentKind((("origin", 0, "domain_name"),)),
    "aws_cloudtrail": AttachmentKind((("s3_bucket_name",),)),
    "aws_codepipeline": AttachmentKind((("artifact_store", 0, "location"),)),
    "aws_config_delivery_channel": AttachmentKind((("s3_bucket_name",),)),
    "aws_elb": AttachmentKind((("access_logs", 0, "bucket"),)),
    "aws_flow_log": AttachmentKind((("log_destination",),)),
    "aws_lb": AttachmentKind((("access_logs", 0, "bucket"),)),
    "aws_s3_bucket_logging": AttachmentKind((("target_bucket",),)),
    "aws_s3_bucket_website_configuration": AttachmentKind((("bucket",),)),
    "azurerm_storage_account_static_website": AttachmentKind((("storage_account_id",),)),
    "google_compute_backend_bucket": AttachmentKind((("bucket_name",),)),
}
"""Resources that publish a store or keep files of their own in it, and how they name it."""


def with_users(terraform: Terraform, references: References, stores: Iterable[ObjectStore]) -> Iterator[ObjectStore]:
    """The stores of one plan, state or root module, each with those who use it."""
    all_stores = tuple(stores)
    if not all_stores:
        return
    types = tuple(WEB_SITE)
    attachments = Attachments(terraform, references, types, OTHER_USERS)
    owners = {owner.address: owner for owner in attachments.owners}
    referrers = _referrers(terraform, references, types)
    for store in all_stores:
        owner = owners.get(store.id)
        if owner is None:
            yield store
        else:
            others = tuple(dict.fromkeys(_others(owner, attachments)))
            yield replace(store, referrers=tuple(referrers.get(store.id, ())), other_users=others)


def _referrers(terraform: Terraform, references: References, types: tuple[str, ...]) -> dict[str, list[Place]]:
    """What of Astro refers to a store, by the store's address."""
    referrers: dict[str, list[Place]] = {}
    for resource in terraform.judged(("astro_deployment",)):
        for store in references.origins(resource, "remote_execution", types).targets:
            referrers.setdefault(store.address, []).append(resource.place)
    for release in agent_releases(terraform):
        for store in references.behind(release, release.all_references(), types).targets:
            referrers.setdefault(store.address, []).append(release.place)
    return referrers


def _others(store: Resource, attachments: Attachments) -> Iterator[str]:
    yield from (user.block for user in attachments.of(store, *OTHER_USERS).resources)
    if not isinstance(store.attribute(WEB_SITE[store.type], 0), Absent):
        yield store.block
