"""Buckets and storage accounts become object stores, with all that is attached to them.

Attribute names and defaults: general knowledge of the Terraform providers aws, google and azurerm (November
2026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from astrovet.model.storage import Cloud, Expiration, ObjectStore, PublicAccessGuard, StoreEncryption
from astrovet.place import Place
from astrovet.readers.clouds.attachments import AttachmentKind, Attachments
from astrovet.readers.clouds.bucket_policy import bucket_policy
from astrovet.readers.clouds.store_grants import GRANTS, attached_grants, inline_grants, own_grants
from astrovet.readers.settings import all_of, any_of, is_one_of, negated, or_default
from astrovet.terraform.address import parse
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, List, Tree, Unknown, Value, at, boolean, integer, listed, may_be, text

KEY_TYPES = (
    "aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_kms_external_key", "google_kms_crypto_key",
    "google_kms_crypto_key_version",
)  # fmt: skip
AWS_GUARDS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")

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
    "google_storage_bucket_iam_member": AttachmentKind(_BUCKET, ("member",)),
    "google_storage_bucket_iam_binding": AttachmentKind(_BUCKET, ("members",)),
    "google_storage_bucket_iam_policy": AttachmentKind(_BUCKET, ("policy_data",)),
    "google_storage_bucket_access_control": AttachmentKind(_BUCKET, ("entity",)),
    "google_storage_bucket_acl": AttachmentKind(_BUCKET, ("predefined_acl", "role_entity")),
    "azurerm_storage_container": AttachmentKind(_ACCOUNT, ("container_access_type",)),
    "azurerm_storage_account_network_rules": AttachmentKind(_ACCOUNT, ("default_action",)),
    "azurerm_storage_account_customer_managed_key": AttachmentKind(_ACCOUNT),
    "azurerm_storage_management_policy": AttachmentKind(_ACCOUNT, ("rule",)),
    "azurerm_private_endpoint": AttachmentKind((("private_service_connection", 0, "private_connection_resource_id"),)),
}
"""What can be attached to a store, and how it names the store."""


def object_stores(terraform: Terraform, references: References) -> Iterator[ObjectStore]:
    """Every store that will stand after apply, and those of which only an attachment is in the inputs."""
    if terraform.types.isdisjoint((*ATTACHMENTS, *STORES)):
        return
    attachments = Attachments(terraform, references, STORES, ATTACHMENTS)
    account = _account_guard(terraform)
    for resource in attachments.owners:
        match resource.type:
            case "aws_s3_bucket":
                yield _amazon(resource, attachments, references, account, _amazon_region(resource, terraform))
            case "google_storage_bucket":
                yield _google(resource, attachments, references)
            case _:
                yield _azure(resource, attachments)
    for resource in attachments.outside:
        if resource.type in GRANTS:
            yield _outside(resource)


def _amazon(
    resource: Resource,
    attachments: Attachments,
    references: References,
    account: Value[bool] | None,
    region: Value[str],
) -> ObjectStore:
    place = resource.place
    guards = _amazon_guards(resource, attachments)
    policies = attachments.of(resource, "aws_s3_bucket_policy")
    texts_of_policies = [resource.attribute("policy"), *(each.attribute("policy") for each in policies.resources)]
    cleartext = [bucket_policy(each).denies_cleartext for each in texts_of_policies]
    prevented = _closed(guards)
    return ObjectStore(
        id=resource.address,
        block=resource.block,
        place=place,
        name=text(resource.attribute("bucket")),
        cloud=Cloud.AMAZON,
        region=region,
        paths=(text(resource.attribute("bucket")),),
        managed=True,
        grants=(*inline_grants(resource), *attached_grants(resource, attachments)),
        public_access_prevented=prevented if account is None else any_of((prevented, account), place),
        guards=guards,
        encryption=_amazon_encryption(resource, attachments, references),
        tls_only=any_of((*cleartext, *((policies.more,) if policies.more is not None else ())), place),
        minimum_tls=Absent(place),
        versioning=_amazon_versioning(resource, attachments),
        force_destroy=or_default(boolean(resource.attribute("force_destroy")), default=False),
        expirations=_expirations(resource, attachments, "aws_s3_bucket_lifecycle_configuration", _amazon_expiration),
    )


def _amazon_region(resource: Resource, terraform: Terraform) -> Value[str]:
    """The bucket's own, which version 6 of the provider lets the author write; else its provider's."""
    own = text(resource.computed("region"))
    if isinstance(own, Known) or (isinstance(own, Unknown) and resource.writes("region")):
        return own
    known = terraform.configuration.provider_config if terraform.configuration is not None else {}
    expressions = known[resource.provider_key].expressions if resource.provider_key in known else {}
    match expressions.get("region"):
        case {"constant_value": str(name)}:
            return Known(name, resource.place, written=False)
        case _:
            why = "the bucket is in the region of its provider, which is not written out there"
            return Unknown(why, resource.place)


def _closed(guards: Value[tuple[PublicAccessGuard, ...]]) -> Value[bool]:
    """Whether all switches are on. A new bucket without any is closed too, but nothing here says so."""
    match guards:
        case Known(switches, place):
            return all_of((each.closed for each in switches), place)
        case Unknown():
            return guards
        case Absent(place):
            return Known(False, place, written=False)


def _amazon_guards(resource: Resource, attachments: Attachments) -> Value[tuple[PublicAccessGuard, ...]]:
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


def _account_guard(terraform: Terraform) -> Value[bool] | None:
    """Whether the block of the whole account closes its buckets; None where there is no such block."""
    kind = "aws_s3_account_public_access_block"
    blocks = terraform.judged((kind,))
    if not blocks:
        return None
    closed = all_of((guard.closed for guard in _switches(blocks[0])), blocks[0].place)
    if len(blocks) == 1 and _amazon_providers(terraform) <= 1:
        return closed
    why = "several configurations of the aws provider are here, and which account a bucket lies in cannot be told"
    return Unknown(why, blocks[0].place) if may_be(closed) else closed


def _amazon_providers(terraform: Terraform) -> int:
    if terraform.configuration is None:
        return 1
    return sum(each.full_name.endswith("/aws") for each in terraform.configuration.provider_config.values())


def _amazon_encryption(resource: Resource, attachments: Attachments, references: References) -> Value[StoreEncryption]:
    inline = "server_side_encryption_configuration"
    by_default = ("apply_server_side_encryption_by_default", 0)
    match attachments.of(resource, "aws_s3_bucket_server_side_encryption_configuration").one():
        case Resource() as configuration:
            rules = listed(configuration.attribute("rule"))
            found = next((at(each, *by_default) for each in rules), Absent(configuration.place))
            origin = configuration
        case Unknown() as unknown:
            return unknown
        case None:
            found, origin = at(resource.attribute(inline, 0), "rule", 0, *by_default), resource
    match found:
        case Known(_, place):
            key = _customer_key(text(at(found, "kms_master_key_id")), "kms_master_key_id", origin, references)
            return Known(StoreEncryption(place, text(at(found, "sse_algorithm")), key), place)
        case Unknown() | Absent():
            return found


def _customer_key(key: Value[str], name: str, resource: Resource, references: References) -> Value[bool]:
    """Whether a key of the customer is named, also one that the same plan makes."""
    match key:
        case Known(identity, place):
            return Known(bool(identity) and not identity.startswith("alias/aws/"), place)
        case Absent(place):
            return Known(False, place, written=False)
        case Unknown(_, place):
            if key.origins:
                made = all(_is_made_key(each) for each in key.origins)
            else:
                found = references.behind(resource, resource.references_below(name), KEY_TYPES)
                made = (
                    bool(found.targets)
                    and found.is_settled
                    and all(_is_made_key(each.address) for each in found.targets)
                )
            return Known(True, place, written=False) if made else key


def _is_made_key(address: str) -> bool:
    """A key that this root module manages; one that is only read may be the cloud's own."""
    parsed = parse(address)
    return parsed is not None and parsed.mode == "managed" and parsed.type in KEY_TYPES


