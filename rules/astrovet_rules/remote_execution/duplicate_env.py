"""An environment variable must have one value.

## Why

Of two entries of one name in a list, Kubernetes takes the last and says nothing. Which one wins where
`commonEnv` and a component both set a variable is not documented. Either way somebody reads a value in the
file that is not the one in effect, be it a threshold, a switch for masking, or the name of a backend.

## Fix

Keep one entry. Where components need different values, take the variable out of `commonEnv` and set it for
each of them.

Before:

    commonEnv:
      - {name: AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS, value: "True"}
      - {name: AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS, value: "False"}

After:

    commonEnv:
      - {name: AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS, value: "True"}

## Not reported

A component that repeats the value of `commonEnv`; two values of which one is not known.
"""

from astrovet import (
    TASK_COMPONENTS,
    Absent,
    Agent,
    Context,
    EnvironmentVariable,
    Known,
    Note,
    Severity,
    Unknown,
    Value,
    Verdicts,
    fail,
    is_variable_name,
    rule,
    undecided,
)


@rule(
    "REX033",
    "duplicate-env",
    on=Agent,
    severity=Severity.MEDIUM,
    sources=("our inference", "FIELD"),
)
def check(agent: Agent, context: Context) -> Verdicts:
    for unknown in agent.unknown_environments():
        yield undecided(unknown)
    yield from _in_one_list(agent.common_environment)
    shared = _by_name(agent.common_environment)
    for component in agent.components:
        yield from _in_one_list(component.environment)
        if component.kind in TASK_COMPONENTS:
            for name, own in _by_name(component.environment).items():
                if name in shared and _differ(own.value, shared[name].value):
                    message = f"{_shown(name)} has one value in commonEnv and another one here"
                    related = (Note("the value in commonEnv", shared[name].place),)
                    yield fail(own.place, message, remedy="set it in one of the two places", related=related)


def _in_one_list(environment: Value[tuple[EnvironmentVariable, ...]]) -> Verdicts:
    match environment:
        case Known(variables):
            first: dict[str, EnvironmentVariable] = {}
            for variable in variables:
                match variable.name:
                    case Known(name) if name in first:
                        message = f"{_shown(name)} stands twice in one list"
                        related = (Note("the other entry", first[name].place),)
                        yield fail(variable.place, message, remedy="keep one of the two", related=related)
                    case Known(name):
                        first[name] = variable
                    case Unknown() as unknown:
                        yield undecided(unknown)
                    case Absent():
                        pass
        case Unknown() | Absent():
            pass


def _by_name(environment: Value[tuple[EnvironmentVariable, ...]]) -> dict[str, EnvironmentVariable]:
    """The entries in effect: of two of one name, the last."""
    variables = environment.value if isinstance(environment, Known) else ()
    return {variable.name.value: variable for variable in variables if isinstance(variable.name, Known)}


def _differ(one: Value[str], other: Value[str]) -> bool:
    return isinstance(one, Known) and isinstance(other, Known) and one.value != other.value


def _shown(name: str) -> str:
    return name if is_variable_name(name) else "a variable"
