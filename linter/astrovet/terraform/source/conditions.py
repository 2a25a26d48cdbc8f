"""What a condition is, and what an expression with two arms becomes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from astrovet.place import Place
from astrovet.terraform.values.common_type import common_type, converted
from astrovet.terraform.values.refusal import UndecidedError
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import type_of, unify
from astrovet.terraform.values.unknowns import origins_of, unknown
from astrovet.value import Known, Tree, Unknown, Value, boolean


def flag(value: Value[Tree], place: Place) -> Value[bool]:
    """A condition; Terraform refuses what is no boolean, and takes the texts "1" and "0" for one."""
    if isinstance(value, Known) and value.value in ("1", "0"):
        return Known(value.value == "1", value.place, value.sensitive, value.written)
    is_true = boolean(value)
    return refused(is_true.why, place) if isinstance(is_true, Unknown) and isinstance(value, Known) else is_true


def with_common_type(chosen: Value[Tree], other: Value[Tree], place: Place) -> Value[Tree]:
    """The arm that a condition chooses, with the type that it has in common with the other."""
    try:
        return converted(chosen, common_type([chosen, other]))
    except UndecidedError as error:
        return error.unknown(place)


def either(condition: Unknown, arms: Sequence[Value[Tree]], place: Place) -> Unknown:
    """One of two arms, and it is not known which."""
    known_arm = ("",) if any(isinstance(arm, Known) for arm in arms) else ()
    return replace(
        unknown("the condition is not known", place, condition),
        origins=(*origins_of(*arms), *known_arm),
        type=unify(map(type_of, arms)),
        is_never_null=all(_is_never_null(arm) for arm in arms),
    )


def _is_never_null(value: Value[Tree]) -> bool:
    return isinstance(value, Known) or (isinstance(value, Unknown) and value.is_never_null)
