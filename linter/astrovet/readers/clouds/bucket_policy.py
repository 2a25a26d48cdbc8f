"""What the policy of an S3 bucket says: whether it admits everybody, and whether it refuses clear text.

Elements of policies: Amazon's IAM reference and "The meaning of public" in the guide of S3 (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from astrovet.formats.json_text import json_text
from astrovet.readers.clouds.statements import one_or_more
from astrovet.readers.settings import any_of
from astrovet.value import Absent, Entry, Known, Map, Tree, Unknown, Value, at, listed, mapping, text

RESTRICTING_KEYS = frozenset(
    {
        "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount",
        "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:sourcevpc",
        "aws:sourcevpce", "aws:userid", "aws:vpcsourceip", "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
    }
)  # fmt: skip
"""Condition keys that tell who calls, or from where."""

RESTRICTING_OPERATORS = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)
"""Operators that hold only where the key is there and has one of the values."""

NEGATED_OPERATORS = frozenset(
    {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike", "notipaddress"}
)

TRUTH_OPERATORS = frozenset({"bool", "boolifexists"})
"""Both decide alike where the key is in every request, as `aws:SecureTransport` is."""


class BucketPolicy(Struct, frozen=True):
    """What a policy means for everybody."""

    admits_everyone: Value[bool]
    denies_cleartext: Value[bool]


def bucket_policy(raw: Value[Tree]) -> BucketPolicy:
    """Read the text of a policy; one that cannot be read is unknown."""
    content = raw if isinstance(raw, Known) and isinstance(raw.value, Map) else json_text(raw).content
    match content:
        case Known(_, place):
            statements = one_or_more(at(content, "Statement"))
            narrowed = any(_narrows(statement) for statement in statements)
            admits = any_of((_admits(statement, narrowed=narrowed) for statement in statements), place)
            return BucketPolicy(admits, any_of((_denies_cleartext(statement) for statement in statements), place))
        case Unknown():
            return BucketPolicy(content, content)
        case Absent():
            return BucketPolicy(content, content)


def members(policy: Value[Tree]) -> Iterator[Value[str]]:
    """Whom a policy of Google Cloud gives roles to."""
    for binding in listed(at(json_text(policy).content, "bindings")):
        yield from (text(member) for member in listed(at(binding, "members")))


def _admits(statement: Value[Tree], *, narrowed: bool) -> Value[bool]:
    effect = text(at(statement, "Effect"))
    if isinstance(effect, Unknown):
        return effect
    place = statement.place
    if not (isinstance(effect, Known) and effect.value == "Allow") or not _is_everybody(statement):
        return Known(False, place)
    conditions = tuple(_conditions(statement))
    if not conditions and not narrowed:
        return Known(True, place)
    if any(_restricts(operator, entry) for operator, entry in conditions):
        return Known(False, place)
    why = "a policy admits everybody under conditions, and whether these keep strangers out cannot be told"
    return Unknown(why, place, how="check them")


def _is_everybody(statement: Value[Tree]) -> bool:
    """`*`, alone or under AWS; and whoever is not named in NotPrincipal."""
    if not isinstance(at(statement, "NotPrincipal"), Absent):
        return True
    principal = at(statement, "Principal")
    named = at(principal, "AWS") if isinstance(mapping(principal), Known) else principal
    return any(isinstance(principal, Known) and principal.value == "*" for principal in one_or_more(named))


def _conditions(statement: Value[Tree]) -> Iterator[tuple[str, Entry]]:
    """The conditions of a statement, each with its operator."""
    match at(statement, "Condition"):
        case Known(Map(operators)):
            for operator, keys in operators.items():
                match keys.value:
                    case Known(Map(entries)):
                        yield from (
                            (operator.lower().removeprefix("foranyvalue:"), entry) for entry in entries.values()
                        )
                    case Known() | Unknown() | Absent():
                        pass
        case Known() | Unknown() | Absent():
            pass


def _restricts(operator: str, entry: Entry) -> bool:
    """Only certain callers meet the condition."""
    values = [text(value) for value in one_or_more(entry.value)]
    fixed = all(isinstance(value, Known) and not _is_anything(value.value) for value in values)
    return operator in RESTRICTING_OPERATORS and entry.key.lower() in RESTRICTING_KEYS and bool(values) and fixed


def _is_anything(pattern: str) -> bool:
    return not pattern.strip("*?") or pattern.endswith("/0")


def _narrows(statement: Value[Tree]) -> bool:
    """It refuses those who do not come from a certain place, whatever other statements allow."""
    effect = at(statement, "Effect")
    denies = isinstance(effect, Known) and effect.value == "Deny" and _is_everybody(statement)
    return denies and any(
        operator in NEGATED_OPERATORS and entry.key.lower() in RESTRICTING_KEYS
        for operator, entry in _conditions(statement)
    )


def _denies_cleartext(statement: Value[Tree]) -> Value[bool]:
    """It refuses everybody who comes without TLS, and on no other condition."""
    effect = text(at(statement, "Effect"))
    if isinstance(effect, Unknown):
        return effect
    conditions = list(_conditions(statement))
    denies = isinstance(effect, Known) and effect.value == "Deny" and _is_everybody(statement) and len(conditions) == 1
    for operator, entry in conditions:
        values = [text(value) for value in one_or_more(entry.value)]
        wanted = [value for value in values if isinstance(value, Known) and value.value.lower() == "false"]
        if (
            denies
            and operator in TRUTH_OPERATORS
            and entry.key.lower() == "aws:securetransport"
            and len(wanted) == 1 == len(values)
        ):
            return Known(True, statement.place)
    return Known(False, statement.place)
