"""Policies of Amazon that are written as a data source: `aws_iam_policy_document`.

Blocks and attributes: the documentation of the Terraform provider aws (November 2026).
"""

from __future__ import annotations

from astrovet.place import Place
from astrovet.terraform.references import References
from astrovet.terraform.resource import Resource
from astrovet.value import Absent, Entry, Known, List, Map, Tree, Unknown, Value, at, listed, text

DOCUMENT = "aws_iam_policy_document"
FURTHER = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
"""What adds the statements of other documents."""
PARTS = {
    "effect": "Effect", "actions": "Action", "not_actions": "NotAction", "resources": "Resource",
    "not_resources": "NotResource",
}  # fmt: skip
PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
ANYBODY = "*"


def policy_of(holder: Resource, references: References) -> Value[Tree]:
    """The attribute `policy`; where it comes from a document in the same sources, what that says."""
    policy = holder.attribute("policy")
    if not isinstance(policy, Unknown) or policy.document is not None:
        return policy
    if policy.is_unset or "" in policy.origins:
        return policy  # it may be something else than a document
    behind = references.behind(holder, holder.references("policy"), (DOCUMENT,))
    documents = [target for target in behind.targets if target.mode == "data"]
    if not behind.is_settled or len(documents) != 1 or len(behind.targets) != 1:
        return policy
    document = documents[0]
    if any(document.writes(further) for further in FURTHER):
        return policy
    statements = document.computed("statement")
    if isinstance(statements, Unknown):
        return statements
    place = document.place
    return _map({"Statement": Known(List(tuple(_statement(block) for block in listed(statements))), place)}, place)


def _statement(block: Value[Tree]) -> Value[Tree]:
    """One block `statement`, as the JSON of a policy has it."""
    if isinstance(block, Unknown):
        return block
    place = block.place
    parts: dict[str, Value[Tree]] = {
        key: value for name, key in PARTS.items() if not isinstance(value := at(block, name), Absent)
    }
    parts.setdefault("Effect", Known("Allow", place, written=False))
    for name, key in PRINCIPALS.items():
        if blocks := listed(at(block, name)):
            parts[key] = _principals(blocks, place)
    if conditions := listed(at(block, "condition")):
        parts["Condition"] = _conditions(conditions, place)
    return _map(parts, place)


def _principals(blocks: tuple[Value[Tree], ...], place: Place) -> Value[Tree]:
    """By type, as in `"Principal": {"AWS": [...]}`; of the type `*` it is everybody."""
    by_type: dict[str, Value[Tree]] = {}
    for block in blocks:
        match text(at(block, "type")):
            case Known(kind):
                by_type["AWS" if kind == ANYBODY else kind] = at(block, "identifiers")
            case Unknown() | Absent() as unsaid:
                return unsaid
    return _map(by_type, place)


def _conditions(blocks: tuple[Value[Tree], ...], place: Place) -> Value[Tree]:
    """By operator and key, as in `"Condition": {"Bool": {"aws:SecureTransport": [...]}}`."""
    by_operator: dict[str, dict[str, Value[Tree]]] = {}
    for block in blocks:
        match text(at(block, "test")), text(at(block, "variable")):
            case Known(test), Known(variable):
                by_operator.setdefault(test, {})[variable] = at(block, "values")
            case (Unknown() as unknown, _) | (_, Unknown() as unknown):
                return unknown
            case (Known() | Absent(), _):
                pass
    return _map({test: _map(keys, place) for test, keys in by_operator.items()}, place)


def _map(parts: dict[str, Value[Tree]], place: Place) -> Known[Tree]:
    return Known(Map({key: Entry(key, value.place, value) for key, value in parts.items()}), place)
