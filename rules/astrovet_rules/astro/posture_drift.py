"""A security setting that Terraform made must not be weakened outside Terraform.

## Why

A change in the user interface or through the API has no review, and no repository tells who made it.
The next apply puts it back without a word where the configuration still says otherwise, and nobody
learns that the setting was open in between.

## Fix

Find out who changed it, and when, in the organization's audit log. Then either apply the plan that puts
it back, or write the change into the configuration, where it is reviewed:

    resource "astro_deployment" "claims" {
      is_cicd_enforced = true
      ...
    }

## Not reported

Changes towards a stricter setting, another order of a list, attributes that the provider computes.
Objects that were deleted outside Terraform: the plan makes them anew.
"""

from collections.abc import Iterator

from astrovet import (
    Absent,
    Context,
    Drift,
    EnvironmentVariable,
    Known,
    Place,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    is_variable_name,
    known_values,
    rule,
    undecided,
)
from astrovet_rules.tables.address_ranges import address_range, is_too_wide, is_world

REMEDY = "find out in the audit log who changed it; then put it back by applying, or write the change into the sources"
OWNER = "ORGANIZATION_OWNER"


@rule(
    "AST023",
    "posture-drift",
    on=Drift,
    severity=Severity.MEDIUM,
    sources=("TF", "PLAN"),
    controls=("SOC 2 CC7.2",),
)
def check(drift: Drift, context: Context) -> Verdicts:
    before, after = drift.before, drift.after
    yield from _switch(before.enforces_cicd, after.enforces_cicd, "is_cicd_enforced was switched off")
    yield from _switch(before.disaster_recovery, after.disaster_recovery, "is_dr_enabled was switched off")
    yield from _switch(before.is_secret, after.is_secret, "is_secret was taken away from this object")
    yield from _ranges(before.admitted, after.admitted)
    yield from _roles(before.roles, after.roles)
    marks = {name: mark for name, mark, _ in _marks(before.environment)}
    for name, mark, place in _marks(after.environment):
        shown = name if is_variable_name(name) else "a variable"
        yield from _switch(marks.get(name, Absent(place)), mark, f"is_secret was taken away from {shown}", name)


def _switch(before: Value[bool], after: Value[bool], what: str, about: str = "") -> Verdicts:
    match before, after:
        case Known(True), Known(False, place) | Absent(place):
            yield fail(place, f"{what} outside Terraform", remedy=REMEDY, about=about)
        case (Known(True), Unknown() as unknown) | (Unknown() as unknown, _):
            yield undecided(unknown, about=about)
        case (Known() | Absent(), _):
            pass


def _ranges(before: Value[tuple[Value[str], ...]], after: Value[tuple[Value[str], ...]]) -> Verdicts:
    match before, after:
        case Known(were), Known(now, place) if not _is_open(were) and _is_open(now):
            yield fail(place, "the list of addresses that are let in was opened outside Terraform", remedy=REMEDY)
        case Known(were), Absent(place) if not _is_open(were):
            yield fail(place, "the list of addresses that are let in was emptied outside Terraform", remedy=REMEDY)
        case (Known(), Unknown() as unknown) | (Unknown() as unknown, _):
            yield undecided(unknown)
        case (Known() | Absent(), _):
            pass


def _is_open(listed: tuple[Value[str], ...]) -> bool:
    """Nothing is listed, which admits everybody; or a range that lets in strangers."""
    texts = known_values(listed)
    ranges = [address_range(text) for text in texts]
    return (
        not listed or is_world(texts) or any(addresses is not None and is_too_wide(addresses) for addresses in ranges)
    )


def _roles(before: Value[tuple[Value[str], ...]], after: Value[tuple[Value[str], ...]]) -> Verdicts:
    match before, after:
        case Known(were), Known(now, place) if _has_owner(now) and not _has_owner(were):
            yield fail(place, f"the token was given the role {OWNER} outside Terraform", remedy=REMEDY)
        case (Known(), Unknown() as unknown) | (Unknown() as unknown, _):
            yield undecided(unknown)
        case (Known() | Absent(), _):
            pass


def _has_owner(roles: tuple[Value[str], ...]) -> bool:
    return OWNER in known_values(roles)


def _marks(variables: Value[tuple[EnvironmentVariable, ...]]) -> Iterator[tuple[str, Value[bool], Place]]:
    match variables:
        case Known(listed):
            yield from (
                (variable.name.value, variable.is_secret, variable.place)
                for variable in listed
                if isinstance(variable.name, Known)
            )
        case Unknown() | Absent():
            pass