def _amazon_versioning(resource: Resource, attachments: Attachments) -> Value[bool]:
    match attachments.of(resource, "aws_s3_bucket_versioning").one():
        case Resource() as versioning:
            return is_one_of(text(versioning.attribute("versioning_configuration", 0, "status")), ("Enabled",))
        case Unknown() as unknown:
            return unknown
        case None:
            return boolean(resource.attribute("versioning", 0, "enabled"))


def _expirations(
    resource: Resource,
    attachments: Attachments,
    kind: str,
    read: Callable[[Value[Tree]], Iterator[Expiration]],
) -> Value[tuple[Expiration, ...]]:
    """The rules of the lifecycle that is attached."""
    match attachments.of(resource, kind).one():
        case Resource() as lifecycle:
            return _rules(lifecycle.attribute("rule"), lifecycle.place, read)
        case Unknown() as unknown:
            return unknown
        case None:
            return Known((), resource.place)


def _rules(
    rules: Value[Tree], place: Place, read: Callable[[Value[Tree]], Iterator[Expiration]]
) -> Value[tuple[Expiration, ...]]:
    if isinstance(rules, Unknown):
        return rules
    return Known(tuple(expiration for rule in listed(rules) for expiration in read(rule)), place)


def _amazon_expiration(rule: Value[Tree]) -> Iterator[Expiration]:
    """A rule that is enabled and deletes; one for certain tags or sizes covers no beginning of a name."""
    status, days = text(at(rule, "status")), integer(at(rule, "expiration", 0, "days"))
    if isinstance(days, Absent) or (isinstance(status, Known) and status.value != "Enabled"):
        return
    several = at(rule, "filter", 0, "and", 0)
    narrow = [at(rule, "filter", 0, name) for name in ("tag", "object_size_greater_than", "object_size_less_than")]
    narrow += [at(several, name) for name in ("tags", "object_size_greater_than", "object_size_less_than")]
    if any(_is_there(each) for each in narrow):
        return
    prefixes = [text(at(each, "prefix")) for each in (rule, at(rule, "filter", 0), several)]
    yield Expiration(rule.place, status if isinstance(status, Unknown) else days, _prefixes(prefixes, rule.place))


