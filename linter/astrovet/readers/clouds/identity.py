"""Who may act as an identity of the cloud, and which of these agents use.

Trust policies: Amazon's IAM reference; Google's and Azure's documentation of workload identity (November 2026).
Attribute names of the providers: general knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from astrovet.formats.json_text import json_text
from astrovet.model.agent import Agent
from astrovet.model.identity import ANYTHING, CloudIdentity, IdentityKind, TrustedAccounts, WideRight
from astrovet.place import Place
from astrovet.readers.clouds.bucket_policy import bucket_policy
from astrovet.readers.clouds.identity_rights import Rights
from astrovet.readers.clouds.statements import one_or_more
from astrovet.readers.settings import texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, Map, Tree, Unknown, Value, at, text

PREFIX = "system:serviceaccount:"
WEB_IDENTITY = "sts:assumerolewithwebidentity"
EQUALS, LIKE = ("stringequals", "stringequalsignorecase"), ("stringlike",)
"""IAM's operators that limit a subject; in those of LIKE `*` and `?` stand for any characters."""

IDENTITY_USER = "roles/iam.workloadIdentityUser"
GOOGLE_ACCOUNT = r"serviceAccount:[^\[\]]+\.svc\.id\.goog\[([^/\]]+)/([^\]]+)\]"
GOOGLE_PRINCIPAL = r"principal://iam\.googleapis\.com/.+/subject/ns/([^/]+)/sa/([^/]+)"
GOOGLE_NAMESPACE = r"principalSet://iam\.googleapis\.com/.+/namespace/([^/]+)"
GOOGLE_POOL = r"principalSet://iam\.googleapis\.com/.+/workloadIdentityPools/[^/]+/(?:\*|kubernetes\.cluster/.+)"

IDENTITIES = ("aws_iam_role", "google_service_account", "azurerm_user_assigned_identity")


def cloud_identities(terraform: Terraform, references: References) -> Iterator[CloudIdentity]:
    """What the roles, memberships and federated credentials that will stand after apply say."""
    owners, rights = _Owners(terraform, references), Rights(terraform, references)
    told: set[str] = set()
    for resource in terraform.judged(_READERS):
        for identity in _READERS[resource.type](resource, owners):
            owner = terraform.by_address.get(identity.address)
            if owner is None or owner.address in told:
                is_lost = owner is None and isinstance(identity.identifier, Unknown)
                yield replace(identity, rights=(identity.identifier,)) if is_lost else identity
                continue
            told.add(owner.address)  # several memberships speak of one account, whose rights are told once
            yield replace(identity, rights=_RIGHTS[owner.type](rights, owner))


def with_uses(identities: Sequence[CloudIdentity], agents: Sequence[Agent]) -> tuple[CloudIdentity, ...]:
    """Each with whether agents use it."""
    known = frozenset(identity.address for identity in identities)
    return tuple(replace(identity, used_by_agents=_is_used(identity, agents, known)) for identity in identities)


def referred_identities(release: Resource, references: References) -> tuple[str, ...]:
    """The addresses of the identities that the values of a release refer to."""
    addresses = (
        target.address
        for attribute in ("values", "set", "set_sensitive")
        for target in references.origins(release, attribute, IDENTITIES).targets
    )
    return tuple(dict.fromkeys(addresses))


class _Owners:
    """Finds the identity that a resource is about."""

    def __init__(self, terraform: Terraform, references: References) -> None:
        self._terraform = terraform
        self._by_name: dict[str, dict[str, Resource]] = {}
        """The resources of a type by the ids and names that they are known by."""
        self._references = references

    def of(self, resource: Resource, attribute: str, kind: str) -> Resource | None:
        value = text(resource.attribute(attribute))
        match value:
            case Known(identity):
                return self._named(kind).get(identity)
            case Unknown(origins=(address,)):
                owner = self._terraform.by_address.get(address)
                return owner if owner is not None and owner.type == kind else None
            case Unknown():
                targets = self._references.origins(resource, attribute, (kind,)).targets
                return targets[0] if len(targets) == 1 else None
            case Absent():
                return None

    def _named(self, kind: str) -> Mapping[str, Resource]:
        if kind not in self._by_name:
            resources = reversed(self._terraform.of_types((kind,)))  # of two of a name the first one counts
            self._by_name[kind] = {name: resource for resource in resources for name in _names(resource)}
        return self._by_name[kind]


def _names(resource: Resource) -> Iterator[str]:
    for value in (text(resource.computed(name)) for name in ("id", "name")):
        if isinstance(value, Known):
            yield value.value


