"""Buckets of Google Cloud Storage.

Attribute names and defaults: general knowledge of the Terraform provider google (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.model.storage import Cloud, Expiration, ObjectStore, PublicAccessGuard, StoreEncryption
from astrovet.readers.clouds.attachments import Attachments
from astrovet.readers.clouds.store_audit import access_logged
from astrovet.readers.clouds.store_grants import attached_grants
from astrovet.readers.clouds.store_settings import (
    customer_key,
    expirations_of,
    prefixes_of,
)
from astrovet.readers.settings import is_one_of, or_default
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, integer, listed, text


def google_bucket(
    resource: Resource, attachments: Attachments, references: References, terraform: Terraform
) -> ObjectStore:
    place = resource.place
    uniform = or_default(boolean(resource.attribute("uniform_bucket_level_access")), default=False)
    guards = (PublicAccessGuard("uniform_bucket_level_access", uniform),)
    return ObjectStore(
        id=resource.address,
        block=resource.block,
        place=place,
        name=text(resource.attribute("name")),
        cloud=Cloud.GOOGLE,
        region=text(resource.attribute("location")),
        paths=(text(resource.attribute("name")),),
        managed=True,
        grants=attached_grants(resource, attachments),
        public_access_prevented=is_one_of(text(resource.attribute("public_access_prevention")), ("enforced",)),
        guards=Known(guards, place),
        encryption=_encryption(resource, references),
        tls_only=Known(True, place, written=False),
        minimum_tls=Absent(place),
        versioning=boolean(resource.attribute("versioning", 0, "enabled")),
        force_destroy=or_default(boolean(resource.attribute("force_destroy")), default=False),
        expirations=expirations_of(resource.attribute("lifecycle_rule"), place, _expiration),
        access_logged=access_logged(resource, attachments, terraform),
    )


def _encryption(resource: Resource, references: References) -> Value[StoreEncryption]:
    block = resource.attribute("encryption", 0)
    match block:
        case Known(_, place):
            name = "default_kms_key_name"
            key = customer_key(text(at(block, name)), name, resource, references)
            return Known(StoreEncryption(place, Absent(place), key), place)
        case Unknown() | Absent():
            return block


def _expiration(rule: Value[Tree]) -> Iterator[Expiration]:
    action, days = text(at(rule, "action", 0, "type")), integer(at(rule, "condition", 0, "age"))
    if isinstance(days, Absent) or (isinstance(action, Known) and action.value != "Delete"):
        return
    prefixes = [text(prefix) for prefix in listed(at(rule, "condition", 0, "matches_prefix"))]
    yield Expiration(rule.place, action if isinstance(action, Unknown) else days, prefixes_of(prefixes, rule.place))
