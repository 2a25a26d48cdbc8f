"""Roles, owners and address lists of an organization, from Terraform resources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from astrovet.document import InputKind
from astrovet.model.access import AddressList, Organization, Removal, RoleGrant, TokenRole
from astrovet.place import Place
from astrovet.readers.settings import texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Action, Resource
from astrovet.value import Absent, Known, Tree, Unknown, Value, at, items, text

GRANTS = {
    "astro_user_roles": ("organization_role", "user_id"),
    "astro_team": ("organization_role", ""),
    "astro_team_roles": ("organization_role", "team_id"),
    "astro_user_invite": ("role", "email"),
}
"""By resource type, the attribute with the role in the organization and the one that says who gets it."""

ADDRESS_LIST = "astro_allowed_ip_address_ranges"

_REMOVED = {Action.DELETE: Removal.DELETED, Action.FORGET: Removal.FORGOTTEN}


def token_roles(token: Resource) -> Value[tuple[TokenRole, ...]]:
    """The roles of an API token."""
    listed = items(token.attribute("roles"))
    match listed:
        case Known(found, place):
            return Known(tuple(_token_role(each, place) for each in found), place)
        case Unknown() | Absent():
            return listed


def _token_role(item: Value[Tree], around: Place) -> TokenRole:
    return TokenRole(item.place if isinstance(item, Known) else around, text(at(item, "role")))


def organizations(resources: Sequence[Resource], terraform: Terraform) -> tuple[Organization, ...]:
    """What the resources say of each organization that they belong to."""
    holders = _Holders(resources, terraform.references)
    groups: dict[str, list[Resource]] = {}
    for each in resources:
        if each.is_judged and (each.type in GRANTS or each.type == ADDRESS_LIST):
            groups.setdefault(_key(_organization(each, terraform)), []).append(each)
    names = (
        ["organization"] if len(groups) == 1 else [f"organization ({each[0].provider_key})" for each in groups.values()]
    )
    return tuple(
        Organization(
            id=name,
            block=name,
            place=found[0].place,
            name=Absent(found[0].place),
            identity=_organization(found[0], terraform),
            grants=tuple(_grant(each, holders) for each in found if each.type in GRANTS),
        )
        for name, found in zip(names, groups.values(), strict=True)
    )


def address_lists(resources: Sequence[Resource], terraform: Terraform) -> tuple[AddressList, ...]:
    """The address lists, those that a plan removes included. A later list knows the earlier ones that it fights."""
    found: list[AddressList] = []
    for each in resources:
        removal = _REMOVED.get(each.action)
        if each.type == ADDRESS_LIST and each.mode == "managed" and (each.is_judged or removal is not None):
            made = _address_list(each, _organization(each, terraform), removal)
            found.append(made if removal is not None else _beside(made, found))
    return tuple(found)


def _address_list(resource: Resource, organization: Value[str], removal: Removal | None) -> AddressList:
    return AddressList(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=Absent(resource.place),
        ranges=texts(resource.attribute("ip_address_ranges")),
        organization=organization,
        removal=removal,
    )


def _beside(made: AddressList, earlier: Sequence[AddressList]) -> AddressList:
    """The list with those before it that are, or may be, of the same organization."""
    standing = [each for each in earlier if each.removal is None]
    rivals = [each for each in standing if _key(each.organization) == _key(made.organization)]
    others = [each.organization for each in standing if each not in rivals]
    doubts = [each for each in (made.organization, *others) if isinstance(each, Unknown)] if others else []
    return replace(
        made, rivals=tuple(each.place for each in rivals), doubt=doubts[0] if doubts and not rivals else None
    )


def _key(organization: Value[str]) -> str:
    """Equal for values that are surely the same organization."""
    match organization:
        case Known(identity):
            return f"id {identity}"
        case Unknown(origins=origins):
            return "\0".join(origins)
        case Absent():
            return ""


def _organization(resource: Resource, terraform: Terraform) -> Value[str]:
    """The id of the organization that the resource's provider acts on."""
    if terraform.configuration is None and resource.type == ADDRESS_LIST:
        return text(resource.computed("id"))  # that of the organization, says the provider's source
    key = _configured(resource.provider_key, terraform)
    place = replace(resource.place, pointer="")
    provider = terraform.configuration.provider_config.get(key) if terraform.configuration is not None else None
    match provider.expressions.get("organization_id") if provider is not None else None:
        case {"references": [*references]} if references:
            return _referred(tuple(map(str, references)), key, place, terraform)
        case {"constant_value": str(identity)}:
            return Known(identity, place)
        case _:
            return Unknown("which organization it belongs to is not shown; scan a full plan", place, (key,))