def _amazon(role: Resource, owners: _Owners) -> Iterator[CloudIdentity]:  # noqa: ARG001
    yield CloudIdentity(
        id=role.address,
        block=role.block,
        place=role.place,
        name=text(role.attribute("name")),
        what=IdentityKind.AMAZON,
        address=role.address,
        identifier=text(role.computed("arn")),
        short_name=text(role.attribute("name")),
        trusted=_policy(role.attribute("assume_role_policy")),
        used_by_agents=Absent(role.place),
        admits_every_account=bucket_policy(role.attribute("assume_role_policy")).admits_everyone,
    )


def _policy(raw: Value[Tree]) -> Value[tuple[Value[TrustedAccounts], ...]]:
    content = json_text(raw).content
    match content:
        case Known(_, place):
            statements = one_or_more(at(content, "Statement"))
            return Known(tuple(accounts for statement in statements for accounts in _statement(statement)), place)
        case Unknown() | Absent():
            return content


def _statement(statement: Value[Tree]) -> Iterator[Value[TrustedAccounts]]:
    """The ServiceAccounts of a cluster that one statement admits."""
    effect, actions = text(at(statement, "Effect")), [text(action) for action in one_or_more(at(statement, "Action"))]
    allows = isinstance(effect, Known) and effect.value == "Allow"
    if not allows or not any(isinstance(action, Known) and action.value.lower() == WEB_IDENTITY for action in actions):
        return
    subjects, doubt = _subjects(at(statement, "Condition"))
    if doubt is not None:
        yield doubt
    elif not subjects and not _is_foreign(at(statement, "Principal", "Federated")):
        yield Known(TrustedAccounts(statement.place, ANYTHING, ANYTHING), statement.place)
    for pattern, wanted in subjects:
        match wanted:
            case Known(subject, place):
                accounts = _accounts(subject, place) if pattern or not _has_wildcard(subject) else None
                if accounts is not None:
                    yield Known(accounts, place)
            case Unknown():
                yield wanted
            case Absent():
                pass


def _subjects(conditions: Value[Tree]) -> tuple[list[tuple[bool, Value[str]]], Unknown | None]:
    """What the subject has to be, each with whether it is a pattern; and why there may be more conditions."""
    subjects: list[tuple[bool, Value[str]]] = []
    match conditions:
        case Known(Map(operators, unlisted)):
            for operator, keys in operators.items():
                name = operator.lower().removeprefix("foranyvalue:").removeprefix("forallvalues:")
                match keys.value:
                    case Known(Map(entries, more)):
                        unlisted = unlisted or more
                        for key, entry in entries.items():
                            if key.lower().endswith(":sub"):
                                if name not in (*EQUALS, *LIKE):
                                    why = "the trust policy limits the subject in a way that astrovet does not read"
                                    return [], Unknown(why, entry.key_place)
                                subjects += [(name in LIKE, text(subject)) for subject in one_or_more(entry.value)]
                    case Unknown() as unknown:
                        return [], unknown
                    case Known() | Absent():
                        pass
            return subjects, unlisted if not subjects else None
        case Unknown():
            return [], conditions
        case Known() | Absent():
            return [], None


def _is_foreign(provider: Value[Tree]) -> bool:
    """Whether the identity provider is surely no Kubernetes cluster's on Amazon."""
    match text(provider):
        case Known(name):
            return "oidc.eks." not in name
        case Unknown(prefix=beginning):
            return "oidc-provider/" in beginning and "oidc.eks." not in beginning
        case Absent():
            return True


def _accounts(subject: str, place: Place) -> TrustedAccounts | None:
    """The ServiceAccounts that a subject stands for; None where it stands for something else."""
    parts = subject.split(":")
    if subject.startswith(PREFIX) and len(parts) == 4:
        return TrustedAccounts(place, parts[2], parts[3])
    stem = subject.rstrip("*")
    if subject.endswith(ANYTHING) and (PREFIX.startswith(stem) or (stem.startswith(PREFIX) and len(parts) == 3)):
        namespace = stem.removeprefix(PREFIX) if stem.startswith(PREFIX) else ""
        return TrustedAccounts(place, f"{namespace}*", ANYTHING)
    return None


def _has_wildcard(subject: str) -> bool:
    return ANYTHING in subject or "?" in subject


def _google(membership: Resource, owners: _Owners) -> Iterator[CloudIdentity]:
    role = text(membership.attribute("role"))
    if isinstance(role, Known) and role.value != IDENTITY_USER:
        return
    account = owners.of(membership, "service_account_id", "google_service_account")
    named = text(membership.attribute("service_account_id"))
    alone = text(membership.attribute("member"))
    members = texts(membership.attribute("members")) if isinstance(alone, Absent) else Known((alone,), alone.place)
    yield CloudIdentity(
        id=membership.address,
        block=membership.block,
        place=membership.place,
        name=text(account.attribute("account_id")) if account is not None else Absent(membership.place),
        what=IdentityKind.GOOGLE,
        address=account.address if account is not None else "",
        identifier=text(account.computed("email")) if account is not None else _last_part(named),
        short_name=text(account.attribute("account_id")) if account is not None else Absent(membership.place),
        trusted=_members(members) if isinstance(role, Known) else _unknown(role),
        used_by_agents=Absent(membership.place),
    )


