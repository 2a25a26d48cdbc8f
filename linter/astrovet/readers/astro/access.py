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
        case Known(roles, place):
            return Known(tuple(_token_role(role, place) for role in roles), place)
        case Unknown() | Absent():
            return listed


def _token_role(item: Value[Tree], around: Place) -> TokenRole:
    return TokenRole(item.place if isinstance(item, Known) else around, text(at(item, "role")))


def organizations(resources: Sequence[Resource], terraform: Terraform) -> tuple[Organization, ...]:
    """What the resources say of each organization that they belong to."""
    holders = _Holders(resources, terraform.references)
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.is_judged and (resource.type in GRANTS or resource.type == ADDRESS_LIST):
            groups.setdefault(_key(_organization(resource, terraform)), []).append(resource)
    names = (
        ["organization"]
        if len(groups) == 1
        else [f"organization ({resources_of_one[0].provider_key})" for resources_of_one in groups.values()]
    )
    return tuple(
        Organization(
            id=name,
            block=name,
            place=members[0].place,
            name=Absent(members[0].place),
            identity=_organization(members[0], terraform),
            grants=tuple(_grant(member, holders) for member in members if member.type in GRANTS),
        )
        for name, members in zip(names, groups.values(), strict=True)
    )


def address_lists(resources: Sequence[Resource], terraform: Terraform) -> tuple[AddressList, ...]:
    """The address lists, those that a plan removes included. A later list knows the earlier ones that it fights."""
    lists: list[AddressList] = []
    for resource in resources:
        removal = _REMOVED.get(resource.action)
        if resource.type == ADDRESS_LIST and resource.mode == "managed" and (resource.is_judged or removal is not None):
            made = _address_list(resource, _organization(resource, terraform), removal)
            lists.append(made if removal is not None else _beside(made, lists))
    return tuple(lists)


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
    standing = [other for other in earlier if other.removal is None]
    rivals = [other for other in standing if _key(other.organization) == _key(made.organization)]
    others = [other.organization for other in standing if other not in rivals]
    doubts = (
        [organization for organization in (made.organization, *others) if isinstance(organization, Unknown)]
        if others
        else []
    )
    return replace(
        made, rivals=tuple(rival.place for rival in rivals), doubt=doubts[0] if doubts and not rivals else None
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
            why = "which organization it belongs to is not shown"
            return Unknown(why, place, (key,), how="scan a full plan")


def _configured(key: str, terraform: Terraform) -> str:
    """The key of the configuration that holds.

    Below a module that does not say that it requires the provider, a plan lists an empty configuration of
    its own, although the one of the caller is used.
    """
    inner, _, name = key.rpartition(":")
    while inner and "." not in name and terraform.configuration is not None:
        provider = terraform.configuration.provider_config.get(f"{inner}:{name}")
        if provider is not None and provider.expressions:
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
    why = f"which organization it belongs to depends on {references[0]}"
    return Unknown(why, place, tuple(f"{inner}:{reference}" for reference in references), how=remedy)


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
    for resource in resources:
        if resource.type == "astro_team":
            yield resource.address, resource.address
            yield from ((identity.value, resource.address) for identity in _settled(resource, "id"))
        elif resource.type == "astro_user_invite":
            emails = [email.value.lower() for email in _settled(resource, "email")]
            holder = emails[0] if emails else resource.address
            yield resource.address, holder
            yield from ((identity.value, holder) for identity in _settled(resource, "user_id"))


def _settled(resource: Resource, name: str) -> Iterator[Known[str]]:
    value = text(resource.computed(name))
    if isinstance(value, Known):
        yield value
