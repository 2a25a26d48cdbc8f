"""What object stores of several clouds set alike: keys of the customer, and what deletes objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from astrovet.model.storage import Expiration
from astrovet.place import Place
from astrovet.readers.clouds.attachments import Attachments
from astrovet.terraform.address import parse
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, List, Tree, Unknown, Value, listed

KEY_TYPES = (
    "aws_kms_key", "aws_kms_alias", "aws_kms_replica_key", "aws_kms_external_key", "google_kms_crypto_key",
    "google_kms_crypto_key_version",
)  # fmt: skip


def customer_key(key: Value[str], name: str, resource: Resource, references: References) -> Value[bool]:
    """Whether a key of the customer is named, also one that the same plan makes."""
    match key:
        case Known(identity, place):
            return Known(bool(identity) and not identity.startswith("alias/aws/"), place)
        case Absent(place):
            return Known(False, place, written=False)
        case Unknown(_, place):
            if key.origins:
                made = all(_is_made_key(address) for address in key.origins)
            else:
                resolved = references.behind(resource, resource.references_below(name), KEY_TYPES)
                made = (
                    bool(resolved.targets)
                    and resolved.is_settled
                    and all(_is_made_key(target.address) for target in resolved.targets)
                )
            return Known(True, place, written=False) if made else key


def _is_made_key(address: str) -> bool:
    """A key that this root module manages; one that is only read may be the cloud's own."""
    parsed = parse(address)
    return parsed is not None and parsed.mode == "managed" and parsed.type in KEY_TYPES


def attached_expirations(
    resource: Resource,
    attachments: Attachments,
    kind: str,
    read: Callable[[Value[Tree]], Iterator[Expiration]],
) -> Value[tuple[Expiration, ...]]:
    """The rules of the lifecycle that is attached."""
    match attachments.of(resource, kind).one():
        case Resource() as lifecycle:
            return expirations_of(lifecycle.attribute("rule"), lifecycle.place, read)
        case Unknown() as unknown:
            return unknown
        case None:
            return Known((), resource.place)


def expirations_of(
    rules: Value[Tree], place: Place, read: Callable[[Value[Tree]], Iterator[Expiration]]
) -> Value[tuple[Expiration, ...]]:
    if isinstance(rules, Unknown):
        return rules
    return Known(tuple(expiration for rule in listed(rules) for expiration in read(rule)), place)


def is_there(value: Value[Tree]) -> bool:
    match value:
        case Known(content):
            return not isinstance(content, List) or bool(content.items)
        case Unknown():
            return True
        case Absent():
            return False


def prefixes_of(prefixes: list[Value[str]], place: Place) -> Value[tuple[Value[str], ...]]:
    kept = tuple(
        prefix for prefix in prefixes if isinstance(prefix, Unknown) or (isinstance(prefix, Known) and prefix.value)
    )
    return Known(kept, place)