def _is_there(value: Value[Tree]) -> bool:
    match value:
        case Known(found):
            return not isinstance(found, List) or bool(found.items)
        case Unknown():
            return True
        case Absent():
            return False


def _prefixes(found: list[Value[str]], place: Place) -> Value[tuple[Value[str], ...]]:
    kept = tuple(each for each in found if isinstance(each, Unknown) or (isinstance(each, Known) and each.value))
    return Known(kept, place)


def _google(resource: Resource, attachments: Attachments, references: References) -> ObjectStore:
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
        encryption=_google_encryption(resource, references),
        tls_only=Known(True, place, written=False),
        minimum_tls=Absent(place),
        versioning=boolean(resource.attribute("versioning", 0, "enabled")),
        force_destroy=or_default(boolean(resource.attribute("force_destroy")), default=False),
        expirations=_rules(resource.attribute("lifecycle_rule"), place, _google_expiration),
    )


def _google_encryption(resource: Resource, references: References) -> Value[StoreEncryption]:
    block = resource.attribute("encryption", 0)
    match block:
        case Known(_, place):
            name = "default_kms_key_name"
            key = _customer_key(text(at(block, name)), name, resource, references)
            return Known(StoreEncryption(place, Absent(place), key), place)
        case Unknown() | Absent():
            return block


def _google_expiration(rule: Value[Tree]) -> Iterator[Expiration]:
    action, days = text(at(rule, "action", 0, "type")), integer(at(rule, "condition", 0, "age"))
    if isinstance(days, Absent) or (isinstance(action, Known) and action.value != "Delete"):
        return
    prefixes = [text(each) for each in listed(at(rule, "condition", 0, "matches_prefix"))]
    yield Expiration(rule.place, action if isinstance(action, Unknown) else days, _prefixes(prefixes, rule.place))


def _azure(resource: Resource, attachments: Attachments) -> ObjectStore:
    place = resource.place
    containers = attachments.of(resource, "azurerm_storage_container")
    anonymous, network = _azure_guards(resource, attachments)
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
        paths=tuple(text(each.attribute("name")) for each in containers.resources),
        managed=True,
        grants=attached_grants(resource, attachments),
        public_access_prevented=any_of((anonymous, network), place),
        guards=Known(guards, place),
        encryption=_azure_encryption(resource, attachments),
        tls_only=or_default(former if isinstance(current, Absent) else current, default=True),
        minimum_tls=or_default(text(resource.attribute("min_tls_version")), "TLS1_2"),
        versioning=boolean(resource.attribute("blob_properties", 0, "versioning_enabled")),
        force_destroy=Absent(place),
        expirations=_expirations(resource, attachments, "azurerm_storage_management_policy", _azure_expiration),
    )


def _azure_guards(resource: Resource, attachments: Attachments) -> tuple[Value[bool], Value[bool]]:
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


def _azure_encryption(resource: Resource, attachments: Attachments) -> Value[StoreEncryption]:
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


def _azure_expiration(rule: Value[Tree]) -> Iterator[Expiration]:
    enabled = boolean(at(rule, "enabled"))
    days = integer(at(rule, "actions", 0, "base_blob", 0, "delete_after_days_since_modification_greater_than"))
    negative = isinstance(days, Known) and days.value < 0  # the provider's word for "never"
    if isinstance(days, Absent) or negative or (isinstance(enabled, Known) and not enabled.value):
        return
    prefixes = [text(each) for each in listed(at(rule, "filters", 0, "prefix_match"))]
    yield Expiration(rule.place, enabled if isinstance(enabled, Unknown) else days, _prefixes(prefixes, rule.place))


def _outside(resource: Resource) -> ObjectStore:
    """A store of which only one grant is in the inputs."""
    unknown = Unknown(
        "the store itself is not in these inputs; scan the plan or state that holds it too", resource.place
    )
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
        grants=own_grants(resource),
        public_access_prevented=unknown,
        guards=unknown,
        encryption=unknown,
        tls_only=unknown,
        minimum_tls=unknown,
        versioning=unknown,
        force_destroy=unknown,
        expirations=unknown,
    )
