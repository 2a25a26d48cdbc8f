"""A plan must not take the mark `is_secret` away from an environment variable that has it.

## Why

Somebody once said that this value is secret. Without the mark Astro stores it readably and shows it to
everybody who may see the deployment, and it stays known to them when the mark comes back. Terraform's
own output hides the set of variables as a whole, so that no reviewer sees the change.

## Fix

Before:

    { key = "LICENSE", value = var.license, is_secret = false },

After:

    { key = "LICENSE", value = var.license, is_secret = true },

Where the value is no secret any more, apply the plan on purpose, and change the value first.

## Not reported

A variable that goes altogether. One whose name or value looks secret: AST002 reports it, whether or not
it was marked before.
"""

from collections.abc import Sequence

from astrovet import (
    Absent,
    Change,
    Context,
    Effect,
    EnvironmentVariable,
    Known,
    ObjectType,
    Severity,
    Unknown,
    Verdicts,
    fail,
    is_variable_name,
    not_applicable,
    rule,
    undecided,
)

REMEDY = "set is_secret = true again"


@rule(
    "AST004",
    "secret-mark-removed",
    on=Change,
    severity=Severity.HIGH,
    sources=("TF", "PLAN"),
    controls=("PCI DSS v4 8.6.2", "SOC 2 CC6.1"),
)
def check(change: Change, context: Context) -> Verdicts:
    if change.type is not ObjectType.DEPLOYMENT or change.effect is not Effect.UPDATE:
        yield not_applicable("it is no deployment that is updated")
        return
    match change.before.environment, change.after.environment:
        case Known(before), Known(after):
            for name in _marked(before):
                yield from _judge(name, after)
        case (Known(before), Unknown() as unknown) if _marked(before):
            yield undecided(unknown)
        case (Unknown() as unknown, _):
            yield undecided(unknown)
        case (Known() | Absent(), _):
            pass


def _marked(variables: Sequence[EnvironmentVariable]) -> list[str]:
    return [
        variable.name.value
        for variable in variables
        if isinstance(variable.name, Known) and isinstance(variable.is_secret, Known) and variable.is_secret.value
    ]


def _judge(name: str, after: Sequence[EnvironmentVariable]) -> Verdicts:
    """The variable of this name; without one it is removed, or one whose name is not known yet."""
    same = [variable for variable in after if isinstance(variable.name, Known) and variable.name.value == name]
    for variable in same:
        match variable.is_secret:
            case Known(True):
                pass
            case Known(_, place) | Absent(place) if variable.secret() is None:
                shown = name if is_variable_name(name) else "a variable"
                yield fail(
                    place, f"{shown} was marked as secret, and the plan removes the mark", remedy=REMEDY, about=name
                )
            case Unknown() as unknown:
                yield undecided(unknown, about=name)
            case Known() | Absent():
                pass  # AST002 reports it
    if not same:
        for variable in after:
            if isinstance(variable.name, Unknown):
                yield undecided(variable.name, about=name)
