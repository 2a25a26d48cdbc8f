"""Buckets of Amazon S3.

Attribute names and defaults: general knowledge of the Terraform provider aws (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.model.storage import Cloud, Expiration, ObjectStore, PublicAccessGuard, StoreEncryption
from astrovet.readers.clouds.attachments import Attachments
from astrovet.readers.clouds.bucket_policy import bucket_policy
from astrovet.readers.clouds.policy_document import policy_of
from astrovet.readers.clouds.store_audit import access_logged, admitted_accounts
from astrovet.readers.clouds.store_grants import attached_grants, inline_grants
from astrovet.readers.clouds.store_settings import (
    attached_expirations,
    customer_key,
    is_there,
    prefixes_of,
)
from astrovet.readers.settings import all_of, any_of, is_one_of, or_default
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, integer, listed, may_be, text

AWS_GUARDS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def amazon_bucket(
    resource: Resource,
    attachments: Attachments,
    references: References,
    account: Value[bool] | None,
    terraform: Terraform,
) -> ObjectStore:
    place = resource.place
    guards = _guards(resource, attachments)
    policies = attachments.of(resource, "aws_s3_bucket_policy")
    written = [policy_of(holder, references) for holder in (resource, *policies.resources)]
    cleartext = [bucket_policy(policy).denies_cleartext for policy in written]
    prevented = _closed(guards)
    return ObjectStore(
        id=resource.address,
        block=resource.block,
        place=place,
        name=text(resource.attribute("bucket")),
        cloud=Cloud.AMAZON,
        region=_region(resource, terraform),
        paths=(text(resource.attribute("bucket")),),
        managed=True,
        grants=(*inline_grants(resource, references), *attached_grants(resource, attachments)),
        public_access_prevented=prevented if account is None else any_of((prevented, account), place),
        guards=guards,
        encryption=_encryption(resource, attachments, references),
        tls_only=any_of((*cleartext, *((policies.more,) if policies.more is not None else ())), place),
        minimum_tls=Absent(place),
        versioning=_versioning(resource, attachments),
        force_destroy=or_default(boolean(resource.attribute("force_destroy")), default=False),
        expirations=attached_expirations(resource, attachments, "aws_s3_bucket_lifecycle_configuration", _expiration),
        access_logged=access_logged(resource, attachments, terraform),
        admitted_accounts=tuple(admitted_accounts(written)),
    )


def _region(resource: Resource, terraform: Terraform) -> Value[str]:
    """The bucket's own, which version 6 of the provider lets the author write; else its provider's."""
    own = text(resource.computed("region"))
    if isinstance(own, Known) or (isinstance(own, Unknown) and resource.writes("region")):
        return own
    known = terraform.configuration.provider_config if terraform.configuration is not None else {}
    expressions = known[resource.provider_key].expressions if resource.provider_key in known else {}
    match expressions.get("region"):
        case {"constant_value": str(name)}:
            return Known(name, resource.place, written=False)
        case {"references": [str(reference)]} if isinstance(
            named := terraform.variables.get(reference.removeprefix("var.")), str
        ):
            return Known(named, resource.place, written=False)
        case _:
            why = "the bucket is in the region of its provider, which is not written out there"
            return Unknown(why, resource.place)


def _closed(guards: Value[tuple[PublicAccessGuard, ...]]) -> Value[bool]:
    """Whether all switches are on. A new bucket without any is closed too, but nothing here says so."""
    match guards:
        case Known(switches, place):
            return all_of((switch.closed for switch in switches), place)
        case Unknown():
            return guards
        case Absent(place):
            return Known(False, place, written=False)


def _guards(resource: Resource, attachments: Attachments) -> Value[tuple[PublicAccessGuard, ...]]:
    match attachments.of(resource, "aws_s3_bucket_public_access_block").one():
        case Resource() as block:
            return Known(_switches(block), block.place)
        case Unknown() as unknown:
            return unknown
        case None:
            return Absent(resource.place)


def _switches(block: Resource) -> tuple[PublicAccessGuard, ...]:
    """The four switches; each is off where the author left it out."""
    return tuple(
        PublicAccessGuard(name, or_default(boolean(block.attribute(name)), default=False)) for name in AWS_GUARDS
    )


def account_guard(terraform: Terraform) -> Value[bool] | None:
    """Whether the block of the whole account closes its buckets; None where there is no such block."""
    kind = "aws_s3_account_public_access_block"
    blocks = terraform.judged((kind,))
    if not blocks:
        return None
    closed = all_of((guard.closed for guard in _switches(blocks[0])), blocks[0].place)
    if len(blocks) == 1 and _providers(terraform) <= 1:
        return closed
    why = "several configurations of the aws provider are here, and which account a bucket lies in cannot be told"
    return Unknown(why, blocks[0].place) if may_be(closed) else closed


def _providers(terraform: Terraform) -> int:
    if terraform.configuration is None:
        return 1
    return sum(provider.full_name.endswith("/aws") for provider in terraform.configuration.provider_config.values())


def _encryption(resource: Resource, attachments: Attachments, references: References) -> Value[StoreEncryption]:
    inline = "server_side_encryption_configuration"
    by_default = ("apply_server_side_encryption_by_default", 0)
    match attachments.of(resource, "aws_s3_bucket_server_side_encryption_configuration").one():
        case Resource() as configuration:
            rules = listed(configuration.attribute("rule"))
            default = next((at(rule, *by_default) for rule in rules), Absent(configuration.place))
            origin = configuration
        case Unknown() as unknown:
            return unknown
        case None:
            default, origin = at(resource.attribute(inline, 0), "rule", 0, *by_default), resource
    match default:
        case Known(_, place):
            key = customer_key(text(at(default, "kms_master_key_id")), "kms_master_key_id", origin, references)
            return Known(StoreEncryption(place, text(at(default, "sse_algorithm")), key), place)
        case Unknown() | Absent():
            return default


def _versioning(resource: Resource, attachments: Attachments) -> Value[bool]:
    match attachments.of(resource, "aws_s3_bucket_versioning").one():
        case Resource() as versioning:
            return is_one_of(text(versioning.attribute("versioning_configuration", 0, "status")), ("Enabled",))
        case Unknown() as unknown:
            return unknown
        case None:
            return boolean(resource.attribute("versioning", 0, "enabled"))


def _expiration(rule: Value[Tree]) -> Iterator[Expiration]:
    """A rule that is enabled and deletes; one for certain tags or sizes covers no beginning of a name."""
    status, days = text(at(rule, "status")), integer(at(rule, "expiration", 0, "days"))
    if isinstance(days, Absent) or (isinstance(status, Known) and status.value != "Enabled"):
        return
    several = at(rule, "filter", 0, "and", 0)
    narrow = [at(rule, "filter", 0, name) for name in ("tag", "object_size_greater_than", "object_size_less_than")]
    narrow += [at(several, name) for name in ("tags", "object_size_greater_than", "object_size_less_than")]
    if any(is_there(condition) for condition in narrow):
        return
    prefixes = [text(at(block, "prefix")) for block in (rule, at(rule, "filter", 0), several)]
    yield Expiration(rule.place, status if isinstance(status, Unknown) else days, prefixes_of(prefixes, rule.place))