def _configured(key: str, terraform: Terraform) -> str:
    """The key of the configuration that holds.

    Below a module that does not say that it requires the provider, a plan lists an empty configuration of
    its own, although the one of the caller is used.
    """
    inner, _, name = key.rpartition(":")
    while inner and "." not in name and terraform.configuration is not None:
        found = terraform.configuration.provider_config.get(f"{inner}:{name}")
        if found is not None and found.expressions:
            return f"{inner}:{name}"
        inner = ".".join(inner.split(".")[:-2])
    return f"{inner}:{name}" if inner else name


def _referred(references: tuple[str, ...], key: str, place: Place, terraform: Terraform) -> Value[str]:
    inner, _, _ = key.rpartition(":")  # of a provider that a module configures: its variables are the module's
    kind, _, name = references[0].partition(".")
    value = terraform.variables.get(name) if kind == "var" and len(references) == 1 and not inner else None
    if isinstance(value, str):
        return Known(value, place, written=False)
    remedy = "scan a plan" if terraform.kind is InputKind.TERRAFORM_SOURCE else "scan the state after apply"
    why = f"which organization it belongs to depends on {references[0]}; {remedy}"
    return Unknown(why, place, tuple(f"{inner}:{each}" for each in references))


def _grant(resource: Resource, holders: _Holders) -> RoleGrant:
    role, who = GRANTS[resource.type]
    email = text(resource.attribute(who)) if resource.type == "astro_user_invite" else Absent(resource.place)
    return RoleGrant(
        id=resource.address,
        block=resource.block,
        place=resource.place,
        name=text(resource.attribute("name")) if resource.type == "astro_team" else Absent(resource.place),
        role=text(resource.attribute(role)),
        holder=holders.of(resource),
        email=email,
    )


class _Holders:
    """Tells whether two grants go to the same user or team."""

    def __init__(self, resources: Sequence[Resource], references: References) -> None:
        self._references = references
        self._known = dict(_named(resources))

    def of(self, grant: Resource) -> Value[str]:
        """What all grants to the same holder have in common."""
        attribute = GRANTS[grant.type][1]
        if not attribute:
            return Known(grant.address, grant.place)
        if grant.type == "astro_user_invite":
            return Known(self._known[grant.address], grant.place)
        value = text(grant.attribute(attribute))
        match value:
            case Known(identity, place):
                return Known(self._known.get(identity, identity), place)
            case Unknown(origins=(str(origin),), place=place) if not origin.startswith("var."):
                return Known(self._known.get(origin, origin), place)
            case Unknown(_, place):
                targets = self._references.origins(grant, attribute, ("astro_team", "astro_user_invite")).targets
                return Known(self._known[targets[0].address], place) if len(targets) == 1 else value
            case Absent():
                return value


def _named(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    """What teams and invitations are known by: their addresses, and the ids that they give."""
    for each in resources:
        if each.type == "astro_team":
            yield each.address, each.address
            yield from ((identity.value, each.address) for identity in _settled(each, "id"))
        elif each.type == "astro_user_invite":
            emails = [email.value.lower() for email in _settled(each, "email")]
            holder = emails[0] if emails else each.address
            yield each.address, holder
            yield from ((identity.value, holder) for identity in _settled(each, "user_id"))


def _settled(resource: Resource, name: str) -> Iterator[Known[str]]:
    value = text(resource.computed(name))
    if isinstance(value, Known):
        yield value
