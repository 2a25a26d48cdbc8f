"""Storage accounts of Azure.

Attribute names and defaults: general knowledge of the Terraform provider azurerm (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from astrovet.model.storage import Cloud, Expiration, ObjectStore, PublicAccessGuard, StoreEncryption
from astrovet.readers.clouds.attachments import Attachments
from astrovet.readers.clouds.store_audit import access_logged
from astrovet.readers.clouds.store_grants import attached_grants
from astrovet.readers.clouds.store_settings import (
    attached_expirations,
    prefixes_of,
)
from astrovet.readers.settings import any_of, is_one_of, negated, or_default
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, boolean, integer, listed, text


def azure_account(resource: Resource, attachments: Attachments, terraform: Terraform) -> ObjectStore:
    place = resource.place
    containers = attachments.of(resource, "azurerm_storage_container")
    anonymous, network = _guards(resource, attachments)
    private = attachments.of(resource, "azurerm_private_endpoint").one()
    endpoint = Known(True, private.place) if isinstance(private, Resource) else private or Absent(place)
    guards = (
        PublicAccessGuard("allow_nested_items_to_be_public", anonymous),
        PublicAccessGuard("public_network_access_enabled", any_of((network, endpoint), place)),
    )
    current = boolean(resource.attribute("https_traffic_only_enabled"))
    former = boolean(resource.attribute("enable_https_traffic_only"))  # its name before version 4
    return ObjectStore(
        id=resource.address,
        block=resource.block,
        place=place,
        name=text(resource.attribute("name")),
        cloud=Cloud.AZURE,
        region=text(resource.attribute("location")),
        paths=tuple(text(container.attribute("name")) for container in containers.resources),
        managed=True,
        grants=attached_grants(resource, attachments),
        public_access_prevented=any_of((anonymous, network), place),
        guards=Known(guards, place),
        encryption=_encryption(resource, attachments),
        tls_only=or_default(former if isinstance(current, Absent) else current, default=True),
        minimum_tls=or_default(text(resource.attribute("min_tls_version")), "TLS1_2"),
        versioning=boolean(resource.attribute("blob_properties", 0, "versioning_enabled")),
        force_destroy=Absent(place),
        expirations=attached_expirations(resource, attachments, "azurerm_storage_management_policy", _expiration),
        access_logged=access_logged(resource, attachments, terraform),
    )


def _guards(resource: Resource, attachments: Attachments) -> tuple[Value[bool], Value[bool]]:
    """Whether anonymous reading is off, and whether the network is closed; both are open by default."""
    anonymous = negated(or_default(boolean(resource.attribute("allow_nested_items_to_be_public")), default=True))
    reachable = or_default(boolean(resource.attribute("public_network_access_enabled")), default=True)
    match attachments.of(resource, "azurerm_storage_account_network_rules").one():
        case Resource() as rules:
            action = text(rules.attribute("default_action"))
        case Unknown() as unknown:
            action = unknown
        case None:
            action = text(resource.attribute("network_rules", 0, "default_action"))
    return anonymous, any_of((negated(reachable), is_one_of(action, ("Deny",))), resource.place)


def _encryption(resource: Resource, attachments: Attachments) -> Value[StoreEncryption]:
    block = resource.attribute("customer_managed_key", 0)
    match block, attachments.of(resource, "azurerm_storage_account_customer_managed_key").one():
        case _, Resource(place=place):
            pass
        case Known(_, place), _:
            pass
        case (Unknown() as unknown, _) | (_, Unknown() as unknown):
            return unknown
        case _:
            return Absent(resource.place)
    return Known(StoreEncryption(place, Absent(place), Known(True, place)), place)


def _expiration(rule: Value[Tree]) -> Iterator[Expiration]:
    enabled = boolean(at(rule, "enabled"))
    days = integer(at(rule, "actions", 0, "base_blob", 0, "delete_after_days_since_modification_greater_than"))
    negative = isinstance(days, Known) and days.value < 0  # the provider's word for "never"
    if isinstance(days, Absent) or negative or (isinstance(enabled, Known) and not enabled.value):
        return
    prefixes = [text(prefix) for prefix in listed(at(rule, "filters", 0, "prefix_match"))]
    yield Expiration(rule.place, enabled if isinstance(enabled, Unknown) else days, prefixes_of(prefixes, rule.place))
