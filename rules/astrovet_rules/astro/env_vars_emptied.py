"""A plan must not empty the environment variables of a deployment that has some.

## Why

Terraform owns the whole set: what is not listed is removed, also what somebody added in the user
interface. An empty list therefore takes settings, connections and secrets from running DAGs at once,
and Astro does not give secret values back. Terraform's own output does not show it: it hides the set
as a whole, because the values in it may be secret.

## Fix

List the variables that the deployment has, and let Terraform own them:

Before:

    environment_variables = []

After:

    environment_variables = [
      { key = "AIRFLOW__CORE__PARALLELISM", value = "64", is_secret = false },
      { key = "WAREHOUSE_PASSWORD", value = var.warehouse_password, is_secret = true },
    ]

Save the values before you apply anything; a secret that is gone has to be fetched where it came from.

## Not reported

New deployments. Single variables that go while others stay are worth knowing only (info), since nothing
else shows which ones.
"""

from astrovet import (
    Absent,
    Change,
    Context,
    Effect,
    EnvironmentVariable,
    Known,
    ObjectType,
    Place,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    is_variable_name,
    not_applicable,
    rule,
    undecided,
)

ALL = "list the variables that the deployment has; whatever is not listed is removed"
SOME = "see that no DAG reads them any more; whatever is not listed is removed"


@rule("AST018", "env-vars-emptied", on=Change, severity=Severity.HIGH, sources=("TF",))
def check(change: Change, context: Context) -> Verdicts:
    if change.type is not ObjectType.DEPLOYMENT or change.effect is not Effect.UPDATE:
        yield not_applicable("it is no deployment that is updated")
        return
    match change.before.environment:
        case Known(before) if before:
            yield from _judge(before, change.after.environment)
        case Unknown() as unknown:
            yield undecided(unknown)
        case Known() | Absent():
            pass


def _judge(before: tuple[EnvironmentVariable, ...], after: Value[tuple[EnvironmentVariable, ...]]) -> Verdicts:
    match after:
        case Known((), place) | Absent(place):
            yield fail(place, "the plan removes all environment variables of this deployment", remedy=ALL)
        case Known(listed, place):
            yield from _removed(before, listed, place)
        case Unknown() as unknown:
            yield undecided(unknown)


def _removed(before: tuple[EnvironmentVariable, ...], after: tuple[EnvironmentVariable, ...], place: Place) -> Verdicts:
    kept = [variable.name.value for variable in after if isinstance(variable.name, Known)]
    if len(kept) < len(after):
        return  # one of the names that are not known yet may be it
    gone = [
        variable.name.value
        for variable in before
        if isinstance(variable.name, Known) and variable.name.value not in kept
    ]
    if gone:
        names = [name for name in sorted(gone) if is_variable_name(name)][:3]
        others = len(gone) - len(names)
        listed = ", ".join((*names, *([f"{others} more"] if others else [])))
        yield fail(place, f"the plan removes variables: {listed}", remedy=SOME, severity=Severity.INFO, about="removed")
