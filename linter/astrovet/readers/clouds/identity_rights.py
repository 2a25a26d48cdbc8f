"""What identities of the cloud may do there, as far as it is more than any agent needs.

Elements of policies and the policies that Amazon manages: its IAM reference; roles of Google's and Azure's: their
documentation of built-in roles. Attribute names of the providers: general knowledge of them (November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import structs

from astrovet.formats.json_text import json_text
from astrovet.model.identity import WideRight
from astrovet.readers.clouds.attachments import AttachmentKind, Attachments
from astrovet.readers.clouds.policy_document import policy_of
from astrovet.readers.clouds.statements import one_or_more
from astrovet.readers.settings import texts
from astrovet.terraform.plan.resources import Terraform
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Known, List, Map, Tree, Unknown, Value, are_same, at, listed, text

ROLE, POLICY = "aws_iam_role", "aws_iam_policy"
POLICIES = {
    "aws_iam_role_policy": AttachmentKind((("role",),), ("policy",)),
    "aws_iam_role_policy_attachment": AttachmentKind((("role",),), ("policy_arn",)),
}

MANAGED: Mapping[str, str] = {
    "AdministratorAccess": "everything",
    "PowerUserAccess": "everything but the management of users",
    "IAMFullAccess": "everything in iam",
    "AmazonS3FullAccess": "everything in s3",
    "SecretsManagerReadWrite": "everything in secretsmanager",
    "AmazonSSMFullAccess": "everything in ssm",
    "AmazonDynamoDBFullAccess": "everything in dynamodb",
    "AmazonSQSFullAccess": "everything in sqs",
    "AmazonSNSFullAccess": "everything in sns",
    "AmazonEC2FullAccess": "everything in ec2",
}
"""Policies of Amazon's own that allow all actions, or all of one service, on all resources."""
MANAGED_ARN = r"arn:aws[a-z-]*:iam::aws:policy/(?:[\w-]+/)*([\w-]+)"

ANYTHING = "*"
CONDITIONS = "a policy allows {} under conditions, and whether these narrow it cannot be told"
BOUNDARY = "a permissions boundary is set, and what it leaves of these rights cannot be told"

GOOGLE_GRANTS = tuple(
    f"google_{what}_iam_{how}" for what in ("project", "folder", "organization") for how in ("member", "binding")
)
GOOGLE_ROLES = r"roles/(owner|editor|[a-z]+\.admin)"
AZURE_GRANT = "azurerm_role_assignment"
AZURE_ROLES = "Owner|Contributor|User Access Administrator|Role Based Access Control Administrator"
AZURE_WHOLE = r"/subscriptions/[^/]+/?|/providers/Microsoft\.Management/managementGroups/[^/]+/?"
IDENTITIES = ("google_service_account", "azurerm_user_assigned_identity")
AZURE_SCOPES = ("azurerm_subscription", "azurerm_management_group")


class Rights:
    """Finds what the identities of one configuration may do."""

    def __init__(self, terraform: Terraform, references: References) -> None:
        self._terraform = terraform
        self._references = references
        self._attached: Attachments | None = None

    def of_role(self, role: Resource) -> tuple[Value[WideRight], ...]:
        """Of a role of Amazon's: by its own policies and by those that are attached to it."""
        rights = tuple(self._of_role(role))
        if not rights or isinstance(boundary := role.attribute("permissions_boundary"), Absent):
            return rights
        return (Unknown(BOUNDARY, boundary.place),)

    def _of_role(self, role: Resource) -> Iterator[Value[WideRight]]:
        for block in listed(role.attribute("inline_policy")):
            yield from wide_rights(at(block, "policy"))
        match texts(role.attribute("managed_policy_arns")):
            case Known(names):
                yield from (right for name in names for right in _managed(name))
            case Unknown() | Absent():
                pass  # nobody who does not write it knows it before apply: it lists the attachments, too
        if self._attached is None:
            self._attached = Attachments(self._terraform, self._references, (ROLE,), POLICIES)
        attached = self._attached.of(role, *POLICIES)
        for holder in attached.resources:
            yield from self._of_holder(holder)
        if attached.more is not None:
            yield attached.more

    def _of_holder(self, holder: Resource) -> Iterator[Value[WideRight]]:
        if holder.type != "aws_iam_role_policy_attachment":
            yield from wide_rights(policy_of(holder, self._references))
            return
        arn = text(holder.attribute("policy_arn"))
        made = [policy for policy in self._terraform.judged((POLICY,)) if are_same(text(policy.computed("arn")), arn)]
        targets = made or list(self._references.origins(holder, "policy_arn", (POLICY,)).targets)
        for policy in targets:
            if policy.mode != "data":
                yield from wide_rights(policy_of(policy, self._references))
        if not targets:
            yield from _managed(arn)

    def of_account(self, account: Resource) -> tuple[Value[WideRight], ...]:
        """Of a service account of Google's: by its roles in whole projects, folders and organizations."""
        email = text(account.computed("email"))
        return tuple(
            right
            for grant in self._terraform.judged(GOOGLE_GRANTS)
            for right in _granted(
                grant,
                text(grant.attribute("role")),
                GOOGLE_ROLES,
                f"a whole {grant.type.split('_')[1]}",
                (self._is_for(grant, account, ("member", "members"), email),),
            )
        )

    def of_managed_identity(self, identity: Resource) -> tuple[Value[WideRight], ...]:
        """Of a managed identity of Azure's: by its roles in whole subscriptions and management groups."""
        principal = text(identity.computed("principal_id"))
        return tuple(
            right
            for grant in self._terraform.judged((AZURE_GRANT,))
            for right in _granted(
                grant,
                text(grant.attribute("role_definition_name")),
                AZURE_ROLES,
                "a whole subscription or more",
                (_is_whole(grant), self._is_for(grant, identity, ("principal_id",), principal)),
            )
        )

    def _is_for(
        self, grant: Resource, owner: Resource, attributes: tuple[str, ...], name: Value[str]
    ) -> bool | Unknown:
        """Whether a grant names an identity, by what is known of it or by a reference to it."""
        doubt: Unknown | None = None
        for attribute in attributes:
            written = grant.attribute(attribute)
            members = listed(written) if isinstance(written, Known) and isinstance(written.value, List) else (written,)
            for member in map(text, members):
                if are_same(_without_kind(member), name):
                    return True
                if isinstance(member, Unknown):
                    doubt = member
            targets = self._references.origins(grant, attribute, IDENTITIES).targets
            if any(target.address == owner.address for target in targets):
                return True
            if targets:
                doubt = None
        return False if doubt is None else doubt