def _unknown(value: Value[str]) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown("the role of this membership is not set", value.place)


def _last_part(value: Value[str]) -> Value[str]:
    return Known(value.value.rpartition("/")[2], value.place) if isinstance(value, Known) else value


def _members(members: Value[tuple[Value[str], ...]]) -> Value[tuple[Value[TrustedAccounts], ...]]:
    match members:
        case Known(names, place):
            return Known(tuple(accounts for member in names for accounts in _member(member)), place)
        case Unknown() | Absent():
            return members


def _member(member: Value[str]) -> Iterator[Value[TrustedAccounts]]:
    match member:
        case Known(name, place):
            if parts := re.fullmatch(GOOGLE_ACCOUNT, name) or re.fullmatch(GOOGLE_PRINCIPAL, name):
                yield Known(TrustedAccounts(place, parts[1], parts[2]), place)
            elif parts := re.fullmatch(GOOGLE_NAMESPACE, name):
                yield Known(TrustedAccounts(place, parts[1], ANYTHING), place)
            elif re.fullmatch(GOOGLE_POOL, name):
                yield Known(TrustedAccounts(place, ANYTHING, ANYTHING), place)
        case Unknown():
            yield member
        case Absent():
            pass


def _azure(credential: Resource, owners: _Owners) -> Iterator[CloudIdentity]:
    identity = owners.of(credential, "parent_id", "azurerm_user_assigned_identity")
    why = "the managed identity of this credential is not in these inputs"
    subject = text(credential.attribute("subject"))
    place = credential.place
    yield CloudIdentity(
        id=credential.address,
        block=credential.block,
        place=place,
        name=text(credential.attribute("name")),
        what=IdentityKind.AZURE,
        address=identity.address if identity is not None else "",
        identifier=text(identity.computed("client_id")) if identity is not None else Unknown(why, place),
        short_name=Absent(place),
        trusted=Known(tuple(_exact(subject)), place),
        used_by_agents=Absent(place),
    )


def _exact(subject: Value[str]) -> Iterator[Value[TrustedAccounts]]:
    match subject:
        case Known(name, place):
            accounts = _accounts(name, place)
            if accounts is not None:
                yield Known(accounts, place)
        case Unknown():
            yield subject
        case Absent():
            pass


_READERS: Mapping[str, Callable[[Resource, _Owners], Iterator[CloudIdentity]]] = {
    "aws_iam_role": _amazon,
    "google_service_account_iam_member": _google,
    "google_service_account_iam_binding": _google,
    "azurerm_federated_identity_credential": _azure,
}


_RIGHTS: Mapping[str, Callable[[Rights, Resource], tuple[Value[WideRight], ...]]] = {
    "aws_iam_role": Rights.of_role,
    "google_service_account": Rights.of_account,
    "azurerm_user_assigned_identity": Rights.of_managed_identity,
}


def _is_used(identity: CloudIdentity, agents: Sequence[Agent], known: frozenset[str]) -> Value[bool]:
    """Whether an agent names the identity, or the identity names the namespace of one."""
    doubt: Unknown | None = None
    for agent in agents:
        if identity.address and identity.address in agent.identities and identity.place.path == agent.place.path:
            return Known(True, identity.place)
        for annotated in agent.cloud_identities(identity.what):
            match annotated.value:
                case Known(name):
                    is_called = identity.is_called(name)
                    if is_called:
                        return Known(True, identity.place)
                    if is_called is None and isinstance(identity.short_name, Unknown):
                        doubt = doubt or identity.short_name
                case Unknown(origins=(address,)) if address in (identity.address, identity.id):
                    return Known(True, identity.place)
                case Unknown(origins=(address,)) if address in known:
                    pass  # another one of these
                case Unknown() as unknown:
                    doubt = doubt or unknown
                case Absent():
                    pass
        if isinstance(agent.namespace, Known) and _trusts(identity, agent.namespace.value):
            return Known(True, identity.place)
    return doubt or Known(False, identity.place)


def _trusts(identity: CloudIdentity, namespace: str) -> bool:
    """Whether it names this namespace in so many words."""
    match identity.trusted:
        case Known(trusted):
            return any(isinstance(accounts, Known) and accounts.value.namespace == namespace for accounts in trusted)
        case Unknown() | Absent():
            return False
