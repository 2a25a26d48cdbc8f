"""A secret that Astro is given must not be written into the Terraform configuration.

## Why

A literal lies in the repository, in every clone, in every fork and in the logs of every review, and it
stays in the history when it is removed. That Astro keeps the value as a secret does not help then.

## Fix

Before:

    { key = "WAREHOUSE_PASSWORD", value = "correct-horse", is_secret = true },

After:

    variable "warehouse_password" {
      type      = string
      sensitive = true
    }

    { key = "WAREHOUSE_PASSWORD", value = var.warehouse_password, is_secret = true },

Set the variable in the pipeline, from its secret store (`TF_VAR_warehouse_password`), or read the value
with a data source. In a deployment file of the Astro CLI leave `value` empty, as `astro deployment inspect` does.
Replace the secret itself: it counts as known.

## Not reported

Values of the root module's variables, of data sources and resources; placeholders; variables that are
not marked as secret, which AST002 and AST016 judge. Where one part of a set of variables refers to
something, a plan does not show which others are written out: its sources, scanned with it, decide that.
"""

from astrovet import (
    Absent,
    Context,
    Deployment,
    EnvironmentObject,
    Fail,
    Known,
    NotificationChannel,
    Secret,
    Severity,
    Unknown,
    Verdicts,
    credential_kind,
    fail,
    is_variable_name,
    literal,
    rule,
    undecided,
)

REMEDY = "pass it in through a sensitive variable or a data source, and replace it: it counts as known"


@rule(
    "AST003",
    "secret-literal",
    on=(Deployment, EnvironmentObject, NotificationChannel),
    severity=Severity.HIGH,
    raised={"hipaa": Severity.CRITICAL, "pci": Severity.CRITICAL},
    sources=("S000-12", "TF", "PLAN"),
    controls=("PCI DSS v4 8.6.2", "SOC 2 CC6.1"),
)
def check(owner: Deployment | EnvironmentObject | NotificationChannel, context: Context) -> Verdicts:
    key = owner.name.value if isinstance(owner, EnvironmentObject) and isinstance(owner.name, Known) else ""
    outcomes = [outcome for secret in owner.secrets for outcome in _judge(secret, key)]
    yield from (outcome for outcome in outcomes if isinstance(outcome, Fail))
    yield from [outcome for outcome in outcomes if not isinstance(outcome, Fail)][:1]  # all for one and the same reason


def _judge(secret: Secret, key: str) -> Verdicts:
    match secret.is_written:
        case Known(True):
            yield from _written(secret, key)
        case Unknown() as unknown if _may_be_secret(secret, key):
            yield undecided(unknown)
        case Known() | Unknown() | Absent():
            pass


def _written(secret: Secret, key: str) -> Verdicts:
    match secret.value, secret.is_marked:
        case (Known(), Unknown() as unknown) if not _looks_secret(secret, key):
            yield undecided(unknown)
        case Known(text, place), _ if literal(text) and _may_be_secret(secret, key):
            name = secret.name if is_variable_name(secret.name.replace(".", "_")) else "value"
            yield fail(place, f"the secret {name} is written in the configuration", remedy=REMEDY, about=secret.name)
        case (Known() | Unknown() | Absent(), _):
            pass


def _may_be_secret(secret: Secret, key: str) -> bool:
    """It is marked, or may be, or looks like one."""
    match secret.is_marked:
        case Known(True) | Unknown():
            return True
        case Known() | Absent():
            return _looks_secret(secret, key)


def _looks_secret(secret: Secret, key: str) -> bool:
    return isinstance(secret.value, Known) and credential_kind(key or secret.name, secret.value.value) is not None
