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
from astrovet.readers.clouds.store_grants import GRANTS, own_grants
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known

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


OF_IDENTITIES = ("_iam_", "_role_assignment", "_bucket_policy", "_access_control", "_bucket_acl", "_role_definition")
"""What the types of roles, policies and grants have in them."""


def with_users(terraform: Terraform, references: References, stores: Iterable[ObjectStore]) -> Iterator[ObjectStore]:
    """The stores of one plan, state or root module, each with those who use it."""
    all_stores = tuple(stores)
    if not all_stores:
        return
    types = tuple(WEB_SITE)
    attachments = Attachments(terraform, references, types, OTHER_USERS)
    owners = {owner.address: owner for owner in attachments.owners}
    referrers = _referrers(terraform, references, types)
    grants = [resource for resource in terraform.resources if _lets_identities_in(resource, references)]
    granted = {
        store.address
        for resource in grants
        for store in references.behind(resource, resource.all_references(), types).targets
    }
    for store in all_stores:
        owner = owners.get(store.id)
        if owner is None:
            yield store
        else:
            others = tuple(dict.fromkeys(_others(owner, attachments)))
            yield replace(
                store,
                referrers=tuple(referrers.get(store.id, ())),
                other_users=others,
                is_granted=store.id in granted or _is_named(store, grants),
            )


def _lets_identities_in(resource: Resource, references: References) -> bool:
    """Whether it is a role, a policy or a grant that may be about an identity, not about everybody alone."""
    if not any(part in resource.type for part in OF_IDENTITIES):
        return False
    is_of_one = resource.type in GRANTS and resource.type.startswith("google_")
    grants = own_grants(resource, references) if is_of_one else ()
    return not (grants and all(isinstance(one.admits_everyone, Known) and one.admits_everyone.value for one in grants))


def _is_named(store: ObjectStore, grants: Iterable[Resource]) -> bool:
    """Whether a grant holds its name, as the address of a store in a policy does."""
    names = [path.value for path in (store.name, *store.paths) if isinstance(path, Known) and path.value]
    return any(name in content for grant in grants for content in grant.attributes.texts() for name in names)


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