def _without_kind(member: Value[str]) -> Value[str]:
    """A member as Google writes it, `serviceAccount:agents@…`, without what it is."""
    return structs.replace(member, value=member.value.rpartition(":")[2]) if isinstance(member, Known) else member


def _granted(
    grant: Resource, role: Value[str], wide: str, where: str, conditions: tuple[bool | Unknown, ...]
) -> Iterator[Value[WideRight]]:
    """The right that a role gives in all that lies below it, where it is a wide one and all conditions hold."""
    match role:
        case Known(name) if re.fullmatch(wide, name):
            answers = conditions
        case Unknown():
            answers = (*conditions, role)
        case Known() | Absent():
            return
    if False in answers:
        return
    doubt = next((answer for answer in answers if isinstance(answer, Unknown)), None)
    if doubt is not None:
        yield doubt
    elif isinstance(role, Known):
        yield Known(WideRight(grant.place, f"{role.value} of {where}"), grant.place)


def _is_whole(grant: Resource) -> bool | Unknown:
    """Whether a role of Azure's holds in a whole subscription or a management group."""
    scope = text(grant.attribute("scope"))
    if isinstance(scope, Known):
        return re.fullmatch(AZURE_WHOLE, scope.value) is not None
    references = [reference.removeprefix("data.") for reference in grant.references("scope")]
    if any(reference.startswith(AZURE_SCOPES) for reference in references):
        return True
    return scope if isinstance(scope, Unknown) and not any(map(_is_single, references)) else False


def _is_single(reference: str) -> bool:
    return reference.startswith("azurerm_")


def wide_rights(policy: Value[Tree]) -> Iterator[Value[WideRight]]:
    """The statements of a policy that allow all actions, or all of one service, on all resources."""
    content = policy if isinstance(policy, Known) and isinstance(policy.value, Map) else json_text(policy).content
    match content:
        case Known():
            for statement in one_or_more(at(content, "Statement")):
                yield from _statement(statement)
        case Unknown():
            yield content
        case Absent():
            pass


def _statement(statement: Value[Tree]) -> Iterator[Value[WideRight]]:
    if isinstance(statement, Unknown):
        yield statement
        return
    effect = text(at(statement, "Effect"))
    if not (isinstance(effect, Known) and effect.value == "Allow"):
        return
    resources = list(map(text, one_or_more(at(statement, "Resource"))))
    actions = list(map(text, one_or_more(at(statement, "Action"))))
    covers_everything = any(isinstance(name, Known) and name.value == ANYTHING for name in resources)
    allowed = _allowed(statement, actions)
    # What is known only after apply is a resource by itself; what nobody has said yet may be anything.
    unsaid = next((name for name in (*resources, *actions) if isinstance(name, Unknown) and name.is_unset), None)
    if not (allowed and covers_everything):
        if unsaid is not None and (allowed or covers_everything):
            yield unsaid
    elif isinstance(at(statement, "Condition"), Absent):
        yield Known(WideRight(statement.place, f"{allowed} on every resource"), statement.place)
    else:
        yield Unknown(CONDITIONS.format(f"{allowed} on every resource"), statement.place, how="check them")


def _allowed(statement: Value[Tree], actions: list[Value[str]]) -> str:
    """What is allowed, in words; empty where it is no more than single actions."""
    if not isinstance(at(statement, "NotAction"), Absent):
        return "everything but a few actions"
    for action in actions:
        match action:
            case Known("*" | "*:*"):
                return "everything"
            case Known(name) if service := re.fullmatch(r"([a-z0-9-]+):\*", name.lower()):
                return f"everything in {service[1]}"
            case Known() | Unknown() | Absent():
                pass
    return ""


def _managed(arn: Value[str]) -> Iterator[Value[WideRight]]:
    """What a policy allows that is not made here: Amazon's own are known by name."""
    match arn:
        case Known(name, place) if (own := re.fullmatch(MANAGED_ARN, name)) and own[1] in MANAGED:
            yield Known(WideRight(place, f"{MANAGED[own[1]]} on every resource"), place)
        case Unknown():
            yield arn
        case Known() | Absent():
            pass
