"""A deployment with remote execution must not keep the secrets of its tasks in Astro.

## Why

With remote execution the secrets stay with you: the agents read connections and variables from your own
secrets backend. A secret in the deployment's environment variables, or in an environment object, lies with
Astro all the same, in the plane that was not to have it, and the agents do not even see it.

## Fix

Take it out of the deployment, put it into the secrets backend of the agents, and replace its value.

Before:

    environment_variables = [
      { key = "AIRFLOW_CONN_WAREHOUSE", value = var.warehouse, is_secret = true },
    ]

After, in the agents' values:

    secretBackend: airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend

## Not reported

What tells Astro to read the task logs of your bucket; connections without a password; variables without a
value. A variable of Airflow's (`AIRFLOW_VAR_…`) that does not look secret weighs less.
"""

from collections.abc import Iterable

from astrovet import (
    Absent,
    Context,
    Deployment,
    DeploymentModel,
    EnvironmentObject,
    EnvironmentVariable,
    Known,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    fail,
    is_variable_name,
    not_applicable,
    rule,
    undecided,
    when_known,
)
from astrovet_rules.links.objects_in_astro import REMEDY, judge_object
from astrovet_rules.tables.task_logs import READING

REMEDY_PLAIN = "put it into the agents' secrets backend: their tasks do not see it here"


@rule(
    "LNK004",
    "secrets-kept-in-astro",
    on=(Deployment, EnvironmentObject),
    severity=Severity.HIGH,
    raised={
        "customer-execution-plane": Severity.CRITICAL,
        "hipaa": Severity.CRITICAL,
        "pci": Severity.CRITICAL,
    },
    sources=("S003-10", "S003-25", "S000-43"),
    controls=("45 CFR 164.312(a)(1)", "PCI DSS v4 8.6.3"),
)
def check(subject: Deployment | EnvironmentObject, context: Context) -> Verdicts:
    match subject:
        case Deployment() as deployment:
            match deployment.model:
                case Known(DeploymentModel.REMOTE_EXECUTION):
                    yield from _variables(deployment)
                case Unknown() as unknown:
                    yield undecided(unknown)
                case Known() | Absent():
                    yield not_applicable("its tasks run in Astro, and so their secrets are there")
        case EnvironmentObject() as thing:
            yield from judge_object(thing, context)


def _variables(deployment: Deployment) -> Verdicts:
    yield from when_known(deployment.environment, _written)


def _written(variables: Iterable[EnvironmentVariable]) -> Verdicts:
    for variable in variables:
        if not isinstance(variable.value, Absent):
            yield from _variable(variable)


def _variable(variable: EnvironmentVariable) -> Verdicts:
    name = variable.name.value if isinstance(variable.name, Known) else ""
    shown = name if is_variable_name(name) else "a variable"
    place = variable.value.place
    secret = variable.secret()
    if secret is not None:
        yield fail(place, f"{shown} holds {secret}, and Astro keeps it", remedy=REMEDY, about=name)
        return
    if name.startswith(READING):
        return
    match variable.is_secret, variable.name:
        case Known(True, marked), _:
            yield fail(marked, f"{shown} is marked as secret, and Astro keeps it", remedy=REMEDY, about=name)
        case Unknown() as unknown, _:
            yield undecided(unknown, about=name)
        case _, Unknown() as unknown:
            yield undecided(unknown)
        case _ if name.startswith(airflow.VARIABLE):
            message = f"{shown} is a variable of Airflow's, and Astro keeps it"
            yield fail(place, message, remedy=REMEDY_PLAIN, severity=Severity.LOW, about=name, is_raised=False)
        case _ if isinstance(variable.value, Unknown) and variable.value.is_unset:
            yield undecided(variable.value, about=name)  # it can be anything
        case _, Known() | Absent():
            pass
