"""An environment variable that holds a secret must be marked `is_secret`.

## Why

Only `is_secret = true` makes Astro store a variable encrypted and hide it in the user interface and the API.
Without the mark everybody who may see the deployment reads the value. That Terraform hides the value in its
output changes nothing: it does so for every environment variable, marked or not.

## Fix

Mark the variable. A value that was readable so far counts as known: replace it.

Before:

    environment_variables = [
      { key = "WAREHOUSE_PASSWORD", value = var.warehouse_password, is_secret = false },
    ]

After:

    environment_variables = [
      { key = "WAREHOUSE_PASSWORD", value = var.warehouse_password, is_secret = true },
    ]

## Not reported

Names that only say where a secret is (`..._FILE`, `..._ARN`, `..._ID`), switches, numbers, short texts,
placeholders, and connections without a password. The arguments of a secrets backend, which AST024 judges. A value
known only after apply is judged by its name.
"""

from itertools import chain

from astrovet import (
    Absent,
    Context,
    Deployment,
    EnvironmentVariable,
    Known,
    Severity,
    Unknown,
    Verdicts,
    airflow,
    fail,
    is_variable_name,
    rule,
    undecided,
    when_known,
)

REMEDY = "set is_secret = true, and replace the value: it was readable so far"


@rule(
    "AST002",
    "env-secret-not-marked",
    on=Deployment,
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "TF"),
    controls=("PCI DSS v4 8.6.2", "SOC 2 CC6.1"),
)
def check(deployment: Deployment, context: Context) -> Verdicts:
    yield from when_known(deployment.environment, lambda variables: chain.from_iterable(map(_judge, variables)))


def _judge(variable: EnvironmentVariable) -> Verdicts:
    name = variable.name.value if isinstance(variable.name, Known) else ""
    secret = variable.secret()
    if name.startswith(airflow.SECRETS_OPTIONS):
        return  # which AST024 judges
    match variable.is_secret, variable.name:
        case Known(True), _:
            pass
        case (Known(_, place) | Absent(place), _) if secret is not None:
            variable_name = name if is_variable_name(name) else "a variable"
            yield fail(place, f"{variable_name} holds {secret} and is not marked as secret", remedy=REMEDY, about=name)
        case (Unknown() as unknown, _) if secret is not None:
            yield undecided(unknown, about=name)
        case _, Unknown() as unknown:
            yield undecided(unknown)
        case _ if isinstance(variable.value, Unknown) and variable.value.is_unset:
            yield undecided(variable.value, about=name)  # it can be anything
        case _, Known() | Absent():
            pass
